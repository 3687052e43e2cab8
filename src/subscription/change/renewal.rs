//! The next term.

use super::{
    Contract, NextRenewal, PriceList, Quote, QuoteLine, Rates, Scheduled, Target, next_term,
    now::{add_days, full_term, spend_carry, term_lines},
    overlay,
};
use crate::kernel::refusal::Refusal;

/// The price of the next term: whole, at the prices of its first day, for the target that is scheduled or else as it is.
/// `prices` also hold what is no longer sold to others.
///
/// What credits left over ([`Contract::carry`]) is taken off this price in whole minor units. The rest of less than one
/// stays in the carry of the new term; so does what exceeds the price, after as many days as it fills. Nothing is lost
/// but a 365th of a minor unit when the next term has other days.
///
/// # Errors
/// - [`Refusal::NotSubscribed`]: nothing was bought, or the renewal is cancelled.
/// - [`Refusal::NotOnSale`]: as for [`super::buy`], or the prices are in another currency.
pub fn at_renewal(
    contract: &Contract,
    target: Option<&Target>,
    prices: &PriceList,
    rates: &Rates,
) -> Result<Quote, Refusal> {
    let quote = renewed(contract, target, prices, rates)?;
    let next = next_renewal(&quote.after, &[], prices, rates);
    Ok(Quote { next, ..quote })
}

/// What the next renewal will cost as things are scheduled, if prices stay as in `prices`. Nothing if it is cancelled,
/// or if what is scheduled cannot be sold. A caller who knows the prices of that day asks with them.
pub fn next_renewal(
    contract: &Contract,
    scheduled: &[Scheduled],
    prices: &PriceList,
    rates: &Rates,
) -> Option<NextRenewal> {
    let target = overlay(contract, scheduled);
    renewed(contract, Some(&target), prices, rates).ok().as_ref().map(NextRenewal::of)
}

fn renewed(
    contract: &Contract,
    target: Option<&Target>,
    prices: &PriceList,
    rates: &Rates,
) -> Result<Quote, Refusal> {
    let target = target.copied().unwrap_or_else(|| overlay(contract, &[]));
    if !contract.is_sound() || target.cancel {
        return Err(Refusal::NotSubscribed);
    }
    if prices.currency != contract.currency {
        return Err(Refusal::NotOnSale);
    }
    let span = next_term(contract, target.terms.term).ok_or(Refusal::NotOnSale)?;
    let mut after = full_term(&target.terms, target.payer, span, prices)?;
    let (off, rest) = spend_carry(contract, after.term_days, after.value());
    let mut lines = term_lines(&after);
    if off > 0 {
        lines.push(QuoteLine::carry(off, &after));
    }
    let first_day = after.started;
    let added = add_days(&mut after, rest, first_day).ok_or(Refusal::NotOnSale)?;
    Quote::of(lines, rates, added, after)
}

#[cfg(test)]
mod tests {
    use super::super::{
        super::{Plan, Term},
        LineKind, Payer, Terms,
        path_tests::{check, contract, day, prices, rates, terms},
    };
    use super::*;
    use crate::kernel::money::Currency;

    fn target(terms: Terms) -> Target {
        Target { terms, payer: Payer::Customer, cancel: false }
    }

    fn renew(contract: &Contract, target: Option<&Target>) -> Result<Quote, Refusal> {
        at_renewal(contract, target, &prices(), &rates()).inspect(|quote| check(quote, &rates()))
    }

    #[test]
    fn a_renewal_is_a_whole_term_at_the_prices_of_its_day() {
        let cheap = Contract { unit_price: 3_000, ..contract() };
        let quote = renew(&cheap, None).unwrap();
        assert_eq!((quote.list, quote.discount, quote.after.unit_price), (36_000, 0, 3_600));
        assert_eq!((quote.after.started, quote.after.ends_on), (day("2028-01-01"), day("2028-12-31")));
        assert_eq!((quote.after.term_days, quote.next.unwrap().on), (366, day("2029-01-01")));
    }

