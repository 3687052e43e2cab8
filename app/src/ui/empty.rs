use super::{Glyph, Icon, Text};
use leptos::prelude::*;

/// What stands in place of an empty list: why it is empty, and what to do next.
#[component]
pub fn EmptyState(
    /// A drawing of what would be here.
    glyph: Glyph,
    /// What is missing.
    #[prop(into)]
    heading: Text,
    /// Why, or what to do.
    #[prop(into)]
    text: Text,
    /// The next step, as a button or link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph/>
            <h2>{heading}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </div>
    }
    .into_any()
}
