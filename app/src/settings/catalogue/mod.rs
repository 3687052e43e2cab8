//! `/settings/catalogue`: what is sold: prices per currency, plan and term, and what plans hold, with their history.
//! Nothing past is ever changed: whoever changes a price says from which day on.

mod limits;
mod prices;

use super::api;
use crate::{
    data::Data,
    parts::{address::address, catalogue::Currencies, load::Loaded},
    t,
    ui::{Badge, ButtonVariant, Callout, EmptyState, Glyph, LinkButton, PageHeader, Tone},
};
use kontor::{
    catalogue::{Catalogue, dated::Dated},
    kernel::{instant::Day, money::Currency},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The page's path.
const PATH: &str = "/settings/catalogue";

/// `/settings/catalogue`
#[component]
pub fn CataloguePage() -> impl IntoView {
    let query = use_query_map();
    let currency = Memo::new(move |_| query.with(|q| q.get("currency")).unwrap_or_default());
    let catalogue = Data::new(move || currency.get(), api::catalogue);
    view! {
        <Title text=t::catalogue::title()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading=t::catalogue::title() description=t::catalogue::intro()/>
            <Loaded resource=catalogue view=|catalogue| view! { <Shown catalogue/> }.into_any()/>
        </main>
    }
}

#[component]
fn Shown(
    /// The catalogue.
    catalogue: Catalogue,
) -> impl IntoView {
    if catalogue.currencies.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Payment heading=t::catalogue::first_title() text=t::catalogue::first_text()>
                <LinkButton label=t::catalogue::entity_add() href="/settings/entities?entity=new"
                    variant=ButtonVariant::Primary/>
            </EmptyState>
        }
        .into_any();
    }
    let (currency, all) = (catalogue.currency, catalogue.currencies.clone());
    let (no_prices, no_limits) = (catalogue.prices.is_empty(), catalogue.limits.is_empty());
    let catalogue = StoredValue::new(catalogue);
    view! {
        // Without script an open dialog is a section of the page: before the lists nobody has to look for it.
        <prices::PriceDialog catalogue/>
        <limits::LimitsDialog catalogue/>
        <Currencies path=PATH.to_owned() all current=currency/>
        {(no_prices || no_limits).then(|| view! {
            <Callout><p>{t::catalogue::nothing_on_sale(currency)}</p></Callout>
        })}
        <prices::Prices catalogue/>
        <limits::Limits catalogue/>
    }
    .into_any()
}

/// The page in a currency, with a dialog or without.
fn href(currency: Currency, dialog: Option<(&'static str, String)>) -> String {
    address(PATH, [("currency", currency.to_string())].into_iter().chain(dialog).collect())
}

/// The day a change is first offered for: today if nothing holds yet, or else tomorrow, so that what is mistyped can
/// still be withdrawn.
fn first_offered(today: Day, anything: bool) -> Day {
    if anything { today.plus(1) } else { today }
}

/// Whether something is past, in force or announced.
fn standing(row: &impl Dated, now: Option<Day>, today: Day) -> AnyView {
    let from = row.valid_from();
    match from > today {
        true => view! { <Badge label=t::catalogue::announced() tone=Tone::Info/> }.into_any(),
        false if now == Some(from) => {
            view! { <Badge label=t::catalogue::in_force() tone=Tone::Success/> }.into_any()
        }
        false => view! { <Badge label=t::catalogue::past()/> }.into_any(),
    }
}
