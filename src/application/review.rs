//! The reviewers' queue: what it shows, how it is asked for, how old an application looks.

use super::{ApplicationStatus, Expertise, country::is_country};
use crate::{
    Issue,
    kernel::{
        id::ApplicationId,
        instant::{DAY_MS, Day, Instant},
    },
    partner::Currency,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// How old an application looks in the queue (R1.3).
    pub enum Ageing {
        /// Less than three days.
        Fresh = "fresh",
        /// Three days and more.
        Waiting = "waiting",
        /// Seven days and more.
        Late = "late",
    }
}

/// Whole days since an application was submitted.
pub fn age_days(submitted_at: Instant, now: Instant) -> i64 {
    now.0.saturating_sub(submitted_at.0).div_euclid(DAY_MS)
}

/// The ageing of an application, by the time since it was submitted: fresh below 3 days, late from 7 days on.
pub fn ageing(submitted_at: Instant, now: Instant) -> Ageing {
    match age_days(submitted_at, now) {
        i64::MIN..3 => Ageing::Fresh,
        3..7 => Ageing::Waiting,
        7.. => Ageing::Late,
    }
}

crate::keyed! {
    /// Which applications the queue shows.
    #[derive(Default)]
    pub enum Stage {
        /// Everything that waits for a decision.
        #[default]
        Open = "open",
        /// Waits for a reviewer.
        Submitted = "submitted",
        /// A reviewer has it.
        InReview = "in_review",
        /// Waits for the applicant's answer.
        WaitingForAnswer = "waiting_for_answer",
        /// Accepted.
        Approved = "approved",
        /// Not accepted.
        Rejected = "rejected",
        /// Withdrawn.
        Withdrawn = "withdrawn",
    }
}

impl Stage {
    /// The statuses of this stage. Unconfirmed applications are shown to no reviewer.
    pub fn statuses(self) -> &'static [ApplicationStatus] {
        use ApplicationStatus::*;
        match self {
            Stage::Open => &[Submitted, InReview, WaitingForAnswer],
            Stage::Submitted => &[Submitted],
            Stage::InReview => &[InReview],
            Stage::WaitingForAnswer => &[WaitingForAnswer],
            Stage::Approved => &[Approved],
            Stage::Rejected => &[Rejected],
            Stage::Withdrawn => &[Withdrawn],
        }
    }
    /// Whether these still wait for a decision: then the most urgent come first, else the latest.
    pub fn is_open(self) -> bool {
        self.statuses().iter().all(|status| status.is_open())
    }
}

/// A place in the queue's order: due date, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// When the application is due.
    pub due_at: Instant,
    /// Which one it is.
    pub id: ApplicationId,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.due_at.0, self.id)
    }
}

impl std::str::FromStr for Place {
    type Err = crate::kernel::id::MalformedId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (due, id) = text.split_once('.').ok_or(crate::kernel::id::MalformedId)?;
        let due = due.parse().map_err(|_| crate::kernel::id::MalformedId)?;
        Ok(Self { due_at: Instant(due), id: id.parse()? })
    }
}

/// What a reviewer looks for. All of it is in the address of the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueueQuery {
    /// Words of company, person, address or domain; at most 100 characters.
    pub q: String,
    /// Which applications.
    pub stage: Stage,
    /// Of one country.
    pub country: Option<String>,
    /// Of one expertise.
    pub expertise: Option<Expertise>,
    /// Assigned to the reader.
    pub mine: bool,
    /// Past their due date.
    pub overdue: bool,
    /// The page behind this place.
    pub after: Option<Place>,
    /// The page before this place.
    pub before: Option<Place>,
}

/// Applications a page of the queue shows.
pub const PAGE: u64 = 25;
/// Most characters of a search.
const SEARCH_MAX: usize = 100;

