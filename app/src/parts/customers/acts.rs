//! What can be done with a customer from the list: *Verify*, *Manage*, *Extend trial*.

use crate::{
    parts::{manage::ManageButton, trial::ExtendButton, verify::verify_href},
    t,
    ui::{Button, ButtonSize, ButtonVariant, button_class},
};
use kontor::{
    kernel::id::OrgId,
    mapping::{Blocked, CustomerCard, Offer},
};
use leptos::prelude::*;

/// The buttons of a customer. *Verify* and *Manage* wait for hover or focus where there is hover; *Extend trial* is
/// always there. What cannot be done now says why; what this person's role never includes is not shown.
pub fn acts(partner: OrgId, card: &CustomerCard, title: String) -> impl IntoView + use<> {
    let customer = card.org;
    let verify = match (card.verify, card.domain.as_deref()) {
        (Offer::Open, Some(domain)) => {
            let href = verify_href(customer, domain);
            let class = button_class(ButtonVariant::Primary, ButtonSize::Small);
            let title = title.clone();
            Some(
                view! { <a class=class href=href aria-describedby=title>{t::customers::verify()}</a> }
                    .into_any(),
            )
        }
        (Offer::Blocked(why), _) => blocked(t::customers::verify(), why),
        _ => None,
    };
    let manage = match card.manage {
        Offer::Open => Some(view! { <ManageButton partner customer described_by=title.clone()/> }.into_any()),
        Offer::Blocked(why) => blocked(t::admin::manage(), why),
        Offer::Hidden => None,
    };
    let extend = match (card.extend, card.trial_ends_on) {
        (Offer::Open, Some(ends_on)) => {
            Some(view! { <ExtendButton partner customer ends_on described_by=title/> }.into_any())
        }
        (Offer::Blocked(why), _) => blocked(t::admin::extend_trial(), why),
        _ => None,
    };
    view! {
        {extend}
        <span class="reveal row">{verify}{manage}</span>
    }
}

/// A button that cannot be pressed, with the reason beside it.
fn blocked(label: &'static str, why: Blocked) -> Option<AnyView> {
    let reason = match why {
        Blocked::Role => return None,
        Blocked::Unverified => t::customers::blocked_unverified(),
        Blocked::Withdrawn => t::customers::blocked_withdrawn(),
        Blocked::NoGrant => t::customers::blocked_no_grant(),
        Blocked::Referral => t::customers::blocked_referral(),
        Blocked::PartnerInactive => t::customers::blocked_partner(),
        Blocked::Suspended => t::customers::blocked_suspended(),
        Blocked::TrialMax => t::customers::blocked_trial_max(),
        Blocked::TrialOver => t::customers::blocked_trial_over(),
    };
    let button = view! {
        <span class="row">
            <Button label size=ButtonSize::Small kind="button" disabled=Signal::stored(true)/>
            <span class="small muted">{reason}</span>
        </span>
    };
    Some(button.into_any())
}
