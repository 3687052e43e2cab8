//! `kontor ledger export --format hledger`: the ledger as a plain-text journal (hledger.org, "Journal format").

use crate::{
    Error,
    kernel::{
        Kontor,
        id::{OrgId, TransactionId},
        instant::{Day, Instant},
        money::{Currency, Money},
    },
    ledger::{Account, EVERYBODY, rows::journal},
};
use sea_orm::DatabaseTransaction;
use std::fmt::Write;

/// Transactions read at a time: what the export holds in memory.
const PAGE: i64 = 500;

/// A journal in the making: call [`Journal::next`] until there is no more. It sees the ledger as it was when it began.
pub struct Journal {
    tx: DatabaseTransaction,
    until: Option<Day>,
    after: Option<(Instant, TransactionId)>,
    begun: bool,
    ended: bool,
}

impl Journal {
    /// Begins a journal of everything, or of the days up to and with `until`. For the command line, which is the
    /// vendor's own: it asks for no right.
    pub async fn begin(kontor: &Kontor, until: Option<Day>) -> Result<Self, Error> {
        let tx = super::one_moment(kontor).await?;
        Ok(Self { tx, until, after: None, begun: false, ended: false })
    }

    /// The next piece of text; none at the end.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        if !self.begun {
            self.begun = true;
            return Ok(Some(directives()));
        }
        if self.ended {
            return Ok(None);
        }
        let rows = journal::page(&self.tx, self.after, self.until, PAGE).await?;
        self.ended = rows.is_empty();
        self.after = rows.last().map(|r| (r.at, r.id)).or(self.after);
        let mut text = String::new();
        let mut current = None;
        for row in &rows {
            // Writing into a string cannot fail.
            if current != Some(row.id) {
                current = Some(row.id);
                let customer =
                    row.customer.as_deref().map(|name| format!(" {}", plain(name))).unwrap_or_default();
                let _ = write!(
                    text,
                    "\n{} * ({}) {}{customer}\n    ; cause:{}, id:{}\n",
                    Day(row.day),
                    row.id,
                    row.kind,
                    row.kind,
                    row.cause_id
                );
            }
            let account = account_name(row.account, &row.entity, row.owner_id, row.owner.as_deref());
            let amount = Money::new(row.amount, row.currency);
            let _ = write!(text, "    {account}  {} {}", row.currency, amount.plain());
            if row.owner_id != EVERYBODY && !row.account.is_owed_to_partners() {
                let _ = write!(text, "  ; partner:{}", row.owner_id);
            }
            text.push('\n');
        }
        Ok((!self.ended).then_some(text))
    }
}

/// Tells the reader how amounts are written: a point, and how many decimals a currency has.
fn directives() -> String {
    let sample = |c: &Currency| match c.decimals() {
        0 => format!("commodity {c} 1000.\n"),
        _ => format!("commodity {c} {}\n", Money::new(1000 * c.minor_per_major(), *c).plain()),
    };
    Currency::ALL.iter().map(sample).collect()
}

/// An account's name in the journal: `assets:receivable:de`, and where partners are owed to, whom:
/// `liabilities:commission:available:de:Nordlicht IT org_…`. Names may be alike, ids are not.
pub(super) fn account_name(account: Account, entity: &str, owner: OrgId, name: Option<&str>) -> String {
    let mut text = format!("{}:{}:{}", account.nature(), account.journal_name(), plain(entity));
    if account.is_owed_to_partners() && owner != EVERYBODY {
        let name = name.map(|n| format!("{} ", plain(n))).unwrap_or_default();
        // Writing into a string cannot fail.
        let _ = write!(text, ":{name}{owner}");
    }
    text
}

/// A name without what the format takes as its own: comments, account levels, notes, line ends, runs of blanks.
fn plain(name: &str) -> String {
    let free: String =
        name.chars().map(|c| if c.is_control() || ";:|#\"".contains(c) { ' ' } else { c }).collect();
    free.split_whitespace().collect::<Vec<_>>().join(" ")
}
