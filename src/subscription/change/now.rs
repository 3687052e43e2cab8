//! Buying, and changes that take effect at once.

use super::{
    super::{Plan, Term},
    Contract, Item, LineKind, Payer, PriceList, Quote, QuoteLine, Rates, Scheduled, Span, Terms, first_term,
    next_renewal,
    quote::Days,
};
use crate::kernel::{instant::Day, money::MAX_MINOR, refusal::Refusal};

/// Most days a term may still have after a credit (a hundred years): a guard against figures nobody means, such as
/// cutting 100,000 licences to one. Such a cut is left to the renewal.
pub const MAX_DAYS: i32 = 36_525;

/// The price of a first term, from today on: from a trial or the free plan. Today is its first day.
///
/// # Errors
/// [`Refusal::NotOnSale`]: the plan costs nothing, is not sold for the term or has no price; a number is out of range
/// ([`Terms::faults`]); or the whole costs more than anything may.
pub fn buy(
    wish: &Terms,
    payer: Payer,
    today: Day,
    prices: &PriceList,
    rates: &Rates,
) -> Result<Quote, Refusal> {
    let span = first_term(today, wish.term).ok_or(Refusal::NotOnSale)?;
    let after = full_term(wish, payer, span, prices)?;
    let quote = Quote::of(term_lines(&after), rates, 0, after)?;
    Ok(with_next(quote, &[], prices, rates))
}

/// A purchase as it begins on the day it is paid, which may be later than the day it was ordered: the whole term from then
/// on, for what was agreed.
pub fn begun_on(quote: &Quote, today: Day) -> Quote {
    let mut begun = quote.clone();
    let Some(span) = first_term(today, quote.after.terms.term).filter(|s| s.started != quote.after.started)
    else {
        return begun;
    };
    let Span { started, ends_on, term_days, anchor } = span;
    begun.after = Contract { started, ends_on, term_days, anchor, ..begun.after };
    for line in &mut begun.lines {
        (line.from, line.until) = (started, ends_on);
        (line.numerator, line.denominator) = (term_days, term_days);
    }
    Quote { next: None, ..begun }
}

/// The price of a change that takes effect today. `prices` are today's, of what is on sale, and count for another plan
/// or a first add-on only: what is there keeps its price until the renewal. `scheduled` is what is planned for the
/// renewal; it stays ([`super::conflicts`]) and shows in [`Quote::next`].
///
/// More is charged for the days after today. Less, on a yearly term, becomes further days; whatever does not fill a day
/// waits in [`Contract::carry`] for the next credit. If some things grow and others shrink, the sum decides.
///
/// # Errors
/// - [`Refusal::NotSubscribed`]: nothing was bought, or today is not within the term.
/// - [`Refusal::NothingChanges`].
/// - [`Refusal::AtRenewalOnly`]: less on a monthly term, yearly to monthly, to the free plan (cancel), or a credit of
///   more than [`MAX_DAYS`].
/// - [`Refusal::NotOnSale`]: as for [`buy`], or the prices are in another currency.
pub fn change_now(
    contract: &Contract,
    wish: &Terms,
    today: Day,
    prices: &PriceList,
    rates: &Rates,
    scheduled: &[Scheduled],
) -> Result<Quote, Refusal> {
    if !contract.is_sound() || today < contract.started || today > contract.ends_on {
        return Err(Refusal::NotSubscribed);
    }
    if *wish == contract.terms {
        return Err(Refusal::NothingChanges);
    }
    if wish.plan == Plan::Free {
        return Err(Refusal::AtRenewalOnly);
    }
    let item = wish.sold()?;
    if prices.currency != contract.currency {
        return Err(Refusal::NotOnSale);
    }
    let quote = match (contract.terms.term, wish.term) {
        (Term::Yearly, Term::Monthly) => return Err(Refusal::AtRenewalOnly),
        (Term::Monthly, Term::Yearly) => to_yearly(contract, wish, today, prices, rates)?,
        _ => within_term(contract, wish, item, today, prices, rates)?,
    };
    Ok(with_next(quote, scheduled, prices, rates))
}

/// The subscription as it is sold anew for a whole term.
pub(super) fn full_term(
    terms: &Terms,
    payer: Payer,
    span: Span,
    prices: &PriceList,
) -> Result<Contract, Refusal> {
    let price = |item| prices.price(item, terms.term).ok_or(Refusal::NotOnSale);
    let unit_price = price(terms.sold()?)?;
    let addon_price = if terms.addon_units > 0 { price(Item::ExtraStorage)? } else { 0 };
    let Span { started, ends_on, term_days, anchor } = span;
    let currency = prices.currency;
    let (terms, carry) = (*terms, 0);
    affordable(Contract {
        terms,
        unit_price,
        addon_price,
        currency,
        payer,
        started,
        ends_on,
        term_days,
        anchor,
        carry,
    })
}

/// Licences and add-ons for the whole term.
pub(super) fn term_lines(contract: &Contract) -> Vec<QuoteLine> {
    item_lines(LineKind::Term, contract, 1, &Days::term(contract))
}

