//! What changes of many subscriptions are called.

use crate::{i18n, t, ui::Tone};
use kontor::{
    bulk::{BulkLine, Operation, RowState, RunStatus},
    kernel::money::Money,
};

fn name(kind: &str, key: &str) -> &'static str {
    t::bulk::lookup(&format!("{kind}_{key}")).unwrap_or_default()
}

/// What can be chosen to be done.
pub fn operation(operation: Operation) -> &'static str {
    name("operation", operation.key())
}

/// What choosing it means.
pub fn about(operation: Operation) -> &'static str {
    name("about", operation.key())
}

/// What is done to each, with the number of licences if there is one.
pub fn what(operation: Operation, seats: i64) -> String {
    match operation {
        Operation::SeatsTo => t::bulk::what_seats_to(seats),
        Operation::SeatsUp => t::bulk::what_seats_up(seats),
        Operation::SeatsDown => t::bulk::what_seats_down(seats),
        Operation::RenewOn | Operation::RenewOff | Operation::RenewEarly => self::operation(operation).into(),
    }
}

/// Where a run stands.
pub fn status(status: RunStatus) -> (&'static str, Tone) {
    let tone = match status {
        RunStatus::Dry | RunStatus::Live => Tone::Info,
        RunStatus::Ready => Tone::Warning,
        RunStatus::Done => Tone::Success,
    };
    (name("status", status.key()), tone)
}

/// Where a customer of a run stands; before the start it is what would come of it.
pub fn row(state: RowState, started: bool) -> (&'static str, Tone) {
    let tone = match state {
        RowState::Waiting => Tone::Neutral,
        RowState::Done => Tone::Success,
        RowState::Proposed | RowState::Paying => Tone::Info,
        RowState::Refused => Tone::Warning,
        RowState::Failed => Tone::Danger,
    };
    (name(if started { "row" } else { "would" }, state.key()), tone)
}

/// Amounts of several currencies.
pub fn sums(sums: &[Money]) -> String {
    sums.iter().map(|sum| i18n::money(*sum)).collect::<Vec<_>>().join(", ")
}

/// Licences, and what becomes of them.
pub fn seats(line: &BulkLine) -> String {
    match line.seats {
        Some((before, after)) if before != after => {
            t::bulk::seats_change(i18n::number(after), i18n::number(before))
        }
        Some((seats, _)) => i18n::number(seats),
        None => String::new(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use kontor::kernel::locale::Locale;

    #[test]
    fn every_value_has_a_name() {
        assert!(Operation::ALL.iter().all(|v| !operation(*v).is_empty() && !about(*v).is_empty()));
        assert!(RunStatus::ALL.iter().all(|v| !status(*v).0.is_empty()));
        for started in [true, false] {
            assert!(RowState::ALL.iter().all(|v| !row(*v, started).0.is_empty()));
        }
    }

    #[test]
    fn licences_before_come_first() {
        let line = |seats| BulkLine {
            position: 1,
            org: "org_00000000000000000000000001".parse().unwrap(),
            name: String::new(),
            state: RowState::Done,
            seats,
            amount: None,
            effective_on: None,
            problem: None,
        };
        for locale in Locale::ALL {
            let of = |pair| i18n::with_locale(*locale, || seats(&line(pair)));
            assert_eq!(of(Some((10, 12))), "10 → 12");
            assert_eq!(of(Some((10, 10))), "10");
            assert_eq!(of(None), "");
        }
    }
}
