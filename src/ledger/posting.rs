//! A transaction before it is posted.

use super::{Account, Cause};
use crate::kernel::{
    id::OrgId,
    instant::{Day, Instant},
    money::{Currency, MAX_MINOR, Money},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One side of a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The account.
    pub account: Account,
    /// The partner whose figures it counts in; [`super::EVERYBODY`] where there is none.
    pub owner: OrgId,
    /// Debit, or credit if negative. Never zero.
    pub amount: Money,
}

/// Why entries make no transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPosting {
    /// Nothing moves.
    #[error("no entry")]
    Empty,
    /// Debits and credits of a currency differ.
    #[error("{currency} is out of balance by {by}")]
    Unbalanced {
        /// Which currency.
        currency: Currency,
        /// Debits less credits, minor units.
        by: i64,
    },
    /// An amount is beyond [`MAX_MINOR`], or the sum of a side beyond 64 bits.
    #[error("too large")]
    Overflow,
}

/// A transaction to be posted. Only [`Draft::build`] makes one, so its entries sum to zero in every currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    cause: Cause,
    cause_id: Uuid,
    entity: String,
    org: Option<OrgId>,
    partner: Option<OrgId>,
    at: Instant,
    day: Day,
    day_given: bool,
    entries: Vec<Entry>,
}

