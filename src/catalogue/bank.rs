//! Bank accounts as people type them.

use crate::{Issue, kernel::text::line};

/// An IBAN (ISO 13616), checked by its digits and its country's pattern; answered without blanks, in capitals.
pub fn iban(typed: &str) -> Result<String, Issue> {
    let compact = compact(typed)?;
    let iban: iban::Iban = compact.parse().map_err(|_| Issue::BadIban)?;
    use iban::IbanLike;
    Ok(iban.electronic_str().to_owned())
}

/// A BIC (ISO 9362): a bank's four letters, a country, two letters or digits for the place and, if given, three for the
/// branch. Answered in capitals.
pub fn bic(typed: &str) -> Result<String, Issue> {
    let compact = compact(typed)?;
    let (letters, place) = compact.split_at_checked(6).ok_or(Issue::BadBic)?;
    let right = letters.bytes().all(|b| b.is_ascii_uppercase())
        && crate::application::country::is_country(&letters[4..])
        && matches!(place.len(), 2 | 5)
        && place.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if right { Ok(compact) } else { Err(Issue::BadBic) }
}

fn compact(typed: &str) -> Result<String, Issue> {
    let text = line(typed, 1, 60)?;
    Ok(text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ibans_are_stored_without_blanks() {
        let stored = Ok("DE89370400440532013000".to_owned());
        for typed in ["DE89 3704 0044 0532 0130 00", "de89370400440532013000", " DE89370400440532013000 "] {
            assert_eq!(iban(typed), stored, "{typed}");
        }
        let wrong =
            ["DE88370400440532013000", "DE8937040044053201300", "XX89370400440532013000", "DE", "ÄÖ89 1"];
        for wrong in wrong {
            assert_eq!(iban(wrong), Err(Issue::BadIban), "{wrong}");
        }
        assert_eq!(iban(" "), Err(Issue::Required));
    }

    #[test]
    fn bics_have_eight_or_eleven_characters_and_a_country() {
        assert_eq!(bic("cobadeff"), Ok("COBADEFF".into()));
        assert_eq!(bic("COBA DE FF XXX"), Ok("COBADEFFXXX".into()));
        for wrong in ["COBADEF", "COBADEFFX", "COBAXXFF", "C0BADEFF", "COBADEFÄ", "COBADEFFXXXX"] {
            assert_eq!(bic(wrong), Err(Issue::BadBic), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_breaks_the_checks(text in "\\PC{0,40}|[A-Z]{2}[0-9]{2}[A-Z0-9]{0,30}") {
            if let Ok(iban_read) = iban(&text) {
                prop_assert_eq!(iban(&iban_read), Ok(iban_read));
            }
            if let Ok(bic_read) = bic(&text) {
                prop_assert_eq!(bic(&bic_read), Ok(bic_read));
            }
        }
    }
}
