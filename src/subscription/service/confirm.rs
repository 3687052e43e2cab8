//! Confirming a wish: exactly what the preview showed is booked, or nothing (domain.md section 7).

use super::{
    apply::apply,
    content::{Content, asked_for},
    desk::{Desk, For},
    notice::{Told, tell_other_side},
    preview::{Plan, debtor, plan},
};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    catalogue::service as catalogue,
    kernel::{
        Kontor,
        actor::Actor,
        id::{ChangeId, MethodId, OrgId},
        money::Money,
        right::{Feature, OrgKind},
        text,
    },
    payment::{
        Failure, PaymentStatus, Provider,
        service::{Intent, carry_out, intend, method_for},
    },
    subscription::{
        ChangeForm, ChangeKind, ChangeStatus, Confirmed, When,
        authority::{Say, Side},
        change::Payer,
        rows::{subscription, subscription_change},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Keys of the programme's own requests begin so: nobody else's may, or a renewal would find its key taken.
pub(super) const RENEWALS: &str = "renewal-";

/// Carries a wish out, schedules it, or proposes it to the other side, as rights go. The same request key has its effect
/// once. `StaleVersion` if the subscription or the price is not what the reader was shown any more.
pub async fn confirm(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    form: &ChangeForm,
) -> Result<Confirmed, Error> {
    let tx = kontor.db.begin().await?;
    let desk = Desk::open(kontor, &tx, actor, org, For::Changing).await?;
    let key = text::line(&form.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    if key.starts_with(RENEWALS) {
        return Err(Error::BadRequest);
    }
    if let Some(known) = subscription_change::by_key(&tx, org, &key).await? {
        return again(&known, form);
    }
    desk.none_is(ChangeStatus::Charging)?;
    let plan = plan(kontor, &tx, &desk, form).await?;
    as_shown(form, &desk, &plan)?;
    can_be_billed(&tx, &desk, &plan).await?;
    let change = record(kontor, &desk, actor, &plan, form, key)?;
    match (plan.say, &plan.quote) {
        (Say::Proposes, _) => {
            desk.none_is(ChangeStatus::Proposed)?;
            let expires = kontor.now().plus_days(desk.policy.proposal_days);
            let row = subscription_change::Model {
                status: ChangeStatus::Proposed,
                expires_at: Some(expires),
                ..change
            };
            keep(kontor, &tx, &desk, actor, &row, "subscription.proposed").await?;
            tell_other_side(kontor, &tx, &desk, &row, Told::Proposed).await?;
            tx.commit().await?;
            kontor.hub.tell(org, "subscription");
            Ok(confirmed(&row, None))
        }
        (Say::Decides, None) => {
            let row = schedule(kontor, &tx, &desk, actor, change).await?;
            tx.commit().await?;
            kontor.hub.tell(org, "subscription");
            Ok(confirmed(&row, None))
        }
        (Say::Decides, Some(quote)) if quote.total == 0 => {
            let row = subscription_change::Model {
                status: change.kind.once_paid(),
                decided_at: Some(kontor.now()),
                ..change
            };
            keep(kontor, &tx, &desk, actor, &row, "subscription.changed").await?;
            match row.kind {
                ChangeKind::Early => set_renewing(&tx, &desk.row, desk.row.auto_renew).await?,
                _ => apply(kontor, &tx, &desk.row, &quote.after, &row).await?,
            }
            tell_other_side(kontor, &tx, &desk, &row, Told::Changed).await?;
            tx.commit().await?;
            kontor.hub.tell(org, "subscription");
            Ok(confirmed(&row, None))
        }
        (Say::Decides, Some(_)) => {
            let partners = hidden(desk.side, change.payer);
            match charge(kontor, tx, &desk, actor, change, &form.method).await {
                Err(Error::Refused(_)) if partners => Err(Refusal::PartnerPaymentFailed.into()),
                other => other,
            }
        }
    }
}

/// The answer to a request that was made before: what became of it, or that its key was used for another one.
fn again(known: &subscription_change::Model, form: &ChangeForm) -> Result<Confirmed, Error> {
    if !Content::of(known)?.was_asked(form) {
        return Err(Refusal::KeyReused.into());
    }
    match known.status {
        ChangeStatus::Failed => {
            let failure = Failure::from_key(&known.reason);
            Err(failure.map_or(Refusal::PaymentDeclined, Failure::refusal).into())
        }
        ChangeStatus::Undone | ChangeStatus::Declined | ChangeStatus::Expired => {
            Err(Refusal::ChangeClosed.into())
        }
        ChangeStatus::Proposed | ChangeStatus::Charging | ChangeStatus::Scheduled | ChangeStatus::Applied => {
            Ok(confirmed(known, None))
        }
    }
}

/// Whether the figures are kept from somebody: what a partner pays is its own affair (domain.md section 20, point 4).
pub(super) fn hidden(side: Side, payer: Payer) -> bool {
    side == Side::Customer && payer == Payer::Partner
}

/// What the reader saw is what is: else nothing is booked, and the page shows the new figures.
pub(super) fn as_shown(form: &ChangeForm, desk: &Desk, plan: &Plan) -> Result<(), Error> {
    let version = form.version.trim().parse::<i64>().ok();
    if version == Some(desk.row.version) && hidden(desk.side, plan.wish.payer) {
        return Ok(());
    }
    let total = plan.quote.as_ref().map_or(0, |quote| quote.total);
    let shown = form.total.trim().parse::<i64>().ok();
    if shown == Some(total) && version == Some(desk.row.version) { Ok(()) } else { Err(Error::StaleVersion) }
}

/// Whoever is to pay from the renewal on has an address for invoices when it agrees: later nobody would ask, and the
/// renewal would wait.
pub(super) async fn can_be_billed(tx: &DatabaseTransaction, desk: &Desk, plan: &Plan) -> Result<(), Error> {
    let Some(payer) = plan.overlay.and_then(|overlay| overlay.payer) else { return Ok(()) };
    let its_own = match payer {
        Payer::Partner => desk.side == Side::Partner,
        Payer::Customer => desk.side == Side::Customer,
    };
    if its_own && catalogue::profile(tx, debtor(desk, payer)).await?.is_none() {
        return Err(Refusal::BillingDetailsNeeded.into());
    }
    Ok(())
}

/// The change as it would be kept.
fn record(
    kontor: &Kontor,
    desk: &Desk,
    actor: &Actor,
    plan: &Plan,
    form: &ChangeForm,
    request_key: String,
) -> Result<subscription_change::Model, Error> {
    let contract = desk.contract();
    let cancels = plan.overlay.is_some_and(|o| o.cancel);
    let kind = match (&contract, plan.overlay) {
        (None, _) => ChangeKind::Buy,
        (Some(_), Some(_)) if cancels => ChangeKind::Cancel,
        (Some(_), Some(overlay)) if overlay.payer.is_some() => ChangeKind::Payer,
        (Some(_), Some(_)) => ChangeKind::AtRenewal,
        (Some(_), None) if plan.wish.when == When::Early => ChangeKind::Early,
        (Some(_), None) => ChangeKind::Now,
    };
    let content = Content {
        wish: plan.wish.terms,
        before: contract,
        quote: plan.quote.clone(),
        overlay: plan.overlay,
        entity: plan.terrain.entity.key.clone(),
        tax: plan.terrain.tax_of(plan.wish.payer),
        pays: None,
        covers: plan.covers.clone(),
        asked: Some(asked_for(form)),
    };
    let quote = plan.quote.as_ref();
    Ok(subscription_change::Model {
        id: kontor.id(),
        org_id: desk.org.id,
        subscription_id: desk.row.id,
        partner_id: desk.partner.as_ref().map(|p| p.org_id),
        kind,
        status: ChangeStatus::Scheduled,
        content: content.stored()?,
        effective_on: plan.effective_on,
        list_amount: quote.map_or(0, |q| q.list),
        discount: quote.map_or(0, |q| q.discount),
        tax: quote.map_or(0, |q| q.tax),
        total: quote.map_or(0, |q| q.total),
        currency: plan.terrain.entity.currency,
        payer: plan.wish.payer,
        payment_id: None,
        invoice_id: None,
        replaces: None,
        request_key,
        by_side: desk.side,
        by_label: actor.label(),
        reason: String::new(),
        created_at: kontor.now(),
        decided_at: None,
        expires_at: None,
        version: 1,
    })
}

/// Keeps a change, and says in the trails of both sides what was done.
pub(super) async fn keep(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    desk: &Desk,
    actor: &Actor,
    row: &subscription_change::Model,
    action: &'static str,
) -> Result<(), Error> {
    let active = subscription_change::ActiveModel::from(row.clone());
    subscription_change::Entity::insert(active).exec_without_returning(tx).await?;
    trail(kontor, tx, desk, actor, row, action).await
}

/// Appends to the trails of the organisation and of its partner.
pub(super) async fn trail(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    desk: &Desk,
    actor: &Actor,
    row: &subscription_change::Model,
    action: &'static str,
) -> Result<(), Error> {
    let wish = Content::of(row)?.wish;
    let facts = serde_json::json!({
        "change": row.id, "kind": row.kind, "plan": wish.plan, "term": wish.term, "seats": wish.seats,
        "addon_units": wish.addon_units, "total": row.total, "currency": row.currency, "reason": row.reason,
    });
    let partner = desk.partner.as_ref().map(|p| p.org_id);
    for chain in [Some(desk.org.id), partner].into_iter().flatten() {
        append(kontor, tx, chain, actor, Event::new(action, &desk.org.name).with(facts.clone())).await?;
    }
    Ok(())
}

/// Keeps a change for the renewal.
async fn schedule(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    desk: &Desk,
    actor: &Actor,
    change: subscription_change::Model,
) -> Result<subscription_change::Model, Error> {
    keep(kontor, tx, desk, actor, &change, "subscription.scheduled").await?;
    let renews = desk.row.auto_renew && change.kind != ChangeKind::Cancel;
    set_renewing(tx, &desk.row, renews).await?;
    tell_other_side(kontor, tx, desk, &change, Told::Scheduled).await?;
    Ok(change)
}

/// Notes whether the subscription renews: the clock asks for it by an index. Its version moves, so that nobody confirms
/// what was reckoned before.
pub(super) async fn set_renewing(
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    renews: bool,
) -> Result<(), Error> {
    let change = subscription::ActiveModel {
        id: Set(row.id),
        auto_renew: Set(renews),
        version: Set(row.version + 1),
        ..Default::default()
    };
    subscription::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Commits the intent, asks the provider, and tells what came of it. What was refused changes nothing; what is not
/// answered goes on by itself.
pub(super) async fn charge(
    kontor: &Kontor,
    tx: DatabaseTransaction,
    desk: &Desk,
    actor: &Actor,
    change: subscription_change::Model,
    method: &str,
) -> Result<Confirmed, Error> {
    let debtor = debtor(desk, change.payer);
    // Whoever sells need not be whoever spends the partner's money.
    if actor.kind == OrgKind::Partner && debtor == actor.org {
        actor.require(Feature::PaymentsCard)?;
    }
    if catalogue::profile(&tx, debtor).await?.is_none() {
        return Err(Refusal::BillingDetailsNeeded.into());
    }
    let (provider, method) = method_for(kontor, &tx, debtor, method).await?;
    let mut content = Content::of(&change)?;
    content.pays = Some((provider, method));
    let mut row =
        subscription_change::Model { status: ChangeStatus::Charging, content: content.stored()?, ..change };
    let payment = intend(kontor, &tx, intent(desk, &row, provider, method, debtor)).await?;
    row.payment_id = Some(payment);
    if row.decided_at.is_some() {
        let active = row.clone().into_active_model().reset_all();
        subscription_change::Entity::update(active).exec(&tx).await?;
        trail(kontor, &tx, desk, actor, &row, "subscription.approved").await?;
    } else {
        keep(kontor, &tx, desk, actor, &row, "subscription.ordered").await?;
    }
    tx.commit().await?;
    let paid = carry_out(kontor, payment).await?;
    let status = match paid.status {
        PaymentStatus::Succeeded => row.kind.once_paid(),
        PaymentStatus::Failed => {
            let failure = paid.failure.as_deref().and_then(Failure::from_key);
            return Err(failure.map_or(Refusal::PaymentDeclined, Failure::refusal).into());
        }
        _ => ChangeStatus::Charging,
    };
    // Where the payer's bank asks for something, that is for the payer and nobody else.
    let action_url = paid.action_url.filter(|_| debtor == actor.org);
    Ok(Confirmed { change: row.id, org: row.org_id, status, action_url })
}

fn intent(
    desk: &Desk,
    row: &subscription_change::Model,
    provider: Provider,
    method: Option<MethodId>,
    debtor: OrgId,
) -> Intent {
    Intent {
        org: desk.org.id,
        debtor,
        partner: desk.partner.as_ref().map(|p| p.org_id),
        subscription: desk.row.id,
        change: Some(row.id),
        invoice: None,
        provider,
        method,
        amount: Money::new(row.total, row.currency),
        attempt: 1,
        reference: desk.org.name.clone(),
        request_key: None,
    }
}

fn confirmed(row: &subscription_change::Model, action_url: Option<String>) -> Confirmed {
    Confirmed { change: row.id, org: row.org_id, status: row.status, action_url }
}

/// A change that is open, locked together with its subscription by the caller's desk.
pub(super) fn find_open(
    desk: &Desk,
    id: ChangeId,
    version: i64,
) -> Result<subscription_change::Model, Error> {
    let row = desk.open.iter().find(|change| change.id == id).ok_or(Refusal::ChangeClosed)?;
    if row.version == version { Ok(row.clone()) } else { Err(Error::StaleVersion) }
}
