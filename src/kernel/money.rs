//! Money: integer minor units and an ISO 4217 currency (design.md section 3, rule 7). No sum crosses currencies (R9.8).

use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Currencies prices, invoices and commission are in (domain.md section 10), by ISO 4217 code.
    pub enum Currency {
        /// Euro.
        Eur = "EUR",
        /// US dollar.
        Usd = "USD",
        /// Indian rupee.
        Inr = "INR",
        /// Canadian dollar.
        Cad = "CAD",
        /// Japanese yen.
        Jpy = "JPY",
        /// Australian dollar.
        Aud = "AUD",
    }
}

impl Currency {
    /// Digits behind the decimal point (ISO 4217): none for the yen.
    pub fn decimals(self) -> u32 {
        if self == Currency::Jpy { 0 } else { 2 }
    }
    /// Minor units in one major unit.
    pub fn minor_per_major(self) -> i64 {
        10i64.pow(self.decimals())
    }
}

/// The greatest amount anything may cost or move: ten billion major units, far from where sums of 64 bits end.
pub const MAX_MINOR: i64 = 1_000_000_000_000;

/// An amount in minor units of a currency. Negative amounts are credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

impl Money {
    /// So many minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }
    /// Nothing.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }
    /// The same amount the other way.
    pub const fn negated(self) -> Self {
        Self { minor: -self.minor, currency: self.currency }
    }
    /// The amount in digits, with a point and the currency's decimals, without sign of the currency: `1234.50`. For
    /// files and interfaces; readers get `i18n::money`.
    pub fn plain(self) -> String {
        let per = self.currency.minor_per_major();
        let sign = if self.minor < 0 { "-" } else { "" };
        let (major, minor) = (self.minor.unsigned_abs() / per as u64, self.minor.unsigned_abs() % per as u64);
        match self.currency.decimals() {
            0 => format!("{sign}{major}"),
            digits => format!("{sign}{major}.{minor:0width$}", width = digits as usize),
        }
    }
}

/// Why a typed amount is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAmount {
    /// Not digits with at most the currency's decimals.
    #[error("not an amount")]
    Malformed,
    /// Beyond [`MAX_MINOR`].
    #[error("too large")]
    TooLarge,
}

impl From<BadAmount> for crate::Issue {
    fn from(bad: BadAmount) -> Self {
        match bad {
            BadAmount::Malformed => crate::Issue::BadAmount,
            BadAmount::TooLarge => crate::Issue::TooLong { max: 16 },
        }
    }
}

/// Reads an amount as people type it: `1234`, `1234.5`, `1234,50`; blanks, and a dot or comma between every three
/// digits, may group the thousands if decimals follow the other sign or none do. Never negative. More decimals than
/// the currency has are refused, not rounded.
pub fn parse_amount(typed: &str, currency: Currency) -> Result<i64, BadAmount> {
    let text: String = typed.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let signs: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| matches!(c, '.' | ',')).collect();
    let (whole, decimals) = match signs.as_slice() {
        [] => (text.clone(), ""),
        // One sign: it is the decimal one, unless it can only group: exactly three digits behind it.
        [(at, _)] if text.len() - at - 1 != 3 => (text[..*at].to_owned(), &text[at + 1..]),
        [(at, _)] => (ungrouped(&text, text.as_bytes()[*at] as char)?, ""),
        several => {
            let (last_at, last) = several[several.len() - 1];
            let others: Vec<char> = several[..several.len() - 1].iter().map(|(_, c)| *c).collect();
            match others.iter().all(|c| *c == others[0]) {
                true if others[0] != last => (ungrouped(&text[..last_at], others[0])?, &text[last_at + 1..]),
                true => (ungrouped(&text, last)?, ""),
                false => return Err(BadAmount::Malformed),
            }
        }
    };
    if text.ends_with(['.', ',']) {
        return Err(BadAmount::Malformed);
    }
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let most = currency.decimals() as usize;
    if whole.is_empty() || !digits(&whole) || !digits(decimals) || decimals.len() > most {
        return Err(BadAmount::Malformed);
    }
    if whole.len() > 15 {
        return Err(BadAmount::TooLarge);
    }
    let joined = format!("{whole}{decimals:0<most$}");
    let minor: i64 = joined.parse().map_err(|_| BadAmount::TooLarge)?;
    if minor > MAX_MINOR { Err(BadAmount::TooLarge) } else { Ok(minor) }
}

