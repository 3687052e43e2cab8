//! Postal codes by country, after the address data of the Universal Postal Union's members (domain.md section 17).

use crate::kernel::error::Issue;

/// Greatest number of characters of a postal code.
const MAX: u32 = 20;

/// Country, patterns, example. In a pattern `9` is a digit, `a` a letter, `x` either, blank and `-` may be left out,
/// and everything else stands for itself. A country that is not listed has no postal codes, or none with one form.
#[rustfmt::skip]
const RULES: &[(&str, &str, &str)] = &[
    ("AD", "AD999|999", "AD500"), ("AF", "9999", "1001"), ("AI", "AI-9999", "AI-2640"), ("AL", "9999", "1001"),
    ("AM", "9999", "0010"), ("AR", "9999|a9999aaa", "C1070AAM"), ("AS", "99999|99999-9999", "96799"),
    ("AT", "9999", "1010"), ("AU", "9999", "2060"), ("AX", "99999", "22150"), ("AZ", "AZ 9999|9999", "AZ 1000"),
    ("BA", "99999", "71000"), ("BB", "BB99999", "BB23026"), ("BD", "9999", "1340"), ("BE", "9999", "4000"),
    ("BG", "9999", "1000"), ("BH", "999|9999", "317"), ("BL", "99999", "97133"), ("BM", "aa 99|aa aa", "FL 07"),
    ("BN", "aa9999", "BT2328"), ("BR", "99999-999", "40301-110"), ("BT", "99999", "11001"),
    ("BY", "999999", "223016"), ("CA", "a9a 9a9", "H3Z 2Y7"), ("CC", "9999", "6799"), ("CH", "9999", "2544"),
    ("CL", "9999999", "8340457"), ("CN", "999999", "266033"), ("CO", "999999", "111221"),
    ("CR", "99999", "10101"), ("CU", "99999", "10700"), ("CV", "9999", "7600"), ("CX", "9999", "6798"),
    ("CY", "9999", "2008"), ("CZ", "999 99", "100 00"), ("DE", "99999", "10115"), ("DK", "9999", "8660"),
    ("DO", "99999", "10101"), ("DZ", "99999", "40304"), ("EC", "999999", "090105"), ("EE", "99999", "69501"),
    ("EG", "99999|9999999", "12411"), ("EH", "99999", "70000"), ("ES", "99999", "28039"), ("ET", "9999", "1000"),
    ("FI", "99999", "00550"), ("FK", "FIQQ 1ZZ", "FIQQ 1ZZ"), ("FM", "99999|99999-9999", "96941"),
    ("FO", "999", "100"), ("FR", "99999", "33380"),
    ("GB", "a9 9aa|a99 9aa|aa9 9aa|aa99 9aa|a9a 9aa|aa9a 9aa", "EC1Y 8SY"), ("GE", "9999", "0101"),
    ("GF", "99999", "97300"), ("GG", "GY9 9aa|GY99 9aa", "GY1 1AA"), ("GI", "GX11 1AA", "GX11 1AA"),
    ("GL", "9999", "3900"), ("GN", "999", "001"), ("GP", "99999", "97100"), ("GR", "999 99", "151 24"),
    ("GS", "SIQQ 1ZZ", "SIQQ 1ZZ"), ("GT", "99999", "09001"), ("GU", "99999|99999-9999", "96910"),
    ("GW", "9999", "1000"), ("HM", "9999", "7050"), ("HN", "99999", "31301"), ("HR", "99999", "10000"),
    ("HT", "HT9999|9999", "HT6120"), ("HU", "9999", "1037"), ("ID", "99999", "40115"),
    ("IE", "a99 xxxx|D6W xxxx", "A65 F4E2"), ("IL", "9999999|99999", "9614303"),
    ("IM", "IM9 9aa|IM99 9aa", "IM2 1AA"), ("IN", "999999", "110034"), ("IO", "BBND 1ZZ", "BBND 1ZZ"),
    ("IQ", "99999", "31001"), ("IR", "99999-99999", "11936-12345"), ("IS", "999", "320"),
    ("IT", "99999", "00144"), ("JE", "JE9 9aa|JE99 9aa", "JE1 1AA"), ("JO", "99999", "11937"),
    ("JP", "999-9999", "154-0023"), ("KE", "99999", "20100"), ("KG", "999999", "720001"),
    ("KH", "99999|999999", "120101"), ("KR", "99999", "03051"), ("KW", "99999", "54541"),
    ("KY", "KY9-9999", "KY1-1100"), ("KZ", "999999|a99a9a9", "040900"), ("LA", "99999", "01160"),
    ("LB", "9999 9999|9999", "2038 3054"), ("LI", "9999", "9496"), ("LK", "99999", "20000"),
    ("LR", "9999", "1000"), ("LS", "999", "100"), ("LT", "LT-99999|99999", "LT-04340"),
    ("LU", "9999|L-9999", "4750"), ("LV", "LV-9999|9999", "LV-1073"), ("MA", "99999", "53000"),
    ("MC", "980 99", "980 00"), ("MD", "MD-9999|9999", "MD-2012"), ("ME", "99999", "81257"),
    ("MF", "99999", "97150"), ("MG", "999", "501"), ("MH", "99999|99999-9999", "96960"), ("MK", "9999", "1314"),
    ("MM", "99999", "11181"), ("MN", "99999|999999", "65030"), ("MP", "99999|99999-9999", "96950"),
    ("MQ", "99999", "97220"), ("MT", "aaa 9999|aaa 99", "NXR 1700"), ("MU", "99999", "42602"),
    ("MV", "99999", "20026"), ("MX", "99999", "02860"), ("MY", "99999", "43000"), ("MZ", "9999", "1102"),
    ("NC", "99999", "98814"), ("NE", "9999", "8001"), ("NF", "9999", "2899"), ("NG", "999999", "930283"),
    ("NI", "99999", "52000"), ("NL", "9999 aa", "1234 AB"), ("NO", "9999", "0025"), ("NP", "99999", "44601"),
    ("NZ", "9999", "6001"), ("OM", "999", "133"), ("PE", "99999", "15001"), ("PF", "99999", "98709"),
    ("PG", "999", "111"), ("PH", "9999", "1008"), ("PK", "99999", "44000"), ("PL", "99-999", "00-950"),
    ("PM", "99999", "97500"), ("PN", "PCRN 1ZZ", "PCRN 1ZZ"), ("PR", "99999|99999-9999", "00930"),
    ("PT", "9999-999", "2725-079"), ("PW", "99999|99999-9999", "96940"), ("PY", "9999|999999", "1536"),
    ("RE", "99999", "97400"), ("RO", "999999", "060274"), ("RS", "99999|999999", "11000"),
    ("RU", "999999", "101000"), ("SA", "99999|99999-9999", "11564"), ("SD", "99999", "11042"),
    ("SE", "999 99", "114 55"), ("SG", "999999", "546080"), ("SH", "STHL 1ZZ|ASCN 1ZZ|TDCU 1ZZ", "STHL 1ZZ"),
    ("SI", "9999|SI-9999", "4000"), ("SJ", "9999", "9170"), ("SK", "999 99", "010 01"), ("SM", "4789 9", "4789 0"),
    ("SN", "99999", "12500"), ("SO", "aa 99999", "JH 09010"), ("SV", "9999", "1101"), ("SZ", "a999", "H100"),
    ("TC", "TKCA 1ZZ", "TKCA 1ZZ"), ("TH", "99999", "10150"), ("TJ", "999999", "735450"),
    ("TM", "999999", "744000"), ("TN", "9999", "1002"), ("TR", "99999", "01960"),
    ("TW", "999|99999|999999", "104"), ("TZ", "99999", "11101"), ("UA", "99999", "01001"),
    ("US", "99999|99999-9999", "95014"), ("UY", "99999", "11600"), ("UZ", "999999", "702100"),
    ("VA", "00120", "00120"), ("VC", "VC9999", "VC0100"), ("VE", "9999", "1010"), ("VG", "VG9999", "VG1110"),
    ("VI", "99999|99999-9999", "00802"), ("VN", "99999|999999", "70000"), ("WF", "99999", "98600"),
    ("YT", "99999", "97600"), ("ZA", "9999", "0083"), ("ZM", "99999", "50100"),
];

