use super::{Glyph, Icon, Text};
use leptos::prelude::*;

/// One button of [`Segmented`].
#[derive(Clone, Debug)]
pub struct Segment {
    /// What the button sends.
    pub value: Text,
    /// What it says; its accessible name also where only the drawing is shown.
    pub label: Text,
    /// A drawing in place of the label.
    pub glyph: Option<Glyph>,
}

/// A group of submit buttons of which one is in force: language, theme. Belongs into the caller's form.
#[component]
pub fn Segmented(
    /// Accessible name of the group.
    #[prop(into)]
    label: Text,
    /// The form field's name.
    #[prop(into)]
    name: Text,
    /// The buttons, in order.
    segments: Vec<Segment>,
    /// The value in force.
    #[prop(into)]
    selected: Signal<String>,
) -> impl IntoView {
    let buttons = segments
        .into_iter()
        .map(|segment| {
            let value = segment.value.clone();
            let pressed = move || if selected.with(|selected| **selected == *value) { "true" } else { "false" };
            let content = match segment.glyph {
                None => view! { {segment.label} }.into_any(),
                Some(glyph) => {
                    view! { <Icon glyph/><span class="visually-hidden">{segment.label}</span> }.into_any()
                }
            };
            view! { <button type="submit" name=name.clone() value=segment.value aria-pressed=pressed>{content}</button> }
        })
        .collect_view();
    view! { <div class="segmented" role="group" aria-label=label>{buttons}</div> }.into_any()
}
