//! Every account reckoned from the documents alone, and all that an act can have changed.

use super::*;
use crate::{
    commission::{
        rows::{commission_line as line, statement},
        service::recompute,
    },
    invoice::InvoiceStatus,
    kernel::money::share,
    payment::{RefundStatus, rows::refund},
};
use sea_orm::{ConnectionTrait, Statement};

/// All that an act can have changed.
#[derive(Debug, PartialEq)]
pub struct State {
    pub row: subscription::Model,
    pub changes: Vec<change::Model>,
    pub payments: Vec<payment::Model>,
    pub payouts: Vec<payout_rows::Model>,
    invoices: Vec<invoice::Model>,
    standings: Vec<invoice_state::Model>,
    refunds: Vec<refund::Model>,
    lines: Vec<line::Model>,
    entries: i64,
}

impl State {
    /// The latest change of a status.
    pub fn latest(&self, status: ChangeStatus) -> Option<&change::Model> {
        self.changes.iter().rfind(|change| change.status == status)
    }

    /// The subscription in a line, for whoever reads what a failing history did.
    pub fn told(&self) -> String {
        let row = &self.row;
        let span = row.term_started.zip(row.ends_on).map(|(from, until)| format!("{from} to {until}"));
        format!("{} {} {} {} {span:?} {}", row.status, row.plan, row.term, row.seats, row.carry)
    }

    /// The same, apart from changes and payments that came to nothing, and from how often a proposal was tried to be paid.
    pub fn without_tries(mut self) -> Self {
        self.changes.retain(|change| change.status != ChangeStatus::Failed);
        for proposal in self.changes.iter_mut().filter(|change| change.status == ChangeStatus::Proposed) {
            proposal.version = 0;
        }
        self.payments.retain(|payment| payment.status != PaymentStatus::Failed);
        self
    }
}

pub async fn state(scene: &Scene<'_>) -> State {
    let bench = scene.bench;
    let mut state = State {
        row: scene.row().await,
        changes: rows::<change::Entity>(bench).await,
        payments: rows::<payment::Entity>(bench).await,
        payouts: rows::<payout_rows::Entity>(bench).await,
        invoices: rows::<invoice::Entity>(bench).await,
        standings: rows::<invoice_state::Entity>(bench).await,
        refunds: rows::<refund::Entity>(bench).await,
        lines: rows::<line::Entity>(bench).await,
        entries: entries(scene).await,
    };
    // Ids are made in the order of time, to the millisecond; what follows from one act needs no order.
    state.changes.sort_by_key(|row| row.id);
    state.payments.sort_by_key(|row| row.id);
    state.payouts.sort_by_key(|row| row.id);
    state.invoices.sort_by_key(|row| row.id);
    state.standings.sort_by_key(|row| row.invoice_id);
    state.refunds.sort_by_key(|row| row.id);
    state.lines.sort_by_key(|row| row.id);
    state
}

/// How many entries the ledger has.
async fn entries(scene: &Scene<'_>) -> i64 {
    let db = scene.bench.kontor.db.read();
    let count = "SELECT CAST(count(*) AS bigint) AS n FROM ledger_entry";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), count)).await.unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

/// Whether the money of a payment came, whatever happened to it afterwards.
fn came(payment: &payment::Model) -> bool {
    use PaymentStatus::{Disputed, Lost, Succeeded, Won};
    matches!(payment.status, Succeeded | Disputed | Lost | Won)
}

/// What came for an invoice, and what of it did not stay.
struct Account {
    /// All that ever came.
    came: i64,
    /// What banks took back of it and have not given again.
    disputed: i64,
    /// What of that nobody has paid anew: so much of the sale is none.
    missing: i64,
}

impl State {
    fn given_back(&self, payment: &payment::Model) -> i64 {
        let of = |r: &&refund::Model| r.payment_id == payment.id && r.status == RefundStatus::Succeeded;
        self.refunds.iter().filter(of).map(|r| r.amount).sum()
    }

    fn payments_of<'a>(&'a self, invoice: &'a invoice::Model) -> impl Iterator<Item = &'a payment::Model> {
        self.payments.iter().filter(|p| p.invoice_id == Some(invoice.id) && came(p))
    }

    fn account(&self, invoice: &invoice::Model) -> Account {
        let came: i64 = self.payments_of(invoice).map(|p| p.amount).sum();
        let out = |p: &&payment::Model| matches!(p.status, PaymentStatus::Disputed | PaymentStatus::Lost);
        // A bank takes what was not given back before.
        let taken = self.payments_of(invoice).filter(out).map(|p| p.amount - self.given_back(p));
        let disputed: i64 = taken.sum();
        Account { came, disputed, missing: (invoice.total - came + disputed).clamp(0, disputed) }
    }

