//! What a report is asked for, and how that stands in its address (design.md section 3, rule 9).

use super::{
    bucket::{Bucket, Group},
    span::{Calendar, Span, plus_months},
};
use crate::kernel::{
    error::{FieldError, Issue},
    instant::Day,
    money::Currency,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Ranges with a name. "This …" ends today, "last …" is over.
    #[derive(Default)]
    pub enum Preset {
        /// From the first of this month.
        ThisMonth = "this-month",
        /// The month before.
        LastMonth = "last-month",
        /// From the first day of this calendar quarter.
        ThisQuarter = "this-quarter",
        /// The quarter before.
        LastQuarter = "last-quarter",
        /// From the first of January.
        #[default]
        ThisYear = "this-year",
        /// The year before.
        LastYear = "last-year",
        /// Thirty days, today the last of them.
        Last30Days = "last-30-days",
        /// Ninety days, today the last of them.
        Last90Days = "last-90-days",
    }
}

/// Which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Period {
    /// A range with a name.
    Preset(Preset),
    /// From a day to a day, both in it, in order.
    Custom {
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
}

impl Default for Period {
    fn default() -> Self {
        Period::Preset(Preset::default())
    }
}

/// The key of [`Period::Custom`] beside those of the presets.
const CUSTOM: &str = "custom";
/// Ranges of one's own lie within these days: every year of them is a bucket at most.
const FIRST: &str = "2000-01-01";
const LAST: &str = "2098-12-31";

impl Period {
    /// The key of the choice in a form; the dates of a range of one's own stand in fields of their own.
    pub fn key(self) -> &'static str {
        match self {
            Period::Preset(preset) => preset.key(),
            Period::Custom { .. } => CUSTOM,
        }
    }

    fn custom(from: &str, to: &str) -> Option<Self> {
        let (from, to): (Day, Day) = (from.parse().ok()?, to.parse().ok()?);
        let (first, last): (Day, Day) = (FIRST.parse().ok()?, LAST.parse().ok()?);
        (first <= from && from <= to && to <= last).then_some(Period::Custom { from, to })
    }
}

/// What a report is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReportQuery {
    /// Which days.
    pub period: Period,
    /// How they are put together; what suits the period if nothing is asked for. See [`ReportQuery::group`].
    pub by: Option<Group>,
    /// Only this currency.
    pub currency: Option<Currency>,
}

