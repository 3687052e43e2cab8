//! Addresses of lists: what a list shows is in its address.

use leptos_router::params::ParamsMap;

/// A path with these parameters.
pub fn address(path: &str, pairs: Vec<(&'static str, String)>) -> String {
    if pairs.is_empty() {
        return path.to_owned();
    }
    let query: ParamsMap = pairs.into_iter().collect();
    format!("{path}{}", query.to_query_string())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded() {
        assert_eq!(address("/review", vec![]), "/review");
        let pairs = vec![("q", "a&b=c ü#".to_owned()), ("mine", "1".to_owned())];
        let address = address("/review", pairs);
        let query = address.strip_prefix("/review?").unwrap();
        let read: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(read, [("q".into(), "a&b=c ü#".into()), ("mine".into(), "1".into())]);
    }
}
