use super::Text;
use leptos::{children::ViewFnOnce, prelude::*};

/// A framed part of a page, under a second-level heading that names it.
///
/// Cards of a list (customers) are written as `<article class="card">` by their own component.
#[component]
pub fn Card(
    /// The heading's text.
    #[prop(into)]
    heading: Text,
    /// The heading's id; unique on the page. The heading is what leads here: a landmark for every card would be noise.
    #[prop(into)]
    id: Text,
    /// What stands at the heading's right: a link, a badge.
    #[prop(optional, into)]
    aside: Option<ViewFnOnce>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card">
            <div class="card-head"><h2 class="card-title" id=id>{heading}</h2>{aside.map(ViewFnOnce::run)}</div>
            {children()}
        </section>
    }
    .into_any()
}
