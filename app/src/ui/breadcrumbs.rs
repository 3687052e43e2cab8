use super::Text;
use leptos::prelude::*;

/// The way from the top to this page.
#[component]
pub fn Breadcrumbs(
    /// Accessible name of the navigation.
    #[prop(into)]
    label: Text,
    /// Text and address of each page above this one, from the top.
    items: Vec<(Text, Text)>,
    /// This page.
    #[prop(into)]
    current: Text,
) -> impl IntoView {
    let items =
        items.into_iter().map(|(text, href)| view! { <li><a href=href>{text}</a></li> }).collect_view();
    view! {
        <nav class="breadcrumbs" aria-label=label>
            <ol>{items}<li aria-current="page">{current}</li></ol>
        </nav>
    }
    .into_any()
}
