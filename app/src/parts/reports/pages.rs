//! The pages of reports, for partners and for the vendor.

use super::{
    EventsAsked, LinesAsked, Reader, RenewalsAsked, api,
    customers::{Ahead, CustomerFigures, event_name},
    filters::{EventFilters, Filters, LineFilters},
    lists::{EventTable, LineTable, RenewalTable, figure_name},
    money::MoneyFigures,
};
use crate::{
    admin::of_org,
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{Button, ButtonVariant, Card, EmptyState, Glyph, LinkButton, PageHeader, Select, Text},
    wire::ApiError,
};
use kontor::{
    kernel::id::OrgId,
    ledger::LinePage,
    report::{RENEWALS_WITHIN, Report, ReportQuery},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The call that saves a store's settings.
const SAVE: &str = "/api/store/save_settings";

fn asked() -> Memo<ReportQuery> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|q| ReportQuery::from_pairs(|key| q.get(key))))
}

fn field(name: &'static str) -> String {
    use_query_map().with(|q| q.get(name)).unwrap_or_default()
}

async fn report(reader: Reader, query: &ReportQuery) -> Result<Report, ApiError> {
    match reader {
        Reader::Partner(org) => api::store_report(org, query.to_query()).await,
        Reader::Vendor => api::vendor_report(None, query.to_query()).await,
    }
}

/// `/store/{org}/reports`
#[component]
pub fn ReportsPage() -> impl IntoView {
    of_org(|org| view! { <Reports reader=Reader::Partner(org)/> }.into_any())
}

/// `/vendor/reports`
#[component]
pub fn VendorReportsPage() -> impl IntoView {
    view! { <Reports reader=Reader::Vendor/> }
}

#[component]
fn Reports(
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let asked = asked();
    let found = Data::new(
        move || asked.get(),
        move |query| async move { report(reader, &query).await.map(|report| (reader, query, report)) },
    );
    view! {
        <Title text=t::report::title()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading=t::report::title() description=t::report::text()>
                {move || {
                    let mut pairs = asked.get().to_pairs();
                    pairs.push(("format", "csv".to_owned()));
                    view! { <LinkButton label=t::report::csv() href=address(&reader.base(), pairs) icon=Glyph::Download rel="external"/> }
                }}
            </PageHeader>
            <Loaded resource=found view=|(reader, query, report)| view! { <Shown query report reader/> }.into_any()/>
        </main>
    }
    .into_any()
}

#[component]
fn Shown(
    /// What was asked for.
    query: ReportQuery,
    /// What was found.
    report: Report,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let (from, to) = (i18n::date(report.span.from), i18n::date(report.span.last()));
    let zone = t::report::days_in(from, to, &report.time_zone);
    let money = report.money.clone().into_iter().map(|money| {
        view! { <MoneyFigures report=report.clone() money query reader/> }
    });
    let money = money.collect_view();
    let none = report.money.is_empty().then(|| {
        view! { <EmptyState glyph=Glyph::Payment heading=t::report::empty() text=t::report::no_money()/> }
    });
    view! {
        <Filters path=reader.base() query report=report.clone()/>
        <p class="muted">{zone}</p>
        {money}
        {none}
        <CustomerFigures report=report.clone() query reader/>
        <Ahead report reader/>
    }
    .into_any()
}

/// This year at a glance, for the store's first page.
#[component]
pub fn Overview(
    /// The partner.
    org: OrgId,
) -> impl IntoView {
    let query = ReportQuery::default();
    let reader = Reader::Partner(org);
    let found =
        Data::new(|| (), move |()| async move { report(reader, &query).await.map(|report| (org, report)) });
    view! {
        <Loaded resource=found view=|(org, report)| {
            let (query, reader) = (ReportQuery::default(), Reader::Partner(org));
            let money = report.money.clone().into_iter().map(|money| {
                view! { <MoneyFigures report=report.clone() money query reader/> }
            }).collect_view();
            view! {
                {money}
                <Ahead report reader/>
                <p><LinkButton label=t::report::all_reports() href=reader.report(&query)/></p>
            }.into_any()
        }/>
    }
    .into_any()
}

/// `/store/{org}/reports/lines`
#[component]
pub fn StoreLinesPage() -> impl IntoView {
    of_org(|org| view! { <Lines reader=Reader::Partner(org)/> }.into_any())
}

/// `/vendor/reports/lines`
#[component]
pub fn VendorLinesPage() -> impl IntoView {
    view! { <Lines reader=Reader::Vendor/> }
}

#[component]
fn Lines(
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| {
            let text = |name: &str| q.get(name).unwrap_or_default();
            LinesAsked {
                figure: text("figure"),
                currency: text("currency"),
                from: text("from"),
                to: text("to"),
                after: text("after"),
            }
        })
    });
    let found = Data::new(
        move || asked.get(),
        move |asked| async move {
            let (page, sum): (LinePage, _) = match reader {
                Reader::Partner(org) => api::store_lines(org, asked.clone()).await?,
                Reader::Vendor => api::vendor_lines(None, asked.clone()).await?,
            };
            Ok::<_, ApiError>((reader, asked, page, sum))
        },
    );
    let heading = move || figure_name(asked.get().figure());
    let description = move || {
        let days =
            asked.get().days().map(|(from, to)| t::report::lines_text(i18n::date(from), i18n::date(to)));
        view! { <p class="muted">{days}</p> }
    };
    view! {
        <Title text=move || heading()/>
        <main id="content" class="content stack">
            {move || view! {
                <PageHeader heading=heading()>
                    <LinkButton label=t::report::title() href=reader.base()/>
                </PageHeader>
            }}
            {description}
            <Loaded resource=found view=|(reader, asked, page, sum)| {
                let path = format!("{}/lines", reader.base());
                let figure = asked.figure();
                let next = page.next.map(|after| {
                    address(&path, LinesAsked { after: after.to_string(), ..asked.clone() }.pairs())
                });
                view! {
                    <LineFilters path asked/>
                    <LineTable figure page sum next reader/>
                }.into_any()
            }/>
        </main>
    }
    .into_any()
}