    fn papers(&self, kind: InvoiceKind) -> impl Iterator<Item = &invoice::Model> {
        self.invoices.iter().filter(move |i| i.kind == kind)
    }

    /// What nobody will pay any more.
    fn given_up(&self, invoice: &invoice::Model) -> i64 {
        let standing = self.standings.iter().find(|s| s.invoice_id == invoice.id).unwrap();
        let given_up = standing.status == InvoiceStatus::Uncollectible;
        if given_up { invoice.total - standing.paid - standing.credited } else { 0 }
    }

    /// Every account, from the papers, the payments, the lines and the payouts.
    fn reckoned(&self) -> Vec<(Book, i64)> {
        let paid: i64 = self.payments.iter().filter(|p| came(p)).map(|p| p.amount).sum();
        let back: i64 =
            self.refunds.iter().filter(|r| r.status == RefundStatus::Succeeded).map(|r| r.amount).sum();
        let [mut owed, mut disputed, mut missing, mut missing_tax, mut given_up] = [0; 5];
        for invoice in self.papers(InvoiceKind::Invoice) {
            let account = self.account(invoice);
            // What was paid anew came in the place of what a bank took.
            owed += invoice.total - account.came + account.disputed - account.missing;
            disputed += account.disputed;
            missing += account.missing;
            missing_tax += share(invoice.tax, account.missing, invoice.total);
            given_up += self.given_up(invoice);
        }
        let sum = |of: fn(&invoice::Model) -> i64, kind| self.papers(kind).map(of).sum::<i64>();
        let lines = |state| -> i64 { self.lines.iter().filter(|l| l.state == state).map(|l| l.amount).sum() };
        let paid_out = |p: &&payout_rows::Model| p.status == PayoutStatus::Paid;
        let (bill, note) = (InvoiceKind::Invoice, InvoiceKind::CreditNote);
        vec![
            (Book::Cash, paid - back - disputed),
            (Book::Receivable, owed - given_up),
            (Book::Discount, sum(|i| i.discount, bill)),
            (Book::Tax, missing_tax - sum(|i| i.tax, bill) - sum(|i| i.tax, note)),
            (Book::Refunds, -sum(|i| i.net, note)),
            (Book::Chargebacks, missing - missing_tax),
            (Book::BadDebt, given_up),
            (Book::Credit, 0),
            (Book::Commission, self.lines.iter().map(|l| l.amount).sum()),
            (Book::CommissionPending, -lines(LineState::Pending)),
            (Book::CommissionAvailable, -lines(LineState::Available)),
            (Book::CommissionLocked, -lines(LineState::Locked)),
            (Book::Bank, -self.payouts.iter().filter(paid_out).map(|p| p.amount).sum::<i64>()),
        ]
    }

    /// What tax on whole minor units left of refunds: the paper says a minor unit more or less than went out.
    fn left_of_refunds(&self) -> i64 {
        let note = |r: &refund::Model| self.invoices.iter().find(|i| Some(i.id) == r.credit_note_id);
        self.refunds.iter().filter_map(|r| Some(r.amount + note(r)?.total)).sum()
    }

    /// What each paper says of itself, and what is noted beside it.
    fn papers_are_sound(&self) {
        for invoice in &self.invoices {
            assert_eq!(invoice.net + invoice.tax, invoice.total, "{}", invoice.number);
            assert_eq!(invoice.list_amount - invoice.discount, invoice.net, "{}", invoice.number);
        }
        for invoice in self.papers(InvoiceKind::Invoice) {
            let standing = self.standings.iter().find(|s| s.invoice_id == invoice.id).unwrap();
            let Account { came, disputed, .. } = self.account(invoice);
            let paid = came - disputed;
            let notes = self.papers(InvoiceKind::CreditNote).filter(|i| i.credits == Some(invoice.id));
            let credited = -notes.map(|i| i.total).sum::<i64>();
            assert_eq!((standing.paid, standing.credited), (paid, credited), "{}", invoice.number);
            let won = self.payments_of(invoice).any(|p| p.status == PaymentStatus::Won);
            assert!(won || paid <= invoice.total, "{} was paid twice", invoice.number);
            assert!(credited <= invoice.total, "more of {} is credited than it says", invoice.number);
        }
        // Numbers without gaps, per kind and year.
        let mut series: Vec<_> =
            self.invoices.iter().map(|i| (&i.entity, i.kind.key(), i.year, i.seq)).collect();
        series.sort();
        for (n, one) in series.iter().enumerate() {
            let before = n.checked_sub(1).and_then(|n| series.get(n));
            let same = before.filter(|b| (b.0, b.1, b.2) == (one.0, one.1, one.2));
            assert_eq!(one.3, same.map_or(1, |b| b.3 + 1), "{series:?}");
        }
    }

