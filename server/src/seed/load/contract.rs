//! What runs today of a paid subscription, and since when it was paid for.

use super::partners::profile;
use crate::seed::{catalogue, dice::Dice};
use kontor::{
    catalogue::BillingProfile,
    kernel::{
        id::{OrgId, SubscriptionId},
        instant::Day,
        money::Currency,
    },
    mapping::rows::mapping,
    organisation::rows::organisation,
    subscription::{
        Plan, SubscriptionStatus, Term,
        change::{Contract, Item, Payer, Span, Terms, first_term, next_term},
        rows::subscription,
    },
};

/// Key of the vendor's entity that bills all of them.
pub(super) const ENTITY: &str = "de";
/// In which currency.
pub(super) const CURRENCY: Currency = Currency::Eur;
/// Most monthly terms before the one that runs: with these, a thousand customers have some twelve thousand entries in
/// the ledger.
const MONTHS_BEFORE: u64 = 8;
/// Of a thousand subscriptions, those that the customer pays itself.
const CUSTOMER_PAYS: u64 = 620;

/// A subscription that was bought, and what its past is made from.
pub(super) struct Bought {
    /// Whose.
    pub org: organisation::Model,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The partner.
    pub partner: OrgId,
    /// Since when it is mapped.
    pub mapped_since: Day,
    /// Who pays.
    pub payer: Payer,
    /// What was bought; it was never changed.
    pub terms: Terms,
    /// First day of the first term.
    pub first: Day,
    /// Where its invoices are sent.
    office: String,
}

impl Bought {
    /// The past of a subscription first paid for on a day.
    pub fn new(
        org: &organisation::Model,
        row: &subscription::Model,
        mapping: &mapping::Model,
        domain: &str,
        first: Day,
    ) -> Self {
        Self {
            org: org.clone(),
            subscription: row.id,
            partner: mapping.partner_id,
            mapped_since: mapping.since.day(),
            payer: row.payer.unwrap_or(Payer::Customer),
            terms: Terms { plan: row.plan, term: row.term, seats: row.seats, addon_units: row.addon_units },
            first,
            office: format!("billing@{domain}"),
        }
    }

    /// To whom its invoices are made out if it pays itself.
    pub fn profile(&self) -> BillingProfile {
        profile(&self.org, self.office.clone())
    }
}

/// Makes a free subscription one that was bought and runs today; answers it with its first paid day.
pub(super) fn contract(
    dice: &mut Dice,
    free: subscription::Model,
    (plan, term): (Plan, Term),
    today: Day,
) -> (subscription::Model, Day) {
    let seats = 5 + dice.below(120) as i64;
    let addon_units = if dice.permille(100) { 1 + dice.below(20) as i64 } else { 0 };
    let payer = if dice.permille(CUSTOMER_PAYS) { Payer::Customer } else { Payer::Partner };
    let first = first_day(dice, free.created_at.day(), term, today);
    let prices = catalogue::price_list(CURRENCY);
    let price = |item| prices.price(item, term).unwrap_or_default();
    let mut row = subscription::Model {
        plan,
        term,
        seats,
        addon_units,
        status: SubscriptionStatus::Active,
        payer: Some(payer),
        entity: Some(ENTITY.into()),
        currency: Some(CURRENCY),
        unit_price: Item::of(plan).map(price).unwrap_or_default(),
        addon_price: if addon_units > 0 { price(Item::ExtraStorage) } else { 0 },
        first_paid_on: Some(first),
        ..free
    };
    let mut runs = first_term(first, term);
    while let Some(span) = runs {
        row.term_started = Some(span.started);
        row.ends_on = Some(span.ends_on);
        row.term_days = Some(span.term_days);
        row.anchor_day = Some(i32::from(span.anchor));
        row.version += 1;
        runs = if span.ends_on < today { following(span, &row) } else { None };
    }
    (row, first)
}

/// The term after one.
fn following(span: Span, row: &subscription::Model) -> Option<Span> {
    let contract = Contract {
        terms: Terms { plan: row.plan, term: row.term, seats: row.seats, addon_units: row.addon_units },
        unit_price: row.unit_price,
        addon_price: row.addon_price,
        currency: CURRENCY,
        payer: Payer::Customer,
        started: span.started,
        ends_on: span.ends_on,
        term_days: span.term_days,
        anchor: span.anchor,
        carry: 0,
    };
    next_term(&contract, row.term)
}

/// The first day of the first term: behind the day the organisation came, and before today.
fn first_day(dice: &mut Dice, came: Day, term: Term, today: Day) -> Day {
    let age = (today.since(came) - 1).max(1);
    let (months, longest) = match term {
        Term::Yearly => (12, 364),
        Term::Monthly | Term::None => (1, 27),
    };
    // The term that runs began within one of its lengths; those before it reach back as far as the organisation does.
    let latest = today.plus(-1 - dice.below(age.min(longest) as u64) as i32);
    let before = if term == Term::Yearly { u64::MAX } else { dice.below(MONTHS_BEFORE) };
    let mut first = latest;
    for n in 1..=before {
        match earlier(latest, n, months).filter(|day| *day > came) {
            Some(day) => first = day,
            None => break,
        }
    }
    first
}

/// The same day of the month, `n` times so many months earlier; the 28th of a shorter month.
fn earlier(day: Day, n: u64, months: i32) -> Option<Day> {
    let (year, month, date) = day.civil();
    let at = year * 12 + i32::from(month) - 1 - i32::try_from(n).ok()? * months;
    let month = u8::try_from(at.rem_euclid(12) + 1).ok()?;
    Day::from_civil(at.div_euclid(12), month, date).or_else(|| Day::from_civil(at.div_euclid(12), month, 28))
}