fn item_lines(what: LineKind, contract: &Contract, sign: i64, days: &Days) -> Vec<QuoteLine> {
    let Terms { plan, seats, addon_units, .. } = contract.terms;
    let licences = (Item::of(plan), seats, contract.unit_price);
    let units = (Some(Item::ExtraStorage), addon_units, contract.addon_price);
    let there = [licences, units].into_iter().filter(|(_, quantity, _)| *quantity != 0);
    there.map(|(item, quantity, price)| QuoteLine::new(what, item, (sign * quantity, price), days)).collect()
}

/// What a credit left, on the way to another term: whole minor units up to `most` to be taken off its price, and the
/// rest in minor units × days of that term. The days may differ, so a fraction of 1/365 minor unit may be cut off.
pub(super) fn spend_carry(contract: &Contract, term_days: i32, most: i64) -> (i64, i128) {
    let old_days = i64::from(contract.term_days);
    let off = (contract.carry / old_days).min(most);
    let rest = contract.carry - off * old_days;
    (off, i128::from(rest) * i128::from(term_days) / i128::from(old_days))
}

/// Turns minor units × days into days of the subscription, beginning behind its last. Answers how many, or nothing if
/// there would be more than [`MAX_DAYS`].
pub(super) fn add_days(contract: &mut Contract, credit: i128, today: Day) -> Option<i32> {
    let value = i128::from(contract.value());
    let days =
        i32::try_from(credit / value).ok().filter(|days| *days <= MAX_DAYS - contract.remaining(today))?;
    contract.ends_on = contract.ends_on.plus(days);
    contract.carry = i64::try_from(credit % value).ok()?;
    Some(days)
}

fn affordable(contract: Contract) -> Result<Contract, Refusal> {
    if contract.value() <= MAX_MINOR { Ok(contract) } else { Err(Refusal::NotOnSale) }
}

fn with_next(quote: Quote, scheduled: &[Scheduled], prices: &PriceList, rates: &Rates) -> Quote {
    let next = next_renewal(&quote.after, scheduled, prices, rates);
    Quote { next, ..quote }
}

fn within_term(
    contract: &Contract,
    wish: &Terms,
    item: Item,
    today: Day,
    prices: &PriceList,
    rates: &Rates,
) -> Result<Quote, Refusal> {
    let had = contract.terms;
    let price = |item| prices.price(item, wish.term).ok_or(Refusal::NotOnSale);
    let unit_price = if wish.plan == had.plan { contract.unit_price } else { price(item)? };
    let addon_price = match (had.addon_units, wish.addon_units) {
        (_, 0) => 0,
        (0, _) => price(Item::ExtraStorage)?,
        _ => contract.addon_price,
    };
    let mut after = affordable(Contract { terms: *wish, unit_price, addon_price, ..*contract })?;

    // Every pair of lines below is exact to the last fraction: together they are new value less old value.
    let days = Days::rest(contract, today);
    let mut lines = Vec::new();
    if wish.plan != had.plan {
        let kept = had.seats.min(wish.seats);
        let line =
            QuoteLine::new(LineKind::Plan, Some(item), (kept, unit_price - contract.unit_price), &days);
        lines.push(QuoteLine { replaces: Item::of(had.plan), ..line });
    }
    let more = wish.seats - had.seats;
    if more != 0 {
        let (plan, price) = if more > 0 { (wish.plan, unit_price) } else { (had.plan, contract.unit_price) };
        lines.push(QuoteLine::new(LineKind::Seats, Item::of(plan), (more, price), &days));
    }
    let more = wish.addon_units - had.addon_units;
    if more != 0 {
        let price = if more > 0 { addon_price } else { contract.addon_price };
        lines.push(QuoteLine::new(LineKind::Addon, Some(Item::ExtraStorage), (more, price), &days));
    }

    let less = contract.value() - after.value();
    if less < 0 {
        return Quote::of(lines, rates, 0, after);
    }
    if less > 0 && wish.term == Term::Monthly {
        return Err(Refusal::AtRenewalOnly);
    }
    let credit = i128::from(less) * i128::from(contract.remaining(today)) + i128::from(contract.carry);
    let added = add_days(&mut after, credit, today).ok_or(Refusal::AtRenewalOnly)?;
    lines.push(QuoteLine::days(added, contract, &after));
    Quote::of(lines, rates, added, after)
}

fn to_yearly(
    contract: &Contract,
    wish: &Terms,
    today: Day,
    prices: &PriceList,
    rates: &Rates,
) -> Result<Quote, Refusal> {
    let span = first_term(today, wish.term).ok_or(Refusal::NotOnSale)?;
    // Today was paid for with the month: the year has it on top, or it would be paid for twice.
    let span = Span { ends_on: span.ends_on.plus(1), ..span };
    let mut after = full_term(wish, contract.payer, span, prices)?;
    let mut lines = term_lines(&after);
    lines.extend(item_lines(LineKind::Unused, contract, -1, &Days::rest(contract, today)));
    let net: i64 = lines.iter().map(|line| line.list).sum();
    if net < 0 {
        return Err(Refusal::AtRenewalOnly);
    }
    let (off, rest) = spend_carry(contract, after.term_days, net);
    if off > 0 {
        lines.push(QuoteLine::carry(off, &after));
    }
    let added = add_days(&mut after, rest, today).ok_or(Refusal::AtRenewalOnly)?;
    Quote::of(lines, rates, 1 + added, after)
}
