//! `/vendor/disputes`: claims of partners, and deciding them (domain.md section 4, R4.8).

use super::api;
use crate::{
    admin::words,
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{
        address::address,
        dispute,
        load::{Failed, Loaded},
    },
    t,
    ui::{
        Badge, Button, ButtonVariant, Callout, Card, DataTable, EmptyState, Fact, Facts, FilterChip,
        FilterChips, Glyph, LinkButton, PageHeader, RadioOption, Radios, TextArea, Tone,
    },
};
use kontor::{
    Error,
    kernel::id::DisputeId,
    mapping::{Candidate, DisputeDetail, DisputePage, DisputeStatus},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

const CALL: &str = "/api/vendor/decide_dispute";

/// `/vendor/disputes`: the open ones, or those of `?status=`.
#[component]
pub fn DisputesPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| {
            let status = q.get("status").and_then(|key| DisputeStatus::from_key(&key));
            (status.unwrap_or(DisputeStatus::Open), q.get("behind").and_then(|id| id.parse().ok()))
        })
    });
    let page = Data::new(
        move || asked.get(),
        |(status, behind)| async move {
            api::dispute_queue(Some(status), behind).await.map(|page| (status, page))
        },
    );
    view! {
        <Title text=t::dispute::title()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading=t::dispute::title() description=t::dispute::queue_text()/>
            <Loaded resource=page view=|(status, page)| view! { <Queue status page/> }.into_any()/>
        </main>
    }
}

