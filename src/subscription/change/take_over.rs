//! The customer pays the running term, which its partner did not.

use super::{Contract, Payer, Quote, QuoteLine, Rates};
use crate::kernel::refusal::Refusal;

/// What the customer pays: the lines that were billed to its partner, by list and with its own tax. What the subscription
/// is stays as it is, but for who pays.
pub fn take_over(contract: &Contract, lines: Vec<QuoteLine>, rates: &Rates) -> Result<Quote, Refusal> {
    let days = 0;
    Quote::of(lines, rates, days, Contract { payer: Payer::Customer, ..*contract })
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Item, PriceList, TaxRate, Terms, buy},
        *,
    };
    use crate::{
        kernel::{instant::Day, money::Currency},
        subscription::{Plan, Term},
    };

    #[test]
    fn the_customer_pays_by_list_what_the_partner_was_billed_with_discount() {
        let prices = PriceList::new(Currency::Eur, vec![(Item::Standard, Term::Yearly, 3600)]);
        let rates =
            Rates { discount_bp: 2000, partner_tax: TaxRate { bp: 0 }, customer_tax: TaxRate { bp: 1900 } };
        let terms = Terms { plan: Plan::Standard, term: Term::Yearly, seats: 10, addon_units: 0 };
        let billed = buy(&terms, Payer::Partner, Day(20_500), &prices, &rates).unwrap();
        assert_eq!((billed.list, billed.discount, billed.total), (36_000, 7_200, 28_800));
        let taken = take_over(&billed.after, billed.lines.clone(), &rates).unwrap();
        assert_eq!((taken.list, taken.discount, taken.tax, taken.total), (36_000, 0, 6_840, 42_840));
        assert_eq!(taken.after, Contract { payer: Payer::Customer, ..billed.after });
    }
}
