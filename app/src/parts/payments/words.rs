//! What payments are called.

use crate::{t, ui::Tone};
use kontor::payment::{PaidBy, PaymentRow, PaymentStatus, Provider, Script};

fn name(kind: &str, key: &str) -> &'static str {
    t::payment::lookup(&format!("{kind}_{key}")).unwrap_or_default()
}

/// Where a payment stands.
pub fn status(status: PaymentStatus) -> (&'static str, Tone) {
    let tone = match status {
        PaymentStatus::Created | PaymentStatus::Processing => Tone::Info,
        PaymentStatus::RequiresAction => Tone::Warning,
        PaymentStatus::Succeeded | PaymentStatus::Won => Tone::Success,
        PaymentStatus::Failed | PaymentStatus::Disputed | PaymentStatus::Lost => Tone::Danger,
    };
    (name("status", status.key()), tone)
}

/// With what kind of means.
pub fn paid_by(by: PaidBy) -> &'static str {
    name("by", by.key())
}

/// A card of the demo's provider.
pub fn script(script: Script) -> &'static str {
    name("script", script.key())
}

/// With what it is paid.
pub fn method(row: &PaymentRow) -> String {
    paid_with(row.card.as_ref(), row.provider)
}

/// The same of a card's brand and last four digits, if it was one, and the provider.
pub fn paid_with(card: Option<&(String, String)>, provider: Provider) -> String {
    match (card, provider) {
        (Some((brand, last4)), _) => t::subscription::card(brand, last4),
        (None, Provider::Manual) => t::subscription::transfer().into(),
        (None, _) => String::new(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_name() {
        assert!(PaymentStatus::ALL.iter().all(|v| !status(*v).0.is_empty()));
        assert!(PaidBy::ALL.iter().all(|v| !paid_by(*v).is_empty()));
        assert!(Script::ALL.iter().all(|v| !script(*v).is_empty()));
    }
}