impl QueueQuery {
    /// Reads the parameters of an address. Whatever is unknown or malformed counts as not given.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            match name {
                "q" => query.q = value.trim().chars().take(SEARCH_MAX).collect::<String>().trim().to_owned(),
                "status" => query.stage = Stage::from_key(value).unwrap_or_default(),
                "country" => query.country = is_country(value).then(|| value.to_owned()),
                "expertise" => query.expertise = Expertise::from_key(value),
                "mine" => query.mine = value == "1",
                "overdue" => query.overdue = value == "1",
                "after" => query.after = value.parse().ok(),
                "before" => query.before = value.parse().ok(),
                _ => {}
            }
        }
        if query.after.is_some() {
            query.before = None;
        }
        query
    }

    /// The parameters that say this query, without those that say the default.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("q", Some(self.q.clone()).filter(|q| !q.is_empty()));
        add("status", (self.stage != Stage::default()).then(|| self.stage.to_string()));
        add("country", self.country.clone());
        add("expertise", self.expertise.map(|e| e.to_string()));
        add("mine", self.mine.then(|| "1".to_owned()));
        add("overdue", self.overdue.then(|| "1".to_owned()));
        add("after", self.after.map(|place| place.to_string()));
        add("before", self.before.map(|place| place.to_string()));
        pairs
    }

    /// The same query from its first page on.
    pub fn first_page(&self) -> Self {
        Self { after: None, before: None, ..self.clone() }
    }
}

/// One application in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are the review view's of domain.md section 17")]
pub struct QueueRow {
    pub id: ApplicationId,
    pub company_name: String,
    pub company_domain: String,
    pub applicant: String,
    pub country: String,
    pub expertise: Expertise,
    pub status: ApplicationStatus,
    pub submitted_at: Instant,
    pub due: Day,
    /// None once it is decided: age matters no more.
    pub ageing: Option<Ageing>,
    /// Whole days since it was submitted.
    pub age_days: i64,
    pub overdue: bool,
    /// The reviewer's name.
    pub assigned_to: Option<String>,
}

/// How many applications each filter would show, everything else staying as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the filters of QueueQuery")]
pub struct QueueCounts {
    pub stages: Vec<(Stage, u64)>,
    /// Only countries there are, the most frequent first.
    pub countries: Vec<(String, u64)>,
    pub expertises: Vec<(Expertise, u64)>,
    pub mine: u64,
    pub overdue: u64,
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePage {
    /// The applications.
    pub rows: Vec<QueueRow>,
    /// Counts for the filters.
    pub counts: QueueCounts,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
    /// Where the page before ends, if there is one.
    pub previous: Option<Place>,
}

/// A commission rate typed in percent, as basis points (hundredths of a percent): 0 to 100 %, at most two decimals,
/// decimal point or comma.
pub fn rate_bp(text: &str) -> Result<i64, Issue> {
    let text = crate::kernel::text::line(text, 1, 20)?;
    let text = text.strip_suffix('%').unwrap_or(&text).trim_end();
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, "00"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (negative, whole) = whole.strip_prefix('-').map_or((false, whole), |rest| (true, rest));
    if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
        return Err(Issue::BadRate);
    }
    let out_of_range = Issue::OutOfRange { min: 0, max: 100 };
    // Longer ones are out of range whatever they say.
    let whole: i64 = whole.parse().map_err(|_| out_of_range.clone())?;
    let hundredths: i64 = format!("{decimals:0<2}").parse().map_err(|_| Issue::BadRate)?;
    match whole.saturating_mul(100).saturating_add(hundredths) {
        bp @ 0..=10_000 if !negative => Ok(bp),
        _ => Err(out_of_range),
    }
}

/// Basis points as percent with as many decimals as needed, the way a form field takes them.
pub fn percent(bp: i64) -> String {
    match (bp / 100, bp % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        (whole, rest) => format!("{whole}.{rest:02}"),
    }
}

