//! The way of a form (design.md section 3): the same messages and the same kept input, with script and without.

use crate::{
    message, t,
    ui::ErrorSummary,
    wire::{ApiError, Kept, boot},
};
use kontor::Error;
use leptos::prelude::*;

/// What a form shows: its errors, and what was typed into it.
#[derive(Clone, Copy)]
pub struct FormView {
    kept: StoredValue<Option<Kept>>,
    error: Signal<Option<Error>>,
}

/// The view of a form whose call, at `path`, is made by an action. With script the action tells what was wrong; without, the
/// host kept it.
pub fn use_form<I, T>(path: &str, action: Action<I, Result<T, ApiError>>) -> FormView
where
    I: Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    let kept = kept(path);
    let before = kept.as_ref().and_then(|k| k.error.clone());
    let value = action.value();
    let error = Signal::derive(move || match &*value.read() {
        Some(Err(ApiError(error))) => Some(error.clone()),
        Some(Ok(_)) => None,
        None => before.clone(),
    });
    FormView { kept: StoredValue::new(kept), error }
}

/// The view of a plain form that posts to `path` and always loads a page anew.
pub fn plain_form(path: &'static str) -> FormView {
    let kept = kept(path);
    let error = kept.as_ref().and_then(|k| k.error.clone());
    FormView { kept: StoredValue::new(kept), error: Signal::derive(move || error.clone()) }
}

/// The view of a plain form that the browser checks before it is sent: `found` is what that check found, if it ran;
/// `typed` is what was typed since the page was loaded, if the reader comes back to it.
pub fn checked_form(path: &'static str, found: RwSignal<Option<Error>>, typed: Option<Kept>) -> FormView {
    let kept = typed.or_else(|| kept(path));
    let before = kept.as_ref().and_then(|k| k.error.clone());
    let error = Signal::derive(move || found.get().or_else(|| before.clone()));
    FormView { kept: StoredValue::new(kept), error }
}

fn kept(path: &str) -> Option<Kept> {
    let boot = boot();
    // Kept input belongs to the page it was kept for, not to those visited later without loading.
    let here = leptos_router::hooks::use_location().pathname.get_untracked();
    boot.kept.filter(|k| k.form == path && boot.path == here)
}

impl FormView {
    /// The form for one of several things of a page, by the field that names it: what was kept for another one, whose
    /// dialog was open before, is none of this one's.
    pub fn about(self, field: &str, thing: &str) -> Self {
        let others = self.kept.with_value(|kept| {
            kept.as_ref().is_some_and(|k| !k.values.iter().any(|(n, v)| n == field && v == thing))
        });
        match others {
            true => Self { kept: StoredValue::new(None), error: Signal::stored(None) },
            false => self,
        }
    }

    /// What was typed into a field, or nothing.
    pub fn value(self, name: &str) -> String {
        self.value_or(name, "")
    }

    /// What was typed into a field, or `default`.
    pub fn value_or(self, name: &str, default: &str) -> String {
        self.kept.with_value(|kept| {
            let found = kept.as_ref().and_then(|k| k.values.iter().find(|(n, _)| n == name));
            found.map_or_else(|| default.to_owned(), |(_, value)| value.clone())
        })
    }

    /// Whether a checkbox was ticked.
    pub fn checked(self, name: &str) -> bool {
        !self.value(name).is_empty()
    }

    /// Whether one of several checkboxes of a name was ticked; `default` where nothing was sent yet.
    pub fn ticked(self, name: &str, value: &str, default: bool) -> bool {
        self.kept.with_value(|kept| match kept {
            Some(kept) => kept.values.iter().any(|(n, v)| n == name && v == value),
            None => default,
        })
    }

    /// The message at a field.
    pub fn error(self, name: &'static str) -> Signal<Option<String>> {
        let error = self.error;
        Signal::derive(move || match error.get() {
            Some(Error::Invalid(fields)) => {
                fields.iter().find(|f| f.field == name).map(|f| message::issue(&f.issue))
            }
            _ => None,
        })
    }

    /// The error as a whole.
    pub fn failure(self) -> Signal<Option<Error>> {
        self.error
    }

    /// Every message, each with its field's id: for the summary.
    pub fn problems(self) -> Signal<Vec<(String, String)>> {
        let error = self.error;
        Signal::derive(move || match error.get() {
            None => Vec::new(),
            Some(Error::Invalid(fields)) => fields
                .iter()
                .map(|f| {
                    let text = message::issue(&f.issue);
                    match t::field::lookup(&f.field) {
                        Some(label) => (f.field.clone(), format!("{label}: {text}")),
                        None => (f.field.clone(), text),
                    }
                })
                .collect(),
            Some(other) => vec![(String::new(), message::error(&other))],
        })
    }
}

/// The error summary at the top of a form.
#[component]
pub fn Problems(
    /// The form.
    form: FormView,
) -> impl IntoView {
    view! { <ErrorSummary heading=t::shell::problem() errors=form.problems()/> }
}
