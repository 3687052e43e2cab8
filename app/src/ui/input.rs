use super::{Text, Wiring, field::frame};
use leptos::prelude::*;

/// What a single-line field takes; sets type, keyboard and spelling help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    #[default]
    Text,
    Email,
    Password,
    /// A whole number. A text field with a numeric keyboard: number inputs change under a scroll wheel and drop what
    /// they cannot parse before the server can say what is wrong with it.
    Number,
    /// A one-time code of digits.
    Code,
    Phone,
    Url,
    Date,
}

impl InputKind {
    /// The `type` attribute.
    fn type_(self) -> &'static str {
        match self {
            InputKind::Text | InputKind::Number | InputKind::Code => "text",
            InputKind::Email => "email",
            InputKind::Password => "password",
            InputKind::Phone => "tel",
            InputKind::Url => "url",
            InputKind::Date => "date",
        }
    }

    /// The `inputmode` attribute, where `type` does not choose the keyboard already.
    fn inputmode(self) -> Option<&'static str> {
        matches!(self, InputKind::Number | InputKind::Code).then_some("numeric")
    }

    /// Whether spelling help would only get in the way.
    fn verbatim(self) -> bool {
        !matches!(self, InputKind::Text)
    }

    /// The `autocomplete` that goes without saying.
    fn autocomplete(self) -> Option<&'static str> {
        matches!(self, InputKind::Code).then_some("one-time-code")
    }
}

/// A labelled single-line field.
///
/// `value` is the initial value: what a reader typed before hydration or since the last answer is never overwritten.
#[component]
pub fn Input(
    /// The form field's name, and the id unless `id` gives another.
    #[prop(into)]
    name: Text,
    /// The label's text.
    #[prop(into)]
    label: Text,
    /// What the field takes.
    #[prop(default = InputKind::Text)]
    kind: InputKind,
    /// The id, where a page has the same name twice.
    #[prop(optional, into)]
    id: Option<Text>,
    /// Advice under the label that stays while typing.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// A remark after the label, such as "(optional)".
    #[prop(optional, into)]
    marker: Option<Text>,
    /// What is wrong with the value, if anything.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// The initial value.
    #[prop(optional, into)]
    value: Option<Text>,
    /// The `autocomplete` token (WCAG 1.3.5), e.g. `given-name`, `email`, `current-password`.
    #[prop(optional, into)]
    autocomplete: Option<Text>,
    /// Another keyboard than the kind's.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Longest value in UTF-16 units; the server checks again.
    #[prop(optional)]
    maxlength: Option<u32>,
    /// Width in characters, for values of a known length such as postal codes; full width otherwise.
    #[prop(optional)]
    size: Option<u32>,
    /// A value must be given. Forms carry `novalidate`, so this informs rather than stops.
    #[prop(optional)]
    required: bool,
    /// The value is shown and sent, but cannot be changed.
    #[prop(optional)]
    readonly: bool,
    /// The field is not available and not sent.
    #[prop(optional, into)]
    disabled: Option<Signal<bool>>,
    /// A unit after the control, such as "%" or "EUR"; say it in label or hint too.
    #[prop(optional, into)]
    suffix: Option<Text>,
) -> impl IntoView {
    let wiring = Wiring::new(id, &name, hint.as_ref(), error);
    let autocomplete = autocomplete.or_else(|| kind.autocomplete().map(Text::from));
    let class = if inputmode.or(kind.inputmode()).is_some() { "input input-number" } else { "input" };
    let input = view! {
        <input
            class=class
            id=wiring.id()
            name=name
            type=kind.type_()
            value=value
            inputmode=inputmode.or(kind.inputmode())
            autocomplete=autocomplete
            autocapitalize=kind.verbatim().then_some("none")
            spellcheck=kind.verbatim().then_some("false")
            maxlength=maxlength
            size=size
            required=required
            readonly=readonly
            disabled=disabled.map(|disabled| move || disabled.get())
            aria-describedby=wiring.described_by()
            aria-invalid=wiring.invalid()
        />
    };
    let control = match suffix {
        None => input.into_any(),
        Some(suffix) => view! {
            <span class="input-affix">{input}<span aria-hidden="true">{suffix}</span></span>
        }
        .into_any(),
    };
    frame(&wiring, label, hint, marker, control)
}
