//! What subscriptions and their changes are called.

use crate::{i18n, t, ui::Tone};
use kontor::subscription::{
    ChangeKind, ChangeStatus, Term, When,
    change::{Conflict, Field, LineKind, Loss, LossOf, Payer, QuoteLine, Terms},
};

fn name(kind: &str, key: &str) -> &'static str {
    t::subscription::lookup(&format!("{kind}_{key}")).unwrap_or_default()
}

/// Who pays.
pub fn payer(payer: Payer) -> &'static str {
    name("payer", payer.key())
}

/// *Propose that the partner pays*.
pub fn propose_payer(payer: Payer) -> &'static str {
    name("propose_payer", payer.key())
}

/// Who pays, within a sentence.
pub fn who_pays(payer: Payer) -> &'static str {
    name("the", payer.key())
}

/// What kind of change it is.
pub fn kind(kind: ChangeKind) -> &'static str {
    name("kind", kind.key())
}

/// Where a change stands.
pub fn status(status: ChangeStatus) -> (&'static str, Tone) {
    let tone = match status {
        ChangeStatus::Proposed | ChangeStatus::Charging => Tone::Warning,
        ChangeStatus::Scheduled => Tone::Info,
        ChangeStatus::Applied => Tone::Success,
        ChangeStatus::Declined | ChangeStatus::Failed => Tone::Danger,
        ChangeStatus::Undone | ChangeStatus::Expired => Tone::Neutral,
    };
    (name("status", status.key()), tone)
}

/// A field on which two changes meet.
pub fn field(field: Field) -> &'static str {
    name("field", field.key())
}

/// What a wish meets of what is planned, and what comes of it.
pub fn conflicts(conflicts: &[Conflict], when: When, cancels: bool) -> Option<String> {
    let renewal = conflicts.first()?.renewal;
    let mut fields: Vec<_> = conflicts.iter().map(|conflict| field(conflict.field)).collect();
    fields.dedup();
    let fields = fields.join(", ");
    Some(match (when, cancels, renewal.cancel) {
        (When::Renewal, true, _) => t::subscription::cancelling_covers(fields),
        (_, _, true) => t::subscription::conflicts_ending(fields),
        (When::Renewal, _, false) => t::subscription::conflicts_later(fields, terms(&renewal.terms)),
        (When::Now | When::Early, _, false) => t::subscription::conflicts(fields, terms(&renewal.terms)),
    })
}

/// `a month`, `a year`.
pub fn per_term(term: Term) -> &'static str {
    match term {
        Term::Monthly => t::subscription::per_month(),
        Term::Yearly => t::subscription::per_year(),
        Term::None => "",
    }
}

/// `Workplace Standard, 10 licences, yearly`.
pub fn terms(terms: &Terms) -> String {
    let term = crate::admin::words::term(terms.term);
    let base = t::subscription::terms(terms.plan.name(), i18n::number(terms.seats), term);
    match terms.addon_units {
        0 => base,
        units => t::subscription::terms_with_storage(base, i18n::number(units)),
    }
}

/// What a smaller plan holds less of.
pub fn loss(loss: &Loss) -> String {
    let to = i18n::number(loss.to);
    let from = loss.from.map_or_else(|| t::catalogue::no_limit().to_owned(), i18n::number);
    match loss.what {
        LossOf::Storage => t::subscription::loss_storage(from, to),
        LossOf::Users => t::subscription::loss_users(from, to),
        LossOf::Domains => t::subscription::loss_domains(from, to),
    }
}

/// What a line of a price is for, with the arithmetic that leads to it.
pub fn line(line: &QuoteLine) -> (String, String) {
    let item = line.item.map(crate::parts::catalogue::item).unwrap_or_default();
    let what = match line.what {
        LineKind::Term => item.to_owned(),
        LineKind::Seats if line.quantity < 0 => t::subscription::line_fewer(item),
        LineKind::Seats | LineKind::Addon => t::subscription::line_more(item),
        LineKind::Plan => {
            let was = line.replaces.map(crate::parts::catalogue::item).unwrap_or_default();
            t::subscription::line_plan(item, was)
        }
        LineKind::Unused => t::subscription::line_unused(item),
        LineKind::Carry => t::subscription::line_carry().into(),
        LineKind::Days => t::subscription::line_days(line.quantity),
        LineKind::Rounding => t::subscription::line_rounding().into(),
    };
    let days = (line.numerator != line.denominator).then(|| {
        t::subscription::of_days(i18n::number(line.denominator.into()), i18n::number(line.numerator.into()))
    });
    (what, days.unwrap_or_default())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_name() {
        for v in Payer::ALL {
            assert!([payer(*v), propose_payer(*v), who_pays(*v)].iter().all(|name| !name.is_empty()));
        }
        assert!(ChangeKind::ALL.iter().all(|v| !kind(*v).is_empty()));
        assert!(ChangeStatus::ALL.iter().all(|v| !status(*v).0.is_empty()));
        assert!(Field::ALL.iter().all(|v| !field(*v).is_empty()));
    }
}