impl Posting {
    /// What it follows from.
    pub fn cause(&self) -> Cause {
        self.cause
    }
    /// The id of that.
    pub fn cause_id(&self) -> Uuid {
        self.cause_id
    }
    /// The vendor's entity in whose books it is.
    pub fn entity(&self) -> &str {
        &self.entity
    }
    /// The customer it is about.
    pub fn org(&self) -> Option<OrgId> {
        self.org
    }
    /// The partner it is about.
    pub fn partner(&self) -> Option<OrgId> {
        self.partner
    }
    /// When it happened.
    pub fn at(&self) -> Instant {
        self.at
    }
    /// The day it counts in.
    pub fn day(&self) -> Day {
        self.day
    }
    /// The same, counted in another day unless the draft named one: the day it happened on where its partner is.
    pub fn counted_in(&self, day: Day) -> Self {
        Self { day: if self.day_given { self.day } else { day }, ..self.clone() }
    }
    /// Its entries: at least two.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// A transaction in the making.
#[derive(Debug, Clone)]
pub struct Draft(Posting);

impl Draft {
    /// Begins a transaction in the books of an entity of the vendor. It counts in the UTC day of `at`, or
    /// in the day that is where its partner is, unless [`Draft::day`] says otherwise.
    pub fn new(cause: Cause, cause_id: Uuid, entity: &str, at: Instant) -> Self {
        Self(Posting {
            cause,
            cause_id,
            entity: entity.to_owned(),
            org: None,
            partner: None,
            at,
            day: at.day(),
            day_given: false,
            entries: Vec::new(),
        })
    }
    /// The customer it is about.
    pub fn org(mut self, org: OrgId) -> Self {
        self.0.org = Some(org);
        self
    }
    /// The partner it is about.
    pub fn partner(mut self, partner: OrgId) -> Self {
        self.0.partner = Some(partner);
        self
    }
    /// The day it counts in.
    pub fn day(mut self, day: Day) -> Self {
        (self.0.day, self.0.day_given) = (day, true);
        self
    }
    /// Adds an amount on the debit side; a negative one is a credit, zero adds nothing.
    pub fn debit(mut self, account: Account, owner: OrgId, amount: Money) -> Self {
        if amount.minor != 0 {
            self.0.entries.push(Entry { account, owner, amount });
        }
        self
    }
    /// Adds an amount on the credit side; a negative one is a debit, zero adds nothing.
    pub fn credit(self, account: Account, owner: OrgId, amount: Money) -> Self {
        // The least of 64 bits has no opposite. Its neighbour is as far too large, and is refused as that.
        self.debit(account, owner, Money::new(amount.minor.saturating_neg(), amount.currency))
    }
    /// The transaction, if it is one.
    pub fn build(self) -> Result<Posting, BadPosting> {
        let mut sides: BTreeMap<Currency, (i64, i64)> = BTreeMap::new();
        for entry in &self.0.entries {
            let minor = entry.amount.minor;
            if minor.unsigned_abs() > MAX_MINOR.unsigned_abs() {
                return Err(BadPosting::Overflow);
            }
            let (debit, credit) = sides.entry(entry.amount.currency).or_default();
            let side = if minor > 0 { debit } else { credit };
            *side = side.checked_add(minor.abs()).ok_or(BadPosting::Overflow)?;
        }
        if sides.is_empty() {
            return Err(BadPosting::Empty);
        }
        for (currency, (debit, credit)) in sides {
            if debit != credit {
                return Err(BadPosting::Unbalanced { currency, by: debit - credit });
            }
        }
        Ok(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::EVERYBODY, *};
    use proptest::{prelude::*, sample::select};

    fn draft() -> Draft {
        Draft::new(Cause::Invoice, Uuid::from_u128(1), "de", Instant(0))
    }

    fn any_entries() -> impl Strategy<Value = Vec<(Account, Currency, i64)>> {
        let amount = prop_oneof![4 => -1_000i64..1_000, 1 => -MAX_MINOR..=MAX_MINOR];
        prop::collection::vec((select(Account::ALL), select(Currency::ALL), amount), 0..8)
    }

    fn with(entries: &[(Account, Currency, i64)]) -> Draft {
        entries.iter().fold(draft(), |d, (account, currency, minor)| {
            d.debit(*account, EVERYBODY, Money::new(*minor, *currency))
        })
    }

    fn sums(entries: impl Iterator<Item = (Currency, i64)>) -> BTreeMap<Currency, i128> {
        entries.fold(BTreeMap::new(), |mut sums, (currency, minor)| {
            *sums.entry(currency).or_default() += i128::from(minor);
            sums
        })
    }

    proptest! {
        #[test]
        fn what_is_built_sums_to_zero_and_holds_no_zero(entries in any_entries()) {
            let given = sums(entries.iter().map(|(_, c, m)| (*c, *m)));
            let nothing = entries.iter().all(|(_, _, m)| *m == 0);
            match with(&entries).build() {
                Ok(posting) => {
                    prop_assert!(!nothing && given.values().all(|s| *s == 0));
                    prop_assert!(posting.entries().iter().all(|e| e.amount.minor != 0));
                }
                Err(BadPosting::Empty) => prop_assert!(nothing),
                Err(BadPosting::Unbalanced { currency, by }) => {
                    prop_assert!(by != 0);
                    prop_assert_eq!(given[&currency], i128::from(by));
                }
                Err(BadPosting::Overflow) => prop_assert!(false, "these amounts are small enough"),
            }
        }

        #[test]
        fn with_its_counterparts_everything_is_built(entries in any_entries()) {
            prop_assume!(entries.iter().any(|(_, _, m)| *m != 0));
            let mut whole = with(&entries);
            for (_, currency, minor) in &entries {
                whole = whole.credit(Account::Rounding, EVERYBODY, Money::new(*minor, *currency));
            }
            let posting = whole.build();
            prop_assert!(posting.is_ok(), "{:?}", posting);
            let posted = sums(posting.unwrap().entries().iter().map(|e| (e.amount.currency, e.amount.minor)));
            prop_assert!(posted.values().all(|s| *s == 0));
        }
    }

    #[test]
    fn too_large_is_refused_on_either_side() {
        for minor in [MAX_MINOR + 1, -MAX_MINOR - 1, i64::MAX, i64::MIN] {
            let money = Money::new(minor, Currency::Eur);
            let both =
                draft().debit(Account::Cash, EVERYBODY, money).credit(Account::Sales, EVERYBODY, money);
            assert_eq!(both.build(), Err(BadPosting::Overflow), "{minor}");
        }
    }

    #[test]
    fn currencies_do_not_make_up_for_each_other() {
        let crossed = draft().debit(Account::Cash, EVERYBODY, Money::new(100, Currency::Eur)).credit(
            Account::Sales,
            EVERYBODY,
            Money::new(100, Currency::Usd),
        );
        assert_eq!(crossed.build(), Err(BadPosting::Unbalanced { currency: Currency::Eur, by: 100 }));
        assert_eq!(draft().build(), Err(BadPosting::Empty));
    }
}
