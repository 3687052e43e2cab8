//! The few things that components ask of the browser. They are only ever called from effects and event handlers, which
//! do not run on the server.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};

/// Gives the focus to an element.
pub(super) fn focus(element: &web_sys::HtmlElement) {
    // Fails for elements that cannot take it, which is no harm.
    _ = element.focus();
}

/// Whether the reader is in that element.
pub(super) fn has_focus(element: &web_sys::Element) -> bool {
    document().active_element().as_ref() == Some(element)
}

/// Gives the focus to the field of that id and brings its label into view. Answers whether there is such a field.
pub(super) fn focus_field(id: &str) -> bool {
    let Some(element) = document().get_element_by_id(id) else { return false };
    let Some(field) = element.dyn_ref::<web_sys::HtmlElement>() else { return false };
    focus(field);
    element.closest(".field, .fieldset").ok().flatten().unwrap_or_else(|| element.clone()).scroll_into_view();
    true
}

/// Whether a click is about a link, or something inside one.
pub(super) fn is_on_link(event: &ev::MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| element.closest("a[href]").ok().flatten().is_some())
}

/// Moves the focus among the event target's siblings: arrow keys in reading direction, Home, End. Answers whether the
/// key was one of these.
pub(super) fn step_among_siblings(event: &ev::KeyboardEvent) -> bool {
    let Some(from) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    let Some(parent) = from.parent_element() else { return false };
    let rtl = document().dir() == "rtl";
    let (first, last) = (parent.first_element_child(), parent.last_element_child());
    let to = match (event.key().as_str(), rtl) {
        ("ArrowRight", false) | ("ArrowLeft", true) => from.next_element_sibling().or(first),
        ("ArrowLeft", false) | ("ArrowRight", true) => from.previous_element_sibling().or(last),
        ("Home", _) => first,
        ("End", _) => last,
        _ => return false,
    };
    if let Some(to) = to.and_then(|to| to.dyn_into::<web_sys::HtmlElement>().ok()) {
        focus(&to);
    }
    true
}

/// The value of the named input in the form that an event is about.
pub(super) fn form_value(event: &ev::SubmitEvent, name: &str) -> Option<String> {
    let form = event.target()?.dyn_into::<web_sys::HtmlFormElement>().ok()?;
    let input = form.query_selector(&format!("input[name=\"{name}\"]")).ok().flatten()?;
    Some(input.dyn_into::<web_sys::HtmlInputElement>().ok()?.value())
}

/// Puts a text on the clipboard and reports success. Where the page may not (plain http, permission refused), selects
/// the element that shows the text, so that the reader's own copy key takes it.
#[cfg(feature = "hydrate")]
pub(super) fn copy(text: &str, shown: &web_sys::HtmlElement, done: impl Fn() + 'static) {
    let shown = shown.clone();
    // Outside a secure context there is no clipboard at all, which the binding does not expect.
    let clipboard = window().is_secure_context().then(|| window().navigator().clipboard().write_text(text));
    leptos::task::spawn_local(async move {
        let copied = match clipboard {
            Some(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok(),
            None => false,
        };
        match (copied, window().get_selection()) {
            (true, _) => done(),
            (false, Ok(Some(selection))) => _ = selection.select_all_children(&shown),
            (false, _) => (),
        }
    });
}

/// There is no clipboard on the server, and no click that could ask for it.
#[cfg(not(feature = "hydrate"))]
pub(super) fn copy(_text: &str, _shown: &web_sys::HtmlElement, _done: impl Fn() + 'static) {}
