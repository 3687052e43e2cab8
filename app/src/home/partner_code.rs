//! `/partner-code/{code}`: the link with which a partner lets itself be chosen (domain.md section 4, flow B).

use crate::{
    admin::access::api,
    data::Data,
    parts::{address::address, load::Loaded},
    t,
    ui::{EmptyState, Glyph},
};
use kontor::organisation::Place;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/partner-code/{code}`: leads to the reader's organisation, or lets them choose for which.
#[component]
pub fn PartnerCodePage() -> impl IntoView {
    let params = use_params_map();
    let code = Memo::new(move |_| params.with(|p| p.get("code").unwrap_or_default()));
    let places = Data::new(
        move || code.get(),
        move |code| async move { api::code_places(code.clone()).await.map(|places| (code, places)) },
    );
    view! {
        <Title text=t::home::choose_partner()/>
        <main id="content" class="content content-narrow stack-loose">
            <h1>{t::home::choose_partner()}</h1>
            <Loaded resource=places view=|(code, places)| view! { <Houses code places/> }.into_any()/>
        </main>
    }
}

#[component]
fn Houses(
    /// The code.
    code: String,
    /// The reader's organisations that may choose a partner.
    places: Vec<Place>,
) -> impl IntoView {
    if places.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Building heading=t::home::no_house_title() text=t::home::no_house_text()/>
        }
        .into_any();
    }
    let item = move |place: Place| {
        let page = format!("/admin/{}/partner-access", place.org);
        let href = format!("{}#choose", address(&page, vec![("partner_code", code.clone())]));
        view! { <li class="card"><a href=href><strong dir="auto">{place.name}</strong></a></li> }
    };
    view! {
        <p>{t::home::for_which()}</p>
        <ul class="stack list-plain">{places.into_iter().map(item).collect_view()}</ul>
    }
    .into_any()
}
