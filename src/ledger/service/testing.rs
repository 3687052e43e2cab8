//! What the tests of this room post.

use super::post_all;
use crate::{
    kernel::{
        Kontor,
        id::{OrgId, TransactionId},
        instant::{Day, Instant},
        money::{Currency, Money},
    },
    ledger::{Account, Cause, Draft, EVERYBODY, Posting},
};
use proptest::{prelude::*, sample::select};
use uuid::Uuid;

/// The entities tests keep books of.
pub const ENTITIES: [&str; 3] = ["de", "jp", "us"];

/// The first day anything is posted on.
pub const FIRST: Day = Day(20_500);

/// A cause nobody had before.
pub fn new_id(kontor: &Kontor) -> Uuid {
    kontor.id::<TransactionId>().0
}

/// An amount from one account to another, both an owner's.
pub fn between(kontor: &Kontor, owner: OrgId, debit: Account, credit: Account, amount: Money) -> Posting {
    let draft = Draft::new(Cause::Adjustment, new_id(kontor), "de", kontor.now());
    draft.debit(debit, owner, amount).credit(credit, owner, amount).build().unwrap()
}

/// Posts in a database transaction of its own.
pub async fn posted_now(kontor: &Kontor, postings: &[Posting]) -> Vec<TransactionId> {
    let tx = kontor.db.begin().await.unwrap();
    let ids = post_all(kontor, &tx, postings).await.unwrap();
    tx.commit().await.unwrap();
    ids
}

/// A transaction as a test throws it: which of the owners stand in for it, and what each line moves.
#[derive(Debug, Clone)]
pub struct Thrown {
    pub cause: Cause,
    pub entity: &'static str,
    pub day: i32,
    pub ms: i64,
    pub lines: Vec<(Account, usize, Currency, i64)>,
}

impl Thrown {
    /// The transaction; each line has its counterpart in another account. None where all lines are zero.
    pub fn posting(&self, kontor: &Kontor, owners: &[OrgId], customer: Option<OrgId>) -> Option<Posting> {
        let at = Instant(FIRST.start().0 + self.ms);
        let mut draft = Draft::new(self.cause, new_id(kontor), self.entity, at).day(FIRST.plus(self.day));
        if let Some(customer) = customer {
            draft = draft.org(customer);
        }
        for (account, owner, currency, minor) in &self.lines {
            let amount = Money::new(*minor, *currency);
            let other = if *account == Account::Cash { Account::Sales } else { Account::Cash };
            draft = draft.debit(*account, owners[*owner], amount).credit(other, EVERYBODY, amount);
        }
        draft.build().ok()
    }
}

/// Any transaction of up to four lines and their counterparts, within twelve days.
pub fn any_thrown(owners: usize) -> impl Strategy<Value = Thrown> {
    let minor = prop_oneof![8 => -50_000i64..50_000, 1 => -999_999_999_999i64..999_999_999_999];
    let line = (select(Account::ALL), 0..owners, select(Currency::ALL), minor);
    let lines = prop::collection::vec(line, 1..5);
    let day_ms = crate::kernel::instant::DAY_MS;
    (select(Cause::ALL), select(&ENTITIES[..]), 0i32..12, 0..12 * day_ms, lines)
        .prop_map(|(cause, entity, day, ms, lines)| Thrown { cause, entity, day, ms, lines })
}