/// The currency a partner of this country is first offered.
pub fn currency_of(country: &str) -> Currency {
    match country {
        "US" | "PR" | "EC" | "SV" | "PA" => Currency::Usd,
        "IN" => Currency::Inr,
        "CA" => Currency::Cad,
        "JP" => Currency::Jpy,
        "AU" => Currency::Aud,
        _ => Currency::Eur,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{application::country::COUNTRIES, kernel::id::Id};
    use proptest::prelude::*;

    #[test]
    fn ageing_changes_at_three_and_seven_days() {
        let start = Instant(1_772_442_000_000);
        for (ms, looks) in [
            (-DAY_MS, Ageing::Fresh),
            (0, Ageing::Fresh),
            (3 * DAY_MS - 1, Ageing::Fresh),
            (3 * DAY_MS, Ageing::Waiting),
            (7 * DAY_MS - 1, Ageing::Waiting),
            (7 * DAY_MS, Ageing::Late),
            (700 * DAY_MS, Ageing::Late),
        ] {
            assert_eq!(ageing(start, start.plus_ms(ms)), looks, "{ms}");
        }
    }

    #[test]
    fn rates_are_percent_with_two_decimals() {
        for (typed, bp) in
            [("20", 2000), ("0", 0), ("100", 10_000), ("12,5", 1250), (" 7.25 % ", 725), ("0.01", 1)]
        {
            assert_eq!(rate_bp(typed), Ok(bp), "{typed}");
        }
        for typed in ["x", "1.234", "1.", ".5", "1e1", "²", "+5", "1 0"] {
            assert_eq!(rate_bp(typed), Err(Issue::BadRate), "{typed}");
        }
        for typed in ["100.01", "101", "-1", "-0.5", "99999999999999999999"] {
            assert_eq!(rate_bp(typed), Err(Issue::OutOfRange { min: 0, max: 100 }), "{typed}");
        }
        assert_eq!(rate_bp(""), Err(Issue::Required));
    }

    #[test]
    fn unknown_parameters_count_as_not_given() {
        let odd = [
            ("status", "x"),
            ("country", "de"),
            ("expertise", ""),
            ("mine", "yes"),
            ("after", "1.app_"),
            ("zz", ""),
        ];
        assert_eq!(QueueQuery::from_pairs(odd), QueueQuery::default());
        assert_eq!(QueueQuery::default().pairs(), vec![]);
    }

    fn place() -> impl Strategy<Value = Option<Place>> {
        proptest::option::of((any::<i64>(), any::<u128>()).prop_map(|(due, id)| Place {
            due_at: Instant(due),
            id: ApplicationId::from_uuid(uuid::Uuid::from_u128(id)),
        }))
    }

    proptest! {
        #[test]
        fn a_query_reads_back_from_its_address(
            q in "\\PC{0,120}", stage in proptest::sample::select(Stage::ALL),
            country in proptest::option::of(proptest::sample::select(COUNTRIES)),
            expertise in proptest::option::of(proptest::sample::select(Expertise::ALL)),
            mine: bool, overdue: bool, place in place(), forward: bool,
        ) {
            let q: String = q.trim().chars().take(SEARCH_MAX).collect();
            let query = QueueQuery {
                q: q.trim().into(), stage, country: country.map(str::to_owned), expertise, mine, overdue,
                after: place.filter(|_| forward), before: place.filter(|_| !forward),
            };
            let pairs = query.pairs();
            prop_assert_eq!(QueueQuery::from_pairs(pairs.iter().map(|(n, v)| (*n, v.as_str()))), query);
        }

        #[test]
        fn a_rate_reads_back(bp in 0i64..=10_000) {
            prop_assert_eq!(rate_bp(&percent(bp)), Ok(bp));
        }

        #[test]
        fn no_text_breaks_a_rate(text in "\\PC{0,30}") {
            if let Ok(bp) = rate_bp(&text) {
                prop_assert!((0..=10_000).contains(&bp));
            }
        }
    }
}
