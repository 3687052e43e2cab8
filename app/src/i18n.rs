//! Texts, dates and numbers in the reader's language. The typed functions come from `build.rs`.

use kontor::kernel::{
    instant::{Day, Instant},
    locale::Locale,
    money::{Currency, Money},
};

#[cfg(feature = "ssr")]
use crate::pages::Bundle;

/// One function per text: `t::shell::sign_in()`.
#[allow(missing_docs, reason = "generated; each text is quoted at its function")]
pub mod t {
    // Under names that no key has.
    use super::{counted as the_counted, fill as the_filled, text as the_text};
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// Separates the texts of a table on its way to the browser.
const SEPARATOR: char = '\u{1e}';

#[cfg(feature = "ssr")]
mod table {
    use super::*;
    use std::cell::Cell;

    thread_local! {
        static OVERRIDE: Cell<Option<Locale>> = const { Cell::new(None) };
    }

    /// Runs `f` with the texts of `locale`, whoever asks: for mails.
    pub fn with_locale<T>(locale: Locale, f: impl FnOnce() -> T) -> T {
        struct Restore(Option<Locale>);
        impl Drop for Restore {
            fn drop(&mut self) {
                OVERRIDE.set(self.0);
            }
        }
        let _restore = Restore(OVERRIDE.replace(Some(locale)));
        f()
    }

    /// The reader's language: of the request, as the host put it into the context.
    pub fn locale() -> Locale {
        OVERRIDE.get().or_else(leptos::prelude::use_context::<Locale>).unwrap_or_default()
    }

    pub(super) fn get(index: usize) -> &'static str {
        let table: &[&str] = match locale() {
            Locale::En => &t::ENGLISH,
            Locale::De => &t::GERMAN,
        };
        table[index]
    }

    /// The table that pages of this language and bundle load before hydration: the texts of the rooms the bundle reads, each
    /// at its place, and nothing at the places of others.
    pub fn packed(locale: Locale, bundle: Bundle) -> String {
        let table: &[&str] = match locale {
            Locale::En => &t::ENGLISH,
            Locale::De => &t::GERMAN,
        };
        let shown = |(room, begin, end): &(&str, usize, usize)| match bundle.reads(room) {
            true => table[*begin..*end].to_vec(),
            false => vec![""; end - begin],
        };
        t::ROOMS.iter().flat_map(shown).collect::<Vec<_>>().join(&SEPARATOR.to_string())
    }
}

#[cfg(not(feature = "ssr"))]
mod table {
    use super::*;
    use std::sync::OnceLock;

    static TABLE: OnceLock<(Locale, Vec<&'static str>)> = OnceLock::new();

    /// Takes the page's table; called once, before hydration.
    pub fn install(locale: Locale, packed: String) {
        // The texts live as long as the page does.
        let packed: &'static str = Box::leak(packed.into_boxed_str());
        let _ = TABLE.set((locale, packed.split(SEPARATOR).collect()));
    }

    /// The reader's language: of the page.
    pub fn locale() -> Locale {
        TABLE.get().map(|(l, _)| *l).unwrap_or_default()
    }

    pub(super) fn get(index: usize) -> &'static str {
        let text = TABLE.get().and_then(|(_, texts)| texts.get(index).copied()).unwrap_or("");
        if text.is_empty() {
            // `Bundle::reads` leaves out a room that is read after all: no test of a browser lets this pass.
            leptos::logging::error!("text {index} is not in this bundle");
        }
        text
    }
}

#[cfg(not(feature = "ssr"))]
pub use table::install;
pub use table::locale;
#[cfg(feature = "ssr")]
pub use table::{packed, with_locale};

/// A language's own name, which whoever reads it understands in any other.
pub fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "English",
        Locale::De => "Deutsch",
    }
}

fn text(index: usize) -> &'static str {
    table::get(index)
}

