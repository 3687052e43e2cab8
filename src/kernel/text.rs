//! Checks and foldings of what people type, shared by server and browser.

use super::error::Issue;

/// Control characters, and marks that turn the direction of the text around them.
fn is_forbidden(c: char, multiline: bool) -> bool {
    match c {
        '\n' | '\t' => !multiline,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => true,
        c => c.is_control(),
    }
}

/// A required single line: trimmed, `min` to `max` characters.
pub fn line(text: &str, min: u32, max: u32) -> Result<String, Issue> {
    checked(text, min, max, false)
}

/// A required text of several lines; line ends become `\n`.
pub fn paragraph(text: &str, min: u32, max: u32) -> Result<String, Issue> {
    checked(&text.replace("\r\n", "\n").replace('\r', "\n"), min, max, true)
}

/// An optional single line.
pub fn optional_line(text: &str, max: u32) -> Result<Option<String>, Issue> {
    if text.trim().is_empty() { Ok(None) } else { line(text, 1, max).map(Some) }
}

/// A required whole number within a range.
pub fn whole(text: &str, min: i64, max: i64) -> Result<i64, Issue> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Issue::Required);
    }
    let number = text.parse::<i64>().map_err(|_| Issue::NotANumber)?;
    if (min..=max).contains(&number) { Ok(number) } else { Err(Issue::OutOfRange { min, max }) }
}

fn checked(text: &str, min: u32, max: u32, multiline: bool) -> Result<String, Issue> {
    let text = text.trim();
    let length = text.chars().count() as u32;
    if text.is_empty() && min > 0 {
        return Err(Issue::Required);
    }
    if text.chars().any(|c| is_forbidden(c, multiline)) {
        return Err(Issue::ForbiddenCharacters);
    }
    if length < min {
        return Err(Issue::TooShort { min });
    }
    if length > max {
        return Err(Issue::TooLong { max });
    }
    Ok(text.to_owned())
}

/// A required e-mail address: RFC 5321 lengths, one `@`, a dotted domain. Answers it trimmed, domain in lower case.
pub fn email(text: &str) -> Result<String, Issue> {
    let text = line(text, 1, 254)?;
    let (local, domain) = text.rsplit_once('@').ok_or(Issue::BadEmail)?;
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c) || !c.is_ascii());
    let labels: Vec<&str> = domain.split('.').collect();
    let domain_ok = domain.len() <= 253
        && labels.len() >= 2
        && labels.iter().all(|l| {
            !l.is_empty()
                && l.len() <= 63
                && !l.starts_with('-')
                && !l.ends_with('-')
                && l.chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || (!c.is_ascii() && c.is_alphanumeric()))
        })
        && labels.last().is_some_and(|tld| !tld.chars().all(|c| c.is_ascii_digit()));
    if local_ok && domain_ok {
        Ok(format!("{local}@{}", domain.to_lowercase()))
    } else {
        Err(Issue::BadEmail)
    }
}

/// What an address is compared by: people do not tell upper and lower case apart in addresses.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The domain part of an address, lower case.
pub fn email_domain(email: &str) -> &str {
    email.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// Folds for sorting and searching: lower case, marks dropped, `ß` as `ss`, runs of blanks as one. Both databases
/// store and compare exactly this (design.md section 3, rule 9).
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        match c {
            'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'ç' | 'ć' | 'č' => out.push('c'),
            'ď' | 'đ' => out.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => out.push('e'),
            'ğ' => out.push('g'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ñ' | 'ń' | 'ň' => out.push('n'),
            'ö' | 'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ő' => out.push('o'),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ť' | 'ţ' | 'ț' => out.push('t'),
            'ü' | 'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            '\u{0300}'..='\u{036F}' => {}
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses() {
        assert_eq!(email(" Ada.L+x@Example.ORG "), Ok("Ada.L+x@example.org".into()));
        for bad in [
            "a",
            "@b.de",
            "a@b",
            "a@-b.de",
            "a..b@c.de",
            "a b@c.de",
            "a@b.1",
            "a@b..de",
            "a@b.de\nBcc: x@y.de",
        ] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn direction_overrides_are_refused() {
        assert_eq!(line("abc\u{202E}def", 1, 80), Err(Issue::ForbiddenCharacters));
        assert_eq!(line("a\nb", 1, 80), Err(Issue::ForbiddenCharacters));
        assert_eq!(paragraph("a\r\nb", 1, 80), Ok("a\nb".into()));
        assert_eq!(line("  ", 1, 80), Err(Issue::Required));
        assert_eq!(line("日本🎉", 1, 3), Ok("日本🎉".into()));
    }

    #[test]
    fn folding_makes_equal_what_readers_find_equal() {
        assert_eq!(fold("  Müller   & Söhne "), "muller & sohne");
        assert_eq!(fold("Große ÉTÉ"), "grosse ete");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
        #[test]
        fn an_accepted_address_is_one_line(text in "\\PC{0,60}") {
            if let Ok(mail) = email(&text) {
                prop_assert!(mail.contains('@') && !mail.contains(char::is_whitespace));
            }
        }
    }
}
