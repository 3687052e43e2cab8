use super::{Text, Wiring};
use leptos::prelude::*;

/// One option of [`Radios`].
#[derive(Clone, Debug)]
pub struct RadioOption {
    /// What the form sends.
    pub value: Text,
    /// The option's label.
    pub label: Text,
    /// What choosing it means, if the label does not say it all.
    pub hint: Option<Text>,
}

impl RadioOption {
    /// An option without a hint.
    pub fn new(value: impl Into<Text>, label: impl Into<Text>) -> Self {
        RadioOption { value: value.into(), label: label.into(), hint: None }
    }

    /// The same option with a hint.
    pub fn hint(self, hint: impl Into<Text>) -> Self {
        RadioOption { hint: Some(hint.into()), ..self }
    }
}

/// A choice of one out of a few that all stay in sight.
#[component]
pub fn Radios(
    /// The form field's name; the first option carries it as id unless `id` gives another.
    #[prop(into)]
    name: Text,
    /// The question: the group's accessible name.
    #[prop(into)]
    legend: Text,
    /// The options, in order.
    options: Vec<RadioOption>,
    /// The chosen value, if one is chosen.
    #[prop(optional, into)]
    selected: Option<Text>,
    /// The id of the first option, where a page has the same name twice.
    #[prop(optional, into)]
    id: Option<Text>,
    /// Advice under the legend.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong with the choice, if anything.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Side by side instead of one below the other; for short labels.
    #[prop(optional)]
    inline: bool,
    /// A choice must be made. Forms carry `novalidate`, so this informs rather than stops.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let wiring = Wiring::new(id, &name, hint.as_ref(), error);
    let first = wiring.id();
    let options = options
        .into_iter()
        .enumerate()
        .map(|(index, option)| {
            // The first keeps the plain id, so that the error summary's link lands on it.
            let id = if index == 0 { first.to_string() } else { format!("{first}-{}", index + 1) };
            let hint_id = option.hint.as_ref().map(|_| format!("{id}-about"));
            view! {
                <div class="choice">
                    <input
                        type="radio"
                        id=id.clone()
                        name=name.clone()
                        checked=selected.as_deref() == Some(&*option.value)
                        value=option.value
                        required=required
                        aria-describedby=hint_id.clone()
                    />
                    <label for=id>{option.label}</label>
                    {option.hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="fieldset choices" aria-describedby=wiring.described_by()>
            <legend>{legend}</legend>
            {wiring.hint_view(hint)}
            {wiring.error_view()}
            <div class:choices-inline=inline>{options}</div>
        </fieldset>
    }
    .into_any()
}
