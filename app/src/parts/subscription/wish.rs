//! The form of a wish. It asks the page itself, so that the preview has an address and works without script.

use super::{Place, words};
use crate::{
    t,
    ui::{Button, ButtonVariant, Card, Input, InputKind, LinkButton, RadioOption, Radios, Select, Text},
};
use kontor::subscription::{Account, Plan, Term, When, authority::Side, change::Payer};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What could be different.
#[component]
pub fn WishForm(
    /// Where it is.
    place: Place,
    /// The subscription.
    account: Account,
) -> impl IntoView {
    let query = use_query_map();
    let typed = move |name: &'static str, or: String| {
        query.with_untracked(|q| q.get(name)).filter(|v| !v.is_empty()).unwrap_or(or)
    };
    let bought = account.payer.is_some();
    let start = account.intended.unwrap_or(account.terms);
    let plan = if start.plan.is_paid() { start.plan } else { Plan::Standard };
    let term = if start.term == Term::None { Term::Yearly } else { start.term };
    let plans: Vec<(Text, Text)> =
        account.plans.iter().map(|plan| (Text::from(plan.key()), Text::from(plan.name()))).collect();
    let terms = [Term::Yearly, Term::Monthly]
        .map(|term| (Text::from(term.key()), Text::from(crate::admin::words::term(term))))
        .to_vec();
    let when = bought.then(|| {
        let options = vec![
            RadioOption::new("now", t::subscription::now()),
            RadioOption::new("renewal", t::subscription::at_renewal()),
        ];
        // Early is no choice of this form.
        let selected = When::from_key(&typed("when", String::new())).filter(|when| *when != When::Early);
        let selected = selected.unwrap_or_default().to_string();
        view! {
            <Radios name="when" legend=t::subscription::when() options inline=true selected/>
        }
    });
    let payer = (!bought && account.side == Side::Partner).then(|| {
        let options = Payer::ALL
            .iter()
            .map(|payer| {
                let about = match payer {
                    Payer::Partner => t::subscription::payer_partner_about(),
                    Payer::Customer => t::subscription::payer_customer_about(),
                };
                RadioOption::new(payer.key(), words::payer(*payer)).hint(about)
            })
            .collect::<Vec<_>>();
        view! {
            <Radios name="payer" legend=t::field::payer() options selected=typed("payer", Payer::Partner.key().into())/>
        }
    });
    let heading = if bought { t::subscription::change_title() } else { t::subscription::buy_title() };
    let cancels = bought && account.auto_renew;
    let path = place.path;
    let cancel = format!("{path}?plan=free&when=renewal");
    view! {
        <Card heading=heading id="wish-heading">
            <form class="form" method="get" action=path.clone()>
                <Select name="plan" label=t::field::plan() options=plans selected=typed("plan", plan.to_string())/>
                <Input name="seats" label=t::field::seats() kind=InputKind::Number size=8
                    value=typed("seats", start.seats.to_string())/>
                <Select name="term" label=t::field::term() options=terms selected=typed("term", term.to_string())/>
                <Input name="addon_units" label=t::field::addon_units() kind=InputKind::Number size=8
                    hint=t::subscription::addon_hint() value=typed("addon_units", start.addon_units.to_string())/>
                {when}
                {payer}
                <div class="row">
                    <Button label=t::subscription::show_price() variant=ButtonVariant::Primary/>
                    {cancels.then(|| view! {
                        <LinkButton label=t::subscription::cancel_subscription() href=cancel.clone()/>
                    })}
                </div>
            </form>
        </Card>
    }
    .into_any()
}