    /// 20 % of what a customer paid, each line rounded for itself, less the share of what went back; nothing of what the
    /// partner pays.
    fn lines_are_earned(&self) {
        for invoice in self.papers(InvoiceKind::Invoice) {
            let lines: Vec<_> = self.lines.iter().filter(|l| l.invoice_id == invoice.id).collect();
            let Account { came, disputed, .. } = self.account(invoice);
            if invoice.payer != Payer::Customer || came < invoice.total || invoice.total == 0 {
                assert!(lines.is_empty(), "{} earns nothing: {lines:?}", invoice.number);
                continue;
            }
            let (taken, earned): (Vec<&line::Model>, Vec<_>) =
                lines.into_iter().partition(|l| l.reverses.is_some());
            assert_eq!(earned.len(), 1, "{}: {earned:?}", invoice.number);
            let full = share(invoice.net, 20, 100);
            assert_eq!(earned[0].amount, full, "{}", invoice.number);
            let refunded: i64 = self.payments_of(invoice).map(|p| self.given_back(p)).sum();
            let back = (refunded + disputed).min(invoice.total);
            let gone: i64 = -taken.iter().map(|l| l.amount).sum::<i64>();
            let parts = i64::try_from(taken.len()).unwrap();
            let fair = share(full, back, invoice.total);
            assert!((gone - fair).abs() <= parts + 1, "{}: {gone} instead of {fair}", invoice.number);
            assert!(back < invoice.total || gone == full, "{}: {gone} of {full}", invoice.number);
        }
        for payout in &self.payouts {
            let of = self.lines.iter().filter(|l| l.payout_id == Some(payout.id)).map(|l| l.amount);
            let freed = matches!(payout.status, PayoutStatus::Rejected | PayoutStatus::Cancelled);
            assert_eq!(of.sum::<i64>(), if freed { 0 } else { payout.amount }, "{}", payout.number);
        }
        let reversed = self.lines.iter().filter(|l| l.state == LineState::Reversed).map(|l| l.amount);
        assert_eq!(reversed.sum::<i64>(), 0, "what is reversed counts nowhere");
    }
}

/// Every account is what its documents say, and so are the documents among themselves.
pub async fn are_what_the_documents_say(scene: &Scene<'_>) {
    let state = state(scene).await;
    state.papers_are_sound();
    state.lines_are_earned();
    let mut kept = Vec::new();
    let reckoned = state.reckoned();
    for (book, _) in &reckoned {
        kept.push((*book, scene.balance(*book).await));
    }
    assert_eq!(kept, reckoned, "what is kept, and what the documents say");
    // What rounding left of terms was sold, and stands in an account of its own.
    let (sales, rounding) = (scene.balance(Book::Sales).await, scene.balance(Book::Rounding).await);
    let list: i64 = state.papers(InvoiceKind::Invoice).map(|i| i.list_amount).sum();
    assert_eq!(sales + rounding, state.left_of_refunds() - list, "sales");
    let most = i64::try_from(state.refunds.len() + 2 * state.changes.len()).unwrap();
    assert!(rounding.abs() <= most, "{rounding} of {most} roundings are more than rounding leaves");
}

/// Every statement is what its lines and payouts say, each begins with what the one before ended with, and the latest,
/// with what happened since, is what is owed.
pub async fn statements_are_their_lines(scene: &Scene<'_>) {
    let kontor = &scene.bench.kontor;
    let mut all = rows::<statement::Entity>(scene.bench).await;
    all.sort_by_key(|row| row.month);
    let mut closing = 0;
    for row in &all {
        let recount = recompute(kontor, &scene.finance, row.id).await.unwrap();
        assert!(recount.agrees(), "{recount:?}");
        assert_eq!(row.opening, closing, "{}", row.month);
        closing = row.closing;
    }
    let state = state(scene).await;
    let since = all.last().map(|row| row.month.end());
    let later = |at: crate::kernel::instant::Instant| since.is_none_or(|since| at >= since);
    let earned: i64 = state.lines.iter().filter(|l| later(l.created_at)).map(|l| l.amount).sum();
    let paid = state.payouts.iter().filter(|p| p.paid_at.is_some_and(later)).map(|p| p.amount);
    let mut owed = 0;
    for book in [Book::CommissionPending, Book::CommissionAvailable, Book::CommissionLocked] {
        owed -= scene.balance(book).await;
    }
    assert_eq!(closing + earned - paid.sum::<i64>(), owed, "what is owed");
}
