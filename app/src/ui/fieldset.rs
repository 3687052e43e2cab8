use super::Text;
use leptos::prelude::*;

/// A group of fields under a heading of their own.
#[component]
pub fn Fieldset(
    /// The group's name. It is a heading too, so that the form has an outline.
    #[prop(into)]
    legend: Text,
    /// A sentence under the heading.
    #[prop(optional, into)]
    description: Option<Text>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class="fieldset">
            <legend><h2>{legend}</h2></legend>
            {description.map(|text| view! { <p class="field-hint">{text}</p> })}
            {children()}
        </fieldset>
    }
    .into_any()
}
