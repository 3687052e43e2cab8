//! The choice of what is paid with.

use crate::{
    t,
    ui::{RadioOption, Radios},
};
use kontor::subscription::MethodView;
use leptos::prelude::*;

/// A debtor's cards that are good, and a transfer where that will do.
#[component]
pub fn PayWith(
    /// What can be paid with.
    methods: Vec<MethodView>,
    /// Whether a transfer will do.
    transfer: bool,
    /// What was chosen before.
    chosen: String,
) -> impl IntoView {
    let good: Vec<MethodView> = methods.into_iter().filter(|method| !method.expired).collect();
    let usual = good.iter().find(|method| method.is_default).or(good.first());
    let usual = usual.map_or_else(|| "transfer".to_owned(), |method| method.id.to_string());
    let selected = if chosen.is_empty() { usual } else { chosen };
    let mut options: Vec<RadioOption> = good
        .into_iter()
        .map(|method| {
            let (month, year) = method.expires;
            RadioOption::new(method.id.to_string(), t::subscription::card(&method.brand, &method.last4))
                .hint(t::subscription::card_expires(format!("{month:02}/{year}")))
        })
        .collect();
    if transfer {
        options
            .push(RadioOption::new("transfer", t::subscription::transfer()).hint(t::invoice::promise_text()));
    }
    view! { <Radios name="method" legend=t::subscription::method() options selected/> }
}
