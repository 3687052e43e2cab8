//! Every figure is the sum of the lines it leads to.

use super::*;
use crate::{
    kernel::{
        Kontor,
        instant::Day,
        money::{Currency, Money},
        right::{OrgKind, Role},
        testing::Bench,
    },
    ledger::{Account, Cause, Draft, service::post},
    mapping::CustomerEventKind,
    organisation::service::stage,
    partner::PartnerType,
    report::{Figure, Group, Period, Preset, RENEWALS_WITHIN, Report, ReportQuery, Span},
};

/// The sum of all lines behind a figure, page by page, and what the list says it is.
async fn walked(
    kontor: &Kontor,
    actor: &Actor,
    owner: Option<OrgId>,
    figure: (Figure, Currency),
    span: Span,
) -> (i64, i64) {
    let (mut after, mut sum) = (None, 0);
    loop {
        let (page, said) = lines(kontor, actor, owner, figure, span, after).await.unwrap();
        sum += page.lines.iter().map(|line| line.amount.minor).sum::<i64>();
        after = page.next;
        if after.is_none() {
            return (sum * figure.0.sign(), said.minor);
        }
    }
}

async fn events(kontor: &Kontor, actor: &Actor, kind: CustomerEventKind, span: Span) -> i64 {
    let (mut after, mut n) = (None, 0);
    loop {
        let page = customer_events(kontor, actor, None, kind, span, after).await.unwrap();
        n += page.rows.len() as i64;
        after = page.next;
        if after.is_none() {
            return n;
        }
    }
}

/// Compares every figure of a report with the lines, events and renewals it leads to; answers the report.
pub(crate) async fn figures_are_their_lines(bench: &Bench, actor: &Actor, query: &ReportQuery) -> Report {
    let kontor = &bench.kontor;
    let shown = report(kontor, actor, None, query).await.unwrap();
    for money in &shown.money {
        let all = [
            (Figure::List, money.total.list),
            (Figure::Gross, money.total.gross()),
            (Figure::Refunds, money.total.refunded),
            (Figure::Chargebacks, money.total.charged_back),
            (Figure::Net, money.total.net()),
            (Figure::Commission, money.earned),
            (Figure::PaidOut, money.paid_out),
        ];
        for (figure, value) in all {
            let found = walked(kontor, actor, None, (figure, money.currency), shown.span).await;
            assert_eq!(found, (value, value), "{}: {figure} of {}", bench.name, money.currency);
        }
        let ever = Span::of_days(Day(0), shown.latest);
        let standing = [
            (Figure::Pending, money.pending),
            (Figure::Available, money.available),
            (Figure::Locked, money.locked),
            (Figure::Owed, money.owed),
        ];
        for (figure, value) in standing {
            let found = walked(kontor, actor, None, (figure, money.currency), ever).await;
            assert_eq!(found, (value, value), "{}: {figure} of {}", bench.name, money.currency);
        }
        for (at, bucket) in shown.buckets.iter().enumerate() {
            let span = bucket.span();
            let net = walked(kontor, actor, None, (Figure::Net, money.currency), span).await;
            let earned = walked(kontor, actor, None, (Figure::Commission, money.currency), span).await;
            assert_eq!((net.0, earned.0), (money.revenue[at].net(), money.commission[at]), "{}", bench.name);
        }
    }
    for (kind, n) in &shown.customers.events {
        assert_eq!(*n, events(kontor, actor, *kind, shown.span).await, "{}: {kind}", bench.name);
    }
    for within in RENEWALS_WITHIN {
        // Each row of the table is the list it leads to.
        for sum in shown.renewals.iter().filter(|sum| sum.within == within) {
            let of = (within, Some(sum.payer), Some(sum.list.currency));
            let page = renewals(kontor, actor, None, of, None).await.unwrap();
            let rows: Vec<_> = page.rows.iter().filter(|row| row.renews).collect();
            let list: i64 = rows.iter().filter_map(|row| row.list).map(|m| m.minor).sum();
            let net: i64 = list - rows.iter().map(|row| row.discount).sum::<i64>();
            let listed = (rows.len() as i64, list, net);
            assert_eq!(listed, (sum.count, sum.list.minor, sum.net().minor), "{}: {of:?}", bench.name);
        }
        let page = renewals(kontor, actor, None, (within, None, None), None).await.unwrap();
        let listed = page.rows.iter().filter(|r| r.renews && r.list.is_some()).count() as i64;
        let summed: i64 = shown.renewals.iter().filter(|s| s.within == within).map(|s| s.count).sum();
        assert_eq!(listed, summed, "{}: within {within} days", bench.name);
    }
    shown
}

fn this_month(by: Group) -> ReportQuery {
    ReportQuery { period: Period::Preset(Preset::ThisMonth), by: Some(by), currency: None }
}

