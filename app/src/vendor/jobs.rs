//! `/vendor/jobs`: what failed, and trying it again.

use super::api;
use crate::{
    data::Data,
    i18n,
    parts::load::Loaded,
    t,
    ui::{Button, ButtonSize, ButtonVariant, DataTable, EmptyState, Glyph, PageHeader, Stat},
};
use kontor::job::{TROUBLES, Trouble, Troubles};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/vendor/jobs`
#[component]
pub fn JobsPage() -> impl IntoView {
    let troubles = Data::new(|| (), |()| api::jobs());
    view! {
        <Title text=t::vendor::jobs_title()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading=t::vendor::jobs_title() description=t::vendor::jobs_text()/>
            <Loaded resource=troubles view=|troubles| view! { <All troubles/> }.into_any()/>
        </main>
    }
}

#[component]
fn All(
    /// What failed.
    troubles: Troubles,
) -> impl IntoView {
    let Troubles { failed, retried, counts } = troubles;
    let none = failed.is_empty() && retried.is_empty();
    view! {
        <div class="stat-grid">
            <Stat label=t::vendor::waiting() value=i18n::number(counts.waiting)/>
            <Stat label=t::vendor::overdue() value=i18n::number(counts.overdue)/>
            <Stat label=t::vendor::retried() value=i18n::number(counts.retried)/>
            <Stat label=t::vendor::given_up() value=i18n::number(counts.failed)/>
        </div>
        {none.then(|| view! {
            <EmptyState glyph=Glyph::Check heading=t::vendor::none_title() text=t::vendor::none_text()/>
        })}
        {(!failed.is_empty()).then(|| view! {
            <section class="stack" aria-labelledby="failed-heading">
                <div class="row row-between">
                    <h2 id="failed-heading">{t::vendor::given_up_heading()}</h2>
                    <form method="post" action="/api/vendor/retry_all_jobs">
                        <Button label=t::vendor::retry_all() variant=ButtonVariant::Primary/>
                    </form>
                </div>
                <p>{t::vendor::given_up_text()}</p>
                <Table rows=failed total=counts.failed given_up=true/>
            </section>
        })}
        {(!retried.is_empty()).then(|| view! {
            <section class="stack" aria-labelledby="retried-heading">
                <h2 id="retried-heading">{t::vendor::retried_heading()}</h2>
                <p>{t::vendor::retried_text()}</p>
                <Table rows=retried total=counts.retried given_up=false/>
            </section>
        })}
    }
    .into_any()
}

#[component]
fn Table(
    /// The jobs.
    rows: Vec<Trouble>,
    /// How many there are in all.
    total: i64,
    /// Whether they wait for somebody to retry them.
    given_up: bool,
) -> impl IntoView {
    let caption = if given_up { t::vendor::given_up_heading() } else { t::vendor::retried_heading() };
    let last = if given_up { t::vendor::actions() } else { t::vendor::next_try() };
    let most = i64::try_from(TROUBLES).unwrap_or(i64::MAX);
    view! {
        <DataTable caption caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::vendor::what()}</th>
                    <th scope="col">{t::vendor::since()}</th>
                    <th scope="col">{t::vendor::tries()}</th>
                    <th scope="col">{t::vendor::last_error()}</th>
                    <th scope="col">{last}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(|row| view! { <Line row given_up/> }).collect_view()}</tbody>
        </DataTable>
        {(total > most).then(|| view! { <p class="muted">{t::vendor::shown(i18n::number(most))}</p> })}
    }
    .into_any()
}

#[component]
fn Line(
    /// The job.
    row: Trouble,
    /// Whether it waits for somebody to retry it.
    given_up: bool,
) -> impl IntoView {
    let id = format!("job-{}", row.id);
    let described = id.clone();
    let kind = row.kind.and_then(|kind| t::vendor::lookup(&format!("kind_{}", kind.key())));
    let what = match row.recipient {
        Some(email) => t::vendor::mail_to(email),
        None => kind.unwrap_or_default().to_owned(),
    };
    view! {
        <tr>
            <th scope="row" id=id>
                {what}
                {row.template.map(|template| view! { <div class="muted small">{template}</div> })}
            </th>
            <td class="nowrap">{i18n::date_time(row.since)}</td>
            <td>{i18n::number(row.attempts.into())}</td>
            <td dir="auto">{row.last_error}</td>
            <td class="nowrap">
                {match given_up {
                    true => view! {
                        <form method="post" action="/api/vendor/retry_job">
                            <input type="hidden" name="job" value=row.id.to_string()/>
                            <Button label=t::vendor::retry() size=ButtonSize::Small described_by=described/>
                        </form>
                    }
                    .into_any(),
                    false => i18n::date_time(row.due_at).into_any(),
                }}
            </td>
        </tr>
    }
    .into_any()
}
