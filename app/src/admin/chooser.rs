//! `/admin`: leads to the reader's organisation, or lets them choose.

use super::{api, words};
use crate::{
    data::Data,
    parts::load::Loaded,
    t,
    ui::{ButtonVariant, EmptyState, Glyph, LinkButton},
};
use kontor::organisation::Place;
use leptos::prelude::*;
use leptos_meta::Title;

/// `/admin`
#[component]
pub fn ChooserPage() -> impl IntoView {
    let places = Data::new(|| (), |()| api::places());
    view! {
        <Title text=t::admin::chooser_title()/>
        <main id="content" class="content content-narrow stack-loose">
            <h1>{t::admin::chooser_title()}</h1>
            <Loaded resource=places view=|places| view! { <Places places to=|place| format!("/admin/{}", place.org)/> }.into_any()/>
        </main>
    }
}

/// Organisations to choose from.
#[component]
pub fn Places(
    /// The organisations.
    places: Vec<Place>,
    /// The page of each that they lead to.
    to: fn(&Place) -> String,
) -> impl IntoView {
    if places.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Building heading=t::admin::no_place_title() text=t::admin::no_place_text()>
                <LinkButton label=t::shell::apply() href="/apply" variant=ButtonVariant::Primary/>
            </EmptyState>
        }
        .into_any();
    }
    let item = |place: Place| {
        let role = place.own_role.clone().unwrap_or_else(|| words::role(place.role).to_owned());
        let href = to(&place);
        view! {
            <li class="card row row-between">
                <a href=href><strong dir="auto">{place.name}</strong></a>
                <span class="muted">{role}</span>
            </li>
        }
    };
    view! { <ul class="stack list-plain">{places.into_iter().map(item).collect_view()}</ul> }.into_any()
}
