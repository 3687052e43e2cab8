//! Issuing: the number is taken, and the invoice written down for good (R9.3).

use super::announce::announce;
use crate::{
    Error,
    invoice::{
        Content, InvoiceKind, InvoiceLine, InvoiceStatus, Issuer, Party, Settlement, Tax, Totals, number,
        rows::{account_credit, invoice, invoice_series, invoice_state},
    },
    kernel::{Kontor, error::internal, id::*, instant::Day, money::Currency},
    subscription::change::Payer,
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// Everything an invoice or credit note is made of.
#[derive(Debug, Clone)]
pub struct Bill {
    /// Invoice or credit note.
    pub kind: InvoiceKind,
    /// Key of the vendor's entity that issues it.
    pub entity: String,
    /// The entity's facts, kept as they are now.
    pub issuer: Issuer,
    /// The organisation that owes it: the partner if it pays, else the customer.
    pub debtor: OrgId,
    /// The debtor's billing details, kept as they are now.
    pub debtor_party: Party,
    /// The customer.
    pub org: OrgId,
    /// The customer's name, said on the invoice if the partner is the debtor.
    pub customer: String,
    /// The customer's partner, if it has one.
    pub partner: Option<OrgId>,
    /// The subscription billed.
    pub subscription: SubscriptionId,
    /// The change it is for, if it is for one.
    pub change: Option<ChangeId>,
    /// Who pays for the subscription.
    pub payer: Payer,
    /// What for. At least one; not positive on a credit note.
    pub lines: Vec<InvoiceLine>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Rule and rate ([`crate::invoice::tax_for`]).
    pub tax: Tax,
    /// The invoice that a credit note corrects: needed there, and only there.
    pub credits: Option<InvoiceId>,
    /// Last day for paying.
    pub due_on: Day,
    /// How the amount finds its way.
    pub settlement: Settlement,
    /// Whether it is paid from what the debtor has on account, as far as that goes
    /// ([`super::pay_from_account`]): for what is not paid yet.
    pub from_account: bool,
    /// The debtor's own reference; empty for none.
    pub reference: String,
    /// A sentence more on the paper; empty for none.
    pub note: String,
}

/// Issues an invoice within the caller's transaction: takes the next number of entity, kind and year, keeps the content,
/// begins its state (`issued`, nothing paid), and writes to the debtor. The number is the transaction's until it ends: issue late in it, for
/// others of the same series wait. Posts nothing to the ledger and writes no audit event: both belong to the
/// caller's use case.
///
/// Answers `Internal` for a bill that contradicts itself (no lines, sums that do not add up, a sign against its kind, a
/// credit note without invoice) and `NotFound` if the invoice to be credited is not the same debtor's and
/// currency's.
pub async fn issue(kontor: &Kontor, tx: &DatabaseTransaction, bill: Bill) -> Result<invoice::Model, Error> {
    let totals = Totals::of(&bill.lines, bill.tax);
    sound(&bill, totals)?;
    let credits = match bill.credits {
        Some(id) => {
            let same = |row: &invoice::Model| {
                row.kind == InvoiceKind::Invoice
                    && row.debtor_id == bill.debtor
                    && row.entity == bill.entity
                    && row.currency == bill.currency
            };
            Some(invoice::by_id(tx, id).await?.filter(same).ok_or(Error::NotFound)?.number)
        }
        None => None,
    };
    let from_account = match bill.from_account {
        true => {
            let there = account_credit::locked(tx, bill.debtor, &bill.entity, bill.currency).await?;
            there.map_or(0, |row| row.amount).clamp(0, totals.total.max(0))
        }
        false => 0,
    };
    let content = Content {
        issuer: bill.issuer,
        debtor: bill.debtor_party,
        customer: (bill.debtor != bill.org).then_some(bill.customer),
        lines: bill.lines,
        credits,
        settlement: bill.settlement,
        from_account,
        reference: bill.reference,
        note: bill.note,
    };
    let now = kontor.now();
    let (year, ..) = now.day().civil();
    let seq = invoice_series::next(tx, &bill.entity, bill.kind, year).await?;
    let row = invoice::Model {
        id: kontor.id(),
        kind: bill.kind,
        number: number(&bill.entity, bill.kind, year, seq),
        entity: bill.entity,
        year,
        seq,
        credits: bill.credits,
        debtor_id: bill.debtor,
        org_id: bill.org,
        partner_id: bill.partner,
        subscription_id: bill.subscription,
        change_id: bill.change,
        payer: bill.payer,
        currency: bill.currency,
        list_amount: totals.list,
        discount: totals.discount,
        net: totals.net,
        tax: totals.tax,
        total: totals.total,
        tax_bp: bill.tax.bp,
        tax_rule: bill.tax.rule,
        content: serde_json::to_string(&content).map_err(internal)?,
        issued_on: now.day(),
        due_on: bill.due_on,
        issued_at: now,
    };
    let state = invoice_state::Model {
        invoice_id: row.id,
        status: InvoiceStatus::Issued,
        paid: 0,
        credited: 0,
        refunded: 0,
        due_on: bill.due_on,
        version: 1,
    };
    let active = invoice::ActiveModel::from(row.clone());
    invoice::Entity::insert(active).exec_without_returning(tx).await?;
    let active = invoice_state::ActiveModel::from(state);
    invoice_state::Entity::insert(active).exec_without_returning(tx).await?;
    announce(kontor, tx, &row, &content).await?;
    Ok(row)
}

/// An invoice cannot be mended once it is out: what contradicts itself is refused here.
fn sound(bill: &Bill, totals: Totals) -> Result<(), Error> {
    let adds_up = |line: &InvoiceLine| line.net == line.list - line.discount && line.quantity > 0;
    let sign = match bill.kind {
        InvoiceKind::Invoice => totals.total >= 0 && bill.credits.is_none(),
        InvoiceKind::CreditNote => totals.total <= 0 && bill.credits.is_some(),
    };
    match sign && !bill.lines.is_empty() && bill.lines.iter().all(adds_up) {
        true => Ok(()),
        false => Err(internal(format!("a {} that contradicts itself: {:?}", bill.kind, bill.lines))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        invoice::{TaxRule, service::stage::*},
        kernel::testing::Bench,
    };
    use sea_orm::ConnectionTrait;

    #[tokio::test]
    async fn numbers_have_no_gap_and_no_double_whoever_asks_at_once() {
        for bench in Bench::all().await {
            let sample = bill(&bench);
            let tasks = (0..8).map(|task| {
                let (kontor, sample) = (bench.kontor.clone(), sample.clone());
                tokio::spawn(async move {
                    let mut taken = Vec::new();
                    for n in (task..60).step_by(8) {
                        let tx = kontor.db.begin().await.unwrap();
                        let row = issue(&kontor, &tx, sample.clone()).await.unwrap();
                        // Lets the others run into the lock.
                        tokio::task::yield_now().await;
                        // What fails after the number was taken gives it back.
                        if n % 5 == 3 {
                            tx.rollback().await.unwrap();
                        } else {
                            tx.commit().await.unwrap();
                            taken.push((row.seq, row.number));
                        }
                    }
                    taken
                })
            });
            let mut taken = Vec::new();
            for task in tasks.collect::<Vec<_>>() {
                taken.extend(task.await.unwrap());
            }
            taken.sort();
            let expected: Vec<_> = (1..=48).map(|seq| (seq, format!("DE-2026-{seq:06}"))).collect();
            assert_eq!(taken, expected, "{}", bench.name);
            let stored = crate::organisation::service::stage::rows::<invoice::Entity>(&bench).await;
            assert_eq!(stored.len(), 48, "{}", bench.name);
        }
    }

    #[tokio::test]
    async fn every_entity_kind_and_year_counts_from_one() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let first = issued(&bench, bill(&bench)).await;
            assert_eq!(first.number, "DE-2026-000001", "{}", bench.name);
            let other = Bill { entity: "us".into(), ..bill(&bench) };
            assert_eq!(issued(&bench, other).await.number, "US-2026-000001");
            let credit = issued(&bench, credit_note(&first)).await;
            assert_eq!(credit.number, "DE-C-2026-000001");
            assert_eq!((credit.net, credit.tax, credit.total), (-first.net, -first.tax, -first.total));
            assert_eq!(issued(&bench, bill(&bench)).await.number, "DE-2026-000002");
            bench.clock.set(Day::from_civil(2026, 12, 31).unwrap().end().plus_ms(-1));
            assert_eq!(issued(&bench, bill(&bench)).await.number, "DE-2026-000003");
            bench.clock.set(kontor.now().plus_ms(1));
            let next = issued(&bench, bill(&bench)).await;
            assert_eq!((next.number.as_str(), next.year), ("DE-2027-000001", 2027));
        }
    }

    #[tokio::test]
    async fn what_was_issued_is_neither_changed_nor_deleted() {
        for bench in Bench::all().await {
            let row = issued(&bench, bill(&bench)).await;
            let writer = bench.kontor.db.writer();
            for statement in ["UPDATE invoice SET total = 0", "DELETE FROM invoice"] {
                let refused = writer.execute_unprepared(statement).await.unwrap_err().to_string();
                assert!(refused.contains("invoice keeps what it holds"), "{}: {refused}", bench.name);
            }
            assert_eq!(invoice::by_id(writer, row.id).await.unwrap(), Some(row), "{}", bench.name);
        }
    }

    #[tokio::test]
    async fn content_and_sums_are_kept_as_they_were() {
        for bench in Bench::all().await {
            let sample = bill(&bench);
            let row = issued(&bench, sample.clone()).await;
            assert_eq!((row.list_amount, row.discount, row.net), (27_123, 5_425, 21_698));
            assert_eq!((row.tax, row.total, row.tax_rule), (4_123, 25_821, TaxRule::Domestic));
            let content: Content = serde_json::from_str(&row.content).unwrap();
            assert_eq!((content.issuer, content.debtor), (sample.issuer, sample.debtor_party));
            assert_eq!((content.lines, content.customer), (sample.lines, Some("Kunde GmbH".into())));
            let state = invoice_state::of(bench.kontor.db.read(), row.id).await.unwrap().unwrap();
            assert_eq!((state.status, state.paid, state.due_on), (InvoiceStatus::Issued, 0, row.due_on));
        }
    }

    #[tokio::test]
    async fn a_bill_that_contradicts_itself_takes_no_number() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let first = issued(&bench, bill(&bench)).await;
            let good = credit_note(&first);
            let mut wrong_sum = bill(&bench);
            wrong_sum.lines[0].net += 1;
            let stranger = Bill { debtor: kontor.id(), ..good.clone() };
            let broken = [
                Bill { lines: Vec::new(), ..bill(&bench) },
                wrong_sum,
                Bill { credits: Some(first.id), ..bill(&bench) },
                Bill { lines: bill(&bench).lines, ..good.clone() },
                Bill { credits: None, ..good.clone() },
            ];
            for bill in broken {
                let tx = kontor.db.begin().await.unwrap();
                let refused = issue(kontor, &tx, bill.clone()).await;
                assert!(matches!(refused, Err(Error::Internal { .. })), "{bill:?}");
                // Even a caller who goes on has lost no number by it.
                tx.commit().await.unwrap();
            }
            let tx = kontor.db.begin().await.unwrap();
            assert_eq!(issue(kontor, &tx, stranger).await, Err(Error::NotFound), "{}", bench.name);
            tx.commit().await.unwrap();
            assert_eq!(issued(&bench, bill(&bench)).await.seq, 2);
            assert_eq!(issued(&bench, good).await.seq, 1);
        }
    }
}