async fn sell(bench: &Bench, partner: OrgId, minor: i64, currency: Currency) {
    let kontor = &bench.kontor;
    let cause = kontor.id::<crate::kernel::id::InvoiceId>().0;
    let amount = Money::new(minor, currency);
    let draft = Draft::new(Cause::Invoice, cause, "de", kontor.now()).partner(partner);
    let posting = draft.debit(Account::Receivable, partner, amount).credit(Account::Sales, partner, amount);
    let tx = kontor.db.begin().await.unwrap();
    post(kontor, &tx, &posting.build().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_sale_counts_on_the_day_it_is_where_the_partner_is() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (partner, owner) = stage::partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let here = stage::actor(&bench, &owner, partner).await;
        // An hour before midnight in London is tomorrow in Auckland.
        bench.clock.set("2026-06-30".parse::<Day>().unwrap().start().plus_hours(23));
        sell(&bench, partner, 1_000, Currency::Eur).await;
        let june = figures_are_their_lines(&bench, &here, &this_month(Group::Day)).await;
        assert_eq!(june.money[0].total.net(), 1_000);
        let settings = crate::partner::service::store_settings(kontor, &here).await.unwrap();
        let set = crate::partner::service::set_zone;
        set(kontor, &here, "Pacific/Auckland", settings.version).await.unwrap();
        assert_eq!(
            set(kontor, &here, "Europe/Berlin", settings.version).await.unwrap_err(),
            Error::StaleVersion
        );
        assert!(matches!(
            set(kontor, &here, "Mars/Base", settings.version + 1).await,
            Err(Error::Invalid(_))
        ));
        sell(&bench, partner, 500, Currency::Eur).await;
        sell(&bench, partner, 700, Currency::Jpy).await;
        let july = figures_are_their_lines(&bench, &here, &this_month(Group::Day)).await;
        assert_eq!(july.span.from.to_string(), "2026-07-01");
        let nets: Vec<(Currency, i64, i64)> =
            july.money.iter().map(|m| (m.currency, m.total.net(), m.before.net())).collect();
        // The first sale stays where it was booked: that day is no part of the first of June it is compared with.
        assert_eq!(nets, [(Currency::Eur, 500, 0), (Currency::Jpy, 700, 0)]);
        // The vendor sees both in its own zone's days, as they were booked.
        let vendor = stage::organisation(&bench, OrgKind::Vendor, "Vendor").await;
        let finance = stage::person(&bench, vendor, Role::VendorFinance, "finance@vendor.test").await;
        let finance = stage::actor(&bench, &finance, vendor).await;
        let all = figures_are_their_lines(&bench, &finance, &this_month(Group::Month)).await;
        assert_eq!(all.money[0].total.net(), 1_000);
        assert_eq!(all.time_zone, "UTC");
    }
}

#[tokio::test]
async fn nobody_reads_anothers_report() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (one, owner) = stage::partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let (other, _) = stage::partner(&bench, "Alpen", PartnerType::Reseller).await;
        let here = stage::actor(&bench, &owner, one).await;
        let query = ReportQuery::default();
        assert_eq!(report(kontor, &here, Some(other), &query).await.unwrap_err(), Error::NotFound);
        let span = Span::of_days(Day(0), Day(1));
        let figure = (Figure::Net, Currency::Eur);
        assert_eq!(lines(kontor, &here, Some(other), figure, span, None).await.unwrap_err(), Error::NotFound);
        let sales = stage::person(&bench, one, Role::PartnerSales, "sales@nordlicht.test").await;
        let sales = stage::actor(&bench, &sales, one).await;
        let answer = report(kontor, &sales, None, &query).await;
        assert_eq!(answer.is_ok(), sales.may(Feature::ReportsView));
        let customer = stage::customer(&bench, &here, "kunde.test").await;
        let admin = stage::super_admin(&bench, customer).await;
        let admin = stage::actor(&bench, &admin, customer).await;
        assert_eq!(report(kontor, &admin, None, &query).await.unwrap_err(), Error::Forbidden);
    }
}

#[tokio::test]
async fn customers_who_come_are_counted_on_their_day_and_as_present_since() {
    for bench in Bench::all().await {
        let (partner, owner) = stage::partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let here = stage::actor(&bench, &owner, partner).await;
        bench.clock.set("2026-03-30".parse::<Day>().unwrap().start().plus_hours(10));
        stage::customer(&bench, &here, "eins.test").await;
        bench.clock.set("2026-04-02".parse::<Day>().unwrap().start().plus_hours(10));
        stage::customer(&bench, &here, "zwei.test").await;
        stage::customer(&bench, &here, "drei.test").await;
        let query = ReportQuery { by: Some(Group::Month), ..ReportQuery::default() };
        let year = figures_are_their_lines(&bench, &here, &query).await;
        let new: Vec<i64> = year.customers.flow.iter().map(|f| f.new).collect();
        assert_eq!(new, [0, 0, 1, 2]);
        assert_eq!(year.customers.present, [Some(0), Some(0), Some(1), Some(3)]);
        assert_eq!(year.customers.by_country, [("DE".to_owned(), 3)]);
        assert!(crate::mapping::service::verify_counters(&bench.kontor).await.unwrap().is_clean());
    }
}
