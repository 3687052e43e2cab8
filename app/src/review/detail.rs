//! `/review/{application}`: one application in full.

use super::{
    api,
    decide::{Decision, Forms, Problems},
    facts::{Checks, Facts, History, Thread},
};
use crate::{
    data::Data,
    i18n,
    parts::{choice, load::Loaded},
    t,
    ui::{Badge, PageHeader, Tone},
};
use kontor::application::detail::ApplicationDetail;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/review/{application}`
#[component]
pub fn DetailPage() -> impl IntoView {
    let params = use_params_map();
    let application = move || params.with(|p| p.get("application").unwrap_or_default());
    let detail = Data::new(application, api::detail);
    view! {
        <Title text=t::review::title()/>
        <main id="content" class="content stack">
            <p><a href="/review">{t::review::back()}</a></p>
            <Loaded resource=detail view=|detail| view! { <Detail detail/> }.into_any()/>
        </main>
    }
}

#[component]
fn Detail(
    /// The application.
    detail: ApplicationDetail,
) -> impl IntoView {
    let forms = Forms::new();
    let (status, ageing, age, overdue) =
        (detail.status, detail.ageing, t::review::age(detail.age_days), detail.overdue);
    let badges = move || {
        view! {
            <Badge label=choice::status(status) tone=choice::status_tone(status)/>
            {ageing.map(|ageing| view! { <Badge label=age tone=choice::ageing_tone(ageing)/> })}
            {overdue.then(|| view! { <Badge label=t::review::overdue() tone=Tone::Danger/> })}
        }
    };
    let title = detail.facts.company_name.clone();
    view! {
        <Title text=title.clone()/>
        <PageHeader heading=title description=t::review::due_by(i18n::date(detail.due)) aside=badges/>
        <Problems forms/>
        <div class="split">
            <div class="stack">
                <Facts detail=detail.clone()/>
                <Thread detail=detail.clone() form=forms.note/>
                <History history=detail.history.clone()/>
            </div>
            <div class="stack">
                <Decision detail=detail.clone() forms/>
                <Checks detail/>
            </div>
        </div>
    }
}
