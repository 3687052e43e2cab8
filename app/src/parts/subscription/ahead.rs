//! What can be done about the next term: it is bought now, or somebody else is to pay for it. Both lead to a preview.

use super::{Place, words};
use crate::{
    t,
    ui::{Card, LinkButton},
};
use kontor::subscription::{When, change::Payer};
use leptos::prelude::*;

/// The ways to the previews.
#[component]
pub fn Ahead(
    /// Where it is.
    place: Place,
    /// Whether the next term can be bought now.
    early: bool,
    /// Whom the reader may propose as the payer from the renewal on.
    #[prop(optional_no_strip)]
    other_payer: Option<Payer>,
) -> impl IntoView {
    let path = place.path;
    let buys = early.then(|| {
        let href = format!("{path}?when={}", When::Early);
        view! {
            <p id="early-text">{t::subscription::renew_early_text()}</p>
            <div class="row">
                <LinkButton label=t::subscription::renew_early() href described_by="early-text"/>
            </div>
        }
    });
    let pays = other_payer.map(|payer| {
        let href = format!("{path}?when={}&payer={payer}", When::Renewal);
        view! {
            <p id="payer-text">{t::subscription::propose_payer_text()}</p>
            <div class="row"><LinkButton label=words::propose_payer(payer) href described_by="payer-text"/></div>
        }
    });
    view! { <Card heading=t::subscription::ahead_title() id="ahead-heading">{buys}{pays}</Card> }.into_any()
}
