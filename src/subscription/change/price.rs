//! What things cost: the price list, the partner's discount, the tax.

use super::{super::Term, Item, Payer};
use crate::kernel::money::{Currency, MAX_MINOR};
use serde::{Deserialize, Serialize};

/// Prices in one currency, as they are on one day. For a change it holds what is on sale; for a renewal also what is no
/// longer sold to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceList {
    /// In which currency.
    pub currency: Currency,
    /// Minor units per licence or unit and term.
    pub prices: Vec<(Item, Term, i64)>,
}

impl PriceList {
    /// A list in a currency.
    pub fn new(currency: Currency, prices: Vec<(Item, Term, i64)>) -> Self {
        Self { currency, prices }
    }
    /// Minor units for a licence or unit for a term. Amounts that are no price (nothing, less, or beyond [`MAX_MINOR`])
    /// count as none.
    pub fn price(&self, item: Item, term: Term) -> Option<i64> {
        let found = self.prices.iter().find(|(i, t, _)| (*i, *t) == (item, term));
        found.map(|(.., amount)| *amount).filter(|amount| (1..=MAX_MINOR).contains(amount))
    }
}

/// A rate of tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TaxRate {
    /// Basis points of the net amount; less than 0 counts as 0, more than 10,000 as 10,000.
    pub bp: i64,
}

/// What is taken off and put on the list price, for either payer: a change of payer at the renewal changes both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rates {
    /// The partner's discount in basis points, 0 to 10,000. Customers pay the list price.
    pub discount_bp: i64,
    /// Tax if the partner is the debtor (R9.4: by the debtor's country).
    pub partner_tax: TaxRate,
    /// Tax if the customer is.
    pub customer_tax: TaxRate,
}

impl Rates {
    /// Discount and tax for a payer, in basis points, each within 0 to 10,000.
    pub fn of(&self, payer: Payer) -> (i64, i64) {
        let (discount, tax) = match payer {
            Payer::Partner => (self.discount_bp, self.partner_tax.bp),
            Payer::Customer => (0, self.customer_tax.bp),
        };
        (discount.clamp(0, 10_000), tax.clamp(0, 10_000))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Plan;
    use super::*;

    #[test]
    fn every_paid_plan_is_an_item_of_the_same_key() {
        for plan in Plan::ALL.iter().copied() {
            assert_eq!(Item::of(plan).map(Item::key), plan.is_paid().then_some(plan.key()));
        }
    }

    #[test]
    fn what_is_no_price_is_none() {
        for (amount, price) in
            [(1, Some(1)), (MAX_MINOR, Some(MAX_MINOR)), (0, None), (-1, None), (MAX_MINOR + 1, None)]
        {
            let list = PriceList::new(Currency::Eur, vec![(Item::Standard, Term::Yearly, amount)]);
            assert_eq!(list.price(Item::Standard, Term::Yearly), price);
            assert_eq!(list.price(Item::Standard, Term::Monthly), None);
            assert_eq!(list.price(Item::Professional, Term::Yearly), None);
        }
    }

    #[test]
    fn customers_pay_the_list_price_and_each_payer_their_own_tax() {
        let tax = |bp| TaxRate { bp };
        let rates = Rates { discount_bp: 2_000, partner_tax: tax(1_900), customer_tax: tax(700) };
        assert_eq!(rates.of(Payer::Partner), (2_000, 1_900));
        assert_eq!(rates.of(Payer::Customer), (0, 700));
        let wild = Rates { discount_bp: i64::MAX, partner_tax: tax(i64::MIN), customer_tax: tax(i64::MAX) };
        assert_eq!(wild.of(Payer::Partner), (10_000, 0));
        assert_eq!(wild.of(Payer::Customer), (0, 10_000));
    }
}
