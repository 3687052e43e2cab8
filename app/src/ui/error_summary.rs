use super::{Text, browser};
use leptos::{html, prelude::*};

/// The list of everything that is wrong with a form, at its top; each entry leads to its field.
///
/// Takes the focus when it appears, and again when the errors change.
#[component]
pub fn ErrorSummary(
    /// The heading, e.g. "There is a problem".
    #[prop(into)]
    heading: Text,
    /// Id of the field and message, in the order of the fields. An empty id makes a message without a link.
    #[prop(into)]
    errors: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let summary = NodeRef::<html::Div>::new();
    Effect::new(move || {
        errors.track();
        if let Some(summary) = summary.get() {
            browser::focus(&summary);
        }
    });
    move || {
        let errors = errors.get();
        (!errors.is_empty()).then(|| {
            let entries = errors.into_iter().map(|(id, message)| match id.is_empty() {
                true => view! { <li>{message}</li> }.into_any(),
                false => {
                    let href = format!("#{id}");
                    // Following the link moves the focus already; the handler does it where the router takes the
                    // click over, and brings the label into view with the field.
                    let lead = move |event: leptos::ev::MouseEvent| {
                        if browser::focus_field(&id) {
                            event.prevent_default();
                        }
                    };
                    view! { <li><a href=href on:click=lead>{message}</a></li> }.into_any()
                }
            });
            view! {
                <div class="error-summary" role="alert" tabindex="-1" node_ref=summary>
                    <h2>{heading.clone()}</h2>
                    <ul>{entries.collect_view()}</ul>
                </div>
            }
        })
    }
}
