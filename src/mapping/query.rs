//! What a list of customers is asked for, and how that stands in its address (design.md section 3, rule 9).

use super::CustomerStatus;
use crate::{
    kernel::instant::{Day, Instant},
    subscription::Plan,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// What decides the order.
    #[derive(Default)]
    pub enum Sort {
        /// By name.
        #[default]
        Name = "name",
        /// What ends or renews soonest first.
        Renewal = "renewal",
        /// The latest added first.
        Newest = "newest",
    }
}

crate::keyed! {
    /// A date that comes near.
    pub enum Due {
        /// A paid term renews within 30 days.
        Renewal = "renewal",
        /// A trial ends within 7 days.
        Trial = "trial",
    }
}

crate::keyed! {
    /// How the list is shown.
    #[derive(Default)]
    pub enum ListView {
        /// As cards.
        #[default]
        Cards = "cards",
        /// As rows of a table.
        List = "list",
    }
}

crate::keyed! {
    /// Which way a page lies from its cursor.
    pub enum Direction {
        /// The page after it.
        After = "after",
        /// The page before it.
        Before = "before",
    }
}

/// A place in the order: the sort key of a row and its number, which tells equal keys apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In the order by name.
    Name(String, i64),
    /// In the order by end or renewal; `i32::MAX` stands for none.
    Renewal(Day, i64),
    /// In the order by age.
    Newest(Instant, i64),
}

impl Place {
    /// The order it belongs to.
    pub fn sort(&self) -> Sort {
        match self {
            Place::Name(..) => Sort::Name,
            Place::Renewal(..) => Sort::Renewal,
            Place::Newest(..) => Sort::Newest,
        }
    }

    /// As it stands in an address.
    fn token(&self) -> String {
        let (key, id) = match self {
            Place::Name(key, id) => (format!("n{key}"), id),
            Place::Renewal(day, id) => (format!("r{}", day.0), id),
            Place::Newest(at, id) => (format!("c{}", at.0), id),
        };
        data_encoding::BASE64URL_NOPAD.encode(format!("{id}.{key}").as_bytes())
    }

    /// Reads it back. Whatever is no place gives none: the list then begins at its beginning.
    fn from_token(token: &str) -> Option<Self> {
        if token.len() > 2_000 {
            return None;
        }
        let bytes = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (id, key) = text.split_once('.')?;
        let id: i64 = id.parse().ok()?;
        let kind = key.chars().next()?;
        let key = &key[kind.len_utf8()..];
        match kind {
            // No sort key holds a NUL, and PostgreSQL takes none.
            'n' if !key.contains('\0') => Some(Place::Name(key.to_owned(), id)),
            'r' => Some(Place::Renewal(Day(key.parse().ok()?), id)),
            'c' => Some(Place::Newest(Instant(key.parse().ok()?), id)),
            _ => None,
        }
    }
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Which way.
    pub direction: Direction,
    /// From where.
    pub place: Place,
}

/// What a list of customers is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustomerQuery {
    /// What was typed into the search.
    pub q: String,
    /// Only these.
    pub status: Option<CustomerStatus>,
    /// Only these.
    pub plan: Option<Plan>,
    /// Only those of one country: ISO 3166-1, two letters.
    pub country: Option<String>,
    /// Only those whose domain is verified, or is not.
    pub verified: Option<bool>,
    /// Only those whose date comes near.
    pub due: Option<Due>,
    /// Those who withdrew the partner's access, who are left out otherwise.
    pub withdrawn: bool,
    /// The order asked for; see [`CustomerQuery::order`].
    pub sort: Sort,
    /// Where the page begins; none for the first.
    pub cursor: Option<Cursor>,
    /// How it is shown.
    pub view: ListView,
}

