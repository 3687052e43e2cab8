use super::Text;
use leptos::prelude::*;

/// How far a long job is.
#[component]
pub fn Progress(
    /// The bar's id; unique on the page.
    #[prop(into)]
    id: Text,
    /// What is going on.
    #[prop(into)]
    label: Text,
    /// Done so far, in units of `max`; a bar without an end if nothing is known.
    #[prop(optional, into)]
    value: MaybeProp<f64>,
    /// The whole, in the same units.
    #[prop(default = 100.0)]
    max: f64,
    /// How far, in words, e.g. "120 of 400".
    #[prop(optional, into)]
    note: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <div class="progress">
            <span><label for=id.clone()>{label}</label><span class="muted num">{move || note.get()}</span></span>
            <progress id=id max=max value=move || value.get()></progress>
        </div>
    }
    .into_any()
}
