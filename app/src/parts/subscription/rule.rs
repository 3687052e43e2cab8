//! How freely the customer changes its subscription: the partner lays it down, the customer reads it.

use super::Place;
use crate::{
    form::{Problems, plain_form},
    i18n, t,
    ui::{Button, Card, Input, InputKind, RadioOption, Radios},
};
use kontor::subscription::{ChangeRuleView, authority::ChangeMode};
use leptos::prelude::*;

fn mode(mode: ChangeMode) -> &'static str {
    match mode {
        ChangeMode::Partner => t::subscription::mode_partner(),
        ChangeMode::Ask => t::subscription::mode_ask(),
        ChangeMode::Free => t::subscription::mode_free(),
    }
}

/// In words, for the customer; nothing where the partner alone changes it, which the page says anyway.
pub fn told(rule: ChangeRuleView) -> Option<String> {
    match rule.mode {
        ChangeMode::Partner => None,
        ChangeMode::Ask => Some(t::subscription::told_ask().to_owned()),
        ChangeMode::Free => Some(t::subscription::told_free(i18n::number(rule.seats))),
    }
}

/// The partner's form.
#[component]
pub fn RuleForm(
    /// Where it is.
    place: Place,
    /// What holds.
    rule: ChangeRuleView,
) -> impl IntoView {
    let form = plain_form("/api/store/set_change_rule");
    let option = |one: &ChangeMode| {
        let about = match one {
            ChangeMode::Partner => t::subscription::mode_partner_about(),
            ChangeMode::Ask => t::subscription::mode_ask_about(),
            ChangeMode::Free => t::subscription::mode_free_about(),
        };
        RadioOption::new(one.key(), mode(*one)).hint(about)
    };
    let options = ChangeMode::ALL.iter().map(option).collect::<Vec<_>>();
    let seats = if rule.mode == ChangeMode::Free { rule.seats.to_string() } else { String::new() };
    view! {
        <Card heading=t::subscription::rule_heading() id="rule-heading">
            <Problems form/>
            <form class="form" method="post" action="/api/store/set_change_rule" novalidate>
                <input type="hidden" name="org" value=place.org.to_string()/>
                <input type="hidden" name="customer" value=place.customer.to_string()/>
                <Radios name="mode" legend=t::field::mode() options
                    selected=form.value_or("mode", rule.mode.key()) error=form.error("mode") required=true/>
                <Input name="free_seats" label=t::field::free_seats() kind=InputKind::Number
                    hint=t::subscription::free_seats_hint() value=form.value_or("free_seats", &seats)
                    error=form.error("free_seats") size=8/>
                <p><Button label=t::shell::save()/></p>
            </form>
        </Card>
    }
    .into_any()
}
