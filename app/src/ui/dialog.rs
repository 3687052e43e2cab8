use super::{Glyph, Icon, Text};
use leptos::{ev, html, prelude::*};

/// A question or task in front of the page.
///
/// Open or not is a matter of the address (`?verify=…`), so that it works without script: then an open dialog is a
/// section of the page, and closing it is following `close_href`. Hydrated, it is modal: the browser keeps the focus inside
/// and returns it on closing; Escape and the cross follow `close_href` (or call `on_close`).
#[component]
pub fn Dialog(
    /// The dialog's id; unique on the page.
    #[prop(into)]
    id: Text,
    /// The heading, which names it.
    #[prop(into)]
    heading: Text,
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// The page without the dialog.
    #[prop(into)]
    close_href: Signal<String>,
    /// Accessible name of the cross.
    #[prop(into)]
    close_label: Text,
    /// Called instead of following `close_href`, where the state is not in the address.
    #[prop(optional)]
    on_close: Option<Callback<()>>,
    /// What it holds; a row of buttons at the end goes into `.dialog-foot`.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let title = NodeRef::<html::H2>::new();
    let cross = NodeRef::<html::A>::new();
    let heading_id = format!("{id}-heading");
    let labelled_by = heading_id.clone();

    Effect::new(move || {
        let (Some(dialog), open) = (dialog.get(), open.get()) else { return };
        let modal = dialog.matches(":modal").unwrap_or(false);
        if open && !modal {
            // As the server rendered it, it is open but not modal, and only a closed one can be shown as modal.
            _ = dialog.remove_attribute("open");
            if dialog.show_modal().is_ok()
                && let Some(title) = title.get_untracked()
            {
                super::browser::focus(&title);
            }
        } else if !open && dialog.open() {
            dialog.close();
        }
    });

    // The browser closed it (Escape): tell whoever holds the state.
    let closed = move |_: ev::Event| {
        if open.get_untracked() {
            match on_close {
                Some(on_close) => on_close.run(()),
                None => {
                    if let Some(cross) = cross.get_untracked() {
                        cross.click();
                    }
                }
            }
        }
    };
    let dismiss = move |event: ev::MouseEvent| {
        if let Some(on_close) = on_close {
            event.prevent_default();
            on_close.run(());
        }
    };
    view! {
        <dialog
            class="dialog"
            id=id
            aria-labelledby=labelled_by
            open=open.get_untracked()
            node_ref=dialog
            on:close=closed
        >
            <div class="dialog-head">
                <h2 id=heading_id tabindex="-1" node_ref=title>{heading}</h2>
                <a class="btn btn-icon" href=move || close_href.get() aria-label=close_label node_ref=cross on:click=dismiss>
                    <Icon glyph=Glyph::Cross/>
                </a>
            </div>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
    .into_any()
}
