//! `/store/{org}/customers/{customer}`: a customer's subscription, as its partner sells it.

use super::{access::CustomerAccess, api::notice};
use crate::{
    admin::use_org,
    data::Data,
    i18n,
    parts::{
        load::Failed,
        subscription::{SubscriptionDesk, api::customer_desk},
    },
    t,
    ui::{Button, ButtonVariant, Callout, Dialog, Glyph, LinkButton, PageHeader, Tone},
    wire::me,
};
use kontor::{
    Error,
    kernel::{id::OrgId, right::Feature},
    mapping::Notice,
    subscription::ChangeForm,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/store/{org}/customers/{customer}`
#[component]
pub fn CustomerPage() -> impl IntoView {
    let org = use_org();
    let params = use_params_map();
    let customer =
        Memo::new(move |_| params.with(|p| p.get("customer").and_then(|id| id.parse::<OrgId>().ok())));
    view! {
        <Title text=t::admin::nav_subscription()/>
        <main id="content" class="content content-middle stack-loose">
            {move || match org.get().zip(customer.get()) {
                Some((org, customer)) => view! { <Sold org customer/> }.into_any(),
                None => view! { <Failed error=Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Sold(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| {
            let pairs = q.latest_values().map(|(name, value)| (name.as_ref(), value));
            (ChangeForm::from_pairs(pairs), q.get("answer").and_then(|id| id.parse().ok()))
        })
    });
    let desk = Data::new(
        move || asked.get(),
        move |(wish, answer)| async move { customer_desk(org, customer, wish, answer).await },
    );
    let name = move || desk.get().and_then(Result::ok).map(|desk| desk.account.organisation);
    let back = format!("/admin/{org}/partner/customers");
    let sees = me().places.iter().any(|p| p.org == org && p.features.has(Feature::PaymentsView));
    let payments = format!("/store/{org}/payments?customer={customer}");
    let trail = format!("/store/{org}/customers/{customer}?format=trail");
    let releases = me().places.iter().any(|p| p.org == org && p.features.has(Feature::MappingRequest));
    let notice = Data::new(|| (), move |()| notice(org, customer));
    view! {
        <Suspense>
            {move || {
                let (back, payments, trail) = (back.clone(), payments.clone(), trail.clone());
                name().map(|name| view! {
                    <PageHeader heading=name description=t::subscription::store_text()>
                        <LinkButton label=t::admin::nav_customers() href=back/>
                        {sees.then(|| view! { <LinkButton label=t::customers::payments() href=payments.clone()/> })}
                        <LinkButton label=t::audit::download() href=trail icon=Glyph::Download rel="external"/>
                    </PageHeader>
                })
            }}
        </Suspense>
        {releases.then(|| view! { <ReleaseDialog org customer notice name=Signal::derive(move || name().unwrap_or_default())/> })}
        <SubscriptionDesk resource=desk/>
        <CustomerAccess org customer name=Signal::derive(move || name().unwrap_or_default())/>
        {releases.then(|| view! { <Leaving org customer notice/> })}
    }
    .into_any()
}

/// The question before a partnership is ended.
#[component]
fn ReleaseDialog(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
    /// Whether notice was given.
    notice: Data<Notice>,
    /// The customer's name.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let query = use_query_map();
    let asks = Memo::new(move |_| query.with(|q| q.get("release").is_some()));
    let page = format!("/store/{org}/customers/{customer}");
    view! {
        <Suspense>
            {move || {
                let page = page.clone();
                notice.get().and_then(Result::ok).filter(|notice| asks.get() && notice.until.is_none()).map(|notice| view! {
                    <Dialog id="release" heading=t::mapping::release_question(name.get()) open=Signal::stored(true)
                        close_href=Signal::stored(page.clone()) close_label=t::shell::close()>
                        <p>{t::mapping::release_text(name.get())}</p>
                        {notice.would_be.map(|day| view! { <p>{t::mapping::release_notice(i18n::date(day))}</p> })}
                        <form class="dialog-foot row" method="post" action="/api/store/release_customer">
                            <input type="hidden" name="org" value=org.to_string()/>
                            <input type="hidden" name="customer" value=customer.to_string()/>
                            <input type="hidden" name="shown"
                                value=notice.would_be.map(|day| day.to_string()).unwrap_or_default()/>
                            <Button label=t::mapping::release() variant=ButtonVariant::Danger/>
                            <LinkButton label=t::shell::cancel() href=page/>
                        </form>
                    </Dialog>
                })
            }}
        </Suspense>
    }
}

/// The way out of a partnership, or back into it as long as notice runs.
#[component]
fn Leaving(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
    /// Whether notice was given.
    notice: Data<Notice>,
) -> impl IntoView {
    let release = format!("/store/{org}/customers/{customer}?release=1");
    view! {
        <Suspense>
            {move || {
                let release = release.clone();
                notice.get().and_then(Result::ok).map(|notice| match notice.until {
                    Some(day) => view! {
                        <Callout tone=Tone::Warning>
                            <p>{t::mapping::notice_until(i18n::date(day))}</p>
                            <form method="post" action="/api/store/keep_customer">
                                <input type="hidden" name="org" value=org.to_string()/>
                                <input type="hidden" name="customer" value=customer.to_string()/>
                                <Button label=t::mapping::keep()/>
                            </form>
                        </Callout>
                    }
                    .into_any(),
                    None => view! {
                        <p><LinkButton label=t::mapping::release() href=release variant=ButtonVariant::Quiet/></p>
                    }
                    .into_any(),
                })
            }}
        </Suspense>
    }
}
