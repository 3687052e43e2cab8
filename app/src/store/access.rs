//! A partner's access to one of its customers, on the customer's page in the store: as it stands, asking for it, renewing it, giving
//! it up.

use super::api;
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{
        manage::ManageButton,
        terms::{TermsFacts, TermsFields},
    },
    t,
    ui::{Button, ButtonVariant, Callout, Card, Dialog, Input, LinkButton, Tone},
};
use kontor::{
    delegation::{GrantStatus, HeldAccess, TermsForm},
    kernel::id::OrgId,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The card.
#[component]
pub fn CustomerAccess(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
    /// The customer's name.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let held = Data::new(|| (), move |()| api::access(org, customer));
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|q| q.get("access").unwrap_or_default()));
    view! {
        <Suspense>
            {move || held.get().and_then(Result::ok).map(|held| {
                let asked = asked.get();
                view! { <Held org customer name=name.get() held asked/> }
            })}
        </Suspense>
    }
}

#[component]
fn Held(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
    /// The customer's name.
    name: String,
    /// How access stands.
    held: HeldAccess,
    /// What the reader has pressed: `ask` or `give-up`.
    asked: String,
) -> impl IntoView {
    let HeldAccess { status, terms, ended_at, asked: open, form: start, caps, may_ask, may_renew } = held;
    let page = format!("/store/{org}/customers/{customer}");
    let active = status == Some(GrantStatus::Active);
    let standing = match (status, ended_at) {
        (None, _) => t::access::held_none().to_owned(),
        (Some(GrantStatus::Active), _) => t::access::held_active().to_owned(),
        (Some(_), Some(at)) => t::access::held_over(i18n::date_time(at)),
        (Some(_), None) => t::access::held_none().to_owned(),
    };
    let free = may_ask && open.is_none();
    let asking = free && asked == "ask";
    let again = free && !asking && status.is_some();
    let giving_up = may_ask && active && asked == "give-up";
    let once_more = start.clone();
    let (ask_page, up_page) = (format!("{page}?access=ask#access"), format!("{page}?access=give-up"));
    let ask_label = if status.is_some() { t::access::ask_change() } else { t::access::ask() };
    view! {
        {giving_up.then(|| view! { <GiveUp org customer name=name.clone() page=page.clone()/> })}
        <Card heading=t::access::held_heading() id="access">
            <p>{standing}</p>
            {terms.map(|terms| view! { <TermsFacts terms/> })}
            {open.map(|(request, terms, day)| view! {
                <Callout tone=Tone::Info>
                    <p>{t::access::asked_text(i18n::date(day))}</p>
                    <TermsFacts terms/>
                    {may_ask.then(|| view! {
                        <form method="post" action="/api/store/withdraw_access">
                            <Ids org customer/>
                            <input type="hidden" name="request" value=request.to_string()/>
                            <Button label=t::access::withdraw()/>
                        </form>
                    })}
                </Callout>
            })}
            <div class="row">
                {(active && may_ask).then(|| view! { <ManageButton partner=org customer/> })}
                {may_renew.then(|| view! {
                    <form method="post" action="/api/store/renew_access">
                        <Ids org customer/>
                        <Button label=t::access::renew() variant=ButtonVariant::Primary/>
                    </form>
                })}
                {again.then(|| view! { <Again org customer start=once_more renew=active/> })}
                {(free && !asking).then(|| view! { <LinkButton label=ask_label href=ask_page/> })}
                {(active && may_ask).then(|| view! {
                    <LinkButton label=t::access::give_up() href=up_page variant=ButtonVariant::Quiet/>
                })}
            </div>
            {may_renew.then(|| view! { <p class="muted">{t::access::renew_text()}</p> })}
            {asking.then(|| view! { <Ask org customer name start caps page/> })}
        </Card>
    }
    .into_any()
}

#[component]
fn Ids(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
) -> impl IntoView {
    view! {
        <input type="hidden" name="org" value=org.to_string()/>
        <input type="hidden" name="customer" value=customer.to_string()/>
    }
}

/// Asks for the same terms with one click.
#[component]
fn Again(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
    /// The terms there are, or were.
    start: TermsForm,
    /// Whether access goes on meanwhile.
    renew: bool,
) -> impl IntoView {
    let label = if renew { t::access::ask_renew() } else { t::access::ask_again() };
    view! {
        <form method="post" action="/api/store/ask_access">
            <Ids org customer/>
            <input type="hidden" name="template" value=start.template/>
            {start.capabilities.into_iter().map(|key| view! {
                <input type="hidden" name="capabilities[]" value=key/>
            }).collect_view()}
            <input type="hidden" name="days" value=start.days/>
            <input type="hidden" name="renewal" value=start.renewal/>
            <Button label/>
        </form>
    }
    .into_any()
}

#[component]
fn Ask(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
    /// The customer's name.
    name: String,
    /// What the form begins with.
    start: TermsForm,
    /// Most days for each capability.
    caps: Vec<(kontor::kernel::right::Feature, i64)>,
    /// The page without the form.
    page: String,
) -> impl IntoView {
    let form = plain_form("/api/store/ask_access");
    view! {
        <h3>{t::access::ask_heading(name)}</h3>
        <p class="muted">{t::access::ask_text()}</p>
        <Problems form/>
        <form class="form" method="post" action="/api/store/ask_access" novalidate>
            <Ids org customer/>
            <TermsFields form start caps/>
            <Input name="message" label=t::field::message() marker=t::shell::optional() autocomplete="off"
                value=form.value("message") error=form.error("message")/>
            <p class="row">
                <Button label=t::access::ask() variant=ButtonVariant::Primary/>
                <LinkButton label=t::shell::cancel() href=page/>
            </p>
        </form>
    }
    .into_any()
}

#[component]
fn GiveUp(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
    /// The customer's name.
    name: String,
    /// The page without the question.
    page: String,
) -> impl IntoView {
    view! {
        <Dialog id="give-up" heading=t::access::give_up_heading(name) open=Signal::stored(true)
            close_href=Signal::stored(page.clone()) close_label=t::shell::close()>
            <p>{t::access::give_up_text()}</p>
            <form class="dialog-foot row" method="post" action="/api/store/give_up_access">
                <Ids org customer/>
                <Button label=t::access::give_up() variant=ButtonVariant::Danger/>
                <LinkButton label=t::shell::cancel() href=page/>
            </form>
        </Dialog>
    }
    .into_any()
}
