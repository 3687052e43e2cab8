//! The pages of reports, for partners and for the vendor.

use super::{
    EventsAsked, LinesAsked, Reader, RenewalsAsked, api,
    customers::{Ahead, CustomerFigures, event_name},
    filters::{EventFilters, Filters, LineFilters, Of},
    lists::{EventTable, LineTable, RenewalTable, commissions, figure_name},
    money::MoneyFigures,
};
use crate::{
    admin::of_org,
    data::Data,
    i18n,
    parts::{load::Loaded, subscription::words::payer},
    t,
    ui::{Button, EmptyState, Glyph, LinkButton, PageHeader, Select, Text},
    wire::ApiError,
};
use kontor::{
    kernel::{id::OrgId, money::Currency},
    ledger::LinePage,
    report::{Group, RENEWALS_WITHIN, Report, ReportQuery},
    subscription::change::Payer,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

fn asked() -> Memo<ReportQuery> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|q| ReportQuery::from_pairs(|key| q.get(key))))
}

/// The file of a list: its own address, from the beginning.
pub(super) fn csv_of(reader: Reader, page: &str, mut pairs: Vec<(&'static str, String)>) -> String {
    pairs.retain(|(name, _)| *name != "after");
    pairs.push(("format", "csv".to_owned()));
    reader.at(page, pairs)
}

/// Leads to a list's file.
#[component]
pub(super) fn Csv(
    /// Its address.
    href: String,
) -> impl IntoView {
    view! { <p><LinkButton label=t::report::csv() href icon=Glyph::Download rel="external"/></p> }
}

async fn report(reader: Reader, query: &ReportQuery) -> Result<Report, ApiError> {
    match reader {
        Reader::Partner(org) => api::store_report(org, query.to_query()).await,
        Reader::Vendor | Reader::VendorOf(_) => api::vendor_report(reader.of(), query.to_query()).await,
    }
}

/// Whose figures the vendor's finance asks for: one partner's, or all.
pub(super) fn of_vendor() -> Memo<Reader> {
    let query = use_query_map();
    Memo::new(move |_| {
        let partner = query.with(|q| q.get("partner").and_then(|id| id.parse().ok()));
        partner.map_or(Reader::Vendor, Reader::VendorOf)
    })
}

/// Says that it is one partner's figures, and leads back to all.
#[component]
pub(super) fn OnePartner(
    /// Who looks.
    reader: Reader,
    /// The same page of all partners.
    all: String,
) -> impl IntoView {
    let commissions = commissions(reader).filter(|_| reader.of().is_some());
    view! {
        {commissions.map(|href| view! {
            <p>
                {t::report::one_partner()} " " <a href=all>{t::payout::all_partners()}</a> " · "
                <a href=href>{t::store::nav_commissions()}</a>
            </p>
        })}
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
    let reader = of_vendor();
    move || view! { <Reports reader=reader.get()/> }
}

#[component]
fn Reports(
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let asked = asked();
    let query = use_query_map();
    let faults = Memo::new(move |_| query.with(|q| ReportQuery::faults(|key| q.get(key))));
    let found = Data::new(
        move || asked.get(),
        move |query| async move { report(reader, &query).await.map(|report| (reader, query, report)) },
    );
    let body = move || {
        match faults.get() {
        none if none.is_empty() => view! {
            <Loaded resource=found view=|(reader, query, report)| view! { <Shown query report reader/> }.into_any()/>
        }
        .into_any(),
        faults => {
            let (from, to) = query.with(|q| (q.get("from"), q.get("to")));
            let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
            let by = asked.get().by.unwrap_or(Group::Month).to_string();
            view! { <Filters path=reader.base() reader query=asked.get() from to by faults/> }.into_any()
        }
    }
    };
    view! {
        <Title text=t::report::title()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading=t::report::title() description=t::report::text()>
                {move || {
                    let mut pairs = asked.get().to_pairs();
                    pairs.push(("format", "csv".to_owned()));
                    let by = if reader == Reader::Vendor { t::report::by_partner() } else { t::report::by_customer() };
                    view! {
                        <LinkButton label=by href=reader.sales(&asked.get())/>
                        <LinkButton label=t::report::csv() href=reader.at("", pairs) icon=Glyph::Download rel="external"/>
                    }
                }}
            </PageHeader>
            <OnePartner reader all=Reader::Vendor.report(&asked.get_untracked())/>
            {body}
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
        <Filters path=reader.base() reader query from=report.span.from.to_string() to=report.span.last().to_string()
            by=report.group.to_string()/>
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
    let reader = of_vendor();
    move || view! { <Lines reader=reader.get()/> }
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
                _ => api::vendor_lines(reader.of(), asked.clone()).await?,
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
                    <LinkButton label=t::report::title() href=reader.at("", Vec::new())/>
                </PageHeader>
            }}
            {description}
            <Loaded resource=found view=|(reader, asked, page, sum)| {
                let figure = asked.figure();
                let next = page.next.map(|after| {
                    reader.at("/lines", LinesAsked { after: after.to_string(), ..asked.clone() }.pairs())
                });
                view! {
                    <Csv href=csv_of(reader, "/lines", asked.pairs())/>
                    <LineFilters reader asked/>
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
    let reader = of_vendor();
    move || view! { <Renewals reader=reader.get()/> }
}

#[component]
fn Renewals(
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| {
            let text = |name: &str| q.get(name).unwrap_or_default();
            RenewalsAsked {
                within: text("within"),
                payer: text("payer"),
                currency: text("currency"),
                after: text("after"),
            }
        })
    });
    let found = Data::new(
        move || asked.get(),
        move |asked| async move {
            let page = match reader {
                Reader::Partner(org) => api::store_renewals(org, asked.clone()).await?,
                _ => api::vendor_renewals(reader.of(), asked.clone()).await?,
            };
            Ok::<_, ApiError>((reader, asked, page))
        },
    );
    let choices = RENEWALS_WITHIN
        .iter()
        .map(|days| (Text::from(days.to_string()), Text::from(t::report::within(i64::from(*days)))))
        .collect::<Vec<_>>();
    let here = asked.get_untracked();
    let selected = here.within();
    let payers =
        [Payer::Customer, Payer::Partner].map(|p| (Text::from(p.key()), Text::from(payer(p)))).to_vec();
    let currencies =
        Currency::ALL.iter().map(|c| (Text::from(c.key()), Text::from(c.key()))).collect::<Vec<_>>();
    let path = format!("{}/renewals", reader.base());
    view! {
        <Title text=t::report::renewals()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::report::renewals() description=t::report::renewals_text()>
                <LinkButton label=t::report::title() href=reader.at("", Vec::new())/>
            </PageHeader>
            <form class="row" method="get" action=path>
                <Of reader/>
                <Select name="within" label=t::report::within_heading() options=choices selected=selected.to_string()/>
                <Select name="payer" label=t::field::payer() options=payers placeholder=t::report::all() selected=here.payer/>
                <Select name="currency" label=t::report::currency() options=currencies placeholder=t::report::all()
                    selected=here.currency/>
                <Button label=t::report::show()/>
            </form>
            <Loaded resource=found view=|(reader, asked, page)| {
                let next = page.next.map(|(day, row)| {
                    reader.renewals(&RenewalsAsked { after: format!("{day}.{row}"), ..asked.clone() })
                });
                view! {
                    <Csv href=csv_of(reader, "/renewals", asked.pairs())/>
                    <RenewalTable page next reader/>
                }.into_any()
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
    let reader = of_vendor();
    move || view! { <Events reader=reader.get()/> }
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
                _ => api::vendor_events(reader.of(), asked.clone()).await?,
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
                    <LinkButton label=t::report::title() href=reader.at("", Vec::new())/>
                </PageHeader>
            }}
            <Loaded resource=found view=|(reader, asked, page)| {
                let kind = asked.kind();
                let next = page.next.map(|(day, event)| {
                    reader.at("/customers", EventsAsked { after: format!("{day}.{event}"), ..asked.clone() }.pairs())
                });
                view! {
                    <Csv href=csv_of(reader, "/customers", asked.pairs())/>
                    <EventFilters reader asked/>
                    <EventTable kind page next reader/>
                }.into_any()
            }/>
        </main>
    }
    .into_any()
}
