//! An organisation's own invoices: those it owes or owed, with what was paid on each.

use super::owed::left_after;
use crate::{
    Error,
    invoice::{
        InvoicePage, InvoicePayment, InvoiceRow, InvoiceStatus,
        rows::{invoice, invoice_state},
    },
    kernel::{Kontor, actor::Actor, id::InvoiceId, money::Money, right::Feature},
    payment::rows::{payment, payment_method},
};

/// Invoices on a page.
const PAGE: usize = 20;

/// The invoices and credit notes made out to the actor's organisation, newest first. `after` goes on behind one of them;
/// one that is not the organisation's is `NotFound`.
pub async fn own(kontor: &Kontor, actor: &Actor, after: Option<InvoiceId>) -> Result<InvoicePage, Error> {
    actor.require(Feature::BillingEdit)?;
    let db = kontor.db.read();
    let after = match after {
        Some(id) => {
            let row = invoice::by_id(db, id).await?.filter(|row| row.debtor_id == actor.org);
            Some(row.ok_or(Error::NotFound)?)
        }
        None => None,
    };
    let place = after.map(|row| (row.issued_on, row.id));
    let mut rows = invoice::of_debtor(db, actor.org, place, PAGE as u64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let ids: Vec<InvoiceId> = rows.iter().map(|row| row.id).collect();
    let states = invoice_state::of_all(db, ids.clone()).await?;
    let paid = payment::of_invoices(db, ids).await?;
    let methods = payment_method::by_ids(db, paid.iter().filter_map(|p| p.method_id).collect()).await?;
    let payments = |id: InvoiceId| {
        let of = paid.iter().filter(move |p| p.invoice_id == Some(id));
        of.map(|p| InvoicePayment {
            at: p.created_at,
            amount: Money::new(p.amount, p.currency),
            refunded: p.refunded,
            provider: p.provider,
            card: methods
                .iter()
                .find(|m| Some(m.id) == p.method_id)
                .map(|m| (m.brand.clone(), m.last4.clone())),
            status: p.status,
        })
        .collect()
    };
    let mut shown = Vec::new();
    for row in rows {
        let state = states.iter().find(|s| s.invoice_id == row.id).ok_or(Error::NotFound)?;
        let open = state.status.is_open() || state.status == InvoiceStatus::Uncollectible;
        let left = if open { left_after(&row, state, &paid)? } else { 0 };
        shown.push(InvoiceRow {
            left: Money::new(left, row.currency),
            id: row.id,
            kind: row.kind,
            total: Money::new(row.total, row.currency),
            issued_on: row.issued_on,
            due_on: state.due_on,
            status: state.status,
            payments: payments(row.id),
            number: row.number,
        });
    }
    let on_account = super::on_account(kontor, actor.org).await?;
    Ok(InvoicePage { org: actor.org, kind: actor.kind, on_account, rows: shown, next })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        invoice::service::{Bill, stage::*},
        kernel::{
            id::OrgId,
            right::{OrgKind, Role},
            testing::{Bench, analyse, plan_of},
        },
        organisation::service::stage::{actor, customer, organisation, partner, person, super_admin},
        partner::PartnerType,
        subscription::change::Payer,
    };
    use sea_orm::EntityTrait;

    #[tokio::test]
    async fn whoever_owes_sees_all_of_it_page_by_page_and_nothing_else() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let (north, owner) = partner(&bench, "Nord", PartnerType::Reseller).await;
            let sales = person(&bench, north, Role::PartnerSales, "sales@nord.test").await;
            let owner = actor(&bench, &owner, north).await;
            let sales = actor(&bench, &sales, north).await;
            let org = customer(&bench, &owner, "kunde.example").await;
            let admin = super_admin(&bench, org).await;
            let admin = actor(&bench, &admin, org).await;
            let to = |debtor, payer| Bill { debtor, org, payer, partner: Some(north), ..bill(&bench) };
            let mut theirs = Vec::new();
            for n in 0..PAGE + 3 {
                // Some share a day, so that the id has to tell them apart.
                bench.clock.move_ms(if n % 4 == 0 { 24 * 3_600_000 } else { 5 });
                theirs.push(issued(&bench, to(org, Payer::Customer)).await.id);
            }
            let ours = issued(&bench, to(north, Payer::Partner)).await;
            theirs.reverse();

            let first = own(kontor, &admin, None).await.unwrap();
            assert_eq!((first.org, first.kind), (org, OrgKind::Customer));
            assert_eq!(first.rows.len(), PAGE, "{}", bench.name);
            let second = own(kontor, &admin, first.next).await.unwrap();
            assert_eq!(second.next, None);
            let seen: Vec<_> = first.rows.iter().chain(&second.rows).map(|row| row.id).collect();
            assert_eq!(seen, theirs, "{}", bench.name);

            let page = own(kontor, &owner, None).await.unwrap();
            assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [ours.id]);
            assert_eq!(own(kontor, &owner, Some(theirs[0])).await, Err(Error::NotFound));
            assert_eq!(own(kontor, &sales, None).await, Err(Error::Forbidden), "{}", bench.name);
            let nobody = organisation(&bench, OrgKind::Customer, "Fremd").await;
            let stranger = person(&bench, nobody, Role::SuperAdmin, "admin@fremd.test").await;
            let stranger = actor(&bench, &stranger, nobody).await;
            assert_eq!(own(kontor, &stranger, None).await.unwrap().rows, []);
            assert_eq!(own(kontor, &stranger, first.next).await, Err(Error::NotFound));
        }
    }

    #[tokio::test]
    async fn the_list_walks_its_index() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let sample = issued(&bench, bill(&bench)).await;
            let debtors: Vec<OrgId> = (0..400).map(|_| kontor.id()).collect();
            let rows: Vec<_> = (0..20_000)
                .map(|n| invoice::Model {
                    id: kontor.id(),
                    seq: n + 2,
                    number: format!("DE-2026-{:06}", n + 2),
                    debtor_id: debtors[n as usize % 400],
                    issued_on: sample.issued_on.plus(n as i32 / 100),
                    ..sample.clone()
                })
                .collect();
            for chunk in rows.chunks(500) {
                let chunk = chunk.iter().cloned().map(invoice::ActiveModel::from);
                let insert = invoice::Entity::insert_many(chunk);
                insert.exec_without_returning(kontor.db.writer()).await.unwrap();
            }
            analyse(kontor).await;
            let place = Some((sample.issued_on.plus(100), rows[10_000].id));
            for after in [None, place] {
                let plan =
                    plan_of(kontor, invoice::of_debtor_statement(kontor.db.backend(), debtors[3], after, 21))
                        .await;
                assert!(plan.contains("invoice_debtor"), "{}:\n{plan}", bench.name);
                for bad in ["Seq Scan", "SCAN invoice", "TEMP B-TREE", "Sort Key"] {
                    assert!(!plan.contains(bad), "{}: {bad} in\n{plan}", bench.name);
                }
            }
        }
    }
}
