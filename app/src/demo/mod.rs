//! Pages of the demo: its own Internet, its bank, and the mails it has sent.

pub mod api;
mod bank;
mod mail;

pub use bank::DemoBankPage;
pub use mail::{DemoMailPage, DemoMailsPage};

use crate::{
    data::Data,
    form::{Problems, plain_form},
    parts::load::Loaded,
    t,
    ui::{
        Button, ButtonSize, ButtonVariant, DataTable, EmptyState, Glyph, Input, InputKind, PageHeader, Select,
    },
};
use kontor::domain::demo::{Kind, Published};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/demo/dns`: publishes records and proof files in `demo.test`.
#[component]
pub fn DemoDnsPage() -> impl IntoView {
    let published = Data::new(|| (), |()| api::records());
    view! {
        <Title text=t::domain::demo_title()/>
        <main id="content" class="content stack stack-loose">
            <Loaded resource=published view=|published| view! { <Internet published/> }.into_any()/>
        </main>
    }
}

fn kind_label(kind: Kind) -> &'static str {
    match kind {
        Kind::Txt => t::domain::tab_txt(),
        Kind::Cname => t::domain::tab_cname(),
        Kind::Html => t::domain::tab_html(),
        Kind::Mx => t::domain::demo_mx(),
    }
}

#[component]
fn Internet(
    /// Everything published.
    published: Vec<Published>,
) -> impl IntoView {
    let form = plain_form("/api/demo/publish_record");
    let kinds = Kind::ALL.iter().map(|m| (m.key().into(), kind_label(*m).into())).collect();
    let lines = published.into_iter().map(|record| view! { <Line record/> }).collect_view();
    view! {
        <PageHeader heading=t::domain::demo_title() description=t::domain::demo_description()/>
        <section class="stack measure" aria-labelledby="publish-heading">
            <h2 id="publish-heading">{t::domain::demo_publish_heading()}</h2>
            <Problems form/>
            <form class="form" method="post" action="/api/demo/publish_record" novalidate>
                <Select name="method" label=t::domain::demo_kind() options=kinds selected=form.value("method")/>
                <Input name="record_name" label=t::domain::demo_name() kind=InputKind::Url
                    hint=t::domain::demo_name_hint() value=form.value("record_name")
                    error=form.error("record_name") required=true/>
                <Input name="record_value" label=t::domain::demo_value() kind=InputKind::Url
                    value=form.value("record_value") error=form.error("record_value") required=true/>
                <div class="form-actions">
                    <Button label=t::domain::demo_publish() variant=ButtonVariant::Primary/>
                </div>
            </form>
        </section>
        <section class="stack" aria-labelledby="published-heading">
            <h2 id="published-heading">{t::domain::demo_list_heading()}</h2>
            {match lines.is_empty() {
                true => view! {
                    <EmptyState glyph=Glyph::Globe heading=t::domain::demo_empty() text=t::domain::demo_empty_text()/>
                }
                .into_any(),
                false => view! {
                    <DataTable caption=t::domain::demo_list_heading() caption_hidden=true>
                        <thead>
                            <tr>
                                <th scope="col">{t::domain::demo_name()}</th>
                                <th scope="col">{t::domain::demo_kind()}</th>
                                <th scope="col">{t::domain::demo_value()}</th>
                                <th scope="col"><span class="visually-hidden">{t::domain::actions()}</span></th>
                            </tr>
                        </thead>
                        <tbody>{lines}</tbody>
                    </DataTable>
                }
                .into_any(),
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Line(
    /// What is published.
    record: Published,
) -> impl IntoView {
    let value = record.value.clone();
    view! {
        <tr>
            <th scope="row">{record.name.clone()}</th>
            <td>{kind_label(record.method)}</td>
            <td><code class="break">{value}</code></td>
            <td>
                <form method="post" action="/api/demo/remove_record">
                    <input type="hidden" name="method" value=record.method.key()/>
                    <input type="hidden" name="record_name" value=record.name/>
                    <input type="hidden" name="record_value" value=record.value/>
                    <Button label=t::domain::remove() variant=ButtonVariant::Quiet size=ButtonSize::Small/>
                </form>
            </td>
        </tr>
    }
}
