//! A trial: how long it lasts, who extended it, and *Extend trial*. Cards, the partner's page of a trial and the
//! organisation's own subscription share it.

use crate::{
    admin::{api, words},
    i18n, message, t,
    ui::{Button, ButtonSize, ButtonVariant, Callout, DataTable, Text, Toaster, Tone},
    wire::ApiError,
};
use kontor::{
    kernel::{id::OrgId, instant::Day},
    subscription::{SubscriptionStatus, TrialView, trial::request_key},
};
use leptos::{ev, prelude::*};

/// Extends trials without leaving the page, for the [`ExtendButton`]s below the page that provides it. Kept by the page
/// because the buttons are made anew whenever the list is.
#[derive(Clone, Copy)]
pub struct Extending {
    toaster: Toaster,
    under_way: RwSignal<Vec<OrgId>>,
    answers: RwSignal<u32>,
}

impl Extending {
    /// Hands it to everything below through the context.
    pub fn provide() -> Self {
        let extending = Self {
            toaster: Toaster::expect(),
            under_way: RwSignal::new(Vec::new()),
            answers: RwSignal::new(0),
        };
        provide_context(extending);
        extending
    }

    /// A number that grows with every answer: key a resource on it where live updates do not ask again.
    pub fn answers(self) -> Signal<u32> {
        self.answers.into()
    }

    fn is_under_way(self, customer: OrgId) -> bool {
        self.under_way.with(|all| all.contains(&customer))
    }

    /// Sends the wish, and tells the outcome in a toast.
    fn extend(self, partner: OrgId, customer: OrgId, ends_on: Day) {
        if untrack(|| self.is_under_way(customer)) {
            return;
        }
        self.under_way.update(|all| all.push(customer));
        leptos::task::spawn_local(async move {
            match api::extend_trial(partner, customer, request_key(ends_on)).await {
                Ok(trial) => {
                    let text = t::admin::trial_extended(i18n::date(trial.ends_on), trial.organisation);
                    self.toaster.show(Tone::Success, text);
                }
                Err(ApiError(error)) => self.toaster.show(Tone::Danger, message::error(&error)),
            }
            // The reader may have left the page meanwhile.
            _ = self.under_way.try_update(|all| all.retain(|other| *other != customer));
            _ = self.answers.try_update(|answers| *answers += 1);
        });
    }
}

/// The button of a card: extends from the end the card shows, once, however often it is pressed. Without script the
/// answer is the same page, at the same card.
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
    let extending = use_context::<Extending>();
    let busy = Signal::derive(move || extending.is_some_and(|e| e.is_under_way(customer)));
    let send = move |event: ev::SubmitEvent| {
        if let Some(extending) = extending {
            event.prevent_default();
            extending.extend(partner, customer, ends_on);
        }
    };
    view! {
        <form method="post" action=format!("/api/admin/extend_trial#customer-{customer}") on:submit=send>
            <input type="hidden" name="org" value=partner.to_string()/>
            <input type="hidden" name="customer" value=customer.to_string()/>
            <input type="hidden" name="request_key" value=request_key(ends_on)/>
            {match described_by {
                Some(id) => view! { <Button label size=ButtonSize::Small busy described_by=id/> }.into_any(),
                None => view! {
                    <Button label size=ButtonSize::Small variant=ButtonVariant::Primary busy/>
                }.into_any(),
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
                    <th scope="row">{words::actor(&e.by)}</th>
                    <td class="nowrap">{i18n::date_time(e.at)}</td>
                    <td class="nowrap">{i18n::date(e.from)}</td>
                    <td class="nowrap">{i18n::date(e.until)}</td>
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
                                <th scope="col">{t::admin::previous_end()}</th>
                                <th scope="col">{t::admin::new_end()}</th>
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
