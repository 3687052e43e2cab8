//! `/admin/{org}/domains`: the organisation's domains and their proof.

pub mod api;
pub mod lamps;
mod page;

pub use page::DomainPage;

use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{
        live::use_changes,
        load::Loaded,
        verify::{VerifyDialog, status_badge, verify_href},
    },
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, DataTable, Dialog, EmptyState, Glyph, Input, InputKind,
        PageHeader, button_class,
    },
};
use kontor::{domain::DomainView, kernel::id::OrgId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/admin/{org}/domains`
#[component]
pub fn DomainsPage() -> impl IntoView {
    let params = use_params_map();
    let org = Memo::new(move |_| params.with(|p| p.get("org").and_then(|id| id.parse::<OrgId>().ok())));
    view! {
        <Title text=t::domain::title()/>
        <main id="content" class="content stack stack-loose">
            {move || match org.get() {
                Some(org) => view! { <Domains org/> }.into_any(),
                None => view! { <crate::parts::load::Failed error=kontor::Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Domains(
    /// The organisation.
    org: OrgId,
) -> impl IntoView {
    let changes = use_changes(org, &["domain"]);
    let domains = Data::new(move || changes.get(), move |_| api::domains(org));
    let form = plain_form("/api/admin/add_domain");
    view! {
        <PageHeader heading=t::domain::title() description=t::domain::description()/>
        // Without script an open dialog is a section of the page: before the list nobody has to look for it.
        <VerifyDialog org/>
        <RemoveDialog org/>
        <Loaded resource=domains view=|domains| view! { <List domains/> }.into_any()/>
        <section class="stack measure" aria-labelledby="add-heading">
            <h2 id="add-heading">{t::domain::add_heading()}</h2>
            <Problems form/>
            <form class="form" method="post" action="/api/admin/add_domain" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <Input name="domain" label=t::field::domain() kind=InputKind::Url
                    hint=t::domain::add_hint() value=form.value("domain") error=form.error("domain") required=true/>
                <div class="form-actions"><Button label=t::domain::add()/></div>
            </form>
        </section>
    }
}

#[component]
fn List(
    /// The organisation's domains.
    domains: Vec<DomainView>,
) -> impl IntoView {
    if domains.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Globe heading=t::domain::empty_heading() text=t::domain::empty_text()/>
        }
        .into_any();
    }
    let several = domains.len() > 1;
    // Nobody looks at the mail of domains that are not held, nor where the vendor has named no servers.
    let looked = domains.iter().any(|domain| !domain.lamps.is_empty());
    view! {
        <DataTable caption=t::domain::title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::field::domain()}</th>
                    <th scope="col">{t::domain::status()}</th>
                    {looked.then(|| view! { <th scope="col">{t::mailflow::lamps()}</th> })}
                    <th scope="col">{t::domain::last_check()}</th>
                    <th scope="col"><span class="visually-hidden">{t::domain::actions()}</span></th>
                </tr>
            </thead>
            <tbody>
                {domains.into_iter().map(|domain| view! { <Line domain several looked/> }).collect_view()}
            </tbody>
        </DataTable>
    }
    .into_any()
}

#[component]
fn Line(
    /// The domain.
    domain: DomainView,
    /// Whether it is not the only one.
    several: bool,
    /// Whether the list shows lamps.
    looked: bool,
) -> impl IntoView {
    let name = domain.name.ascii.clone();
    let held = domain.status.is_held();
    let checked = domain.last_check.as_ref().map(|check| i18n::date_time(check.at));
    let id = format!("domain-{name}");
    let verify = verify_href(domain.org, &name);
    let mail = format!("/admin/{}/domains/{}", domain.org, domain.id);
    let query = use_query_map();
    let remove = {
        let name = name.clone();
        move || {
            let mut query = query.get();
            query.replace("remove", name.clone());
            query.to_query_string()
        }
    };
    view! {
        <tr>
            <th scope="row" id=id.clone()>
                {domain.name.to_string()}
                {domain.is_primary.then(|| view! { " " <Badge label=t::domain::primary()/> })}
            </th>
            <td>{status_badge(domain.status)}</td>
            {looked.then(|| view! { <td>{lamps::badges(domain.lamps)}</td> })}
            <td class="nowrap">{checked.unwrap_or_else(|| t::domain::not_checked().into())}</td>
            <td>
                <div class="row">
                    <a class=button_class(ButtonVariant::Secondary, ButtonSize::Small) href=verify
                        aria-describedby=id.clone()>
                        {if held { t::domain::show_proof() } else { t::domain::verify() }}
                    </a>
                    {held.then(|| view! {
                        <a class=button_class(ButtonVariant::Secondary, ButtonSize::Small) href=mail
                            aria-describedby=id.clone()>
                            {t::mailflow::records()}
                        </a>
                    })}
                    {(!held && several).then(|| view! {
                        <a class=button_class(ButtonVariant::Quiet, ButtonSize::Small) href=remove aria-describedby=id>
                            {t::domain::remove()}
                        </a>
                    })}
                </div>
            </td>
        </tr>
    }
}

/// Asks before an unproven domain goes: `?remove={domain}`.
#[component]
fn RemoveDialog(
    /// The organisation.
    org: OrgId,
) -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(|q| q.get("remove")).filter(|name| !name.is_empty()));
    // The dialog keeps its name until another one is asked for, so that closing it gives the focus back.
    let name =
        Memo::new(move |before: Option<&Option<String>>| wanted.get().or_else(|| before.cloned().flatten()));
    let close = Signal::derive(move || {
        let mut query = query.get();
        query.remove("remove");
        match query.to_query_string() {
            empty if empty.is_empty() => format!("/admin/{org}/domains"),
            rest => rest,
        }
    });
    let form = plain_form("/api/admin/remove_domain");
    move || {
        name.get().map(|name| {
            view! {
                <Dialog id="remove-domain" heading=t::domain::remove_heading(&name)
                    open=Signal::derive(move || wanted.with(Option::is_some))
                    close_href=close close_label=t::shell::close()>
                    <Problems form/>
                    <p>{t::domain::remove_text()}</p>
                    <form class="dialog-foot" method="post" action="/api/admin/remove_domain">
                        <input type="hidden" name="org" value=org.to_string()/>
                        <input type="hidden" name="domain" value=name/>
                        <a class=button_class(ButtonVariant::Secondary, ButtonSize::Regular) href=move || close.get()>
                            {t::shell::cancel()}
                        </a>
                        <Button label=t::domain::remove() variant=ButtonVariant::Danger/>
                    </form>
                </Dialog>
            }
        })
    }
}
