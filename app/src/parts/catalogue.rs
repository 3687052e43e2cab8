//! What the catalogue is called, for the vendor who edits it and the partner who sells from it.

use crate::{
    i18n,
    parts::address::address,
    t,
    ui::{FilterChip, FilterChips},
};
use kontor::{
    catalogue::plan_of,
    kernel::money::{Currency, Money, share},
    subscription::change::Item,
};
use leptos::prelude::*;

/// What can be bought: a plan's name, which is a product name in every language, or an add-on's.
pub fn item(item: Item) -> &'static str {
    match plan_of(item) {
        Some(plan) => plan.name(),
        None => t::catalogue::lookup(&format!("item_{}", item.key())).unwrap_or_default(),
    }
}

/// How many people a plan holds.
pub fn users(max: Option<i64>) -> String {
    max.map_or_else(|| t::catalogue::no_limit().into(), i18n::number)
}

/// Gigabytes.
pub fn storage(gb: i64) -> String {
    t::catalogue::gigabytes(i18n::number(gb))
}

/// A yearly price as so much a month; said to be about so much where it does not come out even.
pub fn per_month(yearly: i64, currency: Currency) -> String {
    let monthly = i18n::money(Money::new(share(yearly, 1, 12), currency));
    match yearly % 12 {
        0 => t::catalogue::per_month(monthly),
        _ => t::catalogue::per_month_about(monthly),
    }
}

/// Links to the same page in the other currencies, where there are any.
#[component]
pub fn Currencies(
    /// The page's path.
    path: String,
    /// The currencies there are.
    all: Vec<Currency>,
    /// The one shown.
    current: Currency,
) -> impl IntoView {
    (all.len() > 1).then(|| {
        let chip = |currency: &Currency| FilterChip {
            label: currency.key().into(),
            count: None,
            href: address(&path, vec![("currency", currency.to_string())]).into(),
            current: *currency == current,
        };
        let chips: Vec<FilterChip> = all.iter().map(chip).collect();
        view! { <FilterChips label=t::field::currency() chips=Signal::stored(chips)/> }
    })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_sold_has_a_name() {
        assert!(Item::ALL.iter().all(|one| !item(*one).is_empty()));
    }

    #[test]
    fn a_year_is_twelve_months_or_about() {
        assert_eq!(per_month(3_600, Currency::Eur), "€3.00 a month");
        assert_eq!(per_month(1_000, Currency::Eur), "about €0.83 a month");
        assert_eq!(users(None), "any number");
    }
}