/// `/store/{org}/reports/renewals`
#[component]
pub fn StoreRenewalsPage() -> impl IntoView {
    of_org(|org| view! { <Renewals reader=Reader::Partner(org)/> }.into_any())
}

/// `/vendor/reports/renewals`
#[component]
pub fn VendorRenewalsPage() -> impl IntoView {
    view! { <Renewals reader=Reader::Vendor/> }
}

#[component]
fn Renewals(
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| RenewalsAsked {
            within: q.get("within").unwrap_or_default(),
            after: q.get("after").unwrap_or_default(),
        })
    });
    let found = Data::new(
        move || asked.get(),
        move |asked| async move {
            let page = match reader {
                Reader::Partner(org) => api::store_renewals(org, asked.clone()).await?,
                Reader::Vendor => api::vendor_renewals(None, asked.clone()).await?,
            };
            Ok::<_, ApiError>((reader, asked.within(), page))
        },
    );
    let choices = RENEWALS_WITHIN
        .iter()
        .map(|days| (Text::from(days.to_string()), Text::from(t::report::within(i64::from(*days)))))
        .collect::<Vec<_>>();
    let selected = RenewalsAsked { within: field("within"), after: String::new() }.within();
    let path = format!("{}/renewals", reader.base());
    view! {
        <Title text=t::report::renewals()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::report::renewals() description=t::report::renewals_text()>
                <LinkButton label=t::report::title() href=reader.base()/>
            </PageHeader>
            <form class="row" method="get" action=path>
                <Select name="within" label=t::report::within_heading() options=choices selected=selected.to_string()/>
                <Button label=t::report::show()/>
            </form>
            <Loaded resource=found view=|(reader, within, page)| {
                let path = format!("{}/renewals", reader.base());
                let next = page.next.map(|(day, row)| {
                    address(&path, vec![("within", within.to_string()), ("after", format!("{day}.{row}"))])
                });
                view! { <RenewalTable page next reader/> }.into_any()
            }/>
        </main>
    }
    .into_any()
}

/// `/store/{org}/reports/customers`
#[component]
pub fn StoreEventsPage() -> impl IntoView {
    of_org(|org| view! { <Events reader=Reader::Partner(org)/> }.into_any())
}

/// `/vendor/reports/customers`
#[component]
pub fn VendorEventsPage() -> impl IntoView {
    view! { <Events reader=Reader::Vendor/> }
}

#[component]
fn Events(
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| {
            let text = |name: &str| q.get(name).unwrap_or_default();
            EventsAsked { kind: text("kind"), from: text("from"), to: text("to"), after: text("after") }
        })
    });
    let found = Data::new(
        move || asked.get(),
        move |asked| async move {
            let page = match reader {
                Reader::Partner(org) => api::store_events(org, asked.clone()).await?,
                Reader::Vendor => api::vendor_events(None, asked.clone()).await?,
            };
            Ok::<_, ApiError>((reader, asked, page))
        },
    );
    let heading = move || event_name(asked.get().kind());
    view! {
        <Title text=move || heading()/>
        <main id="content" class="content stack">
            {move || view! {
                <PageHeader heading=heading()>
                    <LinkButton label=t::report::title() href=reader.base()/>
                </PageHeader>
            }}
            <Loaded resource=found view=|(reader, asked, page)| {
                let path = format!("{}/customers", reader.base());
                let kind = asked.kind();
                let next = page.next.map(|(day, event)| {
                    address(&path, EventsAsked { after: format!("{day}.{event}"), ..asked.clone() }.pairs())
                });
                view! {
                    <EventFilters path asked/>
                    <EventTable kind page next reader/>
                }.into_any()
            }/>
        </main>
    }
    .into_any()
}

/// `/store/{org}/settings`
#[component]
pub fn StoreSettingsPage() -> impl IntoView {
    of_org(|org| {
        let found =
            Data::new(|| (), move |()| async move { api::settings(org).await.map(|found| (org, found)) });
        view! {
            <Title text=t::store::nav_settings()/>
            <main id="content" class="content content-middle stack-loose">
                <PageHeader heading=t::store::nav_settings()/>
                <Loaded resource=found view=|(org, found)| {
                    let form = plain_form(SAVE);
                    let zones = found.zones.iter().map(|z| (Text::from(z.clone()), Text::from(z.clone()))).collect::<Vec<_>>();
                    view! {
                        <Card heading=t::report::time_zone() id="zone-heading">
                            <Problems form/>
                            <form class="form" method="post" action=SAVE>
                                <input type="hidden" name="org" value=org.to_string()/>
                                <input type="hidden" name="version" value=found.version.to_string()/>
                                <Select name="time_zone" label=t::report::time_zone() hint=t::report::time_zone_hint()
                                    options=zones selected=form.value_or("time_zone", &found.time_zone)
                                    error=form.error("time_zone")/>
                                <Button label=t::report::save() variant=ButtonVariant::Primary/>
                            </form>
                        </Card>
                    }.into_any()
                }/>
            </main>
        }
        .into_any()
    })
}
