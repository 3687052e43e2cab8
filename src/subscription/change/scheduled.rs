//! What is planned for the renewal. Each wish is an overlay that names only the fields it changes; changes made at once
//! in the meantime pass beneath it.

use super::{
    super::{Plan, Term},
    Contract, Payer, Terms,
};
use serde::{Deserialize, Serialize};

/// A wish for the renewal. What is `None` stays as it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Scheduled {
    /// Another plan. The free one is a cancellation.
    pub plan: Option<Plan>,
    /// Another term.
    pub term: Option<Term>,
    /// So many licences.
    pub seats: Option<i64>,
    /// So many units of extra storage.
    pub addon_units: Option<i64>,
    /// Who is to pay.
    pub payer: Option<Payer>,
    /// Not to be renewed.
    pub cancel: bool,
}

/// What the renewal will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What is renewed, unless it is cancelled.
    pub terms: Terms,
    /// Who pays.
    pub payer: Payer,
    /// Not renewed: the subscription ends with the term.
    pub cancel: bool,
}

impl Scheduled {
    /// The overlay that makes `wish` of `planned`, naming only what differs. `None` if nothing does; a cancellation is
    /// taken back by removing its overlay, not by another.
    pub fn between(planned: &Target, wish: &Target) -> Option<Self> {
        fn differing<T: PartialEq + Copy>(planned: T, wish: T) -> Option<T> {
            (planned != wish).then_some(wish)
        }
        let (had, wanted) = (planned.terms, wish.terms);
        let overlay = Self {
            plan: differing(had.plan, wanted.plan),
            term: differing(had.term, wanted.term),
            seats: differing(had.seats, wanted.seats),
            addon_units: differing(had.addon_units, wanted.addon_units),
            payer: differing(planned.payer, wish.payer),
            cancel: wish.cancel && !planned.cancel,
        };
        (overlay != Self::default()).then_some(overlay)
    }

    fn put_on(&self, target: Target) -> Target {
        let Target { terms, payer, cancel } = target;
        Target {
            terms: Terms {
                plan: self.plan.filter(|plan| plan.is_paid()).unwrap_or(terms.plan),
                term: self.term.unwrap_or(terms.term),
                seats: self.seats.unwrap_or(terms.seats),
                addon_units: self.addon_units.unwrap_or(terms.addon_units),
            },
            payer: self.payer.unwrap_or(payer),
            cancel: cancel || self.cancels(),
        }
    }

    fn cancels(&self) -> bool {
        self.cancel || self.plan == Some(Plan::Free)
    }

    fn fields(&self) -> impl Iterator<Item = Field> {
        let set = [
            (Field::Plan, self.plan.is_some_and(Plan::is_paid)),
            (Field::Term, self.term.is_some()),
            (Field::Seats, self.seats.is_some()),
            (Field::AddonUnits, self.addon_units.is_some()),
            (Field::Payer, self.payer.is_some()),
            (Field::Cancel, self.cancels()),
        ];
        set.into_iter().filter(|(_, set)| *set).map(|(field, _)| field)
    }
}

/// What the renewal will be after all that is scheduled, the later above the earlier.
pub fn overlay(contract: &Contract, scheduled: &[Scheduled]) -> Target {
    let as_is = Target { terms: contract.terms, payer: contract.payer, cancel: false };
    scheduled.iter().fold(as_is, |target, wish| wish.put_on(target))
}

crate::keyed! {
    /// A field on which a change now and a scheduled one meet.
    pub enum Field {
        /// The plan.
        Plan = "plan",
        /// The term.
        Term = "term",
        /// Licences.
        Seats = "seats",
        /// Units of extra storage.
        AddonUnits = "addon_units",
        /// Who pays.
        Payer = "payer",
        /// Whether it is renewed at all.
        Cancel = "cancel",
    }
}

/// A scheduled change that another wish meets: one made now, which it undoes or contradicts at the renewal, or a later one
/// for the renewal, which covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Which of the scheduled ones, counted from 0.
    pub scheduled: usize,
    /// On which field they meet.
    pub field: Field,
    /// What the renewal will be after both.
    pub renewal: Target,
}

