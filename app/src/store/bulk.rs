//! `/store/{org}/customers/bulk` and `/store/{org}/customers/bulk/{run}`: the same change of many subscriptions.

use crate::{
    admin::{of_org, use_org},
    parts::{
        bulk::{Choose, Run},
        load::Failed,
    },
    t,
    ui::{LinkButton, PageHeader},
};
use kontor::{Error, kernel::id::BulkId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/store/{org}/customers/bulk`
#[component]
pub fn BulkPage() -> impl IntoView {
    of_org(|org| {
        view! {
            <Title text=t::bulk::title()/>
            <main id="content" class="content stack">
                <PageHeader heading=t::bulk::title() description=t::bulk::text()>
                    <LinkButton label=t::admin::nav_customers() href=format!("/store/{org}/customers")/>
                </PageHeader>
                <Choose org/>
            </main>
        }
        .into_any()
    })
}

/// `/store/{org}/customers/bulk/{run}`
#[component]
pub fn BulkRunPage() -> impl IntoView {
    let org = use_org();
    let params = use_params_map();
    let run = Memo::new(move |_| params.with(|p| p.get("run").and_then(|id| id.parse::<BulkId>().ok())));
    view! {
        <Title text=t::bulk::title()/>
        <main id="content" class="content stack-loose">
            {move || match org.get().zip(run.get()) {
                Some((org, run)) => view! { <Run org run/> }.into_any(),
                None => view! { <Failed error=Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}
