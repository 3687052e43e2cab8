//! A table's rows are together what the report says, and what does not add up is found.

use super::*;
use crate::{
    job::{JobKind, JobStatus, rows::job, service::claim},
    kernel::{
        money::{Currency, Money},
        right::{OrgKind, Role},
        testing::Bench,
    },
    ledger::{Account, Cause, Draft, service::post},
    organisation::service::stage,
    partner::PartnerType,
    report::ReportQuery,
};
use sea_orm::ConnectionTrait;

async fn sell(bench: &Bench, partner: OrgId, org: OrgId, minor: i64, currency: Currency) {
    let kontor = &bench.kontor;
    let cause = kontor.id::<crate::kernel::id::InvoiceId>().0;
    let amount = Money::new(minor, currency);
    let draft = Draft::new(Cause::Invoice, cause, "de", kontor.now()).partner(partner).org(org);
    let posting = draft.debit(Account::Receivable, partner, amount).credit(Account::Sales, partner, amount);
    let tx = kontor.db.begin().await.unwrap();
    post(kontor, &tx, &posting.build().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Net by row, page by page, and what the page says of all together.
async fn walked(bench: &Bench, actor: &Actor, owner: Option<OrgId>) -> (Vec<(String, i64)>, i64, usize) {
    let (mut after, mut rows, mut pages) = (None, Vec::new(), 0);
    loop {
        let page = sales(&bench.kontor, actor, owner, &ReportQuery::default(), after).await.unwrap();
        let euro = |all: &[crate::report::Sales]| -> i64 {
            all.iter().filter(|s| s.currency == Currency::Eur).map(|s| s.revenue.net()).sum()
        };
        rows.extend(page.rows.iter().map(|row| (row.name.clone(), euro(&row.sales))));
        (after, pages) = (page.next, pages + 1);
        if after.is_none() {
            return (rows, euro(&page.total), pages);
        }
    }
}

#[tokio::test]
async fn a_table_over_all_customers_adds_up_to_the_report() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (partner, owner) = stage::partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let (other, _) = stage::partner(&bench, "Alpen", PartnerType::Reseller).await;
        let here = stage::actor(&bench, &owner, partner).await;
        let mut sold = 0;
        for n in 0..53i64 {
            let org = stage::customer(&bench, &here, &format!("kunde-{n:02}.test")).await;
            if n % 2 == 0 {
                sell(&bench, partner, org, 100 + n, Currency::Eur).await;
                sold += 100 + n;
            }
            if n == 7 {
                sell(&bench, partner, org, 5_000, Currency::Jpy).await;
            }
        }
        let (rows, total, pages) = walked(&bench, &here, None).await;
        assert_eq!((rows.len(), pages), (53, 2), "{}", bench.name);
        assert_eq!((rows.iter().map(|(_, net)| net).sum::<i64>(), total), (sold, sold), "{}", bench.name);
        assert!(rows.is_sorted(), "{}", bench.name);
        let shown = report(kontor, &here, None, &ReportQuery::default()).await.unwrap();
        assert_eq!(shown.money[0].total.net(), total, "{}", bench.name);

        let vendor = stage::organisation(&bench, OrgKind::Vendor, "Vendor").await;
        let finance = stage::person(&bench, vendor, Role::VendorFinance, "finance@vendor.test").await;
        let finance = stage::actor(&bench, &finance, vendor).await;
        let (partners, all, _) = walked(&bench, &finance, None).await;
        assert_eq!(partners, [("Alpen".into(), 0), ("Nordlicht".into(), sold)], "{}", bench.name);
        assert_eq!(all, sold, "{}", bench.name);
        assert_eq!(walked(&bench, &finance, Some(partner)).await.0, rows, "{}", bench.name);
        let query = ReportQuery::default();
        let foreign = sales(kontor, &here, Some(other), &query, None).await;
        assert_eq!(foreign.unwrap_err(), Error::NotFound, "{}", bench.name);
        let clerk = stage::person(&bench, partner, Role::PartnerSales, "sales@nordlicht.test").await;
        let clerk = stage::actor(&bench, &clerk, partner).await;
        let answer = sales(kontor, &clerk, None, &query, None).await;
        assert_eq!(answer.is_ok(), clerk.may(crate::kernel::right::Feature::ReportsView));
    }
}

#[tokio::test]
async fn figures_that_do_not_add_up_stand_among_the_failed_jobs() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (partner, owner) = stage::partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let here = stage::actor(&bench, &owner, partner).await;
        let org = stage::customer(&bench, &here, "kunde.test").await;
        sell(&bench, partner, org, 100, Currency::Eur).await;
        begin_proofs(kontor).await.unwrap();
        let night = |bench: &Bench| bench.clock.set(bench.kontor.now().day().end().plus_hours(3));
        let proofs = async || {
            let mut found = Vec::new();
            for one in claim(kontor, 100).await.unwrap().into_iter().filter(|j| j.kind == JobKind::Proof) {
                prove(kontor, &one).await.unwrap();
                let rows = stage::rows::<job::Entity>(&bench).await;
                found.extend(
                    rows.into_iter().filter(|row| row.id == one.id).map(|row| (row.status, row.last_error)),
                );
            }
            found
        };
        night(&bench);
        let first = proofs().await;
        assert_eq!((first.len(), first[0].0), (1, JobStatus::Done), "{}: {first:?}", bench.name);
        let forgery = "UPDATE ledger_day SET debit = debit + 1 WHERE debit > 0";
        kontor.db.writer().execute_unprepared(forgery).await.unwrap();
        night(&bench);
        let second = proofs().await;
        assert_eq!((second.len(), second[0].0), (1, JobStatus::Failed), "{}: {second:?}", bench.name);
        assert!(format!("{:?}", second[0].1).contains("summary of"), "{}: {second:?}", bench.name);
        // It goes on the next night, and the one that found something stays.
        crate::ledger::service::rebuild_ledger(kontor).await.unwrap();
        night(&bench);
        assert_eq!(proofs().await[0].0, JobStatus::Done, "{}", bench.name);
    }
}
