use super::{Text, Wiring};
use leptos::prelude::*;

/// A statement to agree or not agree with.
#[component]
pub fn Checkbox(
    /// The form field's name, and the id unless `id` gives another.
    #[prop(into)]
    name: Text,
    /// The statement.
    #[prop(into)]
    label: Text,
    /// What the form sends if it is ticked; nothing is sent otherwise.
    #[prop(default = Text::Borrowed("true"), into)]
    value: Text,
    /// Ticked at first.
    #[prop(optional)]
    checked: bool,
    /// The id, where a page has the same name twice.
    #[prop(optional, into)]
    id: Option<Text>,
    /// Advice under the statement.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// What is wrong with the choice, if anything.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Must be ticked. Forms carry `novalidate`, so this informs rather than stops.
    #[prop(optional)]
    required: bool,
    /// What belongs below the statement, such as a link to the terms.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let wiring = Wiring::new(id, &name, hint.as_ref(), error);
    view! {
        <div class="field">
            {wiring.error_view()}
            <div class="choice">
                <input
                    type="checkbox"
                    id=wiring.id()
                    name=name
                    value=value
                    checked=checked
                    required=required
                    aria-describedby=wiring.described_by()
                    aria-invalid=wiring.invalid()
                />
                <label for=wiring.id()>{label}</label>
                {wiring.hint_view(hint)}
                {children.map(|children| view! { <div class="field-hint">{children()}</div> })}
            </div>
        </div>
    }
    .into_any()
}
