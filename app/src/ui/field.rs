use super::{Glyph, Icon, Text};
use leptos::prelude::*;

/// What ties a control to its label, hint and error: its id, and the attributes that name the others.
#[derive(Clone)]
pub struct Wiring {
    id: Text,
    has_hint: bool,
    error: MaybeProp<String>,
}

impl Wiring {
    pub(super) fn new(id: Option<Text>, name: &Text, hint: Option<&Text>, error: MaybeProp<String>) -> Self {
        Wiring { id: id.unwrap_or_else(|| name.clone()), has_hint: hint.is_some(), error }
    }

    /// The control's id; the error summary links to it.
    pub fn id(&self) -> Text {
        self.id.clone()
    }

    /// The current error, if there is one to show.
    pub fn error(&self) -> Option<String> {
        self.error.get().filter(|error| !error.is_empty())
    }

    /// For `aria-describedby`: hint and error, as far as they are there.
    pub fn described_by(&self) -> impl Fn() -> Option<String> + Clone + Send + 'static {
        let this = self.clone();
        move || {
            let id = &this.id;
            match (this.has_hint, this.error().is_some()) {
                (true, true) => Some(format!("{id}-hint {id}-error")),
                (true, false) => Some(format!("{id}-hint")),
                (false, true) => Some(format!("{id}-error")),
                (false, false) => None,
            }
        }
    }

    /// For `aria-invalid`.
    pub fn invalid(&self) -> impl Fn() -> Option<&'static str> + Clone + Send + 'static {
        let this = self.clone();
        move || this.error().map(|_| "true")
    }

    pub(super) fn hint_view(&self, hint: Option<Text>) -> impl IntoView + use<> {
        let id = format!("{}-hint", self.id);
        hint.map(|hint| view! { <p class="field-hint" id=id>{hint}</p> })
    }

    pub(super) fn error_view(&self) -> impl IntoView + use<> {
        let this = self.clone();
        move || {
            this.error().map(|error| {
                let id = format!("{}-error", this.id);
                view! { <p class="field-error" id=id><Icon glyph=Glyph::Warning/><span>{error}</span></p> }
            })
        }
    }
}

/// Label, hint and error around a control of the caller's own; the ready-made controls use it too.
#[component]
pub fn Field<C>(
    /// The form field's name, and the control's id unless `id` gives another.
    #[prop(into)]
    name: Text,
    /// The label's text.
    #[prop(into)]
    label: Text,
    /// The control's id, where a page has the same name twice.
    #[prop(optional, into)]
    id: Option<Text>,
    /// Advice under the label that stays while typing.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// A remark after the label, such as "(optional)".
    #[prop(optional, into)]
    marker: Option<Text>,
    /// What is wrong with the value, if anything. Empty counts as nothing.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Makes the control; it must carry the wiring's id, `aria-describedby` and `aria-invalid`.
    control: C,
) -> impl IntoView
where
    C: FnOnce(&Wiring) -> AnyView,
{
    let wiring = Wiring::new(id, &name, hint.as_ref(), error);
    let control = control(&wiring);
    frame(&wiring, label, hint, marker, control)
}

/// The frame of every labelled control, compiled once.
pub(super) fn frame(
    wiring: &Wiring,
    label: Text,
    hint: Option<Text>,
    marker: Option<Text>,
    control: AnyView,
) -> AnyView {
    view! {
        <div class="field">
            <label class="field-label" for=wiring.id()>
                {label}
                {marker.map(|marker| view! { <span class="field-marker">" "{marker}</span> })}
            </label>
            {wiring.hint_view(hint)}
            {wiring.error_view()}
            {control}
        </div>
    }
    .into_any()
}
