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
    /// The heading's id, which names the section; unique on the page.
    #[prop(into)]
    id: Text,
    /// What stands at the heading's right: a link, a badge.
    #[prop(optional, into)]
    aside: Option<ViewFnOnce>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let labelled_by = id.clone();
    view! {
        <section class="card" aria-labelledby=labelled_by>
            <div class="card-head"><h2 class="card-title" id=id>{heading}</h2>{aside.map(ViewFnOnce::run)}</div>
            {children()}
        </section>
    }
    .into_any()
}
