//! Whatever is done to a subscription in whatever order, no value comes or goes but by rounding.

use super::{super::MAX_SEATS, *};
use crate::kernel::money::MAX_MINOR;
use proptest::prelude::*;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn terms(plan: Plan, term: Term, seats: i64, addon_units: i64) -> Terms {
    Terms { plan, term, seats, addon_units }
}

/// Prices of domain.md section 7 in cents; monthly ones 20 % above a twelfth.
pub fn prices() -> PriceList {
    let yearly = [
        (Item::MailLite, 1_200),
        (Item::MailPremium, 4_800),
        (Item::Standard, 3_600),
        (Item::Professional, 7_200),
        (Item::ExtraStorage, 1_000),
    ];
    let monthly = [(Item::Standard, 360), (Item::Professional, 720), (Item::ExtraStorage, 100)];
    let yearly = yearly.into_iter().map(|(item, amount)| (item, Term::Yearly, amount));
    let monthly = monthly.into_iter().map(|(item, amount)| (item, Term::Monthly, amount));
    PriceList::new(Currency::Eur, yearly.chain(monthly).collect())
}

/// Ten licences of Standard for the year 2027, paid by the customer.
pub fn contract() -> Contract {
    Contract {
        terms: terms(Plan::Standard, Term::Yearly, 10, 0),
        unit_price: 3_600,
        addon_price: 0,
        currency: Currency::Eur,
        payer: Payer::Customer,
        started: day("2027-01-01"),
        ends_on: day("2027-12-31"),
        term_days: 365,
        anchor: 1,
        carry: 0,
    }
}

/// A partner with a fifth off, and the German tax for either payer.
pub fn rates() -> Rates {
    let tax = TaxRate { bp: 1_900 };
    Rates { discount_bp: 2_000, partner_tax: tax, customer_tax: tax }
}

/// The identities every quote keeps.
pub fn check(quote: &Quote, rates: &Rates) {
    let sum = |of: fn(&QuoteLine) -> i64| quote.lines.iter().map(of).sum::<i64>();
    assert_eq!(sum(|line| line.list), quote.list);
    assert_eq!(sum(|line| line.discount), quote.discount);
    assert_eq!(sum(|line| line.net), quote.net);
    assert_eq!(quote.list - quote.discount, quote.net);
    assert_eq!(quote.net + quote.tax, quote.total);
    assert!(quote.list >= 0 && quote.net >= 0 && quote.tax >= 0, "{quote:?}");
    let (discount_bp, tax_bp) = rates.of(quote.after.payer);
    assert!((i128::from(quote.net) * i128::from(tax_bp) - i128::from(quote.tax) * 10_000).abs() <= 5_000);
    for line in quote.lines.iter().filter(|line| !matches!(line.what, LineKind::Days | LineKind::Rounding)) {
        let exact = i128::from(line.quantity) * i128::from(line.unit_price) * i128::from(line.numerator);
        let denominator = i128::from(line.denominator);
        assert!((exact - i128::from(line.list) * denominator).abs() * 2 <= denominator, "{line:?}");
        let off = i128::from(line.list) * i128::from(discount_bp) - i128::from(line.discount) * 10_000;
        assert!(off.abs() <= 5_000, "{line:?}");
    }
    let after = &quote.after;
    assert!(after.is_sound() && after.carry < after.value(), "{after:?}");
}

/// Lines of a quote whose fractions were rounded and charged. A quote that balances charges nothing, and is exact.
fn rounded(quote: &Quote) -> i128 {
    match quote.lines.iter().any(|line| line.what == LineKind::Days) {
        true => 0,
        false => quote.lines.iter().filter(|line| line.numerator != line.denominator).count() as i128,
    }
}

/// A subscription on its way, with what was charged for it and on which days it was what.
struct Walk {
    contract: Contract,
    today: Day,
    since: Day,
    segments: Vec<Segment>,
    segments_of_all: Vec<Segment>,
    /// Charged for the term that runs, and for all before it.
    charged: (i64, i64),
    brought: i64,
    rounded: i128,
    rounded_before: i128,
    terms: i128,
}

impl Walk {
    fn begin(quote: &Quote, today: Day) -> Self {
        Self {
            contract: quote.after,
            today,
            since: today,
            segments: Vec::new(),
            segments_of_all: Vec::new(),
            charged: (quote.list, 0),
            brought: 0,
            rounded: 0,
            rounded_before: 0,
            terms: 1,
        }
    }

