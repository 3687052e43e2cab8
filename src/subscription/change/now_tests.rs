//! Buying and changing, figure by figure and refusal by refusal.

use super::path_tests::{check, contract, day, prices, rates, terms};
use super::*;
use crate::kernel::money::Currency;
use Plan::*;
use Term::{Monthly, Yearly};

/// What follows a day with so many days of the term left.
fn change(contract: &Contract, wish: &Terms, left: i32) -> Result<Quote, Refusal> {
    let today = contract.ends_on.plus(-left);
    change_now(contract, wish, today, &prices(), &rates(), &[]).inspect(|quote| check(quote, &rates()))
}

fn monthly() -> Contract {
    let wish = terms(Standard, Monthly, 10, 2);
    buy(&wish, Payer::Customer, day("2027-04-01"), &prices(), &rates()).unwrap().after
}

fn kinds(quote: &Quote) -> Vec<LineKind> {
    quote.lines.iter().map(|line| line.what).collect()
}

#[test]
fn example_a_another_plan_after_90_of_365_days_costs_271_23() {
    let quote = change(&contract(), &terms(Professional, Yearly, 10, 0), 275).unwrap();
    assert_eq!((quote.list, quote.discount, quote.tax, quote.total), (27_123, 0, 5_153, 32_276));
    assert_eq!((quote.after.unit_price, quote.after.ends_on), (7_200, contract().ends_on));
    let line = &quote.lines[0];
    assert_eq!(
        (line.what, line.item, line.replaces),
        (LineKind::Plan, Some(Item::Professional), Some(Item::Standard))
    );
    assert_eq!((line.quantity, line.unit_price, line.numerator, line.denominator), (10, 3_600, 275, 365));
    assert_eq!((line.from, line.until), (day("2027-04-01"), day("2027-12-31")));
}

#[test]
fn example_b_five_licences_more_on_that_day_cost_135_62() {
    let quote = change(&contract(), &terms(Standard, Yearly, 15, 0), 275).unwrap();
    assert_eq!(quote.list, 13_562);
    // A partner with a fifth off: rounded half-up, the tax on what is left.
    let paid = Contract { payer: Payer::Partner, ..contract() };
    let quote = change(&paid, &terms(Standard, Yearly, 15, 0), 275).unwrap();
    assert_eq!(
        (quote.list, quote.discount, quote.net, quote.tax, quote.total),
        (13_562, 2_712, 10_850, 2_062, 12_912)
    );
    let next = quote.next.unwrap();
    assert_eq!((next.on, next.list, next.discount), (day("2028-01-01"), 54_000, 10_800));
}

#[test]
fn six_of_ten_licences_with_180_days_left_run_120_days_longer() {
    for payer in Payer::ALL.iter().copied() {
        let quote = change(&Contract { payer, ..contract() }, &terms(Standard, Yearly, 6, 0), 180).unwrap();
        assert_eq!((quote.credit_days, quote.list, quote.discount, quote.total), (120, 0, 0, 0));
        assert_eq!((quote.after.ends_on, quote.after.carry), (day("2028-04-29"), 0));
        assert_eq!(kinds(&quote), [LineKind::Seats, LineKind::Days]);
        assert_eq!((quote.lines[0].list, quote.lines[1].list), (-7_101, 7_101));
        assert_eq!((quote.lines[1].from, quote.lines[1].until), (day("2028-01-01"), day("2028-04-29")));
        assert_eq!(quote.next.unwrap().on, day("2028-04-30"));
    }
}

#[test]
fn what_does_not_fill_a_day_waits_for_the_next_credit() {
    // 3 × 3,600 × 100 over 7 × 3,600: 42 days and 6/7 of one.
    let first = change(&contract(), &terms(Standard, Yearly, 7, 0), 100).unwrap();
    assert_eq!((first.credit_days, first.after.carry), (42, 6 * 3_600));
    // 1 × 142 more and those 6, over 6: 24 days and 4/6 of one.
    let second = change(&first.after, &terms(Standard, Yearly, 6, 0), 142).unwrap();
    assert_eq!((second.credit_days, second.after.carry), (24, 4 * 3_600));
    // More licences leave it waiting.
    let third = change(&second.after, &terms(Standard, Yearly, 8, 0), 10).unwrap();
    assert_eq!((third.credit_days, third.after.carry), (0, 4 * 3_600));
}