impl ReportQuery {
    /// Reads an address's query string, with or without the question mark. What is unknown falls back.
    pub fn from_query(query: &str) -> Self {
        let query = query.strip_prefix('?').unwrap_or(query);
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self::from_pairs(|key| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()))
    }

    /// Reads decoded parameters. Dates that were typed count before a preset; those the form was filled with, which it
    /// says in `shown`, do not.
    pub fn from_pairs(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |key: &str| get(key).unwrap_or_default();
        let preset = Preset::from_key(&text("period")).map(Period::Preset);
        let custom = Period::custom(&text("from"), &text("to"));
        let period = if typed(&get) { custom.or(preset) } else { preset.or(custom) };
        Self {
            period: period.unwrap_or_default(),
            by: Group::from_key(&text("by")),
            currency: Currency::from_key(&text("currency")),
        }
    }

    /// What is wrong with dates that were typed: such an address is answered with an error and not with another report.
    pub fn faults(get: impl Fn(&str) -> Option<String>) -> Vec<FieldError> {
        let text = |key: &str| get(key).unwrap_or_default();
        if !typed(&get) || Period::custom(&text("from"), &text("to")).is_some() {
            return Vec::new();
        }
        date_faults(&text("from"), &text("to"))
    }

    /// The parameters of this report's address: only what differs from the plain one, so that one report has one
    /// address.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        match self.period {
            Period::Preset(preset) if preset == Preset::default() => {}
            Period::Preset(preset) => out.push(("period", preset.key().to_owned())),
            Period::Custom { from, to } => {
                out.push(("period", CUSTOM.to_owned()));
                out.push(("from", from.to_string()));
                out.push(("to", to.to_string()));
            }
        }
        if let Some(by) = self.by {
            out.push(("by", by.key().to_owned()));
        }
        if let Some(currency) = self.currency {
            out.push(("currency", currency.key().to_owned()));
        }
        out
    }

    /// The query string of this report's address.
    pub fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.to_pairs()).finish()
    }

    /// The days meant. What runs ends today; a range of one's own may lie ahead.
    pub fn span(&self, calendar: Calendar) -> Span {
        let today = calendar.today;
        let so_far = |group: Group| Span::of_days(group.around(today).from, today);
        let before = |group: Group| group.around(group.around(today).from.plus(-1));
        match self.period {
            Period::Preset(Preset::ThisMonth) => so_far(Group::Month),
            Period::Preset(Preset::ThisQuarter) => so_far(Group::Quarter),
            Period::Preset(Preset::ThisYear) => so_far(Group::Year),
            Period::Preset(Preset::LastMonth) => before(Group::Month),
            Period::Preset(Preset::LastQuarter) => before(Group::Quarter),
            Period::Preset(Preset::LastYear) => before(Group::Year),
            Period::Preset(Preset::Last30Days) => Span::of_days(today.plus(-29), today),
            Period::Preset(Preset::Last90Days) => Span::of_days(today.plus(-89), today),
            Period::Custom { from, to } => Span::of_days(from, to),
        }
    }

    /// The days to compare with: of a period that runs, as much of the one before as has passed of this one; of whole
    /// months, as many months before; else as many days before.
    pub fn previous(&self, calendar: Calendar) -> Span {
        let span = self.span(calendar);
        let months = match self.period {
            Period::Preset(Preset::ThisMonth | Preset::LastMonth) => Some(1),
            Period::Preset(Preset::ThisQuarter | Preset::LastQuarter) => Some(3),
            Period::Preset(Preset::ThisYear | Preset::LastYear) => Some(12),
            Period::Preset(Preset::Last30Days | Preset::Last90Days) => None,
            Period::Custom { .. } => whole_months(span),
        };
        let running =
            matches!(self.period, Period::Preset(Preset::ThisMonth | Preset::ThisQuarter | Preset::ThisYear));
        match months {
            Some(months) if running => {
                Span::of_days(plus_months(span.from, -months), plus_months(span.last(), -months))
            }
            Some(months) => Span { from: plus_months(span.from, -months), until: span.from },
            None => Span { from: span.from.plus(-span.days()), until: span.from },
        }
    }

    /// How the days are put together: as asked for, or as suits them, never in more than
    /// [`MOST_BUCKETS`](super::MOST_BUCKETS).
    pub fn group(&self, calendar: Calendar) -> Group {
        let span = self.span(calendar);
        let suits = match self.period {
            Period::Preset(
                Preset::ThisMonth | Preset::LastMonth | Preset::Last30Days | Preset::Last90Days,
            ) => Group::Day,
            Period::Preset(_) => Group::Month,
            Period::Custom { .. } if span.days() <= 62 => Group::Day,
            Period::Custom { .. } => Group::Month,
        };
        self.by.unwrap_or(suits).fitting(span)
    }

    /// The days in buckets.
    pub fn buckets(&self, calendar: Calendar) -> Vec<Bucket> {
        self.group(calendar).buckets(self.span(calendar), calendar)
    }

    /// The report of one bucket of this one, a step finer.
    pub fn into_bucket(&self, bucket: &Bucket, group: Group) -> Self {
        let period = Period::Custom { from: bucket.from, to: bucket.span().last() };
        Self { period, by: group.finer(), ..*self }
    }
}

/// Whether dates were typed: there are some, and they are not those the form was filled with.
fn typed(get: &impl Fn(&str) -> Option<String>) -> bool {
    let text = |key: &str| get(key).unwrap_or_default();
    let (from, to) = (text("from"), text("to"));
    let asked = !from.is_empty() || !to.is_empty();
    asked && (text("period") == CUSTOM || text("shown") != format!("{from}..{to}"))
}

