use super::{Icon, Text, Tone};
use leptos::prelude::*;

/// A note that belongs to the page: advice, a warning, an outcome.
#[component]
pub fn Callout(
    /// What kind of note.
    #[prop(default = Tone::Info)]
    tone: Tone,
    /// A few words in front.
    #[prop(optional, into)]
    title: Option<Text>,
    /// The note answers something the reader just did: it is announced when it appears.
    #[prop(optional)]
    live: bool,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("callout {}", tone.class()) role=live.then_some("status")>
            <Icon glyph=tone.icon()/>
            <div class="stack stack-tight">
                {title.map(|title| view! { <p class="callout-title">{title}</p> })}
                <div>{children()}</div>
            </div>
        </div>
    }
    .into_any()
}