#[test]
fn a_first_add_on_has_todays_price_and_a_further_one_the_first_ones() {
    let one = change(&contract(), &terms(Standard, Yearly, 10, 1), 364).unwrap();
    assert_eq!((one.list, one.after.addon_price), (997, 1_000));
    let dearer = Contract { addon_price: 1_500, ..one.after };
    let three = change(&dearer, &terms(Standard, Yearly, 10, 3), 364).unwrap();
    assert_eq!((three.list, kinds(&three)), (2_992, vec![LineKind::Addon]));
    let none = change(&three.after, &terms(Standard, Yearly, 10, 0), 80).unwrap();
    assert_eq!((none.credit_days, none.after.addon_price, none.after.carry), (10, 0, 0));
}

#[test]
fn licences_keep_their_price_whatever_the_list_says() {
    let cheap = Contract { unit_price: 3_000, ..contract() };
    let quote = change(&cheap, &terms(Standard, Yearly, 11, 0), 364).unwrap();
    assert_eq!((quote.list, quote.next.unwrap().list), (2_992, 11 * 3_600));
    let none = PriceList::new(Currency::Eur, Vec::new());
    let wish = terms(Standard, Yearly, 11, 0);
    let quote = change_now(&cheap, &wish, cheap.started, &none, &rates(), &[]).unwrap();
    assert!(quote.next.is_none());
}

#[test]
fn if_some_things_grow_and_others_shrink_the_sum_decides() {
    let dearer = change(&contract(), &terms(Professional, Yearly, 6, 0), 73).unwrap();
    assert_eq!(kinds(&dearer), [LineKind::Plan, LineKind::Seats]);
    assert_eq!((dearer.lines[0].list, dearer.lines[1].list, dearer.list), (4_320, -2_880, 1_440));
    let cheaper = change(&contract(), &terms(Professional, Yearly, 4, 0), 73).unwrap();
    // 7,200 × 73 over 28,800.
    assert_eq!((cheaper.total, cheaper.credit_days, cheaper.after.carry), (0, 18, 7_200));
    let same = change(&contract(), &terms(Professional, Yearly, 5, 0), 100).unwrap();
    assert_eq!((same.total, same.credit_days, same.after.ends_on), (0, 0, contract().ends_on));
    let month =
        |seats| change(&monthly(), &terms(Professional, Monthly, seats, 2), 15).map(|quote| quote.list);
    assert_eq!((month(6), month(5)), (Ok(360), Ok(0)));
}

#[test]
fn a_line_that_rounds_against_the_sum_is_taken_back() {
    // Yen have no cents: on some of these days two lines round down and a third one up in the other direction.
    let yen = |item, amount| (item, Yearly, amount);
    let list = PriceList::new(
        Currency::Jpy,
        vec![yen(Item::Standard, 100), yen(Item::Professional, 145), yen(Item::ExtraStorage, 30)],
    );
    let wish = terms(Standard, Yearly, 4, 0);
    let bought = buy(&wish, Payer::Partner, day("2027-01-01"), &list, &rates()).unwrap().after;
    // With a fifth off the net may fall below nothing, with all off only the list can.
    for rates in [rates(), Rates { discount_bp: 10_000, ..rates() }] {
        let mut taken_back = 0;
        for left in 0..365 {
            for (seats, units) in (1..5).flat_map(|seats| (0..20).map(move |units| (seats, units))) {
                let wish = terms(Professional, Yearly, seats, units);
                let today = bought.ends_on.plus(-left);
                let quote = change_now(&bought, &wish, today, &list, &rates, &[]).unwrap();
                check(&quote, &rates);
                taken_back += i32::from(kinds(&quote).contains(&LineKind::Rounding));
            }
        }
        assert!(taken_back > 0);
    }
}

