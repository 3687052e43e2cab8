//! Names of mail servers, as the vendor types them under `/settings`.

use crate::Issue;

/// The most servers the vendor names.
const MOST_SERVERS: usize = 10;

/// The name of a host: two labels or more of letters, digits and hyphens, at most 253 characters. Answers it in lower
/// case, without a last dot.
pub fn host(typed: &str) -> Result<String, Issue> {
    let name = typed.trim().trim_end_matches('.').to_ascii_lowercase();
    let sound = |label: &str| {
        let plain =
            label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        plain && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    let fine = name.len() <= 253 && name.contains('.') && name.split('.').all(sound);
    // The last label is no number: that would be an address.
    let last = name.rsplit('.').next().unwrap_or_default();
    if fine && !last.bytes().all(|b| b.is_ascii_digit()) { Ok(name) } else { Err(Issue::BadDomain) }
}

/// A list of mail servers, `10 mx1.example.org, 20 mx2.example.org`: each with its priority, the lowest first.
pub fn servers(typed: &str) -> Result<Vec<(u16, String)>, Issue> {
    let one = |part: &str| {
        let (priority, name) = part.trim().split_once(char::is_whitespace)?;
        Some((priority.parse::<u16>().ok()?, host(name).ok()?))
    };
    let parts: Vec<&str> = typed.split([',', '\n']).filter(|part| !part.trim().is_empty()).collect();
    let mut list = parts.into_iter().map(one).collect::<Option<Vec<_>>>().ok_or(Issue::BadMailServers)?;
    list.sort();
    let mut names: Vec<&String> = list.iter().map(|(_, name)| name).collect();
    names.sort_unstable();
    names.dedup();
    match names.len() == list.len() && (1..=MOST_SERVERS).contains(&list.len()) {
        true => Ok(list),
        false => Err(Issue::BadMailServers),
    }
}

/// A list of mail servers as it is stored and shown.
pub fn written(list: &[(u16, String)]) -> String {
    list.iter().map(|(priority, name)| format!("{priority} {name}")).collect::<Vec<_>>().join(", ")
}

/// A selector: one label of a name (RFC 6376 section 3.1), with room for the number of a key behind it.
pub fn selector(typed: &str) -> Result<String, Issue> {
    let name = typed.trim().to_ascii_lowercase();
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let fine = plain && (1..=40).contains(&name.len()) && !name.starts_with('-') && !name.ends_with('-');
    if fine { Ok(name) } else { Err(Issue::BadKey) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_lists_of_them_are_read_as_they_are_written() {
        assert_eq!(host(" MX1.Example.org. "), Ok("mx1.example.org".into()));
        for wrong in ["", "mx", "192.0.2.1", "-a.org", "a..org", "a b.org", "ä.org", "a.org/x", "a\u{0}.org"]
        {
            assert_eq!(host(wrong), Err(Issue::BadDomain), "{wrong:?}");
        }
        let list = servers("20 b.org,10 A.org.\n50 c.org,").unwrap();
        assert_eq!(written(&list), "10 a.org, 20 b.org, 50 c.org");
        assert_eq!(servers(&written(&list)), Ok(list));
        for wrong in ["", "a.org", "10", "10 a.org, 20 a.org", "70000 a.org", "ten a.org", "10 a"] {
            assert_eq!(servers(wrong), Err(Issue::BadMailServers), "{wrong:?}");
        }
        let many: Vec<String> = (0..11).map(|n| format!("{n} mx{n}.example.org")).collect();
        assert_eq!(servers(&many.join(",")), Err(Issue::BadMailServers));
        assert_eq!(selector("Kontor"), Ok("kontor".into()));
        for wrong in ["", "a.b", "-a", "a_b", "a b"] {
            assert_eq!(selector(wrong), Err(Issue::BadKey), "{wrong:?}");
        }
    }
}