/// What is wrong with two dates: one is missing or none, the first lies behind the last, or years nobody reports on.
pub fn date_faults(from: &str, to: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let (Ok(first), Ok(last)) = (FIRST.parse::<Day>(), LAST.parse::<Day>()) else { return faults };
    let mut read = |field: &str, text: &str| {
        let issue = match text.parse::<Day>() {
            _ if text.is_empty() => Issue::Required,
            Err(_) => Issue::BadDate,
            Ok(day) if !(first..=last).contains(&day) => Issue::OutOfRange { min: 2000, max: 2098 },
            Ok(day) => return Some(day),
        };
        faults.push(FieldError { field: field.into(), issue });
        None
    };
    if let (Some(from), Some(to)) = (read("from", from), read("to", to))
        && to < from
    {
        faults.push(FieldError { field: "to".into(), issue: Issue::BeforeStart });
    }
    faults
}

/// How many months a span is, if it is whole months.
fn whole_months(span: Span) -> Option<i32> {
    let ((from_year, from_month, from_day), (until_year, until_month, until_day)) =
        (span.from.civil(), span.until.civil());
    let months = (until_year - from_year) * 12 + i32::from(until_month) - i32::from(from_month);
    (from_day == 1 && until_day == 1).then_some(months)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::MOST_BUCKETS;
    use proptest::{option, prelude::*, sample::select};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn span(from: &str, last: &str) -> Span {
        Span::of_days(day(from), day(last))
    }
    fn of(preset: Preset) -> ReportQuery {
        ReportQuery { period: Period::Preset(preset), ..ReportQuery::default() }
    }
    fn custom(from: &str, to: &str) -> ReportQuery {
        ReportQuery { period: Period::Custom { from: day(from), to: day(to) }, ..ReportQuery::default() }
    }

    #[test]
    fn presets_and_what_they_are_compared_with() {
        let calendar = Calendar::of_partner(day("2026-11-23"));
        for (preset, now, before) in [
            (Preset::ThisMonth, ("2026-11-01", "2026-11-23"), ("2026-10-01", "2026-10-23")),
            (Preset::LastMonth, ("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30")),
            (Preset::ThisQuarter, ("2026-10-01", "2026-11-23"), ("2026-07-01", "2026-08-23")),
            (Preset::LastQuarter, ("2026-07-01", "2026-09-30"), ("2026-04-01", "2026-06-30")),
            (Preset::ThisYear, ("2026-01-01", "2026-11-23"), ("2025-01-01", "2025-11-23")),
            (Preset::LastYear, ("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
            (Preset::Last30Days, ("2026-10-25", "2026-11-23"), ("2026-09-25", "2026-10-24")),
            (Preset::Last90Days, ("2026-08-26", "2026-11-23"), ("2026-05-28", "2026-08-25")),
        ] {
            assert_eq!(of(preset).span(calendar), span(now.0, now.1), "{preset}");
            assert_eq!(of(preset).previous(calendar), span(before.0, before.1), "{preset}");
        }
    }

    #[test]
    fn the_first_day_of_a_year_has_its_own_month_and_the_last_one_before() {
        let calendar = Calendar::of_partner(day("2027-01-01"));
        assert_eq!(of(Preset::ThisMonth).span(calendar), span("2027-01-01", "2027-01-01"));
        assert_eq!(of(Preset::LastMonth).span(calendar), span("2026-12-01", "2026-12-31"));
        assert_eq!(of(Preset::LastQuarter).span(calendar), span("2026-10-01", "2026-12-31"));
    }

    #[test]
    fn the_end_of_a_long_month_is_compared_with_the_end_of_a_short_one() {
        let calendar = Calendar::of_partner(day("2026-03-31"));
        assert_eq!(of(Preset::ThisMonth).previous(calendar), span("2026-02-01", "2026-02-28"));
    }

    #[test]
    fn whole_months_of_ones_own_are_compared_with_whole_months() {
        let calendar = Calendar::of_partner(day("2026-11-23"));
        let previous = |from, to| custom(from, to).previous(calendar);
        assert_eq!(previous("2026-02-01", "2026-03-31"), span("2025-12-01", "2026-01-31"));
        assert_eq!(previous("2026-03-02", "2026-03-11"), span("2026-02-20", "2026-03-01"));
    }

    #[test]
    fn the_plain_report_has_the_plain_address() {
        assert_eq!(ReportQuery::default().to_query(), "");
        let nonsense = "?period=ever&by=second&currency=XXX&from=2026-02-30&to=x";
        assert_eq!(ReportQuery::from_query(nonsense), ReportQuery::default());
        let backwards = "period=custom&from=2026-02-02&to=2026-02-01";
        assert_eq!(ReportQuery::from_query(backwards), ReportQuery::default());
        assert_eq!(ReportQuery::from_query("from=1999-12-31&to=2026-02-01"), ReportQuery::default());
    }

    fn faults(query: &str) -> Vec<(String, Issue)> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |key: &str| pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        ReportQuery::faults(get).into_iter().map(|f| (f.field, f.issue)).collect()
    }

    #[test]
    fn typed_dates_count_before_a_preset_and_those_left_in_their_fields_do_not() {
        let january = "from=2026-01-01&to=2026-01-31";
        assert_eq!(
            ReportQuery::from_query(&format!("period=last-year&{january}")),
            custom("2026-01-01", "2026-01-31")
        );
        let left = format!("period=last-year&{january}&shown=2026-01-01..2026-01-31");
        assert_eq!(ReportQuery::from_query(&left), of(Preset::LastYear));
        assert_eq!(faults(&left), []);
        assert_eq!(ReportQuery::from_query(january), custom("2026-01-01", "2026-01-31"));
    }

    #[test]
    fn wrong_dates_are_said_and_not_answered_with_another_report() {
        let one = |field: &str, issue: Issue| vec![(field.to_owned(), issue)];
        assert_eq!(faults("from=2026-02-30&to=2026-03-01"), one("from", Issue::BadDate));
        assert_eq!(faults("from=2026-02-02&to=2026-02-01"), one("to", Issue::BeforeStart));
        assert_eq!(faults("period=this-year&from=2026-02-02"), one("to", Issue::Required));
        let far = Issue::OutOfRange { min: 2000, max: 2098 };
        assert_eq!(faults("from=1999-12-31&to=2026-02-01"), one("from", far));
        for fine in ["", "period=last-year", "from=2026-01-01&to=2026-01-31", "period=nonsense&by=second"] {
            assert_eq!(faults(fine), [], "{fine}");
        }
    }

    #[test]
    fn a_bucket_leads_to_its_own_report_a_step_finer() {
        let calendar = Calendar::of_partner(day("2026-11-23"));
        let year = of(Preset::ThisYear);
        let buckets = year.buckets(calendar);
        assert_eq!(buckets.len(), 11);
        let may = year.into_bucket(&buckets[4], year.group(calendar));
        assert_eq!(may.to_query(), "period=custom&from=2026-05-01&to=2026-05-31&by=day");
    }

    prop_compose! {
        fn any_query()(
            preset in option::of(select(Preset::ALL)),
            from in 10_957i32..47_000,
            days in 0i32..40_000,
            by in option::of(select(Group::ALL)),
            currency in option::of(select(Currency::ALL)),
        ) -> ReportQuery {
            // To 2098-12-31.
            let to = (from + days).min(47_116);
            let period = preset.map_or(Period::Custom { from: Day(from), to: Day(to) }, Period::Preset);
            ReportQuery { period, by, currency }
        }
    }

    proptest! {
        #[test]
        fn every_report_has_an_address_that_reads_back(query in any_query()) {
            prop_assert_eq!(ReportQuery::from_query(&query.to_query()), query);
        }

        #[test]
        fn any_address_gives_a_report(query in "\\PC{0,200}", today in 0i32..60_000) {
            let read = ReportQuery::from_query(&query);
            prop_assert_eq!(ReportQuery::from_query(&read.to_query()), read);
            prop_assert!(!read.buckets(Calendar::of_partner(Day(today))).is_empty());
        }

        #[test]
        fn no_report_is_larger_than_the_bound_or_overlaps_what_it_is_compared_with(
            query in any_query(), today in 10_957i32..47_000,
        ) {
            let calendar = Calendar::of_partner(Day(today));
            let (span, previous) = (query.span(calendar), query.previous(calendar));
            let count = query.buckets(calendar).len();
            prop_assert!((1..=MOST_BUCKETS).contains(&count));
            prop_assert!(previous.days() >= 1 && previous.until <= span.from, "{previous:?} {span:?}");
        }
    }
}
