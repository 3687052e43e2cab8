use super::Text;
use leptos::prelude::*;

/// Names and values, as a description list.
#[component]
pub fn Facts(
    /// One line per fact across the page, instead of the compact form for cards.
    #[prop(optional)]
    wide: bool,
    /// [`Fact`]s, or `dt` and `dd`.
    children: Children,
) -> impl IntoView {
    view! { <dl class=if wide { "facts facts-wide" } else { "facts" }>{children()}</dl> }
}

/// One name and its value.
#[component]
pub fn Fact(
    /// The name.
    #[prop(into)]
    name: Text,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <dt>{name}</dt>
        <dd>{children()}</dd>
    }
}