    /// Takes up a quote: the days until `until` belong to what was before.
    fn take(&mut self, quote: &Quote, until: Day) {
        self.segments.push(Segment { contract: self.contract, from: self.since, until });
        self.since = until.plus(1);
        self.contract = quote.after;
    }

    fn change(&mut self, quote: &Quote) {
        let new_term = quote.after.terms.term != self.contract.terms.term;
        self.take(quote, self.today);
        self.rounded += rounded(quote);
        self.charged.0 += quote.closing();
        if new_term {
            self.settle();
        }
        self.charged.0 += quote.list - quote.closing();
    }

    fn renew(&mut self, prices: &PriceList, rates: &Rates) {
        let quote = at_renewal(&self.contract, None, prices, rates).unwrap();
        check(&quote, rates);
        self.take(&quote, self.contract.ends_on);
        self.settle();
        self.charged.0 += quote.list;
    }

    /// Closes the term: its residue is bounded, and what it carries over the next one begins with.
    fn settle(&mut self) {
        let settled = settle_term(self.charged.0, self.brought, &self.segments, true);
        let parts = settled.consumed + settled.carried + settled.forfeited + settled.residue;
        assert_eq!(parts, self.charged.0 + self.brought);
        let lines = self.rounded - self.rounded_before;
        assert!(i128::from(settled.residue).abs() * 2 <= lines + 4, "{settled:?} of {lines} lines");
        assert!(settled.carried >= 0 && settled.forfeited == 0);
        self.charged = (0, self.charged.1 + self.charged.0);
        self.brought = settled.carried;
        self.rounded_before = self.rounded;
        self.terms += 1;
        self.segments_of_all.append(&mut self.segments);
    }

    /// Charged less used less unused, exactly: never more than half a minor unit a rounded line, and a 28th a term for
    /// carries that changed their denominator.
    fn check(&self) {
        let now = Segment { contract: self.contract, from: self.since, until: self.today };
        let segments: Vec<_> =
            self.segments_of_all.iter().chain(&self.segments).copied().chain([now]).collect();
        let unused = Exact::new(self.contract.unused(self.today), self.contract.term_days);
        let worth = consumed(&segments).plus(unused);
        let charged = i128::from(self.charged.0) + i128::from(self.charged.1);
        let off = (charged * worth.denominator - worth.numerator).abs();
        assert!(
            off * 28 <= worth.denominator * (14 * self.rounded + self.terms),
            "{charged} charged for {worth:?}, {} rounded lines",
            self.rounded
        );
    }
}

fn plans() -> impl Strategy<Value = Plan> {
    prop::sample::select(vec![Plan::Standard, Plan::Professional, Plan::MailLite, Plan::MailPremium])
}

fn wishes() -> impl Strategy<Value = Terms> {
    let seats = prop_oneof![1i64..30, 1i64..2_000, Just(i64::from(MAX_SEATS))];
    let term = prop::sample::select(vec![Term::Monthly, Term::Yearly]);
    let units = prop_oneof![Just(0i64), 0i64..50];
    (plans(), term, seats, units).prop_map(|(plan, term, seats, units)| terms(plan, term, seats, units))
}

/// What may be wished next: something new altogether, or a few fields of what is there.
fn steps() -> impl Strategy<Value = Vec<(i32, Terms, u8, i64)>> {
    prop::collection::vec((0i32..200, wishes(), any::<u8>(), 50i64..200), 1..14)
}

fn partly(now: Terms, wish: Terms, mask: u8) -> Terms {
    Terms {
        plan: if mask & 1 == 0 { now.plan } else { wish.plan },
        term: if mask & 2 == 0 { now.term } else { wish.term },
        seats: if mask & 4 == 0 { now.seats } else { wish.seats },
        addon_units: if mask & 8 == 0 { now.addon_units } else { wish.addon_units },
    }
}

fn scaled(percent: i64) -> PriceList {
    let all = prices().prices.into_iter().map(|(item, term, amount)| (item, term, amount * percent / 100));
    PriceList::new(Currency::Eur, all.collect())
}

fn any_rates() -> impl Strategy<Value = Rates> {
    let tax = |bp| TaxRate { bp };
    (0i64..=10_000, 0i64..3_000, 0i64..3_000).prop_map(move |(discount_bp, partner, customer)| Rates {
        discount_bp,
        partner_tax: tax(partner),
        customer_tax: tax(customer),
    })
}

