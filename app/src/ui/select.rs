use super::{Text, Wiring, field::frame};
use leptos::prelude::*;

/// A labelled choice of one out of a list.
#[component]
pub fn Select(
    /// The form field's name, and the id unless `id` gives another.
    #[prop(into)]
    name: Text,
    /// The label's text.
    #[prop(into)]
    label: Text,
    /// Value and text of each option, in order.
    options: Vec<(Text, Text)>,
    /// The chosen value; the first option if none matches.
    #[prop(optional, into)]
    selected: Option<Text>,
    /// The text of an empty first option, for a choice that has no sensible default.
    #[prop(optional, into)]
    placeholder: Option<Text>,
    /// The id, where a page has the same name twice.
    #[prop(optional, into)]
    id: Option<Text>,
    /// Advice under the label.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// A remark after the label, such as "(optional)".
    #[prop(optional, into)]
    marker: Option<Text>,
    /// What is wrong with the choice, if anything.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// The `autocomplete` token, e.g. `country`.
    #[prop(optional, into)]
    autocomplete: Option<Text>,
    /// A choice must be made. Forms carry `novalidate`, so this informs rather than stops.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let wiring = Wiring::new(id, &name, hint.as_ref(), error);
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let chosen = selected.as_deref() == Some(&*value);
            view! { <option value=value selected=chosen>{text}</option> }
        })
        .collect_view();
    let control = view! {
        <select
            class="input"
            id=wiring.id()
            name=name
            autocomplete=autocomplete
            required=required
            aria-describedby=wiring.described_by()
            aria-invalid=wiring.invalid()
        >
            {placeholder.map(|text| view! { <option value="">{text}</option> })}
            {options}
        </select>
    }
    .into_any();
    frame(&wiring, label, hint, marker, control)
}
