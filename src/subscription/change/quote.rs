//! A price, line by line, so that a reader can follow it and an invoice can be made of it.

use super::{Contract, Item, Payer, Rates, Terms};
use crate::kernel::{
    instant::Day,
    money::{Currency, MAX_MINOR, basis_points, ratio},
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// What a line of a quote is for.
    pub enum LineKind {
        /// Licences or units for a whole term.
        Term = "term",
        /// Licences more or fewer for the rest of the term.
        Seats = "seats",
        /// Another plan for the licences that stay, for the rest of the term: the difference in price.
        Plan = "plan",
        /// Units of an add-on more or fewer for the rest of the term.
        Addon = "addon",
        /// What was not used of a monthly term that a yearly one replaces.
        Unused = "unused",
        /// What was left of earlier credits.
        Carry = "carry",
        /// Days that a credit is turned into: takes the lines above back to nothing.
        Days = "days",
        /// Rounded lines together may give a minor unit that nobody owes: takes it back.
        Rounding = "rounding",
    }
}

/// A line of a quote: `list` = `quantity` × `unit_price` × `numerator` ÷ `denominator`, rounded half away from zero,
/// except for [`LineKind::Days`] and [`LineKind::Rounding`], which balance. Amounts are minor units; what is given
/// back is negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// What for.
    pub what: LineKind,
    /// Of which item, if of one.
    pub item: Option<Item>,
    /// The item it takes the place of: [`LineKind::Plan`] only.
    pub replaces: Option<Item>,
    /// How many; negative for fewer. Days for [`LineKind::Days`], minor units for [`LineKind::Carry`].
    pub quantity: i64,
    /// Price of one for a term; for [`LineKind::Plan`] the difference of both prices, for [`LineKind::Days`] what the
    /// subscription costs for a term.
    pub unit_price: i64,
    /// Days charged for.
    pub numerator: i32,
    /// Days of the term as it was sold.
    pub denominator: i32,
    /// First day it is for.
    pub from: Day,
    /// Last day it is for. Before `from` if there is none left.
    pub until: Day,
    /// By list.
    pub list: i64,
    /// Partner's discount on it, rounded half away from zero.
    pub discount: i64,
    /// `list` less `discount`.
    pub net: i64,
}

/// What the next renewal will cost, by the prices and scheduled changes of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRenewal {
    /// First day of the next term.
    pub on: Day,
    /// What is renewed.
    pub terms: Terms,
    /// Who pays then.
    pub payer: Payer,
    /// By list.
    pub list: i64,
    /// Partner's discount.
    pub discount: i64,
    /// List less discount.
    pub net: i64,
    /// Tax on the net.
    pub tax: i64,
    /// Net and tax.
    pub total: i64,
}

/// What a purchase, change or renewal costs, and what the subscription is afterwards. Amounts are minor units and never
/// negative in sum: list − discount = net, net + tax = total, and the lines add up to list, discount and net.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Line by line.
    pub lines: Vec<QuoteLine>,
    /// By list.
    pub list: i64,
    /// Partner's discount.
    pub discount: i64,
    /// List less discount.
    pub net: i64,
    /// Tax, rounded half-up on the sum.
    pub tax: i64,
    /// What is charged.
    pub total: i64,
    /// Days added to the term: credits, and the day of change when a yearly term replaces a monthly one.
    pub credit_days: i32,
    /// The subscription afterwards.
    pub after: Contract,
    /// The renewal that follows. Nothing if it was cancelled, or cannot be renewed as it stands.
    pub next: Option<NextRenewal>,
    /// In which currency.
    pub currency: Currency,
}

impl NextRenewal {
    /// The renewal that a quote is the price of.
    pub fn of(quote: &Quote) -> Self {
        let Contract { started: on, terms, payer, .. } = quote.after;
        let Quote { list, discount, net, tax, total, .. } = *quote;
        Self { on, terms, payer, list, discount, net, tax, total }
    }
}

impl Quote {
    /// The part of `list` that belongs to the term which ends by this change, in minor units: what was not used of a
    /// monthly term. The rest belongs to the term of `after`.
    pub fn closing(&self) -> i64 {
        self.lines.iter().filter(|line| line.what == LineKind::Unused).map(|line| line.list).sum()
    }