#[test]
fn a_year_instead_of_the_month_begins_today_and_takes_off_what_is_left_of_the_month() {
    let wish = terms(Standard, Yearly, 10, 2);
    let quote = change(&monthly(), &wish, 10).unwrap();
    assert_eq!(kinds(&quote), [LineKind::Term, LineKind::Term, LineKind::Unused, LineKind::Unused]);
    // 10 and 2 for the year, less a third of 10 × 3.60 and 2 × 1.00.
    assert_eq!(quote.lines.iter().map(|line| line.list).collect::<Vec<_>>(), [36_000, 2_000, -1_200, -67]);
    assert_eq!((quote.closing(), quote.list), (-1_267, 36_733));
    // The 20th was paid for with April.
    let after = quote.after;
    assert_eq!((after.started, after.ends_on, after.term_days), (day("2027-04-20"), day("2028-04-20"), 366));
    assert_eq!((after.unit_price, after.addon_price, quote.credit_days), (3_600, 1_000, 1));
    // A third of a month of thirty is a year of one; of thirty-one it is more, and no cash is given back.
    let many = |seats| Contract { terms: terms(Standard, Monthly, seats, 0), addon_price: 0, ..monthly() };
    let one = |seats| change(&many(seats), &terms(Standard, Yearly, 1, 0), 10).map(|quote| quote.total);
    assert_eq!((one(30), one(31)), (Ok(0), Err(Refusal::AtRenewalOnly)));
}

#[test]
fn a_purchase_begins_today_and_costs_the_whole_term() {
    let wish = terms(Professional, Yearly, 3, 1);
    let quote = buy(&wish, Payer::Partner, day("2027-11-23"), &prices(), &rates()).unwrap();
    check(&quote, &rates());
    assert_eq!(
        (quote.list, quote.discount, quote.net, quote.tax, quote.total),
        (22_600, 4_520, 18_080, 3_435, 21_515)
    );
    assert_eq!((quote.after.started, quote.after.ends_on), (day("2027-11-23"), day("2028-11-22")));
    assert_eq!((quote.next.unwrap().on, quote.next.unwrap().total), (day("2028-11-23"), 21_515));
}

#[test]
fn what_is_not_sold_cannot_be_bought() {
    let buy = |wish: Terms, prices: &PriceList| {
        buy(&wish, Payer::Customer, day("2027-01-01"), prices, &rates()).map(|_| ())
    };
    let none = PriceList::new(Currency::Eur, vec![(Item::Standard, Yearly, 3_600)]);
    assert_eq!(buy(terms(Standard, Yearly, 1, 0), &none), Ok(()));
    for wish in [
        terms(Free, Term::None, 1, 0),
        terms(Free, Yearly, 1, 0),
        terms(Standard, Term::None, 1, 0),
        terms(MailLite, Monthly, 1, 0),
        terms(Standard, Yearly, 0, 0),
        terms(Standard, Yearly, -1, 0),
        terms(Standard, Yearly, 100_001, 0),
        terms(Standard, Yearly, 1, -1),
        terms(Standard, Yearly, 1, 10_001),
    ] {
        assert_eq!(buy(wish, &prices()), Err(Refusal::NotOnSale), "{wish:?}");
    }
    for wish in
        [terms(Professional, Yearly, 1, 0), terms(Standard, Monthly, 1, 0), terms(Standard, Yearly, 1, 1)]
    {
        assert_eq!(buy(wish, &none), Err(Refusal::NotOnSale), "{wish:?}");
    }
}