impl CustomerQuery {
    /// Reads an address's query string, with or without the question mark. What is unknown falls back.
    pub fn from_query(query: &str) -> Self {
        let query = query.strip_prefix('?').unwrap_or(query);
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self::from_pairs(|key| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()))
    }

    /// Reads decoded parameters.
    pub fn from_pairs(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |key: &str| get(key).unwrap_or_default();
        let q: String = text("q").chars().filter(|c| !c.is_control()).take(200).collect();
        let mut query = Self {
            q: q.trim().to_owned(),
            status: CustomerStatus::from_key(&text("status")),
            plan: Plan::from_key(&text("plan")),
            country: Some(text("country"))
                .filter(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase())),
            verified: match text("domain").as_str() {
                "verified" => Some(true),
                "unverified" => Some(false),
                _ => None,
            },
            due: Due::from_key(&text("due")),
            withdrawn: text("access") == "withdrawn",
            sort: Sort::from_key(&text("sort")).unwrap_or_default(),
            cursor: None,
            view: ListView::from_key(&text("view")).unwrap_or_default(),
        };
        let cursor = |direction: Direction| {
            let place = Place::from_token(&get(direction.key())?)?;
            (place.sort() == query.order()).then_some(Cursor { direction, place })
        };
        query.cursor = cursor(Direction::After).or_else(|| cursor(Direction::Before));
        query
    }

    /// The parameters of this list's address: only what differs from the plain list, so that one list has one address.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        let mut put = |key: &'static str, value: &str| {
            if !value.is_empty() {
                out.push((key, value.to_owned()));
            }
        };
        put("q", &self.q);
        put("status", self.status.map_or("", CustomerStatus::key));
        put("plan", self.plan.map_or("", Plan::key));
        put("country", self.country.as_deref().unwrap_or(""));
        put("domain", self.verified.map_or("", |v| if v { "verified" } else { "unverified" }));
        put("due", self.due.map_or("", Due::key));
        put("access", if self.withdrawn { "withdrawn" } else { "" });
        put("sort", if self.sort == Sort::default() { "" } else { self.sort.key() });
        put("view", if self.view == ListView::default() { "" } else { self.view.key() });
        if let Some(cursor) = &self.cursor {
            put(cursor.direction.key(), &cursor.place.token());
        }
        out
    }

    /// The query string of this list's address.
    pub fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.to_pairs()).finish()
    }

    /// The order in force: a list of near dates is ordered by them, whatever else was asked for.
    pub fn order(&self) -> Sort {
        if self.due.is_some() { Sort::Renewal } else { self.sort }
    }

    /// How many filters are set, the search aside.
    pub fn filters(&self) -> u32 {
        let set = [
            self.status.is_some(),
            self.plan.is_some(),
            self.verified.is_some(),
            self.due.is_some(),
            self.withdrawn,
        ];
        set.into_iter().map(u32::from).sum()
    }

    /// Whether anything narrows the list.
    pub fn is_narrowed(&self) -> bool {
        self.filters() > 0 || !self.q.is_empty()
    }

    /// The same list from its beginning.
    pub fn first(&self) -> Self {
        Self { cursor: None, ..self.clone() }
    }

    /// The same list from a place.
    pub fn at(&self, direction: Direction, place: Place) -> Self {
        Self { cursor: Some(Cursor { direction, place }), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{option, prelude::*, sample::select};

    fn place(sort: Sort, key: String, number: i64, id: i64) -> Place {
        match sort {
            Sort::Name => Place::Name(key, id),
            Sort::Renewal => Place::Renewal(Day(number as i32), id),
            Sort::Newest => Place::Newest(Instant(number), id),
        }
    }

    prop_compose! {
        fn any_query()(
            q in "[a-zäöß&=%+ 0-9@.-]{0,20}",
            status in option::of(select(CustomerStatus::ALL)),
            plan in option::of(select(Plan::ALL)),
            verified: Option<bool>,
            due in option::of(select(Due::ALL)),
            withdrawn: bool,
            sort in select(Sort::ALL),
            view in select(ListView::ALL),
            direction in option::of(select(Direction::ALL)),
            key in "[a-zü .]{0,20}",
            number: i64,
            id: i64,
        ) -> CustomerQuery {
            let q = q.trim().to_owned();
            let query = CustomerQuery {
                q, status, plan, country: (id % 2 == 0).then(|| "AT".to_owned()), verified, due, withdrawn, sort, view, cursor: None,
            };
            match direction {
                Some(direction) => query.at(direction, place(query.order(), key, number, id)),
                None => query,
            }
        }
    }

    proptest! {
        #[test]
        fn every_list_has_an_address_that_reads_back(query in any_query()) {
            prop_assert_eq!(CustomerQuery::from_query(&query.to_query()), query);
        }

        #[test]
        fn any_address_gives_a_list(query in "\\PC{0,200}") {
            let read = CustomerQuery::from_query(&query);
            prop_assert_eq!(CustomerQuery::from_query(&read.to_query()), read);
        }

        #[test]
        fn no_cursor_makes_trouble(token in "[A-Za-z0-9_-]{0,60}", bytes: Vec<u8>) {
            CustomerQuery::from_query(&format!("after={token}"));
            let coded = data_encoding::BASE64URL_NOPAD.encode(&bytes);
            CustomerQuery::from_query(&format!("before={coded}"));
        }
    }

    #[test]
    fn the_plain_list_has_the_plain_address() {
        assert_eq!(CustomerQuery::default().to_query(), "");
        assert_eq!(CustomerQuery::from_query("?status=nonsense&sort=up&page=7"), CustomerQuery::default());
    }

    #[test]
    fn a_cursor_of_another_order_is_dropped() {
        let query = CustomerQuery::default().at(Direction::After, Place::Name("a".into(), 1));
        let address = format!("sort=newest&{}", query.to_query());
        assert_eq!(CustomerQuery::from_query(&address).cursor, None);
    }
}
