use super::Text;
use leptos::{children::ViewFnOnce, prelude::*};

/// The head of a page: its one first-level heading, a sentence, and what can be done here.
#[component]
pub fn PageHeader(
    /// The page's name.
    #[prop(into)]
    heading: Text,
    /// A sentence about it.
    #[prop(optional, into)]
    description: Option<Text>,
    /// What stands beside the heading, such as a badge.
    #[prop(optional, into)]
    aside: Option<ViewFnOnce>,
    /// Buttons and links for the whole page.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-header">
            <div>
                <div class="row"><h1>{heading}</h1>{aside.map(ViewFnOnce::run)}</div>
                {description.map(|text| view! { <p>{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </div>
    }
    .into_any()
}