    #[test]
    fn what_is_scheduled_is_what_is_renewed() {
        let monthly = target(terms(Plan::Professional, Term::Monthly, 4, 1));
        let quote = renew(&contract(), Some(&monthly)).unwrap();
        assert_eq!(
            (quote.list, quote.after.ends_on, quote.after.term_days),
            (4 * 720 + 100, day("2028-01-31"), 31)
        );
        // The partner takes over: its discount, its tax.
        let taken_over = Target { payer: Payer::Partner, ..target(contract().terms) };
        let quote = renew(&contract(), Some(&taken_over)).unwrap();
        assert_eq!((quote.list, quote.discount, quote.after.payer), (36_000, 7_200, Payer::Partner));
    }

    #[test]
    fn what_credits_left_is_taken_off_and_fractions_of_a_cent_stay() {
        let left = Contract { carry: 12 * 365 + 100, ..contract() };
        let quote = renew(&left, None).unwrap();
        assert_eq!(
            (quote.list, quote.lines[1].what, quote.lines[1].list),
            (36_000 - 12, LineKind::Carry, -12)
        );
        // 100/365 of a cent, in a year of 366 days.
        assert_eq!((quote.after.carry, quote.credit_days), (100, 0));
        let same = Contract { started: day("2026-01-01"), ends_on: day("2026-12-31"), ..left };
        assert_eq!(renew(&same, None).unwrap().after.carry, 100);
    }

    #[test]
    fn what_is_left_beyond_the_price_becomes_days() {
        // A day of 3,000 licences left, and one licence renewed: 29,589 cents and a fraction for a year of 3,600.
        let many = Contract {
            terms: terms(Plan::Standard, Term::Yearly, 3_000, 0),
            carry: 10_799_999,
            ..contract()
        };
        let quote = renew(&many, Some(&target(terms(Plan::Standard, Term::Yearly, 1, 0)))).unwrap();
        let rest = (10_799_999i64 - 3_600 * 365) * 366 / 365;
        assert_eq!((quote.list, i64::from(quote.credit_days)), (0, rest / 3_600));
        assert_eq!(quote.after.carry, rest % 3_600);
    }

    #[test]
    fn every_refusal_of_a_renewal_has_its_reason() {
        let cancelled = Target { cancel: true, ..target(contract().terms) };
        assert_eq!(renew(&contract(), Some(&cancelled)), Err(Refusal::NotSubscribed));
        assert_eq!(renew(&Contract { unit_price: 0, ..contract() }, None), Err(Refusal::NotSubscribed));
        let dollars = Contract { currency: Currency::Usd, ..contract() };
        assert_eq!(renew(&dollars, None), Err(Refusal::NotOnSale));
        for wish in [
            terms(Plan::MailLite, Term::Monthly, 1, 0),
            terms(Plan::Free, Term::None, 1, 0),
            terms(Plan::Standard, Term::None, 1, 0),
            terms(Plan::Standard, Term::Yearly, 0, 0),
        ] {
            assert_eq!(renew(&contract(), Some(&target(wish))), Err(Refusal::NotOnSale), "{wish:?}");
        }
        let empty = PriceList::new(Currency::Eur, Vec::new());
        assert_eq!(at_renewal(&contract(), None, &empty, &rates()), Err(Refusal::NotOnSale));
        assert_eq!(next_renewal(&contract(), &[], &empty, &rates()), None);
    }

    #[test]
    fn the_preview_is_the_renewal() {
        let wish = Scheduled { seats: Some(7), payer: Some(Payer::Partner), ..Scheduled::default() };
        let next = next_renewal(&contract(), &[wish], &prices(), &rates()).unwrap();
        let quote = renew(&contract(), Some(&overlay(&contract(), &[wish]))).unwrap();
        assert_eq!((next.list, next.discount, next.net), (quote.list, quote.discount, quote.net));
        assert_eq!((next.tax, next.total, next.terms.seats), (quote.tax, quote.total, 7));
        let cancelled = Scheduled { cancel: true, ..Scheduled::default() };
        assert_eq!(next_renewal(&contract(), &[wish, cancelled], &prices(), &rates()), None);
    }
}