fn fill(index: usize, args: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = text(index);
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = tail.split_once('}') else { break };
        out.push_str(args.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn counted(count: i64, one: usize, other: usize, args: &[(&str, &str)]) -> String {
    let shown = number(count);
    let mut all = vec![("count", shown.as_str())];
    all.extend_from_slice(args);
    fill(if count == 1 { one } else { other }, &all)
}

/// A whole number with the reader's thousands separators: `1,234` or `1.234`.
pub fn number(n: i64) -> String {
    let separator = match locale() {
        Locale::En => ',',
        Locale::De => '.',
    };
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "−" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A day in the reader's way of writing: `23 Nov 2026` or `23.11.2026`.
pub fn date(day: Day) -> String {
    let (year, month, in_month) = day.civil();
    match locale() {
        Locale::En => format!("{in_month} {} {year}", month_short(month)),
        Locale::De => format!("{in_month:02}.{month:02}.{year}"),
    }
}

/// A month (1–12) by its name: `November`.
pub fn month(month: u8) -> &'static str {
    let names = match locale() {
        Locale::En => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        Locale::De => [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
    };
    names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("")
}

/// A month (1–12) by the three letters of its name: `Nov`.
pub fn month_short(month: u8) -> &'static str {
    let names = match locale() {
        Locale::En => ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        Locale::De => ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"],
    };
    names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("")
}

/// An instant to the minute, UTC: `23 Nov 2026, 14:05 UTC`.
pub fn date_time(at: Instant) -> String {
    let (hour, minute) = at.hour_minute();
    format!("{}, {hour:02}:{minute:02} UTC", date(at.day()))
}

/// A figure of so many decimals in few letters, for an axis: `0.50`, `950`, `1.2k`, `3.4M`; German `1,2 Tsd.`. Rounded
/// to a tenth of the unit it is told in.
pub fn short(amount: i64, decimals: u32) -> String {
    let (point, units) = match locale() {
        Locale::En => ('.', ["k", "M", "B", "T"]),
        Locale::De => (',', ["\u{a0}Tsd.", "\u{a0}Mio.", "\u{a0}Mrd.", "\u{a0}Bio."]),
    };
    let per = 10u128.pow(decimals);
    let size = u128::from(amount.unsigned_abs());
    let sign = if amount < 0 { "−" } else { "" };
    if size < 1000 * per {
        let (whole, rest) = (size / per, size % per);
        return match rest {
            0 => format!("{sign}{whole}"),
            rest => format!("{sign}{whole}{point}{rest:0width$}", width = decimals as usize),
        };
    }
    let mut unit = 0;
    let tenths = |unit: usize| {
        let in_unit = per * 1000u128.pow(unit as u32 + 1);
        (size * 10 + in_unit / 2) / in_unit
    };
    // 999,960 rounds to a thousand thousands, which is a million.
    while tenths(unit) >= 10_000 && unit + 1 < units.len() {
        unit += 1;
    }
    let (whole, tenth) = (tenths(unit) / 10, tenths(unit) % 10);
    match tenth {
        0 => format!("{sign}{whole}{}", units[unit]),
        tenth => format!("{sign}{whole}{point}{tenth}{}", units[unit]),
    }
}

/// An amount of money: `€1,234.50`, German `1.234,50 €`; other currencies by their code.
pub fn money(amount: Money) -> String {
    let plain = Money::new(amount.minor.abs(), amount.currency).plain();
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain.as_str(), ""));
    let whole = number(whole.parse().unwrap_or_default());
    let point = if locale() == Locale::De { ',' } else { '.' };
    let digits = if decimals.is_empty() { whole } else { format!("{whole}{point}{decimals}") };
    let sign = if amount.minor < 0 { "−" } else { "" };
    let own = match amount.currency {
        Currency::Eur => Some("€"),
        Currency::Usd => Some("$"),
        _ => None,
    };
    match (locale(), own) {
        (Locale::En, Some(own)) => format!("{sign}{own}{digits}"),
        (Locale::En, None) => format!("{sign}{}\u{a0}{digits}", amount.currency),
        (Locale::De, Some(own)) => format!("{sign}{digits}\u{a0}{own}"),
        (Locale::De, None) => format!("{sign}{digits}\u{a0}{}", amount.currency),
    }
}

