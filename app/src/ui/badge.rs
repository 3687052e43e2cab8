use super::{Glyph, Icon, Text, Tone};
use leptos::prelude::*;

/// A short state, such as "Trial".
#[component]
pub fn Badge(
    /// The state in a word or two.
    #[prop(into)]
    label: Text,
    /// How good or bad it is.
    #[prop(default = Tone::Neutral)]
    tone: Tone,
    /// A drawing in place of the dot.
    #[prop(optional)]
    icon: Option<Glyph>,
) -> impl IntoView {
    let class = match tone {
        Tone::Neutral => "badge tone-neutral",
        Tone::Info => "badge tone-info",
        Tone::Success => "badge tone-success",
        Tone::Warning => "badge tone-warning",
        Tone::Danger => "badge tone-danger",
    };
    view! { <span class=class>{icon.map(|glyph| view! { <Icon glyph/> })}{label}</span> }
}
