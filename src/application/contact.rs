//! Telephone numbers and web addresses (domain.md section 17).

use crate::kernel::{
    error::Issue,
    text::{line, optional_line},
};

/// Greatest number of characters of a web address.
const WEBSITE_MAX: u32 = 255;

/// First digits of every country code that ITU-T E.164 has assigned.
const COUNTRY_CODES: &[&str] = &[
    "1", "20", "211", "212", "213", "216", "218", "22", "23", "24", "25", "26", "27", "290", "291", "297",
    "298", "299", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39", "40", "41", "420", "421",
    "423", "43", "44", "45", "46", "47", "48", "49", "50", "51", "52", "53", "54", "55", "56", "57", "58",
    "59", "60", "61", "62", "63", "64", "65", "66", "67", "68", "690", "691", "692", "7", "81", "82", "84",
    "850", "852", "853", "855", "856", "86", "88", "90", "91", "92", "93", "94", "95", "96", "970", "971",
    "972", "973", "974", "975", "976", "977", "98", "992", "993", "994", "995", "996", "998",
];

/// A telephone number with country code. Blanks, dashes, dots, brackets, a leading `00` and the German `(0)` are
/// understood; the answer is E.164: `+` and 7 to 15 digits.
pub fn phone(text: &str) -> Result<String, Issue> {
    let text = line(text, 1, 40)?.replace("(0)", "");
    let (number, marked) = match (text.strip_prefix('+'), text.strip_prefix("00")) {
        (Some(rest), _) | (None, Some(rest)) => (rest, true),
        (None, None) => (text.as_str(), false),
    };
    let mut digits = String::from("+");
    for c in number.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '\u{a0}' | '\u{202f}' | '-' | '‐' | '‑' | '–' | '.' | '/' | '(' | ')' => {}
            _ => return Err(Issue::BadPhone),
        }
    }
    let assigned = COUNTRY_CODES.iter().any(|code| digits[1..].starts_with(code));
    if marked && assigned && (8..=16).contains(&digits.len()) { Ok(digits) } else { Err(Issue::BadPhone) }
}