fn ungrouped(text: &str, sign: char) -> Result<String, BadAmount> {
    let mut groups = text.split(sign);
    let first = groups.next().unwrap_or_default();
    // A nought groups nothing: `0.001` is less than a cent, and not a whole one of the currency.
    if first.is_empty() || first.len() > 3 || first.starts_with('0') || groups.clone().any(|g| g.len() != 3) {
        return Err(BadAmount::Malformed);
    }
    Ok(text.chars().filter(|c| *c != sign).collect())
}

/// `amount × numerator ÷ denominator`, rounded half away from zero (domain.md sections 7 and 10: half-up per line).
/// Computed in 128 bits. `denominator` is positive; what does not fit into 64 bits is cut to the greatest.
pub fn share(amount: i64, numerator: i64, denominator: i64) -> i64 {
    ratio(i128::from(amount) * i128::from(numerator), i128::from(denominator.max(1)))
}

/// `numerator ÷ denominator`, rounded half away from zero.
pub fn ratio(numerator: i128, denominator: i128) -> i64 {
    let half = denominator / 2;
    let rounded = match numerator >= 0 {
        true => (numerator + half) / denominator,
        false => (numerator - half) / denominator,
    };
    i64::try_from(rounded).unwrap_or(if rounded > 0 { i64::MAX } else { i64::MIN })
}

/// Basis points (hundredths of a percent) of an amount, rounded half away from zero.
pub fn basis_points(amount: i64, bp: i64) -> i64 {
    share(amount, bp, 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        let eur = |typed| parse_amount(typed, Currency::Eur);
        for (typed, minor) in [
            ("0", 0),
            ("12", 1200),
            ("12.5", 1250),
            ("12,50", 1250),
            ("1.234,50", 123_450),
            ("1,234.50", 123_450),
            ("1 234,50", 123_450),
            ("1.234", 123_400),
            ("1.234.567", 123_456_700),
            (" 7 ", 700),
        ] {
            assert_eq!(eur(typed), Ok(minor), "{typed}");
        }
        for wrong in [
            "",
            "-1",
            "1.2345",
            "12.345,",
            "1,2,3",
            "abc",
            "1e3",
            ".5",
            "1.23.456,7.8",
            "٣",
            "0.001",
            "0,125",
            "012.345",
        ] {
            assert_eq!(eur(wrong), Err(BadAmount::Malformed), "{wrong}");
        }
        assert_eq!(eur("10000000000.01"), Err(BadAmount::TooLarge));
        assert_eq!(parse_amount("1200", Currency::Jpy), Ok(1200));
        assert_eq!(parse_amount("12.5", Currency::Jpy), Err(BadAmount::Malformed));
    }

    #[test]
    fn the_examples_of_proration_come_out_to_the_cent() {
        // domain.md section 7, examples A and B.
        assert_eq!(share(10 * (7200 - 3600), 275, 365), 27123);
        assert_eq!(share(5 * 3600, 275, 365), 13562);
        assert_eq!(basis_points(36_000, 2_000), 7_200);
    }

    proptest! {
        #[test]
        fn plain_reads_back(minor in 0i64..=MAX_MINOR) {
            for currency in Currency::ALL.iter().copied() {
                prop_assert_eq!(parse_amount(&Money::new(minor, currency).plain(), currency), Ok(minor));
            }
        }

        #[test]
        fn rounding_is_never_off_by_more_than_half(amount in -MAX_MINOR..MAX_MINOR, n in 0i64..5000, d in 1i64..5000) {
            let exact = i128::from(amount) * i128::from(n);
            let error = exact - i128::from(share(amount, n, d)) * i128::from(d);
            prop_assert!(error.abs() * 2 <= i128::from(d));
            prop_assert_eq!(share(-amount, n, d), -share(amount, n, d));
        }
    }
}
