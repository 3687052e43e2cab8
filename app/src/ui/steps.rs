use super::Text;
use leptos::prelude::*;

/// Where the reader is in a task of several pages.
#[component]
pub fn Steps(
    /// Accessible name of the list.
    #[prop(into)]
    label: Text,
    /// The steps' names, in order.
    steps: Vec<Text>,
    /// The index of the present step, from 0; the number of steps when all are done.
    #[prop(into)]
    current: Signal<usize>,
) -> impl IntoView {
    let items = steps
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let present = move || (index == current.get()).then_some("step");
            view! { <li class:done=move || index < current.get() aria-current=present>{name}</li> }
        })
        .collect_view();
    view! { <ol class="steps" aria-label=label>{items}</ol> }.into_any()
}
