//! Issuing: the number is taken, and the invoice written down for good (R9.3).

use super::announce::announce;
use crate::{
    Error,
    invoice::{
        Content, InvoiceKind, InvoiceLine, InvoiceStatus, Issuer, Party, Settlement, Tax, Totals, number,
        rows::{account_credit, invoice, invoice_series, invoice_state},
    },
    kernel::{
        Kontor,
        db::insert_all,
        error::internal,
        id::*,
        instant::{Day, Instant},
        money::Currency,
    },
    subscription::change::Payer,
};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

impl Bill {
    /// The invoice of this bill, issued at an instant with a number of its series; `credits` is the number of the invoice
    /// that a credit note corrects, `from_account` what is paid from the debtor's account, in minor units.
    pub fn written(
        self,
        id: InvoiceId,
        seq: i64,
        at: Instant,
        credits: Option<String>,
        from_account: i64,
    ) -> Result<(invoice::Model, Content), Error> {
        let totals = Totals::of(&self.lines, self.tax);
        let (year, ..) = at.day().civil();
        let content = Content {
            issuer: self.issuer,
            debtor: self.debtor_party,
            customer: (self.debtor != self.org).then_some(self.customer),
            lines: self.lines,
            credits,
            settlement: self.settlement,
            from_account,
            reference: self.reference,
            note: self.note,
        };
        let row = invoice::Model {
            id,
            kind: self.kind,
            number: number(&self.entity, self.kind, year, seq),
            entity: self.entity,
            year,
            seq,
            credits: self.credits,
            debtor_id: self.debtor,
            org_id: self.org,
            partner_id: self.partner,
            subscription_id: self.subscription,
            change_id: self.change,
            payer: self.payer,
            currency: self.currency,
            list_amount: totals.list,
            discount: totals.discount,
            net: totals.net,
            tax: totals.tax,
            total: totals.total,
            tax_bp: self.tax.bp,
            tax_rule: self.tax.rule,
            content: serde_json::to_string(&content).map_err(internal)?,
            issued_on: at.day(),
            due_on: self.due_on,
            issued_at: at,
        };
        Ok((row, content))
    }
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
    let rows = issue_all(kontor, tx, vec![bill]).await?;
    rows.into_iter().next().ok_or_else(|| internal("a bill without an invoice"))
}

/// [`issue`] for many bills in few statements; one invoice per bill, in their order.
pub async fn issue_all(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    bills: Vec<Bill>,
) -> Result<Vec<invoice::Model>, Error> {
    let now = kontor.now();
    let (year, ..) = now.day().civil();
    let mut wanted: BTreeMap<(String, InvoiceKind), i64> = BTreeMap::new();
    let mut drafts = Vec::new();
    for bill in bills {
        sound(&bill, Totals::of(&bill.lines, bill.tax))?;
        let credits = credited(tx, &bill).await?;
        *wanted.entry((bill.entity.clone(), bill.kind)).or_default() += 1;
        drafts.push((bill, credits));
    }
    let mut accounts = Accounts::of(tx, drafts.iter().map(|(bill, _)| bill)).await?;
    // In one order for all transactions, so that none waits for another in a circle.
    let mut next = BTreeMap::new();
    for ((entity, kind), many) in wanted {
        let first = invoice_series::next(tx, &entity, kind, year, many).await?;
        next.insert((entity, kind), first);
    }
    let (mut issued, mut states) = (Vec::new(), Vec::new());
    for (bill, credits) in drafts {
        let place = next.get_mut(&(bill.entity.clone(), bill.kind));
        let place = place.ok_or_else(|| internal("a bill without a series"))?;
        let seq = *place;
        *place += 1;
        let from_account = accounts.take(&bill);
        let (row, content) = bill.written(kontor.id(), seq, now, credits, from_account)?;
        let state = invoice_state::Model {
            invoice_id: row.id,
            status: InvoiceStatus::Issued,
            paid: 0,
            credited: 0,
            refunded: 0,
            taken_back: 0,
            due_on: row.due_on,
            version: 1,
        };
        states.push(invoice_state::ActiveModel::from(state));
        issued.push((row, content));
    }
    let rows = issued.iter().map(|(row, _)| invoice::ActiveModel::from(row.clone())).collect();
    insert_all::<invoice::ActiveModel>(tx, rows, None).await?;
    insert_all(tx, states, None).await?;
    announce(kontor, tx, &issued).await?;
    Ok(issued.into_iter().map(|(row, _)| row).collect())
}

/// What debtors have on account, as far as bills are to be paid from it.
struct Accounts(HashMap<(OrgId, String, Currency), i64>);

impl Accounts {
    /// Locks the accounts of the bills that are to be paid from them.
    async fn of(tx: &DatabaseTransaction, bills: impl Iterator<Item = &Bill>) -> Result<Self, Error> {
        let debtors: BTreeSet<OrgId> =
            bills.filter(|bill| bill.from_account).map(|bill| bill.debtor).collect();
        let rows = account_credit::locked(tx, debtors.into_iter().collect()).await?;
        Ok(Self(
            rows.into_iter().map(|row| ((row.debtor_id, row.entity, row.currency), row.amount)).collect(),
        ))
    }

    /// What of a bill is paid from its debtor's account; it is not there for the next one.
    fn take(&mut self, bill: &Bill) -> i64 {
        let place = (bill.debtor, bill.entity.clone(), bill.currency);
        let Some(there) = self.0.get_mut(&place).filter(|_| bill.from_account) else { return 0 };
        let used = (*there).clamp(0, Totals::of(&bill.lines, bill.tax).total.max(0));
        *there -= used;
        used
    }
}

/// The number of the invoice that a credit note corrects.
async fn credited(tx: &DatabaseTransaction, bill: &Bill) -> Result<Option<String>, Error> {
    let Some(id) = bill.credits else { return Ok(None) };
    let same = |row: &invoice::Model| {
        row.kind == InvoiceKind::Invoice
            && row.debtor_id == bill.debtor
            && row.entity == bill.entity
            && row.currency == bill.currency
    };
    Ok(Some(invoice::by_id(tx, id).await?.filter(same).ok_or(Error::NotFound)?.number))
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