fn rule(country: &str) -> Option<(&'static str, &'static str)> {
    let at = RULES.binary_search_by_key(&country, |rule| rule.0).ok()?;
    Some((RULES[at].1, RULES[at].2))
}

/// A postal code of this country that would do; none if the country has no codes.
pub fn example(country: &str) -> Option<&'static str> {
    rule(country).map(|(_, example)| example)
}

/// Checks a postal code and answers it the way the country writes it. Where a country has no codes, none is needed
/// and whatever is given is kept.
pub fn postal_code(country: &str, text: &str) -> Result<String, Issue> {
    let Some((patterns, example)) = rule(country) else {
        return Ok(crate::kernel::text::optional_line(text, MAX)?.unwrap_or_default());
    };
    let text = crate::kernel::text::line(text, 1, MAX)?;
    let typed: Vec<char> =
        text.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
    patterns
        .split('|')
        .find_map(|pattern| fill(pattern, &typed))
        .ok_or_else(|| Issue::BadPostalCode { example: example.to_owned() })
}

/// The typed characters with the pattern's separators, if they fit it.
fn fill(pattern: &str, typed: &[char]) -> Option<String> {
    let mut rest = typed.iter();
    let mut out = String::with_capacity(pattern.len());
    for place in pattern.chars() {
        if matches!(place, ' ' | '-') {
            out.push(place);
            continue;
        }
        let c = *rest.next()?;
        let fits = match place {
            '9' => c.is_ascii_digit(),
            'a' => c.is_ascii_uppercase(),
            'x' => c.is_ascii_digit() || c.is_ascii_uppercase(),
            literal => c == literal,
        };
        if !fits {
            return None;
        }
        out.push(c);
    }
    rest.next().is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::country::{COUNTRIES, is_country};
    use proptest::prelude::*;

    #[test]
    fn every_example_passes_its_own_rule_unchanged() {
        assert!(RULES.is_sorted_by_key(|rule| rule.0));
        for (country, _, example) in RULES {
            assert!(is_country(country), "{country}");
            assert_eq!(postal_code(country, example), Ok((*example).to_owned()), "{country}");
        }
    }

    #[test]
    fn codes_are_written_the_countrys_way() {
        for (country, typed, stored) in [
            ("GB", " sw1a1aa ", "SW1A 1AA"),
            ("NL", "1234ab", "1234 AB"),
            ("PL", "00950", "00-950"),
            ("US", "95014 1234", "95014-1234"),
            ("SE", "11455", "114 55"),
            ("CA", "h3z-2y7", "H3Z 2Y7"),
            ("IE", "d6wxy45", "D6W XY45"),
            ("HK", "", ""),
            ("HK", " 999077 ", "999077"),
        ] {
            assert_eq!(postal_code(country, typed), Ok(stored.to_owned()), "{country} {typed}");
        }
    }

    #[test]
    fn other_codes_are_refused_with_an_example() {
        for bad in ["1011", "101155", "ABCDE", "1011O", "१०११५", "<b>10</b>"] {
            let issue = Issue::BadPostalCode { example: "10115".into() };
            assert_eq!(postal_code("DE", bad), Err(issue), "{bad}");
        }
        assert_eq!(postal_code("DE", "  "), Err(Issue::Required));
        assert_eq!(postal_code("DE", "10115\u{202E}"), Err(Issue::ForbiddenCharacters));
        assert_eq!(postal_code("HK", &"9".repeat(21)), Err(Issue::TooLong { max: 20 }));
    }

    proptest! {
        #[test]
        fn an_accepted_code_is_accepted_again_unchanged(
            country in proptest::sample::select(COUNTRIES),
            text in "[0-9A-Za-z -]{0,12}|\\PC{0,30}",
        ) {
            if let Ok(code) = postal_code(country, &text) {
                prop_assert_eq!(postal_code(country, &code), Ok(code));
            }
        }
    }
}
