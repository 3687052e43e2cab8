//! Addresses of lists: what a list shows is in its address.

use leptos::prelude::GetUntracked;
use std::fmt::Write as _;

/// A path with these parameters. The same on the server and in the browser, which the router's own escaping is not.
pub fn address(path: &str, pairs: Vec<(&'static str, String)>) -> String {
    let mut out = path.to_owned();
    for (at, (name, value)) in pairs.into_iter().enumerate() {
        out.push(if at == 0 { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        escape(&value, &mut out);
    }
    out
}

/// The address of the page the reader is on.
pub fn here() -> String {
    let location = leptos_router::hooks::use_location();
    let path = location.pathname.get_untracked();
    match location.search.get_untracked() {
        search if search.is_empty() => path,
        search => format!("{path}?{search}"),
    }
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing into a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded() {
        assert_eq!(address("/review", vec![]), "/review");
        assert_eq!(address("/x", vec![("change", "org_1".to_owned())]), "/x?change=org_1");
        let pairs = vec![("q", "a&b=c ü#".to_owned()), ("mine", "1".to_owned())];
        let address = address("/review", pairs);
        let query = address.strip_prefix("/review?").unwrap();
        let read: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(read, [("q".into(), "a&b=c ü#".into()), ("mine".into(), "1".into())]);
    }
}
