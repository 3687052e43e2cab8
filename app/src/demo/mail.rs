//! `/demo/mail`: the mails that the demo has sent into its folder.

use super::api;
use crate::{
    data::Data,
    i18n,
    parts::load::Loaded,
    t,
    ui::{DataTable, EmptyState, Fact, Facts, Glyph, LinkButton, PageHeader},
};
use kontor::notification::KeptMail;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/demo/mail`
#[component]
pub fn DemoMailsPage() -> impl IntoView {
    let mails = Data::new(|| (), |()| api::mails());
    view! {
        <Title text=t::demo::title()/>
        <main id="content" class="content stack-loose">
            <Loaded resource=mails view=|mails| view! { <List mails/> }.into_any()/>
        </main>
    }
}

#[component]
fn List(
    /// The mails, if they are kept here.
    mails: Option<Vec<KeptMail>>,
) -> impl IntoView {
    let list = match mails {
        None => view! {
            <EmptyState glyph=Glyph::Mail heading=t::demo::away_title() text=t::demo::away_text()/>
        }
        .into_any(),
        Some(mails) if mails.is_empty() => view! {
            <EmptyState glyph=Glyph::Mail heading=t::demo::none_title() text=t::demo::none_text()/>
        }
        .into_any(),
        Some(mails) => view! {
            <DataTable caption=t::demo::title() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::demo::subject()}</th>
                        <th scope="col">{t::demo::to()}</th>
                        <th scope="col">{t::demo::at()}</th>
                    </tr>
                </thead>
                <tbody>{mails.into_iter().map(|mail| view! {
                    <tr>
                        <th scope="row" dir="auto"><a href=format!("/demo/mail/{}", mail.id)>{mail.subject}</a></th>
                        <td>{mail.to}</td>
                        <td class="nowrap">{i18n::date_time(mail.at)}</td>
                    </tr>
                }).collect_view()}</tbody>
            </DataTable>
        }
        .into_any(),
    };
    view! {
        <PageHeader heading=t::demo::title() description=t::demo::intro()/>
        {list}
    }
    .into_any()
}

/// `/demo/mail/{mail}`
#[component]
pub fn DemoMailPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("mail")).unwrap_or_default());
    let mail = Data::new(move || id.get(), api::mail);
    view! {
        <Title text=t::demo::title()/>
        <main id="content" class="content stack-loose">
            <p><a href="/demo/mail">{t::demo::all()}</a></p>
            <Loaded resource=mail view=|mail| view! { <One mail/> }.into_any()/>
        </main>
    }
}

#[component]
fn One(
    /// The mail.
    mail: KeptMail,
) -> impl IntoView {
    let html = format!("/demo/mail/{}/html", mail.id);
    view! {
        <PageHeader heading=mail.subject>
            <LinkButton label=t::demo::as_html() href=html icon=Glyph::External rel="external"/>
        </PageHeader>
        <Facts wide=true>
            <Fact name=t::demo::to()>{mail.to}</Fact>
            <Fact name=t::demo::at()>{i18n::date_time(mail.at)}</Fact>
        </Facts>
        <article class="card keep-lines break measure" dir="auto">{linked(&mail.text)}</article>
    }
    .into_any()
}

/// A text in which addresses of the web can be followed, as mail programs show it.
fn linked(text: &str) -> Vec<AnyView> {
    pieces(text)
        .into_iter()
        .map(|(piece, is_link)| match is_link {
            true => view! { <a href=piece.clone() rel="external">{piece.clone()}</a> }.into_any(),
            false => piece.into_any(),
        })
        .collect()
}

/// The text cut into what is a web address and what is not.
fn pieces(text: &str) -> Vec<(String, bool)> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = ["http://", "https://"].iter().filter_map(|start| rest.find(start)).min() {
        let (before, tail) = rest.split_at(at);
        let end = tail.find(char::is_whitespace).unwrap_or(tail.len());
        let (link, after) = tail.split_at(end);
        if !before.is_empty() {
            out.push((before.to_owned(), false));
        }
        out.push((link.to_owned(), true));
        rest = after;
    }
    if !rest.is_empty() {
        out.push((rest.to_owned(), false));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_the_text_around_them() {
        let found = pieces("See:\nhttps://a.test/x?y=1\nor http://b.test");
        let links: Vec<&str> = found.iter().filter(|p| p.1).map(|p| p.0.as_str()).collect();
        assert_eq!(links, ["https://a.test/x?y=1", "http://b.test"]);
        let whole: String = found.iter().map(|p| p.0.as_str()).collect();
        assert_eq!(whole, "See:\nhttps://a.test/x?y=1\nor http://b.test");
        assert_eq!(pieces("none"), [("none".to_owned(), false)]);
        assert!(pieces("").is_empty());
    }
}
