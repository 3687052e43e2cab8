//! Prices and limits as the vendor edits them under `/settings`.

use super::{
    dated::{Dated, first_day, in_force, next_after},
    terms_of,
};
use crate::{
    Error, Issue, Problems,
    kernel::{
        id::PriceId,
        instant::{Day, Instant},
        money::{Currency, parse_amount},
        text::line,
    },
    subscription::{Plan, Term, change::Item},
};
use serde::{Deserialize, Serialize};

/// What a plan holds at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLimits {
    /// People; none where there is no limit.
    pub users_max: Option<i64>,
    /// Gigabytes of mail storage of a licence.
    pub storage_gb: i64,
    /// Domains of the organisation.
    pub domains_max: i64,
    /// Whether it can be bought. Who has it keeps it.
    pub on_sale: bool,
}

/// A price from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRow {
    /// The price.
    pub id: PriceId,
    /// Of what.
    pub item: Item,
    /// For which term.
    pub term: Term,
    /// The first day on which it is asked.
    pub valid_from: Day,
    /// Minor units, per licence or unit and per term.
    pub amount: i64,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// A plan's limits from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsRow {
    /// The plan.
    pub plan: Plan,
    /// The first day on which they hold.
    pub valid_from: Day,
    /// The limits.
    pub limits: PlanLimits,
    /// Who set them.
    pub by: String,
    /// When.
    pub at: Instant,
}

impl Dated for PriceRow {
    fn valid_from(&self) -> Day {
        self.valid_from
    }
}

impl Dated for LimitsRow {
    fn valid_from(&self) -> Day {
        self.valid_from
    }
}

/// The catalogue in one currency with all of its history, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// The day it is.
    pub today: Day,
    /// The currency of the prices.
    pub currency: Currency,
    /// The currencies somebody bills in. None: no entity has been made yet.
    pub currencies: Vec<Currency>,
    /// Prices.
    pub prices: Vec<PriceRow>,
    /// Limits.
    pub limits: Vec<LimitsRow>,
}

impl Catalogue {
    /// Every price an item and term ever had or will have, newest first.
    pub fn history(&self, item: Item, term: Term) -> impl Iterator<Item = &PriceRow> {
        self.prices.iter().filter(move |row| row.item == item && row.term == term)
    }
    /// What is asked today, and what will be asked next.
    pub fn price(&self, item: Item, term: Term) -> (Option<&PriceRow>, Option<&PriceRow>) {
        let of = || self.history(item, term);
        (in_force(of(), self.today), next_after(of(), self.today))
    }
    /// Every limit a plan ever had or will have, newest first.
    pub fn limits_of(&self, plan: Plan) -> impl Iterator<Item = &LimitsRow> {
        self.limits.iter().filter(move |row| row.plan == plan)
    }
    /// What holds today, and what will hold next.
    pub fn limits(&self, plan: Plan) -> (Option<&LimitsRow>, Option<&LimitsRow>) {
        let of = || self.limits_of(plan);
        (in_force(of(), self.today), next_after(of(), self.today))
    }
}

/// What was typed about a price. A field that is not sent is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PriceForm {
    /// Key of the item.
    pub item: String,
    /// Key of the term.
    pub term: String,
    /// ISO code.
    pub currency: String,
    /// The first day, in ISO 8601.
    pub valid_from: String,
    /// Per licence or unit and term, in major units.
    pub amount: String,
}

/// A price in which nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedPrice {
    /// Of what.
    pub item: Item,
    /// For which term.
    pub term: Term,
    /// In which currency.
    pub currency: Currency,
    /// From which day on.
    pub valid_from: Day,
    /// Minor units, more than none.
    pub amount: i64,
}

/// Checks a price. What the page itself names (item, term, currency) is *not found* if it is none.
pub fn check_price(form: &PriceForm, today: Day) -> Result<CheckedPrice, Error> {
    let item = Item::from_key(&form.item).ok_or(Error::NotFound)?;
    let term = Term::from_key(&form.term).filter(|t| *t != Term::None).ok_or(Error::NotFound)?;
    let currency = Currency::from_key(&form.currency).ok_or(Error::NotFound)?;
    if !terms_of(item).contains(&term) {
        return Err(Error::field("term", Issue::TermNotOffered));
    }
    let mut problems = Problems::new();
    let amount = match form.amount.trim() {
        "" => Err(Issue::Required),
        typed => parse_amount(typed, currency).map_err(Issue::from),
    };
    // What costs nothing is a plan of its own, and no share of a term could be reckoned from it.
    let amount = amount.and_then(|amount| if amount > 0 { Ok(amount) } else { Err(Issue::BadAmount) });
    let amount = problems.take("amount", amount);
    let valid_from = problems.take("valid_from", first_day(&form.valid_from, today).map(Some));
    problems.finish()?;
    let valid_from = valid_from.ok_or(Error::BadRequest)?;
    Ok(CheckedPrice { item, term, currency, valid_from, amount })
}