#[test]
fn every_refusal_of_a_change_has_its_reason() {
    let refused = |contract: &Contract, wish| change(contract, &wish, 10).map(|_| ()).unwrap_err();
    let (year, month) = (contract(), monthly());
    assert_eq!(refused(&year, year.terms), Refusal::NothingChanges);
    assert_eq!(refused(&year, terms(Standard, Monthly, 10, 0)), Refusal::AtRenewalOnly);
    assert_eq!(refused(&year, terms(Free, Term::None, 1, 0)), Refusal::AtRenewalOnly);
    assert_eq!(refused(&month, terms(Standard, Monthly, 9, 2)), Refusal::AtRenewalOnly);
    assert_eq!(refused(&month, terms(Standard, Monthly, 10, 1)), Refusal::AtRenewalOnly);
    let better = Contract { terms: terms(Professional, Monthly, 10, 2), unit_price: 720, ..month };
    assert_eq!(refused(&better, month.terms), Refusal::AtRenewalOnly);
    assert_eq!(refused(&month, terms(MailLite, Monthly, 10, 2)), Refusal::NotOnSale);
    assert_eq!(refused(&year, terms(Standard, Term::None, 10, 0)), Refusal::NotOnSale);
    assert_eq!(refused(&year, terms(Standard, Yearly, 0, 0)), Refusal::NotOnSale);
    let dollars = Contract { currency: Currency::Usd, ..year };
    assert_eq!(refused(&dollars, terms(Standard, Yearly, 11, 0)), Refusal::NotOnSale);
    let gone = PriceList::new(Currency::Eur, vec![(Item::Standard, Yearly, 3_600)]);
    for wish in [terms(Professional, Yearly, 10, 0), terms(Standard, Yearly, 10, 1)] {
        let quote = change_now(&year, &wish, year.started, &gone, &rates(), &[]);
        assert_eq!(quote, Err(Refusal::NotOnSale));
    }
    let many = Contract { terms: terms(Standard, Yearly, 100_000, 0), ..year };
    assert_eq!(refused(&many, terms(Standard, Yearly, 1, 0)), Refusal::AtRenewalOnly);
}

#[test]
fn only_a_bought_subscription_whose_term_runs_can_be_changed() {
    let wish = terms(Standard, Yearly, 11, 0);
    assert!(change(&contract(), &wish, 0).is_ok());
    assert!(change(&contract(), &wish, 364).is_ok());
    for left in [-1, 365, 400] {
        assert_eq!(change(&contract(), &wish, left), Err(Refusal::NotSubscribed), "{left}");
    }
    for unsound in [
        Contract { unit_price: 0, ..contract() },
        Contract { addon_price: -1, ..contract() },
        Contract { unit_price: MAX_MINOR, ..contract() },
        Contract { term_days: 0, ..contract() },
        Contract { anchor: 0, ..contract() },
        Contract { anchor: 32, ..contract() },
        Contract { started: contract().ends_on.plus(1), ..contract() },
        Contract { carry: -1, ..contract() },
        Contract { terms: terms(Free, Term::None, 5, 0), ..contract() },
    ] {
        assert_eq!(change(&unsound, &wish, 10), Err(Refusal::NotSubscribed), "{unsound:?}");
        let renewed = at_renewal(&unsound, None, &prices(), &rates());
        assert_eq!(renewed, Err(Refusal::NotSubscribed), "{unsound:?}");
    }
}

#[test]
fn what_is_scheduled_stays_and_shows_in_the_next_renewal() {
    let six = Scheduled { seats: Some(6), ..Scheduled::default() };
    let cancelled = Scheduled { cancel: true, ..Scheduled::default() };
    let wish = terms(Professional, Yearly, 15, 0);
    let next = |scheduled: &[Scheduled]| {
        let quote =
            change_now(&contract(), &wish, contract().started, &prices(), &rates(), scheduled).unwrap();
        quote.next.map(|next| (next.terms, next.list))
    };
    assert_eq!(next(&[]), Some((wish, 15 * 7_200)));
    assert_eq!(next(&[six]), Some((terms(Professional, Yearly, 6, 0), 6 * 7_200)));
    assert_eq!(next(&[six, cancelled]), None);
}

#[test]
fn a_purchase_paid_later_is_the_whole_term_from_then_on_for_what_was_agreed() {
    let wish = terms(Standard, Monthly, 10, 2);
    let ordered = buy(&wish, Payer::Partner, day("2027-01-31"), &prices(), &rates()).unwrap();
    let begun = begun_on(&ordered, day("2027-02-10"));
    check(&begun, &rates());
    assert_eq!((begun.list, begun.total), (ordered.list, ordered.total));
    assert_eq!((begun.after.started, begun.after.ends_on), (day("2027-02-10"), day("2027-03-09")));
    assert_eq!((begun.after.term_days, begun.after.anchor), (28, 10));
    assert!(begun.lines.iter().all(|l| (l.from, l.until) == (begun.after.started, begun.after.ends_on)));
    assert_eq!(begun_on(&ordered, day("2027-01-31")), ordered);
}