fn payers() -> impl Strategy<Value = Payer> {
    prop::sample::select(Payer::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// Any changes on any days through any number of terms and price lists.
    #[test]
    fn what_is_charged_is_what_is_used_and_what_is_left(
        start in 15_000i32..40_000, first in wishes(), payer in payers(), rates in any_rates(), steps in steps(),
    ) {
        let first = Terms { term: if first.plan.terms().contains(&first.term) { first.term } else { Term::Yearly }, ..first };
        let bought = buy(&first, payer, Day(start), &prices(), &rates).unwrap();
        check(&bought, &rates);
        let mut walk = Walk::begin(&bought, Day(start));
        for (gap, wish, mask, percent) in steps {
            let prices = scaled(percent);
            walk.today = walk.today.plus(gap);
            while walk.today > walk.contract.ends_on {
                walk.renew(&prices, &rates);
            }
            let wish = partly(walk.contract.terms, wish, mask);
            match change_now(&walk.contract, &wish, walk.today, &prices, &rates, &[]) {
                Ok(quote) => {
                    check(&quote, &rates);
                    prop_assert_eq!(quote.after.terms, wish);
                    prop_assert!(quote.after.ends_on >= walk.contract.ends_on);
                    walk.change(&quote);
                }
                Err(refusal) => prop_assert!(matches!(
                    refusal,
                    Refusal::NothingChanges | Refusal::AtRenewalOnly | Refusal::NotOnSale
                )),
            }
            walk.check();
        }
    }

    /// A change in two steps on one day costs what it costs in one, to half a minor unit a line, if nothing is given
    /// back; and what is given back on the way is worth what was paid for it, never more.
    #[test]
    fn two_steps_on_one_day_are_worth_one(
        gap in 0i32..365, left in wishes(), middle in wishes(), right in wishes(), rates in any_rates(),
    ) {
        let yearly = |wish: Terms| Terms { term: Term::Yearly, ..wish };
        let start = day("2027-01-01");
        let today = start.plus(gap);
        let before = buy(&yearly(left), Payer::Customer, start, &prices(), &rates).unwrap().after;
        let change = |contract: &Contract, wish| change_now(contract, &yearly(wish), today, &prices(), &rates, &[]);
        let steps = change(&before, middle).and_then(|one| Ok((change(&one.after, right)?, one)));
        if let (Ok((two, one)), Ok(direct)) = (steps, change(&before, right)) {
            let lines = rounded(&one) + rounded(&two) + rounded(&direct);
            let days = i128::from(before.term_days);
            let more = two.after.unused(today) - direct.after.unused(today);
            let paid = i128::from(one.list + two.list - direct.list) * days;
            prop_assert!((more - paid).abs() * 2 <= lines * days);
            if [&one, &two, &direct].iter().all(|quote| quote.credit_days == 0 && rounded(quote) > 0) {
                prop_assert_eq!(two.after, direct.after);
                prop_assert!(i128::from((one.list + two.list - direct.list).abs()) * 2 <= lines);
            }
        }
    }

    /// There and back again on one day gives nobody more than was paid, and what was there is there again.
    #[test]
    fn there_and_back_again_gives_nothing(gap in 0i32..365, seats in 50i64..500, other in 1i64..500, rates in any_rates()) {
        prop_assume!(seats != other);
        let (start, wish) = (day("2027-01-01"), |seats| terms(Plan::MailLite, Term::Yearly, seats, 0));
        let today = start.plus(gap);
        let before = buy(&wish(seats), Payer::Customer, start, &prices(), &rates).unwrap().after;
        let there = change_now(&before, &wish(other), today, &prices(), &rates, &[]);
        prop_assume!(there.is_ok());
        let there = there.unwrap();
        let back = change_now(&there.after, &wish(seats), today, &prices(), &rates, &[]).unwrap();
        let gained = back.after.unused(today) - before.unused(today);
        let paid = i128::from(there.list + back.list) * i128::from(before.term_days);
        prop_assert!((gained - paid) * 2 <= i128::from(before.term_days), "{} for {}", gained, paid);
        prop_assert_eq!(back.after.terms, before.terms);
    }

    /// Licences one by one: each click saves less than half a minor unit, whoever has the patience.
    #[test]
    fn one_by_one_saves_less_than_half_a_minor_unit_each(gap in 0i32..365, clicks in 1i64..40) {
        let (today, wish) = (day("2027-01-01").plus(gap), |seats| terms(Plan::Standard, Term::Yearly, seats, 0));
        let direct = change_now(&contract(), &wish(10 + clicks), today, &prices(), &rates(), &[]).unwrap();
        let (mut now, mut paid) = (contract(), 0);
        for more in 1..=clicks {
            let quote = change_now(&now, &wish(10 + more), today, &prices(), &rates(), &[]).unwrap();
            (now, paid) = (quote.after, paid + quote.list);
        }
        prop_assert_eq!(now, direct.after);
        prop_assert!((paid - direct.list).abs() * 2 <= clicks + 1);
    }

    /// Input nobody means well by is refused, and never panics.
    #[test]
    fn wild_input_is_refused_or_harmless(
        seats in any::<i64>(), units in any::<i64>(), plan in plans(), unit_price in any::<i64>(),
        addon_price in any::<i64>(), today in any::<i32>(), term_days in any::<i32>(), carry in any::<i64>(),
        bp in any::<i64>(), amount in any::<i64>(), own in any::<bool>(),
    ) {
        let sane = contract();
        let wish = terms(plan, Term::Yearly, seats, units);
        let wild = if own { Contract { terms: wish, ..sane } } else { sane };
        let wild = Contract { unit_price, addon_price, term_days, carry, ..wild };
        let list = PriceList::new(Currency::Eur, vec![(Item::Standard, Term::Yearly, amount)]);
        let tax = TaxRate { bp };
        let rates = Rates { discount_bp: bp, partner_tax: tax, customer_tax: tax };
        for prices in [&list, &prices()] {
            for contract in [&wild, &sane] {
                for today in [Day(today), sane.started] {
                    let six = terms(Plan::Standard, Term::Yearly, 6, 0);
                    for wish in [&wish, &six] {
                        if let Ok(quote) = change_now(contract, wish, today, prices, &rates, &[]) {
                            check(&quote, &rates);
                        }
                        if let Ok(quote) = buy(wish, Payer::Partner, today, prices, &rates) {
                            check(&quote, &rates);
                        }
                    }
                    let _ = at_renewal(contract, None, prices, &rates).map(|quote| check(&quote, &rates));
                    let _ = contract.unused(today);
                }
            }
        }
        prop_assert_eq!(wish.faults().is_empty(), (1..=100_000).contains(&seats) && (0..=10_000).contains(&units));
    }
}

#[test]
fn the_greatest_subscription_there_can_be_is_reckoned_without_overflow() {
    let most = i64::from(MAX_SEATS);
    let price = MAX_MINOR / most;
    let list = PriceList::new(
        Currency::Inr,
        vec![(Item::Standard, Term::Yearly, price), (Item::Professional, Term::Yearly, price + 1)],
    );
    let full = Rates { discount_bp: 0, partner_tax: TaxRate::default(), customer_tax: TaxRate::default() };
    let today = day("2027-01-01");
    let wish = |plan, seats| terms(plan, Term::Yearly, seats, 0);
    let bought = buy(&wish(Plan::Standard, most), Payer::Customer, today, &list, &full).unwrap();
    check(&bought, &full);
    assert_eq!(bought.total, MAX_MINOR);
    // A minor unit more a licence, or any tax, is more than anything may cost.
    assert_eq!(
        buy(&wish(Plan::Professional, most), Payer::Customer, today, &list, &full),
        Err(Refusal::NotOnSale)
    );
    let taxed = Rates { customer_tax: TaxRate { bp: 1 }, ..full };
    assert_eq!(
        buy(&wish(Plan::Standard, most), Payer::Customer, today, &list, &taxed),
        Err(Refusal::NotOnSale)
    );
    // On the last day nothing would be charged for it: the renewal is beyond what anything may cost all the same.
    let last = bought.after.ends_on;
    let dearer = change_now(&bought.after, &wish(Plan::Professional, most), last, &list, &full, &[]);
    assert_eq!(dearer, Err(Refusal::NotOnSale));
    // Half of it given back is a year more; nearly all of it would be 100,000 years.
    let half = change_now(&bought.after, &wish(Plan::Standard, most / 2), today, &list, &full, &[]).unwrap();
    assert_eq!((half.total, half.credit_days), (0, 364));
    let one = change_now(&bought.after, &wish(Plan::Standard, 1), today, &list, &full, &[]);
    assert_eq!(one, Err(Refusal::AtRenewalOnly));
}
