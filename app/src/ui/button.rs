use super::{Glyph, Icon, Text};
use leptos::prelude::*;

/// How much a button wants to be pressed. One primary per form or page head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonVariant {
    Primary,
    #[default]
    Secondary,
    Quiet,
    Danger,
}

/// Full height, or the smaller one for cards, rows and bars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonSize {
    #[default]
    Regular,
    Small,
}

/// The classes of a button, for the rare element that must look like one.
pub fn button_class(variant: ButtonVariant, size: ButtonSize) -> &'static str {
    match (variant, size) {
        (ButtonVariant::Primary, ButtonSize::Regular) => "btn btn-primary",
        (ButtonVariant::Secondary, ButtonSize::Regular) => "btn btn-secondary",
        (ButtonVariant::Quiet, ButtonSize::Regular) => "btn btn-quiet",
        (ButtonVariant::Danger, ButtonSize::Regular) => "btn btn-danger",
        (ButtonVariant::Primary, ButtonSize::Small) => "btn btn-small btn-primary",
        (ButtonVariant::Secondary, ButtonSize::Small) => "btn btn-small btn-secondary",
        (ButtonVariant::Quiet, ButtonSize::Small) => "btn btn-small btn-quiet",
        (ButtonVariant::Danger, ButtonSize::Small) => "btn btn-small btn-danger",
    }
}

/// A button. Submits its form unless `kind` says otherwise; handlers are attached by the caller with `on:click`.
#[component]
pub fn Button(
    /// What it says; also its accessible name.
    #[prop(into)]
    label: Text,
    /// How much it wants to be pressed.
    #[prop(default = ButtonVariant::Secondary)]
    variant: ButtonVariant,
    /// Full height or small.
    #[prop(default = ButtonSize::Regular)]
    size: ButtonSize,
    /// `submit` (the default), `button` or `reset`.
    #[prop(default = "submit")]
    kind: &'static str,
    /// Form field name that the pressed button sends.
    #[prop(optional, into)]
    name: Option<Text>,
    /// Value that the pressed button sends.
    #[prop(optional, into)]
    value: Option<Text>,
    /// Where to send the form instead of its own action.
    #[prop(optional, into)]
    formaction: Option<Text>,
    /// The id of the form it belongs to, if it stands outside of it.
    #[prop(optional, into)]
    form: Option<Text>,
    /// Cannot be pressed now.
    #[prop(optional, into)]
    disabled: Option<Signal<bool>>,
    /// Work is under way: shows a spinner and tells assistive technology.
    #[prop(optional, into)]
    busy: Option<Signal<bool>>,
    /// A drawing before the label.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// The id of an element that says more, such as which of several things the button is about.
    #[prop(optional, into)]
    described_by: Option<Text>,
) -> impl IntoView {
    view! {
        <button
            class=button_class(variant, size)
            type=kind
            name=name
            value=value
            formaction=formaction
            form=form
            disabled=disabled.map(|disabled| move || disabled.get())
            aria-busy=busy.map(|busy| move || if busy.get() { "true" } else { "false" })
            aria-describedby=described_by
        >
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {label}
        </button>
    }
}

/// A link that looks like a button: it goes somewhere, it does nothing.
#[component]
pub fn LinkButton(
    /// What it says; also its accessible name.
    #[prop(into)]
    label: Text,
    /// Where it leads.
    #[prop(into)]
    href: Text,
    /// How much it wants to be followed.
    #[prop(default = ButtonVariant::Secondary)]
    variant: ButtonVariant,
    /// Full height or small.
    #[prop(default = ButtonSize::Regular)]
    size: ButtonSize,
    /// A drawing before the label.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// Relation to this page, e.g. `next` or `external` (which leaves the navigation to the browser).
    #[prop(optional, into)]
    rel: Option<Text>,
    /// The id of an element that says more.
    #[prop(optional, into)]
    described_by: Option<Text>,
) -> impl IntoView {
    view! {
        <a class=button_class(variant, size) href=href rel=rel aria-describedby=described_by>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {label}
        </a>
    }
}
