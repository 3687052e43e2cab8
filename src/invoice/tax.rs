//! Which tax is on an invoice (R9.4), by the debtor's country. Pure.
//!
//! Simplifications: sales to consumers in other EU countries stay below the threshold of the one-stop shop (Article 59c
//! of Directive 2006/112/EC), so they carry the entity's own rate; territories outside the VAT area of their country
//! (such as the Canary Islands) are taken for part of it; and a tax number counts as valid by its form.

use crate::application::contact;
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Why the rate is what it is.
    pub enum TaxRule {
        /// Debtor and entity are in one country: its rate.
        Domestic = "domestic",
        /// A company in another EU country: the recipient owes the tax (Article 196 of Directive 2006/112/EC).
        ReverseCharge = "reverse_charge",
        /// A debtor in another EU country without VAT number: the entity's rate.
        EuConsumer = "eu_consumer",
        /// From or to outside the EU: not taxed by the entity.
        Export = "export",
    }
}

/// A rule and its rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// Why.
    pub rule: TaxRule,
    /// Rate in basis points.
    pub bp: i64,
}

/// Member states of the EU, sorted.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether the country (ISO 3166-1 alpha-2) is a member state of the EU.
pub fn in_eu(country: &str) -> bool {
    EU.binary_search(&country).is_ok()
}

/// Whether the text is a VAT number of the EU country, by the form VIES asks for; blanks, dots and dashes do not count.
pub fn is_eu_vat_id(country: &str, text: &str) -> bool {
    // Greece's own letters differ from its country code.
    let prefix = if country == "GR" { "EL" } else { country };
    let begins = |stored: &str| {
        // A register's number is let through as it was typed: only a VAT number has digits behind these letters.
        let compact: String = stored.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
        let rest = compact.to_ascii_uppercase().strip_prefix(prefix).map(str::to_owned);
        rest.is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()))
    };
    in_eu(country) && matches!(contact::vat_id(country, text), Ok(Some(stored)) if begins(&stored))
}

/// The tax on what an entity in one country sells to a debtor. Countries are ISO 3166-1 alpha-2; the rate is the entity's
/// own, in basis points; the VAT number may be empty.
pub fn tax_for(issuer_country: &str, issuer_rate_bp: i64, debtor_country: &str, debtor_vat_id: &str) -> Tax {
    let rule = if issuer_country == debtor_country {
        TaxRule::Domestic
    } else if !in_eu(issuer_country) || !in_eu(debtor_country) {
        TaxRule::Export
    } else if is_eu_vat_id(debtor_country, debtor_vat_id) {
        TaxRule::ReverseCharge
    } else {
        TaxRule::EuConsumer
    };
    let bp = match rule {
        TaxRule::Domestic | TaxRule::EuConsumer => issuer_rate_bp,
        TaxRule::ReverseCharge | TaxRule::Export => 0,
    };
    Tax { rule, bp }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::country::COUNTRIES;
    use TaxRule::*;
    use proptest::prelude::*;

    #[test]
    fn the_debtors_country_and_number_decide() {
        for (issuer, debtor, vat_id, rule, bp) in [
            ("DE", "DE", "DE123456789", Domestic, 1900),
            ("DE", "DE", "", Domestic, 1900),
            ("DE", "AT", "ATU12345678", ReverseCharge, 0),
            ("DE", "AT", "atu 123 456 78", ReverseCharge, 0),
            ("DE", "GR", "EL123456789", ReverseCharge, 0),
            ("DE", "NL", "NL123456789B01", ReverseCharge, 0),
            ("DE", "AT", "", EuConsumer, 1900),
            // A number of the register, of another country, or with a digit too few is no VAT number.
            ("DE", "AT", "FN 123456 a", EuConsumer, 1900),
            ("DE", "AT", "DE123456789", EuConsumer, 1900),
            ("DE", "AT", "ATU1234567", EuConsumer, 1900),
            ("DE", "GR", "GR123456789", EuConsumer, 1900),
            ("DE", "CH", "CHE-123.456.789", Export, 0),
            ("DE", "GB", "GB123456789", Export, 0),
            ("US", "US", "", Domestic, 1900),
            ("US", "DE", "DE123456789", Export, 0),
            ("IN", "AT", "", Export, 0),
        ] {
            let found = tax_for(issuer, 1900, debtor, vat_id);
            assert_eq!(found, Tax { rule, bp }, "{issuer} → {debtor} {vat_id:?}");
        }
    }

    #[test]
    fn the_list_of_member_states_is_sorted_and_known() {
        assert!(EU.is_sorted());
        assert!(EU.iter().all(|country| COUNTRIES.contains(country)));
    }

    proptest! {
        #[test]
        fn the_rate_is_the_entitys_or_nothing(i in 0usize..249, d in 0usize..249, rate in 0i64..3000, vat in "[A-Za-z0-9 .-]{0,16}") {
            let (issuer, debtor) = (COUNTRIES[i], COUNTRIES[d]);
            let tax = tax_for(issuer, rate, debtor, &vat);
            prop_assert_eq!(tax.bp, if matches!(tax.rule, Domestic | EuConsumer) { rate } else { 0 });
            prop_assert_eq!(tax.rule == Domestic, issuer == debtor);
            // Nobody escapes the tax at home, and only a number behind the country's own letters does within the EU.
            if tax.rule == ReverseCharge {
                let letters = if debtor == "GR" { "EL" } else { debtor };
                let compact: String = vat.chars().filter(char::is_ascii_alphanumeric).collect();
                prop_assert!(in_eu(issuer) && in_eu(debtor) && compact.to_uppercase().starts_with(letters));
            }
        }

        #[test]
        fn every_number_of_the_right_form_is_taken(digits in "[0-9]{9}") {
            let german = format!("DE{digits}");
            let greek = format!("EL{digits}");
            prop_assert_eq!(tax_for("AT", 2000, "DE", &german).rule, ReverseCharge);
            prop_assert_eq!(tax_for("AT", 2000, "GR", &greek).rule, ReverseCharge);
            prop_assert_eq!(tax_for("AT", 2000, "DE", &digits).rule, EuConsumer);
        }
    }
}
