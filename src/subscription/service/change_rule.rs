//! A partner lays down how freely its customer changes the subscription.

use super::desk::{Desk, For};
use crate::{
    Error, Issue,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, id::OrgId, text},
    subscription::{
        ChangeRuleForm, MAX_SEATS,
        authority::{ChangeMode, Side},
        rows::change_rule,
    },
};

/// Lays down who changes a customer's subscription from now on: the partner only, the customer with its approval, or the customer alone up
/// to so many licences. Again changes nothing. Errors of the fields `mode` and `free_seats`.
pub async fn set_change_rule(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    form: &ChangeRuleForm,
) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let desk = Desk::open(kontor, &tx, actor, org, For::Changing).await?;
    if desk.side != Side::Partner {
        return Err(Error::Forbidden);
    }
    let mode = ChangeMode::from_key(form.mode.trim()).ok_or(Error::field("mode", Issue::NotAChoice))?;
    let seats = match mode {
        ChangeMode::Free => text::whole(&form.free_seats, 1, MAX_SEATS.into()),
        ChangeMode::Partner | ChangeMode::Ask => Ok(0),
    };
    let seats = seats.map_err(|issue| Error::field("free_seats", issue))?;
    let row = change_rule::Model { org_id: org, partner_id: actor.org, mode, seats };
    if desk.rule.as_ref() == Some(&row) {
        return Ok(());
    }
    let before = desk.rule.as_ref().map(|rule| (rule.mode, rule.seats));
    change_rule::lay_down(&tx, row).await?;
    let facts = serde_json::json!({ "mode": [before.map(|b| b.0), Some(mode)], "seats": [before.map(|b| b.1), Some(seats)] });
    for chain in [org, actor.org] {
        let event = Event::new("subscription.rule_set", &desk.org.name).with(facts.clone());
        append(kontor, &tx, chain, actor, event).await?;
    }
    tx.commit().await?;
    kontor.hub.tell(org, "subscription");
    Ok(())
}