/// What was typed about a plan's limits. A field that is not sent is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitsForm {
    /// Key of the plan.
    pub plan: String,
    /// The first day, in ISO 8601.
    pub valid_from: String,
    /// Empty: no limit.
    pub users_max: String,
    /// Gigabytes.
    pub storage_gb: String,
    /// Domains.
    pub domains_max: String,
    /// Anything: yes.
    pub on_sale: String,
}

/// Checks limits: plan, first day, limits. A plan that is none is *not found*.
pub fn check_limits(form: &LimitsForm, today: Day) -> Result<(Plan, Day, PlanLimits), Error> {
    let plan = Plan::from_key(&form.plan).ok_or(Error::NotFound)?;
    let mut problems = Problems::new();
    let users = match form.users_max.trim() {
        "" => Ok(None),
        typed => number(typed, 1, 1_000_000).map(Some),
    };
    let users_max = problems.take("users_max", users);
    let storage_gb = problems.take("storage_gb", number(&form.storage_gb, 0, 1_000_000));
    let domains_max = problems.take("domains_max", number(&form.domains_max, 1, 1_000));
    let valid_from = problems.take("valid_from", first_day(&form.valid_from, today).map(Some));
    problems.finish()?;
    let on_sale = !form.on_sale.is_empty();
    let limits = PlanLimits { users_max, storage_gb, domains_max, on_sale };
    Ok((plan, valid_from.ok_or(Error::BadRequest)?, limits))
}

fn number(typed: &str, min: i64, max: i64) -> Result<i64, Issue> {
    let number: i64 = line(typed, 1, 20)?.parse().map_err(|_| Issue::NotANumber)?;
    if (min..=max).contains(&number) { Ok(number) } else { Err(Issue::OutOfRange { min, max }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = Day(20_514);

    fn form(item: &str, term: &str, amount: &str) -> PriceForm {
        PriceForm {
            item: item.into(),
            term: term.into(),
            currency: "EUR".into(),
            valid_from: TODAY.to_string(),
            amount: amount.into(),
        }
    }

    #[test]
    fn a_price_is_read_as_people_type_it() {
        let price = check_price(&form("standard", "yearly", "1.234,50"), TODAY).unwrap();
        assert_eq!((price.item, price.term, price.amount), (Item::Standard, Term::Yearly, 123_450));
        let yen = PriceForm { currency: "JPY".into(), ..form("standard", "monthly", "12.5") };
        assert_eq!(check_price(&yen, TODAY), Err(Error::field("amount", Issue::BadAmount)));
        for (amount, issue) in [
            ("", Issue::Required),
            ("0", Issue::BadAmount),
            ("-1", Issue::BadAmount),
            ("x", Issue::BadAmount),
        ] {
            let wrong = check_price(&form("standard", "monthly", amount), TODAY);
            assert_eq!(wrong, Err(Error::field("amount", issue)), "{amount}");
        }
        let monthly = check_price(&form("mail-lite", "monthly", "1"), TODAY);
        assert_eq!(monthly, Err(Error::field("term", Issue::TermNotOffered)));
        for (item, term) in [("free", "yearly"), ("standard", "none"), ("", "")] {
            assert_eq!(check_price(&form(item, term, "1"), TODAY), Err(Error::NotFound), "{item} {term}");
        }
    }

    #[test]
    fn limits_without_a_number_of_people_hold_any() {
        let form = LimitsForm {
            plan: "standard".into(),
            valid_from: TODAY.to_string(),
            storage_gb: "30".into(),
            domains_max: "30".into(),
            on_sale: "true".into(),
            ..LimitsForm::default()
        };
        let limits = PlanLimits { users_max: None, storage_gb: 30, domains_max: 30, on_sale: true };
        assert_eq!(check_limits(&form, TODAY), Ok((Plan::Standard, TODAY, limits)));
        let wrong = LimitsForm { users_max: "0".into(), domains_max: "many".into(), ..form };
        let Err(Error::Invalid(wrong)) = check_limits(&wrong, TODAY) else { panic!("taken") };
        let fields: Vec<&str> = wrong.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["users_max", "domains_max"]);
    }
}