    /// Adds the lines up. `next` is still to be told.
    pub(super) fn of(
        lines: Vec<QuoteLine>,
        rates: &Rates,
        credit_days: i32,
        after: Contract,
    ) -> Result<Self, Refusal> {
        let (discount_bp, tax_bp) = rates.of(after.payer);
        let mut quote = Self {
            lines,
            list: 0,
            discount: 0,
            net: 0,
            tax: 0,
            total: 0,
            credit_days,
            after,
            next: None,
            currency: after.currency,
        };
        for line in &mut quote.lines {
            line.discount = basis_points(line.list, discount_bp);
        }
        quote.add_up(tax_bp);
        if quote.lines.iter().any(|line| line.what == LineKind::Days) {
            quote.balance(LineKind::Days, -quote.list, -quote.discount);
        } else if quote.list < 0 || quote.net < 0 {
            let list = (-quote.list).max(0);
            let mut line = QuoteLine::rounding(&after);
            line.list = list;
            quote.lines.push(line);
            quote.balance(LineKind::Rounding, list, (quote.list + list - quote.discount).min(0));
        }
        quote.add_up(tax_bp);
        match quote.list.max(quote.total) <= MAX_MINOR {
            true => Ok(quote),
            false => Err(Refusal::NotOnSale),
        }
    }

    fn balance(&mut self, what: LineKind, list: i64, discount: i64) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.what == what) {
            (line.list, line.discount) = (list, discount);
        }
    }

    fn add_up(&mut self, tax_bp: i64) {
        for line in &mut self.lines {
            line.net = line.list - line.discount;
        }
        self.list = self.lines.iter().map(|line| line.list).sum();
        self.discount = self.lines.iter().map(|line| line.discount).sum();
        self.net = self.list - self.discount;
        self.tax = basis_points(self.net, tax_bp);
        self.total = self.net + self.tax;
    }
}

impl QuoteLine {
    /// A line for `days` of the contract's term. Discount and net are put in by the quote.
    pub(super) fn new(
        what: LineKind,
        item: Option<Item>,
        (quantity, unit_price): (i64, i64),
        days: &Days,
    ) -> Self {
        let exact = i128::from(quantity) * i128::from(unit_price) * i128::from(days.numerator);
        Self {
            what,
            item,
            replaces: None,
            quantity,
            unit_price,
            numerator: days.numerator,
            denominator: days.denominator,
            from: days.from,
            until: days.until,
            list: ratio(exact, i128::from(days.denominator)),
            discount: 0,
            net: 0,
        }
    }

    /// What earlier credits left, taken off the first term after them.
    pub(super) fn carry(minor: i64, contract: &Contract) -> Self {
        Self::new(LineKind::Carry, None, (-minor, 1), &Days::term(contract))
    }

    /// Days that a credit is turned into.
    pub(super) fn days(days: i32, old: &Contract, new: &Contract) -> Self {
        let one =
            Days { numerator: 1, denominator: new.term_days, from: old.ends_on.plus(1), until: new.ends_on };
        let line = Self::new(LineKind::Days, None, (days.into(), new.value()), &one);
        // The sum of the other lines decides; what a day costs is there to be read.
        Self { list: 0, ..line }
    }

    fn rounding(contract: &Contract) -> Self {
        Self::new(LineKind::Rounding, None, (1, 0), &Days::term(contract))
    }
}

/// The days a line is for.
pub(super) struct Days {
    numerator: i32,
    denominator: i32,
    from: Day,
    until: Day,
}

impl Days {
    /// The whole term.
    pub(super) fn term(contract: &Contract) -> Self {
        let (days, from, until) = (contract.term_days, contract.started, contract.ends_on);
        Self { numerator: days, denominator: days, from, until }
    }
    /// What remains of the term when today is over.
    pub(super) fn rest(contract: &Contract, today: Day) -> Self {
        Self {
            numerator: contract.remaining(today),
            denominator: contract.term_days,
            from: today.plus(1),
            until: contract.ends_on,
        }
    }
}
