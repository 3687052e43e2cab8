//! What is asked of a trail: the parameters of its page.

use crate::kernel::{id::OrgId, instant::Day, right::OrgKind};
use serde::{Deserialize, Serialize};

/// Characters of a filter that are looked at.
const LONGEST: usize = 200;

/// What an action's key begins with, and whose chains have such events.
static CATEGORIES: [(&str, &[OrgKind]); 27] = {
    use OrgKind::{Customer, Partner, Vendor};
    [
        ("access", &[Customer, Partner, Vendor]),
        ("application", &[Vendor]),
        ("audit", &[Customer, Partner, Vendor]),
        ("billing", &[Customer, Partner]),
        ("bulk", &[Partner]),
        ("commission", &[Partner, Vendor]),
        ("customer", &[Customer, Partner, Vendor]),
        ("dispute", &[Partner, Vendor]),
        ("domain", &[Customer, Partner, Vendor]),
        ("entity", &[Vendor]),
        ("group", &[Customer, Partner, Vendor]),
        ("job", &[Vendor]),
        ("limits", &[Vendor]),
        ("mail", &[Customer, Partner, Vendor]),
        ("mapping", &[Customer, Partner]),
        ("organisation", &[Customer, Partner, Vendor]),
        ("partner", &[Partner, Vendor]),
        ("payment", &[Customer, Partner, Vendor]),
        ("payment_method", &[Customer, Partner]),
        ("payout", &[Partner, Vendor]),
        ("price", &[Vendor]),
        ("setting", &[Vendor]),
        ("sign_in", &[Customer, Partner, Vendor]),
        ("store_role", &[Partner]),
        ("subscription", &[Customer, Partner]),
        ("trial", &[Customer, Partner]),
        ("user", &[Customer, Partner, Vendor]),
    ]
};

/// The categories of events an organisation of a kind has.
pub fn categories(kind: OrgKind) -> impl Iterator<Item = &'static str> {
    CATEGORIES.iter().filter(move |(_, kinds)| kinds.contains(&kind)).map(|(key, _)| *key)
}

/// Which events, and from where on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TrailQuery {
    /// What an action's key begins with, before its point: `user`, `domain`.
    pub category: Option<String>,
    /// Who did it, as the trail names them: an e-mail address.
    pub who: Option<String>,
    /// In which partner's name.
    pub partner: Option<OrgId>,
    /// What it was done to, in the trail's own words.
    pub target: Option<String>,
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
    /// Where the page begins: before this event's number.
    pub before: Option<i64>,
}

impl TrailQuery {
    /// Reads the parameters of an address. Whatever is unknown or malformed counts as not given.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        let text = |value: &str| {
            let value = value.trim().replace('\0', "");
            Some(value.chars().take(LONGEST).collect::<String>()).filter(|value| !value.is_empty())
        };
        for (name, value) in pairs {
            match name {
                "category" => query.category = text(value),
                "who" => query.who = text(value),
                "partner" => query.partner = value.parse().ok(),
                "target" => query.target = text(value),
                "from" => query.from = value.parse().ok(),
                "to" => query.to = value.parse().ok(),
                "before" => query.before = value.parse().ok(),
                _ => {}
            }
        }
        query
    }

    /// The parameters that say this query, without those that say the default.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("category", self.category.clone());
        add("who", self.who.clone());
        add("partner", self.partner.map(|org| org.to_string()));
        add("target", self.target.clone());
        add("from", self.from.map(|day| day.to_string()));
        add("to", self.to.map(|day| day.to_string()));
        add("before", self.before.map(|seq| seq.to_string()));
        pairs
    }

    /// Whether it leaves events out.
    pub fn filters(&self) -> bool {
        Self { before: None, ..self.clone() } != Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_a_query_and_nonsense_says_nothing() {
        let query = TrailQuery {
            category: Some("user".into()),
            who: Some("eva@kunde.test".into()),
            partner: Some(format!("org_{}", "0".repeat(26)).parse().unwrap()),
            target: Some("kunde.test".into()),
            from: "2026-03-01".parse().ok(),
            to: "2026-03-31".parse().ok(),
            before: Some(7),
        };
        let pairs = query.pairs();
        assert_eq!(TrailQuery::from_pairs(pairs.iter().map(|(n, v)| (*n, v.as_str()))), query);
        assert!(query.filters());
        let odd = [("category", " "), ("partner", "org_x"), ("from", "1.3."), ("before", "x"), ("odd", "1")];
        assert_eq!(TrailQuery::from_pairs(odd), TrailQuery::default());
        assert!(!TrailQuery { before: Some(3), ..TrailQuery::default() }.filters());
        let long = "x".repeat(300);
        let cut = TrailQuery::from_pairs([("who", long.as_str()), ("target", "a\0b")]);
        assert_eq!((cut.who.unwrap().len(), cut.target.as_deref()), (200, Some("ab")));
    }
}
