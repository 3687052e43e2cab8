//! What reports have in common: the words around charts, and how periods are called.

use crate::{
    i18n, t,
    ui::{ChartSlot, ChartWords},
};
use kontor::{
    kernel::instant::Day,
    report::{Bucket, Group, Label, Period, Preset},
};

/// The words around charts.
pub fn chart_words() -> ChartWords {
    ChartWords {
        period: t::report::period().into(),
        incomplete: t::report::incomplete().into(),
        table: t::report::table().into(),
        total: t::report::total().into(),
        share: t::report::share().into(),
        empty: t::report::empty().into(),
    }
}

/// The choice of a period in a form; with [`Period::key`] as its value.
pub fn period(period: Period) -> &'static str {
    match period {
        Period::Preset(Preset::ThisMonth) => t::report::period_this_month(),
        Period::Preset(Preset::LastMonth) => t::report::period_last_month(),
        Period::Preset(Preset::ThisQuarter) => t::report::period_this_quarter(),
        Period::Preset(Preset::LastQuarter) => t::report::period_last_quarter(),
        Period::Preset(Preset::ThisYear) => t::report::period_this_year(),
        Period::Preset(Preset::LastYear) => t::report::period_last_year(),
        Period::Preset(Preset::Last30Days) => t::report::period_last_30_days(),
        Period::Preset(Preset::Last90Days) => t::report::period_last_90_days(),
        Period::Custom { .. } => t::report::period_custom(),
    }
}

/// The choice of a grouping.
pub fn group(group: Group) -> &'static str {
    match group {
        Group::Day => t::report::by_day(),
        Group::Month => t::report::by_month(),
        Group::Quarter => t::report::by_quarter(),
        Group::Year => t::report::by_year(),
    }
}

/// A bucket in full: `November 2026`.
pub fn bucket_name(bucket: &Bucket) -> String {
    match bucket.label {
        Label::Day { year, month, day } => {
            Day::from_civil(year, month, day).map(i18n::date).unwrap_or_default()
        }
        Label::Month { year, month } => t::report::month_of(i18n::month(month), year),
        Label::Quarter { year, quarter } => t::report::quarter_of(quarter, year),
        Label::Year { year } => year.to_string(),
    }
}

/// A bucket as a place on a chart's axis, leading to `href`.
pub fn slot(bucket: &Bucket, href: Option<String>) -> ChartSlot {
    let (short, under) = match bucket.label {
        Label::Day { year, month, day } => {
            (day.to_string(), t::report::month_of(i18n::month_short(month), year))
        }
        Label::Month { year, month } => (i18n::month_short(month).to_owned(), year.to_string()),
        Label::Quarter { year, quarter } => (t::report::quarter(quarter), year.to_string()),
        Label::Year { year } => (year.to_string(), String::new()),
    };
    ChartSlot {
        short: short.into(),
        under: under.into(),
        name: bucket_name(bucket).into(),
        href: href.map(Into::into),
        complete: bucket.complete,
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use kontor::{
        kernel::locale::Locale,
        report::{Calendar, ReportQuery},
    };

    #[test]
    fn a_period_is_called_by_its_name_in_both_languages() {
        let calendar = Calendar::of_partner(Day::from_civil(2026, 11, 23).unwrap());
        let last = |query: &str| {
            let slot = slot(ReportQuery::from_query(query).buckets(calendar).last().unwrap(), None);
            (slot.short.to_string(), slot.under.to_string(), slot.name.to_string(), slot.complete)
        };
        let parts = |short: &str, under: &str, name: &str| (short.into(), under.into(), name.into(), false);
        i18n::with_locale(Locale::En, || {
            assert_eq!(last("by=day&period=this-month"), parts("23", "Nov 2026", "23 Nov 2026"));
            assert_eq!(last("by=month"), parts("Nov", "2026", "November 2026"));
            assert_eq!(last("by=quarter"), parts("Q4", "2026", "Quarter 4, 2026"));
            assert_eq!(last("by=year"), parts("2026", "", "2026"));
        });
        i18n::with_locale(Locale::De, || {
            assert_eq!(last("by=quarter"), parts("Q4", "2026", "4. Quartal 2026"));
            assert_eq!(last("by=day"), last("by=month"));
        });
    }
}
