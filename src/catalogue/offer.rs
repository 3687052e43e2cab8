//! What a partner can buy or sell today, and what it costs whom.

use super::PlanLimits;
use crate::{
    kernel::{
        id::OrgId,
        money::{Currency, basis_points},
    },
    partner::PartnerType,
    subscription::{Plan, Term, change::Item},
};
use serde::{Deserialize, Serialize};

/// A price as a partner sees it, in minor units, per licence or unit and term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// What the customer pays.
    pub list: i64,
    /// The discount of whoever pays for the customer, and the commission of whoever does not: the same share.
    pub share: i64,
}

impl Offered {
    /// A list price under a rate in basis points. The share of a whole line is rounded once: of many licences it may
    /// differ from as many shares by some minor units.
    pub fn at(list: i64, rate_bp: i64) -> Self {
        Self { list, share: basis_points(list, rate_bp) }
    }
    /// What the partner pays where it pays.
    pub fn own(self) -> i64 {
        self.list - self.share
    }
}

/// A plan on sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanOffer {
    /// The plan.
    pub plan: Plan,
    /// What it holds.
    pub limits: PlanLimits,
    /// Its price for each term it is sold for; none for the free plan.
    pub prices: Vec<(Term, Offered)>,
}

/// An add-on on sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddOnOffer {
    /// The add-on.
    pub item: Item,
    /// Its price for each term.
    pub prices: Vec<(Term, Offered)>,
}

/// What is on sale in one currency, for one partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreCatalogue {
    /// The partner.
    pub org: OrgId,
    /// The currency of the prices.
    pub currency: Currency,
    /// The currencies somebody bills in.
    pub currencies: Vec<Currency>,
    /// The partner's rate in basis points.
    pub rate_bp: i64,
    /// A referral partner never pays: what it sees is its commission.
    pub partner_type: PartnerType,
    /// Plans, the smallest first.
    pub plans: Vec<PlanOffer>,
    /// Add-ons.
    pub addons: Vec<AddOnOffer>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_r10_9_comes_out() {
        let offered = Offered::at(36_000, 2_000);
        assert_eq!((offered.share, offered.own()), (7_200, 28_800));
    }

    proptest! {
        #[test]
        fn nobody_pays_more_than_the_list_or_less_than_nothing(list in 1i64..1_000_000_000, rate in 0i64..=10_000) {
            let offered = Offered::at(list, rate);
            prop_assert!((0..=list).contains(&offered.own()));
            prop_assert_eq!(offered.own() + offered.share, list);
        }
    }
}
