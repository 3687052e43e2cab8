//! `/admin/{org}/partner/payments`: payments of the partner's customers. Nothing is sold through the programme yet, and
//! the page says so.

use super::{api, of_org};
use crate::{
    parts::load::{Failed, Loaded},
    t,
    ui::{EmptyState, Glyph, PageHeader},
    wire::ApiError,
};
use kontor::{Error, kernel::right::Feature};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/admin/{org}/partner/payments`
#[component]
pub fn PaymentsPage() -> impl IntoView {
    of_org(|org| {
        let frame = Resource::new(
            || (),
            move |()| async move {
                let frame = api::frame(org).await?;
                Ok::<_, ApiError>(frame.features.has(Feature::PaymentsView))
            },
        );
        view! {
            <Title text=t::admin::nav_payments()/>
            <main id="content" class="content stack-loose">
                <PageHeader heading=t::admin::nav_payments() description=t::admin::payments_text()/>
                <Loaded resource=frame view=|may| match may {
                    true => view! {
                        <EmptyState glyph=Glyph::Payment heading=t::admin::no_payment_title()
                            text=t::admin::no_payment_text()/>
                    }.into_any(),
                    false => view! { <Failed error=Error::Forbidden/> }.into_any(),
                }/>
            </main>
        }
        .into_any()
    })
}
