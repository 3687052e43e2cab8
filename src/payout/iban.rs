//! IBAN (ISO 13616) and BIC (ISO 9362). The crates there are either carry a whole registry of bank codes or are not kept
//! up; the check itself is a remainder and a table of lengths.

use crate::Issue;

/// Countries of the IBAN registry with the length of their IBANs.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 \
    DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 \
    KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 \
    PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

/// Reads an IBAN as people type it and answers it without blanks, in capitals. `Required` if nothing was typed, else
/// `BadIban` if country, length, characters or check digits are wrong.
pub fn iban(typed: &str) -> Result<String, Issue> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    if text.is_empty() {
        return Err(Issue::Required);
    }
    let country = text.get(..2).ok_or(Issue::BadIban)?;
    let length = LENGTHS.split_ascii_whitespace().find_map(|entry| entry.strip_prefix(country));
    let right = length.and_then(|length| length.parse().ok()) == Some(text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && text[2..4].bytes().all(|b| b.is_ascii_digit())
        // 00, 01 and 99 can never be computed as check digits, though their remainder may come out right.
        && !matches!(&text[2..4], "00" | "01" | "99")
        && remainder(&text) == 1;
    if right { Ok(text) } else { Err(Issue::BadIban) }
}

/// The number of ISO 7064 MOD 97-10: the first four characters moved to the end, letters as 10 to 35.
fn remainder(text: &str) -> u32 {
    text[4..].chars().chain(text[..4].chars()).fold(0, |sum, c| match c.to_digit(36) {
        Some(digit @ 0..=9) => (sum * 10 + digit) % 97,
        Some(letter) => (sum * 100 + letter) % 97,
        None => sum,
    })
}

/// Reads a BIC of eight or eleven characters; nothing typed is nothing. `BadBic` if it is none.
pub fn bic(typed: &str) -> Result<String, Issue> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let right = matches!(text.len(), 0 | 8 | 11)
        && text.bytes().enumerate().all(|(at, b)| match at {
            0..=5 => b.is_ascii_uppercase(),
            _ => b.is_ascii_uppercase() || b.is_ascii_digit(),
        });
    if right { Ok(text) } else { Err(Issue::BadBic) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_examples_are_taken_as_typed() {
        for good in [
            "DE89 3704 0044 0532 0130 00",
            "gb29nwbk60161331926819",
            "AT611904300234573201",
            "CH93 0076 2011 6238 5295 7",
            "NL91ABNA0417164300",
            "FR14 2004 1010 0505 0001 3M02 606",
            "NO93 8601 1117 947",
            "MT84MALT011000012345MTLCAST001S",
        ] {
            assert!(iban(good).is_ok(), "{good}");
        }
        assert_eq!(iban(" de89370400440532013000 ").unwrap(), "DE89370400440532013000");
    }

    #[test]
    fn what_is_no_iban_is_refused() {
        assert_eq!(iban("  "), Err(Issue::Required));
        for bad in [
            "DE88370400440532013000",
            "DE8937040044053201300",
            "DE893704004405320130000",
            "ZZ89370400440532013000",
            "D",
            "DEÄ9370400440532013000",
            "DE89-3704-0044-0532-0130-00",
            "١٢٣٤",
        ] {
            assert_eq!(iban(bad), Err(Issue::BadIban), "{bad}");
        }
    }

    #[test]
    fn a_bic_has_eight_or_eleven_characters_or_none() {
        assert_eq!(bic("deut de ff"), Ok("DEUTDEFF".into()));
        assert_eq!(bic("DEUTDEFF500"), Ok("DEUTDEFF500".into()));
        assert_eq!(bic(" "), Ok(String::new()));
        for bad in ["DEUTDEF", "DEUTDEFF5", "1EUTDEFF", "DEUT1EFF", "DEUTDEFÄ"] {
            assert_eq!(bic(bad), Err(Issue::BadBic), "{bad}");
        }
    }

    proptest! {
        /// The check digits see every single wrong digit and every swap of neighbours.
        #[test]
        fn a_slip_of_the_pen_is_found(account in "[0-9]{18}", at in 4usize..21, digit in 0u8..10) {
            let bare = format!("DE00{account}");
            let good = format!("DE{:02}{account}", 98 - remainder(&bare));
            prop_assume!(!matches!(&good[2..4], "00" | "01" | "99"));
            prop_assert_eq!(iban(&good), Ok(good.clone()));
            let mut wrong = good.clone().into_bytes();
            wrong[at] = b'0' + digit;
            if wrong != good.as_bytes() {
                prop_assert!(iban(std::str::from_utf8(&wrong).unwrap()).is_err());
            }
            let mut swapped = good.clone().into_bytes();
            swapped.swap(at, at - 1);
            if at > 4 && swapped != good.as_bytes() {
                prop_assert!(iban(std::str::from_utf8(&swapped).unwrap()).is_err());
            }
        }

        #[test]
        fn nothing_typed_breaks_it(text in "\\PC{0,40}") {
            if let Ok(iban) = iban(&text) {
                prop_assert!(iban.is_ascii());
            }
            let _ = bic(&text);
        }
    }
}