/// Basis points as a percentage: `20%`, `12.5%`, German `12,5 %`.
pub fn percent(basis_points: i64) -> String {
    let sign = if basis_points < 0 { "−" } else { "" };
    let (whole, rest) = (basis_points.unsigned_abs() / 100, basis_points.unsigned_abs() % 100);
    let fraction = format!("{rest:02}");
    let fraction = fraction.trim_end_matches('0');
    match (locale(), fraction.is_empty()) {
        (Locale::En, true) => format!("{sign}{whole}%"),
        (Locale::En, false) => format!("{sign}{whole}.{fraction}%"),
        (Locale::De, true) => format!("{sign}{whole} %"),
        (Locale::De, false) => format!("{sign}{whole},{fraction} %"),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_in_both_languages() {
        let day = Day::from_civil(2026, 11, 3).unwrap();
        with_locale(Locale::En, || {
            assert_eq!(number(1_234_567), "1,234,567");
            assert_eq!(number(-12), "−12");
            assert_eq!(date(day), "3 Nov 2026");
            assert_eq!(percent(1250), "12.5%");
            assert_eq!(money(Money::new(123_450, Currency::Eur)), "€1,234.50");
            assert_eq!(money(Money::new(-5, Currency::Cad)), "−CAD\u{a0}0.05");
        });
        with_locale(Locale::De, || {
            assert_eq!(number(1000), "1.000");
            assert_eq!(date(day), "03.11.2026");
            assert_eq!(date_time(day.start().plus_minutes(65)), "03.11.2026, 01:05 UTC");
            assert_eq!(percent(2000), "20 %");
            assert_eq!(money(Money::new(-123_450, Currency::Eur)), "−1.234,50\u{a0}€");
            assert_eq!(money(Money::new(1_200, Currency::Jpy)), "1.200\u{a0}JPY");
        });
    }

    #[test]
    fn a_percentage_below_zero_has_one_sign() {
        with_locale(Locale::En, || {
            assert_eq!([percent(-1250), percent(-5), percent(-10_000)], ["−12.5%", "−0.05%", "−100%"]);
        });
    }

    #[test]
    fn short_figures_keep_their_size() {
        with_locale(Locale::En, || {
            for (amount, decimals, shown) in [
                (0, 2, "0"),
                (50, 2, "0.50"),
                (5, 2, "0.05"),
                (95_000, 2, "950"),
                (120_000, 2, "1.2k"),
                (-15_000_000, 2, "−150k"),
                (99_996_000, 2, "1M"),
                (999_949, 0, "999.9k"),
                (1_200, 0, "1.2k"),
                (340_000_000, 2, "3.4M"),
                (i64::MIN, 0, "−9223372T"),
            ] {
                assert_eq!(short(amount, decimals), shown, "{amount}");
            }
        });
        with_locale(Locale::De, || {
            assert_eq!([short(120_000, 2), short(50, 2)], ["1,2\u{a0}Tsd.", "0,50"]);
            assert_eq!((month(3), month_short(12), month(13)), ("März", "Dez", ""));
        });
    }

    #[test]
    fn both_tables_are_complete() {
        assert_eq!(t::ENGLISH.len(), t::GERMAN.len());
        for (index, (en, de)) in t::ENGLISH.iter().zip(t::GERMAN.iter()).enumerate() {
            assert!(!en.trim().is_empty() && !de.trim().is_empty(), "text {index} is empty: {en:?} / {de:?}");
            assert!(!en.contains(SEPARATOR) && !de.contains(SEPARATOR));
        }
    }
}
