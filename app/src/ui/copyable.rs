use super::{Button, ButtonSize, ButtonVariant, Glyph, Text, browser};
use leptos::{html, prelude::*};

/// A value to be taken elsewhere, letter for letter, with a button that copies it.
///
/// Without script the button is not there, and one click selects the whole value.
#[component]
pub fn Copyable(
    /// The id of the value; unique on the page.
    #[prop(into)]
    id: Text,
    /// What the value is.
    #[prop(into)]
    label: Text,
    /// The value.
    #[prop(into)]
    value: Text,
    /// The button's text.
    #[prop(into)]
    copy_label: Text,
    /// What is announced and shown after copying.
    #[prop(into)]
    copied_label: Text,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let code = NodeRef::<html::Code>::new();
    let label_id = format!("{id}-label");
    let copy = {
        let value = value.clone();
        move |_| {
            if let Some(code) = code.get_untracked() {
                copied.set(false);
                browser::copy(&value, &code, move || copied.set(true));
            }
        }
    };
    let announcement = move || copied.get().then(|| copied_label.clone());
    view! {
        <div class="copyable">
            <div class="copyable-head">
                <span id=label_id.clone()>{label}</span>
                <span class="tone-success tone-ink strong" role="status">{announcement}</span>
            </div>
            <div class="copyable-box">
                <code id=id aria-labelledby=label_id.clone() role="group" node_ref=code>{value}</code>
                <span class="js-only">
                    <Button
                        label=copy_label
                        kind="button"
                        variant=ButtonVariant::Quiet
                        size=ButtonSize::Small
                        icon=Glyph::Copy
                        described_by=label_id
                        on:click=copy
                    />
                </span>
            </div>
        </div>
    }
    .into_any()
}
