//! *Manage*: the way into a customer's console.

use crate::{
    t,
    ui::{Button, ButtonSize, ButtonVariant, Text},
};
use kontor::kernel::id::OrgId;
use leptos::prelude::*;

/// The button of a card. Where a fresh proof is missing it leads to the page that asks for one.
#[component]
pub fn ManageButton(
    /// The partner.
    partner: OrgId,
    /// The customer.
    customer: OrgId,
    /// The id of the element that names the customer.
    #[prop(optional, into)]
    described_by: Option<Text>,
) -> impl IntoView {
    view! {
        <form method="post" action="/api/admin/manage">
            <input type="hidden" name="org" value=partner.to_string()/>
            <input type="hidden" name="customer" value=customer.to_string()/>
            {match described_by {
                Some(id) => view! {
                    <Button label=t::admin::manage() size=ButtonSize::Small variant=ButtonVariant::Primary described_by=id/>
                }.into_any(),
                None => view! {
                    <Button label=t::admin::manage() size=ButtonSize::Small variant=ButtonVariant::Primary/>
                }.into_any(),
            }}
        </form>
    }
    .into_any()
}
