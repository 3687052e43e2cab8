//! What can be done with a customer from the list: *Verify*, *Manage*, *Extend trial*, and the way to its subscription.

use crate::{
    parts::{manage::ManageButton, trial::ExtendButton, verify::verify_href},
    t,
    ui::{Button, ButtonSize, ButtonVariant, LinkButton, button_class},
};
use kontor::{
    kernel::id::OrgId,
    mapping::{Blocked, CustomerCard, Offer},
};
use leptos::prelude::*;

/// The buttons of a customer, if there are any. *Verify* and *Manage* wait for hover or focus where there is hover;
/// *Extend trial* and the links are always there. What cannot be done now says why, in a line under the buttons; what this person's role
/// never includes is not shown.
pub fn acts(
    partner: OrgId,
    card: &CustomerCard,
    title: String,
    subscriptions: bool,
    payments: Option<&str>,
) -> Option<impl IntoView + use<>> {
    let customer = card.org;
    let mut reasons = Reasons { id: format!("{title}-why"), texts: Vec::new() };
    let sold = subscriptions.then(|| {
        let href = format!("/store/{partner}/customers/{customer}");
        let described_by = title.clone();
        view! { <LinkButton label=t::customers::subscription() href size=ButtonSize::Small described_by/> }
    });
    let paid = payments.map(|list| {
        let href = format!("{list}?customer={customer}");
        let described_by = title.clone();
        view! { <LinkButton label=t::customers::payments() href size=ButtonSize::Small described_by/> }
    });
    let verify = match (card.verify, card.domain.as_deref()) {
        (Offer::Open, Some(domain)) => {
            let href = verify_href(customer, domain);
            let class = button_class(ButtonVariant::Primary, ButtonSize::Small);
            let title = title.clone();
            Some(waiting(
                view! { <a class=class href=href aria-describedby=title>{t::customers::verify()}</a> },
            ))
        }
        (Offer::Blocked(why), _) => reasons.blocked(t::customers::verify(), why),
        _ => None,
    };
    let manage = match card.manage {
        Offer::Open => Some(waiting(view! { <ManageButton partner customer described_by=title.clone()/> })),
        Offer::Blocked(why) => reasons.blocked(t::admin::manage(), why),
        Offer::Hidden => None,
    };
    let extend = match (card.extend, card.trial_ends_on) {
        (Offer::Open, Some(ends_on)) => {
            Some(view! { <ExtendButton partner customer ends_on described_by=title/> }.into_any())
        }
        (Offer::Blocked(why), _) => reasons.blocked(t::admin::extend_trial(), why),
        _ => None,
    };
    let Reasons { id, texts } = reasons;
    let any = [verify.is_some(), manage.is_some(), extend.is_some(), sold.is_some(), paid.is_some()]
        .contains(&true);
    any.then(|| {
        view! {
            {extend}
            {sold}
            {paid}
            {verify}
            {manage}
            {(!texts.is_empty()).then(|| view! { <p class="small muted" id=id>{texts.join(" ")}</p> })}
        }
    })
}

/// A button that waits for interest. One that cannot be pressed does not: its reason would stand there without it.
fn waiting(button: impl IntoView + 'static) -> AnyView {
    view! { <div class="reveal">{button}</div> }.into_any()
}

/// Why some of a customer's buttons cannot be pressed.
struct Reasons {
    /// Id of the line that says it.
    id: String,
    /// Each reason once: a partner out of business is one for all buttons.
    texts: Vec<&'static str>,
}

impl Reasons {
    /// A button that cannot be pressed; its reason joins the others.
    fn blocked(&mut self, label: &'static str, why: Blocked) -> Option<AnyView> {
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
            Blocked::Disputed => t::customers::blocked_disputed(),
        };
        if !self.texts.contains(&reason) {
            self.texts.push(reason);
        }
        let id = self.id.clone();
        let button = view! {
            <Button label size=ButtonSize::Small kind="button" disabled=Signal::stored(true) described_by=id/>
        };
        Some(button.into_any())
    }
}