#[component]
fn Queue(
    /// What is shown.
    status: DisputeStatus,
    /// The disputes.
    page: DisputePage,
) -> impl IntoView {
    let chip = move |one: &DisputeStatus| FilterChip {
        label: dispute::status(*one).0.into(),
        count: None,
        href: format!("/vendor/disputes?status={}", one.key()).into(),
        current: *one == status,
    };
    let chips: Vec<FilterChip> = DisputeStatus::ALL.iter().map(chip).collect();
    let next = page.next.map(|id| {
        address("/vendor/disputes", vec![("status", status.key().to_owned()), ("behind", id.to_string())])
    });
    let none = page.rows.is_empty();
    let rows = page
        .rows
        .into_iter()
        .map(|row| {
            let (label, tone) = dispute::status(row.status);
            view! {
                <tr>
                    <th scope="row"><a href=format!("/vendor/disputes/{}", row.id)>{row.about}</a></th>
                    <td dir="auto">{row.partner_name}</td>
                    <td class="nowrap">{i18n::date_time(row.opened_at)}</td>
                    <td><Badge label tone/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <FilterChips label=t::dispute::status_of() chips=Signal::stored(chips)/>
        {match none {
            true => view! {
                <EmptyState glyph=Glyph::Check heading=t::dispute::queue_none_title() text=t::dispute::queue_none_text()/>
            }
            .into_any(),
            false => view! {
                <DataTable caption=t::dispute::title() caption_hidden=true>
                    <thead>
                        <tr>
                            <th scope="col">{t::dispute::about()}</th>
                            <th scope="col">{t::dispute::claimant()}</th>
                            <th scope="col">{t::dispute::opened()}</th>
                            <th scope="col">{t::dispute::status_of()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </DataTable>
            }
            .into_any(),
        }}
        {next.map(|href| view! { <p><LinkButton label=t::dispute::older() href/></p> })}
    }
    .into_any()
}

/// `/vendor/disputes/{dispute}`
#[component]
pub fn DisputeDetailPage() -> impl IntoView {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|p| p.get("dispute").and_then(|id| id.parse::<DisputeId>().ok())));
    view! {
        <Title text=t::dispute::title()/>
        <main id="content" class="content content-middle stack-loose">
            {move || match id.get() {
                Some(id) => {
                    let detail = Data::new(|| (), move |()| api::dispute(id));
                    view! { <Loaded resource=detail view=|detail| view! { <Detail detail/> }.into_any()/> }.into_any()
                }
                None => view! { <Failed error=Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Detail(
    /// The dispute.
    detail: DisputeDetail,
) -> impl IntoView {
    let DisputeDetail {
        row,
        statement,
        opened_by,
        file_name,
        candidates,
        decided,
        decided_about,
        version,
        may_decide,
    } = detail;
    let (status, tone) = dispute::status(row.status);
    let about =
        decided_about.and_then(|org| candidates.iter().find(|c| c.org == org).map(|c| c.name.clone()));
    let file = format!("/vendor/disputes/{}/evidence", row.id);
    let none = candidates.is_empty();
    let shown = candidates.clone();
    view! {
        <PageHeader heading=row.about.clone() description=t::dispute::claimed_by(&row.partner_name)
            aside=move || view! { <Badge label=status tone/> }>
            <LinkButton label=t::dispute::title() href="/vendor/disputes"/>
        </PageHeader>
        <Card heading=t::dispute::claim() id="claim">
            <Facts wide=true>
                <Fact name=t::dispute::claimant()><span dir="auto">{row.partner_name}</span></Fact>
                <Fact name=t::dispute::opened()>{i18n::date_time(row.opened_at)}", "{opened_by}</Fact>
                <Fact name=t::dispute::file()><a href=file download="">{file_name}</a></Fact>
            </Facts>
            <blockquote class="quote" dir="auto">{statement}</blockquote>
        </Card>
        <Card heading=t::dispute::candidates() id="candidates">
            {match none {
                true => view! { <p>{t::dispute::no_candidates()}</p> }.into_any(),
                false => view! { <Candidates candidates=shown/> }.into_any(),
            }}
        </Card>
        {decided.map(|(who, at, reason)| view! {
            <Callout tone>
                <p>{t::dispute::decided_by(i18n::date_time(at), words::actor(&who))}</p>
                {about.map(|name| view! { <p dir="auto">{name}</p> })}
                <p class="keep-lines" dir="auto">{reason}</p>
            </Callout>
        })}
        {(row.status == DisputeStatus::Open && !may_decide).then(|| view! {
            <Callout tone=Tone::Warning><p>{t::dispute::own()}</p></Callout>
        })}
        {may_decide.then(|| view! { <Decide id=row.id candidates version/> })}
    }
    .into_any()
}

#[component]
fn Candidates(
    /// The organisations.
    candidates: Vec<Candidate>,
) -> impl IntoView {
    let rows = candidates
        .into_iter()
        .map(|one| {
            let (domain, proved) = one.domain.unwrap_or_default();
            let proof = if proved { t::dispute::proved() } else { t::dispute::not_proved() };
            let partner = match one.partner {
                Some((_, name, since)) => t::dispute::partner_since(i18n::date(since.day()), name),
                None => t::dispute::no_partner().to_owned(),
            };
            view! {
                <tr>
                    <th scope="row" dir="auto">{one.name}</th>
                    <td>{domain}" "<span class="muted">{proof}</span></td>
                    <td dir="auto">{partner}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=t::dispute::candidates() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::dispute::organisation()}</th>
                    <th scope="col">{t::dispute::domain()}</th>
                    <th scope="col">{t::dispute::partner()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

#[component]
fn Decide(
    /// The dispute.
    id: DisputeId,
    /// The organisations it may be about.
    candidates: Vec<Candidate>,
    /// Of the dispute that is shown.
    version: i64,
) -> impl IntoView {
    let form = plain_form(CALL);
    let mut options: Vec<RadioOption> = candidates
        .into_iter()
        .map(|one| RadioOption::new(one.org.to_string(), t::dispute::moves(one.name)))
        .collect();
    options.push(RadioOption::new("upheld", t::dispute::stays()));
    view! {
        <Card heading=t::dispute::decide() id="decide">
            <Problems form/>
            <form class="form" method="post" action=CALL novalidate>
                <input type="hidden" name="dispute" value=id.to_string()/>
                <input type="hidden" name="version" value=version.to_string()/>
                <Radios name="decision" legend=t::dispute::decision() options selected=form.value("decision")
                    error=form.error("decision") required=true/>
                <TextArea name="reason" label=t::dispute::reason() hint=t::dispute::reason_hint() rows=4 maxlength=2000
                    value=form.value("reason") error=form.error("reason") required=true/>
                <p><Button label=t::dispute::decide() variant=ButtonVariant::Primary/></p>
            </form>
        </Card>
    }
    .into_any()
}
