use super::Text;
use leptos::prelude::*;

/// The frame of a table: a caption that names it, and sideways scrolling where it is wider than the page.
///
/// Figures go into cells of class `num`; the first cell of a row is a `<th scope="row">`.
#[component]
pub fn DataTable(
    /// The table's name.
    #[prop(into)]
    caption: Text,
    /// The name is for assistive technology only, where a heading says it already.
    #[prop(optional)]
    caption_hidden: bool,
    /// `thead` and `tbody`.
    children: Children,
) -> impl IntoView {
    let name = caption.clone();
    // A part that scrolls must be reachable by keyboard, and what takes the focus must have a name.
    view! {
        <div class="table-wrap" role="region" aria-label=name tabindex="0">
            <table class="table">
                <caption class:visually-hidden=caption_hidden>{caption}</caption>
                {children()}
            </table>
        </div>
    }
    .into_any()
}
