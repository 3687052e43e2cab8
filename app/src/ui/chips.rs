use super::Text;
use leptos::prelude::*;

/// One value of a filter.
#[derive(Clone, Debug)]
pub struct FilterChip {
    /// The value's name.
    pub label: Text,
    /// How many there are, written out by the caller ("1,000+" is a count too).
    pub count: Option<Text>,
    /// The list with this filter.
    pub href: Text,
    /// The filter is in force.
    pub current: bool,
}

/// A row of filters that are links: they work without script and can be bookmarked.
#[component]
pub fn FilterChips(
    /// What is filtered: accessible name of the navigation, shown before the values.
    #[prop(into)]
    label: Text,
    /// The values, in order.
    #[prop(into)]
    chips: Signal<Vec<FilterChip>>,
) -> impl IntoView {
    let items = move || {
        let item = |chip: FilterChip| {
            view! {
                <li>
                    <a class="chip" href=chip.href aria-current=chip.current.then_some("true")>
                        {chip.label}
                        {chip.count.map(|count| view! { " "<span class="chip-count">{count}</span> })}
                    </a>
                </li>
            }
        };
        chips.get().into_iter().map(item).collect_view()
    };
    let shown = label.clone();
    view! {
        <nav class="filter" aria-label=label>
            <span class="filter-label" aria-hidden="true">{shown}</span>
            <ul class="chips">{items}</ul>
        </nav>
    }
    .into_any()
}
