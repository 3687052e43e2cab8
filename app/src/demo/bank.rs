//! `/demo/bank/{reference}`: a card's owner confirms a payment with the demo's bank, or refuses it.

use super::api;
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::load::Loaded,
    t,
    ui::{Button, ButtonVariant, Card, EmptyState, Fact, Facts, Glyph, PageHeader},
};
use kontor::kernel::money::Money;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The call of the form.
const ANSWER: &str = "/api/demo/answer_bank";

/// `/demo/bank/{reference}`
#[component]
pub fn DemoBankPage() -> impl IntoView {
    let params = use_params_map();
    let reference = Memo::new(move |_| params.with(|p| p.get("token")).unwrap_or_default());
    let waiting = Data::new(
        move || reference.get(),
        |reference| async move { api::bank(reference.clone()).await.map(|amount| (reference, amount)) },
    );
    view! {
        <Title text=t::demo::bank_title()/>
        <main id="content" class="content content-narrow stack-loose">
            <Loaded resource=waiting view=|(reference, amount)| {
                view! { <Waiting reference amount/> }.into_any()
            }/>
        </main>
    }
}

#[component]
fn Waiting(
    /// The provider's reference of the payment.
    reference: String,
    /// What waits, if anything does.
    amount: Option<Money>,
) -> impl IntoView {
    let form = plain_form(ANSWER);
    let asked = match amount {
        Some(amount) => view! {
            <Card heading=t::demo::bank_heading() id="confirm-heading">
                <Facts><Fact name=t::demo::bank_amount()>{i18n::money(amount)}</Fact></Facts>
                <form method="post" action=ANSWER class="row">
                    <input type="hidden" name="reference" value=reference/>
                    <Button label=t::demo::bank_confirm() name="confirms" value="yes" variant=ButtonVariant::Primary/>
                    <Button label=t::demo::bank_refuse() name="confirms" value="no"/>
                </form>
            </Card>
        }
        .into_any(),
        None => view! {
            <EmptyState glyph=Glyph::Payment heading=t::demo::bank_none_title() text=t::demo::bank_none_text()/>
        }
        .into_any(),
    };
    view! {
        <PageHeader heading=t::demo::bank_title() description=t::demo::bank_text()/>
        <Problems form/>
        {asked}
    }
    .into_any()
}
