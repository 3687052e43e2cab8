//! Sales and commission over all customers of a partner, and for the vendor over all partners.

use super::{
    Reader, api,
    filters::Filters,
    lists::commissions,
    pages::{Csv, OnePartner, csv_of, of_vendor},
};
use crate::{
    admin::of_org,
    data::Data,
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{DataTable, EmptyState, Glyph, LinkButton, PageHeader},
    wire::ApiError,
};
use kontor::{
    kernel::{id::OrgId, money::Money},
    report::{ReportQuery, Sales, SalesPage, SalesRow},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/store/{org}/reports/sales`
#[component]
pub fn StoreSalesPage() -> impl IntoView {
    of_org(|org| view! { <Table reader=Reader::Partner(org)/> }.into_any())
}

/// `/vendor/reports/sales`
#[component]
pub fn VendorSalesPage() -> impl IntoView {
    let reader = of_vendor();
    move || view! { <Table reader=reader.get()/> }
}

fn heading(reader: Reader) -> &'static str {
    if reader == Reader::Vendor { t::report::by_partner() } else { t::report::by_customer() }
}

#[component]
fn Table(
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| (ReportQuery::from_pairs(|key| q.get(key)), q.get("after").unwrap_or_default()))
    });
    let faults = Memo::new(move |_| query.with(|q| ReportQuery::faults(|key| q.get(key))));
    let found = Data::new(
        move || asked.get(),
        move |(query, after)| async move {
            let page: SalesPage = match reader {
                Reader::Partner(org) => api::store_sales(org, query.to_query(), after).await?,
                _ => api::vendor_sales(reader.of(), query.to_query(), after).await?,
            };
            Ok::<_, ApiError>((reader, query, page))
        },
    );
    let body = move || {
        match faults.get() {
        none if none.is_empty() => view! {
            <Loaded resource=found view=|(reader, query, page)| view! { <Shown reader query page/> }.into_any()/>
        }
        .into_any(),
        faults => {
            let (from, to) = query.with(|q| (q.get("from"), q.get("to")));
            let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
            let path = format!("{}/sales", reader.base());
            view! { <Filters path reader query=asked.get().0 from to by=String::new() faults/> }.into_any()
        }
    }
    };
    view! {
        <Title text=heading(reader)/>
        <main id="content" class="content stack">
            <PageHeader heading=heading(reader) description=t::report::sales_text()>
                <LinkButton label=t::report::title() href=reader.report(&asked.get_untracked().0)/>
            </PageHeader>
            <OnePartner reader all=Reader::Vendor.sales(&asked.get_untracked().0)/>
            {body}
        </main>
    }
    .into_any()
}

#[component]
fn Shown(
    /// Who looks.
    reader: Reader,
    /// What was asked for.
    query: ReportQuery,
    /// What was found.
    page: SalesPage,
) -> impl IntoView {
    let path = format!("{}/sales", reader.base());
    let (from, to) = (page.span.from.to_string(), page.span.last().to_string());
    let next = page.next.map(|after| {
        let mut pairs = query.to_pairs();
        pairs.push(("after", after.to_string()));
        reader.at("/sales", pairs)
    });
    let wanted = move |sales: &Sales| query.currency.is_none_or(|only| only == sales.currency);
    let total: Vec<Sales> = page.total.into_iter().filter(wanted).collect();
    let all = total.iter().enumerate().map(|(at, sales)| {
        let name = if at == 0 { t::report::total().into_any() } else { ().into_any() };
        line(name, Some(*sales), None)
    });
    let all = all.collect_view();
    let rows = page.rows.into_iter().map(|row| of_row(reader, &query, row, wanted)).collect::<Vec<_>>();
    let table = match rows.is_empty() {
        true => view! {
            <EmptyState glyph=Glyph::Building heading=t::report::empty() text=t::report::no_sales()/>
        }
        .into_any(),
        false => view! {
            <DataTable caption=heading(reader) caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{if page.of_partners { t::payout::partner() } else { t::report::customer() }}</th>
                        <th scope="col" class="num">{t::report::list()}</th>
                        <th scope="col" class="num">{t::report::gross()}</th>
                        <th scope="col" class="num">{t::report::given_back()}</th>
                        <th scope="col" class="num">{t::report::net()}</th>
                        <th scope="col" class="num">{t::report::commission()}</th>
                    </tr>
                </thead>
                <tbody>{all}</tbody>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any(),
    };
    view! {
        <Filters path reader query from to by=String::new()/>
        <Csv href=csv_of(reader, "/sales", query.to_pairs())/>
        {table}
        {next.map(|href| view! { <p><LinkButton label=t::payment::next_page() href/></p> })}
    }
    .into_any()
}

/// A customer or partner: a line for each currency, one without figures if there is none.
fn of_row(reader: Reader, query: &ReportQuery, row: SalesRow, wanted: impl Fn(&Sales) -> bool) -> AnyView {
    let (page, lines) = leads_to(reader, query, row.org);
    let sales: Vec<Option<Sales>> = row.sales.into_iter().filter(wanted).map(Some).collect();
    let sales = if sales.is_empty() { vec![None] } else { sales };
    let of_one = |(at, sales): (usize, Option<Sales>)| {
        let name = row.name.clone();
        let name = match (at, &page) {
            (0, Some(href)) => view! { <a href=href.clone() dir="auto">{name}</a> }.into_any(),
            (0, None) => view! { <span dir="auto">{name}</span> }.into_any(),
            _ => view! { <span class="visually-hidden">{name}</span> }.into_any(),
        };
        line(name, sales, lines.clone())
    };
    sales.into_iter().enumerate().map(of_one).collect_view().into_any()
}

/// Where a row leads: to the customer or to the partner's own report, and to the lines of its commission.
fn leads_to(reader: Reader, query: &ReportQuery, org: OrgId) -> (Option<String>, Option<String>) {
    let theirs = |path: String| address(&path, vec![("customer", org.to_string())]);
    match reader {
        Reader::Partner(partner) => {
            (Some(format!("/store/{partner}/customers/{org}")), commissions(reader).map(theirs))
        }
        Reader::VendorOf(_) => (None, commissions(reader).map(theirs)),
        Reader::Vendor => {
            let one = Reader::VendorOf(org);
            (Some(one.report(query)), commissions(one))
        }
    }
}

fn line(name: AnyView, sales: Option<Sales>, lines: Option<String>) -> AnyView {
    let Some(sales) = sales else {
        return view! { <tr><th scope="row">{name}</th><td class="num" colspan="5">"–"</td></tr> }.into_any();
    };
    let money = |minor: i64| i18n::money(Money::new(minor, sales.currency));
    let revenue = sales.revenue;
    let commission = match lines {
        Some(href) => view! { <a href=href>{money(sales.commission)}</a> }.into_any(),
        None => money(sales.commission).into_any(),
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td data-label=t::report::list() class="num">{money(revenue.list)}</td>
            <td data-label=t::report::gross() class="num">{money(revenue.gross())}</td>
            <td data-label=t::report::given_back() class="num">{money(revenue.refunded + revenue.charged_back)}</td>
            <td data-label=t::report::net() class="num">{money(revenue.net())}</td>
            <td data-label=t::report::commission() class="num">{commission}</td>
        </tr>
    }
    .into_any()
}
