//! A trial: how long it lasts, who extended it, and *Extend trial*. Cards, the partner's page of a trial and the
//! organisation's own subscription share it.

use crate::{
    i18n, message, t,
    ui::{Button, ButtonSize, ButtonVariant, Callout, DataTable, Text, Tone},
};
use kontor::{
    kernel::{id::OrgId, instant::Day},
    subscription::{SubscriptionStatus, TrialView, trial::request_key},
};
use leptos::prelude::*;

/// The button of a card: extends from the end the card shows, once, however often it is pressed.
#[component]
pub fn ExtendButton(
    /// The partner.
    partner: OrgId,
    /// The customer.
    customer: OrgId,
    /// The end to extend from.
    ends_on: Day,
    /// What the button says; *Extend trial* by itself.
    #[prop(optional, into)]
    label: Option<Text>,
    /// The id of the element that names the customer.
    #[prop(optional, into)]
    described_by: Option<Text>,
) -> impl IntoView {
    let label = label.unwrap_or_else(|| Text::from(t::admin::extend_trial()));
    view! {
        <form method="post" action="/api/admin/extend_trial">
            <input type="hidden" name="org" value=partner.to_string()/>
            <input type="hidden" name="customer" value=customer.to_string()/>
            <input type="hidden" name="request_key" value=request_key(ends_on)/>
            {match described_by {
                Some(id) => view! { <Button label size=ButtonSize::Small described_by=id/> }.into_any(),
                None => view! { <Button label size=ButtonSize::Small variant=ButtonVariant::Primary/> }.into_any(),
            }}
        </form>
    }
    .into_any()
}

/// Everything about a trial.
#[component]
pub fn Trial(
    /// The trial.
    trial: TrialView,
    /// The partner for whom the reader may extend it, if any.
    #[prop(optional_no_strip)]
    partner: Option<OrgId>,
) -> impl IntoView {
    let on_trial = trial.status == SubscriptionStatus::Trial;
    let left = match trial.days_left {
        0 => None,
        1 => Some(t::admin::last_day().to_owned()),
        days => Some(t::admin::days_left(i64::from(days))),
    };
    let end = match on_trial {
        true => t::admin::trial_ends_on(i18n::date(trial.ends_on)),
        false => t::admin::trial_ended_on(i18n::date(trial.ends_on)),
    };
    let act = partner.map(|partner| match trial.extendable.clone() {
        Ok(until) => {
            let days = i64::from(until.since(trial.ends_on));
            view! {
                <div class="stack stack-tight">
                    <ExtendButton partner customer=trial.org ends_on=trial.ends_on label=t::admin::extend_by(days)/>
                    <p class="muted">{t::admin::extended_until(i18n::date(until))}</p>
                </div>
            }
            .into_any()
        }
        Err(why) => view! { <Callout tone=Tone::Info><p>{message::refusal(&why)}</p></Callout> }.into_any(),
    });
    let rows = trial
        .extensions
        .into_iter()
        .map(|e| {
            view! {
                <tr>
                    <th scope="row">{e.by}</th>
                    <td>{i18n::date_time(e.at)}</td>
                    <td>{i18n::date(e.from)}</td>
                    <td>{i18n::date(e.until)}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="stack">
            <p>
                <strong>{end}</strong>
                {left.filter(|_| on_trial).map(|left| view! { " "<span class="muted">{left}</span> })}
            </p>
            <p class="muted">{t::admin::trial_span(i18n::date(trial.furthest), i18n::date(trial.started))}</p>
            {act}
            {match rows.is_empty() {
                true => view! { <p class="muted">{t::admin::never_extended()}</p> }.into_any(),
                false => view! {
                    <DataTable caption=t::admin::extensions()>
                        <thead>
                            <tr>
                                <th scope="col">{t::admin::who()}</th>
                                <th scope="col">{t::admin::when()}</th>
                                <th scope="col">{t::admin::from_day()}</th>
                                <th scope="col">{t::admin::until_day()}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </DataTable>
                }.into_any(),
            }}
        </div>
    }
    .into_any()
}
