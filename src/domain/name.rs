//! Domain names: what people type becomes A-labels, or is refused with the reason (R3.3).

use super::DomainName;
use crate::Issue;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// Domains of public mail providers, one a line. They belong to their providers, never to an organisation here.
const PUBLIC_MAIL: &str = include_str!("public_mail.txt");

/// Checks a domain name: A-labels in lower case, two labels or more, at most 253 characters, no wildcard, no IP
/// address, no public suffix, no public mail provider's domain.
pub fn normalise(text: &str) -> Result<DomainName, Issue> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Issue::Required);
    }
    // Nothing that long is a name; the mapping of longer texts need not be worked out.
    if text.chars().count() > 1000 {
        return Err(Issue::TooLong { max: 253 });
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    let ascii = Uts46::new()
        .to_ascii(text.as_bytes(), AsciiDenyList::STD3, Hyphens::Check, DnsLength::Ignore)
        .map_err(|_| Issue::BadDomain)?;
    if ascii.len() > 253 {
        return Err(Issue::TooLong { max: 253 });
    }
    let labels: Vec<&str> = ascii.split('.').collect();
    let sound = labels.len() >= 2 && labels.iter().all(|l| !l.is_empty() && l.len() <= 63);
    if !sound || labels.last().is_some_and(|last| is_number(last)) {
        return Err(Issue::BadDomain);
    }
    let Some(registered) = psl::domain_str(&ascii) else {
        return Err(Issue::PublicSuffix);
    };
    if PUBLIC_MAIL.lines().any(|line| line == registered) {
        return Err(Issue::PublicMailDomain);
    }
    Ok(named(&ascii))
}

/// A stored name with its U-labels.
pub fn named(ascii: &str) -> DomainName {
    let (unicode, result) = Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow);
    let unicode = (result.is_ok() && unicode != ascii).then(|| unicode.into_owned());
    DomainName { ascii: ascii.to_owned(), unicode }
}

/// The name relative to the registered domain, as most providers ask for it; empty for the registered domain itself.
pub fn relative(ascii: &str) -> &str {
    let registered = psl::domain_str(ascii).unwrap_or(ascii);
    ascii.strip_suffix(registered).map_or("", |rest| rest.trim_end_matches('.'))
}

/// A last label that makes the whole an IP address in some reader's eyes (the URL standard's "ends in a number").
fn is_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_hexdigit()));
    hex || label.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ascii(text: &str) -> Result<String, Issue> {
        normalise(text).map(|n| n.ascii)
    }

    #[test]
    fn what_people_type() {
        assert_eq!(ascii(" Kunde-01.Demo.TEST. "), Ok("kunde-01.demo.test".into()));
        assert_eq!(ascii("MÜLLER.de"), Ok("xn--mller-kva.de".into()));
        assert_eq!(ascii("日本。jp"), Ok("xn--wgv71a.jp".into()));
        assert_eq!(ascii("straße.de"), Ok("xn--strae-oqa.de".into()));
        assert_eq!(ascii("example.co.uk"), Ok("example.co.uk".into()));
    }

    #[test]
    fn both_spellings_stay_visible() {
        let name = normalise("xn--mller-kva.de").unwrap();
        assert_eq!(name.unicode.as_deref(), Some("müller.de"));
        assert_eq!(name.to_string(), "müller.de (xn--mller-kva.de)");
        // A Cyrillic а in a Latin name: the A-label gives it away.
        let homograph = normalise("p\u{0430}ypal.com").unwrap();
        assert!(homograph.ascii.starts_with("xn--") && homograph.to_string().contains(&homograph.ascii));
        assert_eq!(normalise("example.org").unwrap().to_string(), "example.org");
    }

    #[test]
    fn no_names() {
        use Issue::*;
        assert_eq!(ascii("  "), Err(Required));
        for bad in [
            "localhost",
            "*.example.org",
            "exa mple.org",
            "a..b.org",
            ".example.org",
            "-a.org",
            "a-.org",
            "1.2.3.4",
            "[::1]",
            "127.0.0.0x1",
            "https://example.org",
            "example.org/x",
            "a_b.org",
            "ex\u{202E}ample.org",
            "user@example.org",
            "🎉\u{0}.org",
            "example.org:80",
            "xn--a.org",
            "example.org..",
        ] {
            assert_eq!(ascii(bad), Err(BadDomain), "{bad}");
        }
        assert_eq!(ascii(&format!("{}.org", "a".repeat(64))), Err(BadDomain));
        assert_eq!(ascii(&format!("{}org", "abc.".repeat(63))), Err(TooLong { max: 253 }));
        assert_eq!(ascii(&"ä".repeat(2000)), Err(TooLong { max: 253 }));
    }

    #[test]
    fn nobodys_names() {
        for suffix in ["co.uk", "com.au", "github.io"] {
            assert_eq!(ascii(suffix), Err(Issue::PublicSuffix), "{suffix}");
        }
        for public in ["gmail.com", "mail.gmail.com", "GMX.de", "web.de."] {
            assert_eq!(ascii(public), Err(Issue::PublicMailDomain), "{public}");
        }
    }

    #[test]
    fn hosts_relative_to_the_registered_domain() {
        assert_eq!(relative("example.co.uk"), "");
        assert_eq!(relative("mail.example.co.uk"), "mail");
        assert_eq!(relative("a.b.demo.test"), "a.b");
    }

    proptest! {
        #[test]
        fn an_accepted_name_is_its_own_normal_form(text in "[a-zA-ZäöüßéА-я0-9.-]{1,40}") {
            if let Ok(name) = normalise(&text) {
                prop_assert_eq!(normalise(&name.ascii), Ok(name.clone()));
                prop_assert!(name.ascii.len() <= 253 && name.ascii.contains('.'));
                prop_assert!(name.ascii.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c)));
            }
        }
        #[test]
        fn nothing_typed_panics(text in "\\PC{0,80}") {
            let _ = normalise(&text);
        }
    }
}