/// A web address: https, a real domain as host. A bare host gets `https://` in front; the host is lower case.
pub fn website(text: &str) -> Result<String, Issue> {
    let text = line(text, 1, WEBSITE_MAX)?;
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
        Some(_) => return Err(Issue::BadWebsite),
        None => &text,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, port.parse::<u16>().ok().filter(|p| *p > 0).map(|p| format!(":{p}"))),
        None => (authority, Some(String::new())),
    };
    let port = port.ok_or(Issue::BadWebsite)?;
    let host = host.to_lowercase();
    if !is_domain(&host)
        || path.chars().any(|c| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\\' | '`'))
    {
        return Err(Issue::BadWebsite);
    }
    let address = format!("https://{host}{port}{path}");
    match address.chars().count() as u32 > WEBSITE_MAX {
        true => Err(Issue::TooLong { max: WEBSITE_MAX }),
        false => Ok(address),
    }
}

/// The host of an address that [`website`] has checked.
pub fn website_host(website: &str) -> &str {
    let rest = website.strip_prefix("https://").unwrap_or(website);
    &rest[..rest.find(['/', '?', '#', ':']).unwrap_or(rest.len())]
}

/// Whether the host is written like a domain that the world can reach: at least two labels, no address, none of the
/// names that RFC 6761 and RFC 6762 keep for one machine or one network.
fn is_domain(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    host.len() <= 253
        && labels.len() >= 2
        && labels.iter().all(|label| is_label(label))
        && !last.starts_with(|c: char| c.is_ascii_digit())
        && !matches!(last, "localhost" | "local" | "internal" | "invalid" | "onion")
}

fn is_label(label: &str) -> bool {
    // Vowel signs and the like are no letters by themselves, yet parts of names in Indic and other scripts.
    let is_mark = |c: char| matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}');
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| match c.is_ascii() {
            true => c.is_ascii_alphanumeric() || c == '-',
            false => c.is_alphanumeric() || is_mark(c),
        })
}

/// What follows the country's two letters in a VAT number, by the formats that the European Commission's VIES takes:
/// `9` a digit, `a` a letter, `x` either; the letters of the country itself come first.
#[rustfmt::skip]
const VAT_FORMS: &[(&str, &str, &str)] = &[
    ("AT", "AT", "U99999999"), ("BE", "BE", "9999999999"), ("BG", "BG", "999999999|9999999999"),
    ("CY", "CY", "99999999a"), ("CZ", "CZ", "99999999|999999999|9999999999"), ("DE", "DE", "999999999"),
    ("DK", "DK", "99999999"), ("EE", "EE", "999999999"), ("ES", "ES", "x9999999x"), ("FI", "FI", "99999999"),
    ("FR", "FR", "xx999999999"), ("GR", "EL", "999999999"), ("HR", "HR", "99999999999"), ("HU", "HU", "99999999"),
    ("IE", "IE", "9x99999a|9999999aa"), ("IT", "IT", "99999999999"), ("LT", "LT", "999999999|999999999999"),
    ("LU", "LU", "99999999"), ("LV", "LV", "99999999999"), ("MT", "MT", "99999999"), ("NL", "NL", "xxxxxxxxxxxx"),
    ("PL", "PL", "9999999999"), ("PT", "PT", "999999999"),
    ("RO", "RO", "99|999|9999|99999|999999|9999999|99999999|999999999|9999999999"), ("SE", "SE", "999999999999"),
    ("SI", "SI", "99999999"), ("SK", "SK", "9999999999"),
];

/// An optional VAT or registration number. Where it begins like a VAT number of the chosen country (its two letters,
/// digits behind), it must be one; any other text of up to 40 characters is taken as the register's number.
pub fn vat_id(country: &str, text: &str) -> Result<Option<String>, Issue> {
    let Some(text) = optional_line(text, 40)? else { return Ok(None) };
    let compact: String =
        text.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).map(|c| c.to_ascii_uppercase()).collect();
    let Some((_, prefix, forms)) = VAT_FORMS.iter().find(|form| form.0 == country) else {
        return Ok(Some(text));
    };
    let Some(rest) = compact.strip_prefix(prefix).filter(|rest| rest.contains(|c: char| c.is_ascii_digit()))
    else {
        return Ok(Some(text));
    };
    let fits = |form: &str| {
        form.chars().count() == rest.chars().count()
            && form.chars().zip(rest.chars()).all(|(place, c)| match place {
                '9' => c.is_ascii_digit(),
                'a' => c.is_ascii_uppercase(),
                'x' => c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, '+' | '*'),
                literal => c == literal,
            })
    };
    match forms.split('|').any(fits) {
        true => Ok(Some(compact)),
        false => Err(Issue::BadVatId),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_stored_as_e164() {
        for (typed, stored) in [
            ("+49 30 1234567", "+49301234567"),
            (" 0049 (0) 30 / 123-45-67 ", "+49301234567"),
            ("+1 (415) 555-0132", "+14155550132"),
            ("+371 2000 0000", "+37120000000"),
        ] {
            assert_eq!(phone(typed), Ok(stored.to_owned()), "{typed}");
        }
    }

    #[test]
    fn other_numbers_are_refused() {
        for bad in [
            "030 1234567",
            "+49",
            "+0 123 456 789",
            "+999 123 4567",
            "+49 30 abc",
            "☎ 110",
            "+4930<1>",
            "++49301234567",
        ] {
            assert_eq!(phone(bad), Err(Issue::BadPhone), "{bad}");
        }
        assert_eq!(phone("+491234567890123456"), Err(Issue::BadPhone));
        assert_eq!(phone(" "), Err(Issue::Required));
        assert_eq!(phone(&"1".repeat(41)), Err(Issue::TooLong { max: 40 }));
    }

    #[test]
    fn addresses_are_https() {
        for (typed, stored, host) in [
            ("Nordlicht.Test", "https://nordlicht.test", "nordlicht.test"),
            ("https://www.example.org/de?x=1#top", "https://www.example.org/de?x=1#top", "www.example.org"),
            ("HTTPS://Bücher.example:8443/a", "https://bücher.example:8443/a", "bücher.example"),
            ("हिन्दी.भारत", "https://हिन्दी.भारत", "हिन्दी.भारत"),
        ] {
            let address = website(typed);
            assert_eq!(address, Ok(stored.to_owned()), "{typed}");
            assert_eq!(website_host(stored), host);
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for bad in [
            "http://example.org",
            "ftp://example.org",
            "javascript://example.org",
            "mailto:a@example.org",
            "localhost",
            "https://printer.local",
            "https://127.0.0.1",
            "https://[::1]/",
            "https://user@example.org",
            "https://example.org:0",
            "https://exa mple.org",
            "https://-example.org",
            "https://example..org",
            "https://",
            "example",
            "https://example.org/<script>",
            "🎉.example",
        ] {
            assert_eq!(website(bad), Err(Issue::BadWebsite), "{bad}");
        }
        assert_eq!(website("https://exam\u{202E}ple.org"), Err(Issue::ForbiddenCharacters));
        let long = format!("example.org/{}", "a".repeat(240));
        assert_eq!(website(&long), Err(Issue::TooLong { max: 255 }));
    }

    #[test]
    fn what_looks_like_a_vat_number_must_be_one() {
        let stored = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(vat_id("DE", "de 123 456 789"), stored("DE123456789"));
        assert_eq!(vat_id("DE", "HRB 12345 B"), stored("HRB 12345 B"));
        assert_eq!(vat_id("GR", "EL123456789"), stored("EL123456789"));
        assert_eq!(vat_id("FR", "FRXX999999999"), stored("FRXX999999999"));
        assert_eq!(vat_id("AT", "ATU12345678"), stored("ATU12345678"));
        assert_eq!(vat_id("US", "DE1"), stored("DE1"));
        assert_eq!(vat_id("DE", " "), Ok(None));
        for (country, bad) in
            [("DE", "DE12345678"), ("DE", "DE1234567890"), ("AT", "AT12345678"), ("PL", "PL12345")]
        {
            assert_eq!(vat_id(country, bad), Err(Issue::BadVatId), "{bad}");
        }
        assert_eq!(vat_id("DE", &"1".repeat(41)), Err(Issue::TooLong { max: 40 }));
    }

    proptest! {
        #[test]
        fn accepted_values_are_accepted_again_unchanged(
            number in "\\+?[0-9 ()/.-]{0,20}|\\PC{0,30}",
            address in "(https://)?[a-zA-Z0-9ü.-]{0,20}\\.[a-z]{2,5}(:[0-9]{1,5})?(/[a-z]{0,5})?|\\PC{0,40}",
            vat in "[A-Z]{2}[ 0-9A-Z.-]{0,14}|\\PC{0,45}",
        ) {
            if let Ok(number) = phone(&number) {
                prop_assert_eq!(phone(&number), Ok(number));
            }
            if let Ok(address) = website(&address) {
                prop_assert!(address.contains(website_host(&address)));
                prop_assert_eq!(website(&address), Ok(address));
            }
            if let Ok(Some(vat)) = vat_id("DE", &vat) {
                prop_assert_eq!(vat_id("DE", &vat), Ok(Some(vat)));
            }
        }
    }
}