/// Where the change of a subscription to `wish`, made now, meets what is scheduled: on the same field; on any if the
/// renewal is cancelled; and on the term if the plan and the term of the renewal would no longer be sold together.
pub fn conflicts(scheduled: &[Scheduled], contract: &Contract, wish: &Terms) -> Vec<Conflict> {
    let had = contract.terms;
    let renewal = overlay(&Contract { terms: *wish, ..*contract }, scheduled);
    let unsold = !renewal.terms.plan.terms().contains(&renewal.terms.term);
    let meets = |field: &Field| match field {
        Field::Plan => wish.plan != had.plan,
        Field::Term => wish.term != had.term || unsold,
        Field::Seats => wish.seats != had.seats,
        Field::AddonUnits => wish.addon_units != had.addon_units,
        // Who pays for the running term has paid for it.
        Field::Payer => false,
        Field::Cancel => *wish != had,
    };
    let all = scheduled
        .iter()
        .enumerate()
        .flat_map(|(at, wishes)| wishes.fields().filter(meets).map(move |field| (at, field)));
    all.map(|(scheduled, field)| Conflict { scheduled, field, renewal }).collect()
}

/// Where another wish for the renewal meets what is scheduled before it: on the fields that both name, of which the later
/// counts; on the cancellation, behind which nothing takes effect; and, if it is one itself, on all.
pub fn covered(scheduled: &[Scheduled], contract: &Contract, wish: &Scheduled) -> Vec<Conflict> {
    let all: Vec<Scheduled> = scheduled.iter().copied().chain([*wish]).collect();
    let renewal = overlay(contract, &all);
    let named: Vec<Field> = wish.fields().collect();
    let meets = |field: &Field| wish.cancels() || *field == Field::Cancel || named.contains(field);
    let all = scheduled
        .iter()
        .enumerate()
        .flat_map(|(at, earlier)| earlier.fields().filter(meets).map(move |field| (at, field)));
    all.map(|(scheduled, field)| Conflict { scheduled, field, renewal }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::path_tests::{contract, terms};
    use super::*;
    use proptest::prelude::*;

    const NOTHING: Scheduled =
        Scheduled { plan: None, term: None, seats: None, addon_units: None, payer: None, cancel: false };

    fn fields(found: &[Conflict]) -> Vec<(usize, Field)> {
        found.iter().map(|conflict| (conflict.scheduled, conflict.field)).collect()
    }

    #[test]
    fn later_wishes_lie_above_earlier_ones_and_leave_the_rest() {
        let six = Scheduled { seats: Some(6), plan: Some(Plan::Professional), ..NOTHING };
        let eight = Scheduled { seats: Some(8), payer: Some(Payer::Partner), ..NOTHING };
        let target = overlay(&contract(), &[six, eight]);
        assert_eq!(target.terms, terms(Plan::Professional, Term::Yearly, 8, 0));
        assert_eq!((target.payer, target.cancel), (Payer::Partner, false));
        assert_eq!(overlay(&contract(), &[eight, six]).terms.seats, 6);
    }

    #[test]
    fn the_free_plan_is_a_cancellation_and_stays_one_under_later_wishes() {
        let free = Scheduled { plan: Some(Plan::Free), ..NOTHING };
        let more = Scheduled { seats: Some(12), ..NOTHING };
        let target = overlay(&contract(), &[free, more]);
        assert!(target.cancel);
        assert_eq!(target.terms, terms(Plan::Standard, Term::Yearly, 12, 0));
    }

    #[test]
    fn a_scheduled_change_survives_one_made_now_and_is_told_about() {
        let six = Scheduled { seats: Some(6), ..NOTHING };
        let partner = Scheduled { payer: Some(Payer::Partner), ..NOTHING };
        let wish = terms(Plan::Professional, Term::Yearly, 15, 0);
        let found = conflicts(&[partner, six], &contract(), &wish);
        assert_eq!(fields(&found), [(1, Field::Seats)]);
        assert_eq!(found[0].renewal.terms, terms(Plan::Professional, Term::Yearly, 6, 0));
        assert_eq!(found[0].renewal.payer, Payer::Partner);
        assert_eq!(
            conflicts(&[partner, six], &contract(), &terms(Plan::Professional, Term::Yearly, 10, 3)),
            []
        );
    }

    #[test]
    fn every_field_meets_itself_and_a_cancellation_meets_all() {
        let all = Scheduled {
            plan: Some(Plan::MailPremium),
            term: Some(Term::Yearly),
            seats: Some(3),
            addon_units: Some(1),
            payer: None,
            cancel: true,
        };
        let now = Contract { terms: terms(Plan::Standard, Term::Monthly, 10, 0), ..contract() };
        let met = |wish| {
            fields(&conflicts(&[all], &now, &wish)).into_iter().map(|(_, field)| field).collect::<Vec<_>>()
        };
        assert_eq!(met(terms(Plan::Professional, Term::Monthly, 10, 0)), [Field::Plan, Field::Cancel]);
        assert_eq!(met(terms(Plan::Standard, Term::Yearly, 10, 0)), [Field::Term, Field::Cancel]);
        assert_eq!(met(terms(Plan::Standard, Term::Monthly, 11, 0)), [Field::Seats, Field::Cancel]);
        assert_eq!(met(terms(Plan::Standard, Term::Monthly, 10, 2)), [Field::AddonUnits, Field::Cancel]);
        assert_eq!(met(now.terms), []);
    }

    #[test]
    fn a_plan_that_is_not_sold_for_the_scheduled_term_meets_it() {
        let monthly = Scheduled { term: Some(Term::Monthly), ..NOTHING };
        let found = conflicts(&[monthly], &contract(), &terms(Plan::MailLite, Term::Yearly, 10, 0));
        assert_eq!(fields(&found), [(0, Field::Term)]);
    }

    #[test]
    fn a_later_wish_for_the_renewal_meets_what_it_covers_and_a_cancellation_meets_all() {
        let six = Scheduled { seats: Some(6), ..NOTHING };
        let partner = Scheduled { payer: Some(Payer::Partner), ..NOTHING };
        let cancel = Scheduled { cancel: true, ..NOTHING };
        let eight = Scheduled { seats: Some(8), plan: Some(Plan::Professional), ..NOTHING };
        let found = covered(&[six, partner], &contract(), &eight);
        assert_eq!(fields(&found), [(0, Field::Seats)]);
        assert_eq!(found[0].renewal.terms, terms(Plan::Professional, Term::Yearly, 8, 0));
        let customer = Scheduled { payer: Some(Payer::Customer), ..NOTHING };
        assert_eq!(fields(&covered(&[six, partner], &contract(), &customer)), [(1, Field::Payer)]);
        let behind = covered(&[cancel, six], &contract(), &customer);
        assert_eq!(fields(&behind), [(0, Field::Cancel)]);
        assert!(behind[0].renewal.cancel);
        let all = covered(&[six, partner], &contract(), &cancel);
        assert_eq!(fields(&all), [(0, Field::Seats), (1, Field::Payer)]);
        assert_eq!(covered(&[], &contract(), &cancel), []);
    }

    fn wishes() -> impl Strategy<Value = Scheduled> {
        let plan = prop::option::of(prop::sample::select(Plan::ALL.to_vec()));
        let term = prop::option::of(prop::sample::select(vec![Term::Monthly, Term::Yearly]));
        let payer = prop::option::of(prop::sample::select(Payer::ALL.to_vec()));
        let (seats, units) = (prop::option::of(1i64..100), prop::option::of(0i64..9));
        (plan, term, seats, units, payer, prop::bool::weighted(0.1)).prop_map(
            |(plan, term, seats, addon_units, payer, cancel)| Scheduled {
                plan,
                term,
                seats,
                addon_units,
                payer,
                cancel,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// The overlay made of a wish leads to the wish, and taking it away again leads back, whatever else is planned.
        #[test]
        fn undone_before_its_day_nothing_is_left(planned in prop::collection::vec(wishes(), 0..5), wish in wishes()) {
            let before = overlay(&contract(), &planned);
            let wished = wish.put_on(before);
            match Scheduled::between(&before, &wished) {
                Some(overlaid) => {
                    let mut all = planned.clone();
                    all.push(overlaid);
                    prop_assert_eq!(overlay(&contract(), &all), wished);
                    prop_assert!(wished != before);
                    all.pop();
                    prop_assert_eq!(overlay(&contract(), &all), before);
                }
                None => prop_assert_eq!(wished, before),
            }
        }

        /// Any one of several can be undone: the others mean what they would have meant without it.
        #[test]
        fn any_one_can_be_undone(planned in prop::collection::vec(wishes(), 1..6), at in any::<prop::sample::Index>()) {
            let at = at.index(planned.len());
            let mut others = planned.clone();
            let undone = others.remove(at);
            let (with, without) = (overlay(&contract(), &planned), overlay(&contract(), &others));
            let later = |field: fn(&Scheduled) -> bool| planned[at + 1..].iter().any(field);
            if undone.seats.is_none() || later(|wish| wish.seats.is_some()) {
                prop_assert_eq!(with.terms.seats, without.terms.seats);
            } else {
                prop_assert_eq!(Some(with.terms.seats), undone.seats);
            }
            if undone.payer.is_none() || later(|wish| wish.payer.is_some()) {
                prop_assert_eq!(with.payer, without.payer);
            }
            prop_assert!(with.cancel == (without.cancel || undone.cancels()));
        }
    }
}
