//! What the list calls things, in the reader's language.

use crate::{i18n, t, ui::Tone};
use kontor::mapping::{CardTerm, CustomerCard, CustomerStatus, Sort};

/// The badge of a status.
pub fn status(status: CustomerStatus) -> (&'static str, Tone) {
    match status {
        CustomerStatus::Trial => (t::customers::status_trial(), Tone::Info),
        CustomerStatus::Active => (t::customers::status_active(), Tone::Success),
        CustomerStatus::Free => (t::customers::status_free(), Tone::Neutral),
        CustomerStatus::Expired => (t::customers::status_expired(), Tone::Danger),
        CustomerStatus::Unpaid => (t::customers::status_unpaid(), Tone::Warning),
        CustomerStatus::Suspended => (t::customers::status_suspended(), Tone::Warning),
    }
}

/// A term.
pub fn term(term: CardTerm) -> &'static str {
    match term {
        CardTerm::Monthly => t::customers::term_monthly(),
        CardTerm::Yearly => t::customers::term_yearly(),
        CardTerm::Trial => t::customers::term_trial(),
        CardTerm::None => t::customers::none(),
    }
}

/// An order.
pub fn sort(sort: Sort) -> &'static str {
    match sort {
        Sort::Name => t::customers::sort_name(),
        Sort::Renewal => t::customers::sort_renewal(),
        Sort::Newest => t::customers::sort_newest(),
    }
}

/// Licences in use of those in all.
pub fn licences(card: &CustomerCard) -> String {
    used_of(card.seats_used, card.seats_total)
}

fn used_of(used: i64, total: i64) -> String {
    t::customers::used_of(i18n::number(total), i18n::number(used))
}

/// How much of a trial is left; nothing for other customers and after its end.
pub fn days_left(card: &CustomerCard) -> Option<String> {
    let days = card.days_left.filter(|_| card.status == CustomerStatus::Trial)?;
    match days {
        0 => Some(t::customers::last_day().to_owned()),
        1.. => Some(t::customers::days_left(i64::from(days))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kontor::kernel::locale::Locale;

    #[test]
    fn licences_in_use_come_before_all() {
        for locale in Locale::ALL {
            assert_eq!(i18n::with_locale(*locale, || used_of(7, 10)), "7 / 10");
        }
    }
}
