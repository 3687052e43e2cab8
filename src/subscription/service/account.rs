//! A subscription with all that was, is and will be of it, as the partner's store and the organisation's console show it.

use super::{
    ahead::ahead,
    answer::may_undo,
    content::Content,
    desk::{Desk, For, contract_behind},
    early::{bought, horizon},
    take_over::offered,
    withdraw::can_be_withdrawn,
};
use crate::{
    Error, Refusal,
    catalogue::service as catalogue,
    invoice,
    kernel::{Kontor, actor::Actor, id::OrgId, instant::Day, money::Money, right::Feature},
    organisation::rows::{member, organisation},
    partner::PartnerType,
    payment::rows::payment,
    subscription::{
        Account, ChangeKind, ChangeRuleView, ChangeStatus, ChangeView, OpenInvoice, Plan,
        authority::{Act, Side, say},
        change::{Payer, Terms, overlay},
        rows::subscription_change,
    },
};
use sea_orm::ConnectionTrait;

/// Closed changes shown.
const HISTORY: u64 = 20;

/// The subscription of an organisation, for its own people and its partner's.
pub async fn account(kontor: &Kontor, actor: &Actor, org: OrgId) -> Result<Account, Error> {
    let db = kontor.db.read();
    let desk = Desk::open(kontor, db, actor, org, For::Looking).await?;
    let row = &desk.row;
    let contract = desk.contract();
    // What the partner pays is the partner's affair (domain.md section 20, point 4).
    let hides = desk.side == Side::Customer && row.payer == Some(Payer::Partner);
    let horizon = contract.map(|contract| horizon(&contract, &desk.open)).transpose()?;
    let horizon =
        horizon.map(|(base, wishes)| (base, wishes.into_iter().map(|(_, w)| w).collect::<Vec<_>>()));
    let planned = horizon.as_ref().map(|(base, overlays)| overlay(base, overlays));
    // Without a price list there is no figure to show; the page stands without it.
    let next = match &horizon {
        Some((base, overlays)) => ahead(db, &desk, base, overlays).await.ok().flatten(),
        None => None,
    };
    let next = next.map(|next| next.next());
    let next = next.filter(|next| desk.side == Side::Partner || next.payer != Payer::Partner);
    let bought = bought(&desk.open)?.and(horizon.as_ref().map(|(base, _)| (base.started, base.ends_on)));
    let mut open = Vec::new();
    for change in &desk.open {
        open.push(shown(kontor, &desk, change, hides).await?);
    }
    let latest = subscription_change::latest(db, row.id, HISTORY).await?;
    let invoices = latest.iter().filter_map(|change| change.invoice_id).collect();
    let numbers = invoice::service::numbers(kontor, actor, invoices).await?;
    let mut history = Vec::new();
    for change in latest.iter().filter(|change| !change.status.is_open()) {
        let numbered = change.invoice_id.and_then(|id| numbers.get(&id).map(|number| (id, number.clone())));
        history.push(ChangeView { invoice: numbered, ..shown(kontor, &desk, change, hides).await? });
    }
    let feature = if desk.side == Side::Partner { Feature::SubsChange } else { Feature::SubscriptionEdit };
    let payer = super::desk::payer_of(row);
    let mapped = desk.partner.is_some();
    let allowed = match (desk.side, contract.is_some()) {
        (Side::Customer, false) if mapped => Err(Refusal::SubscriptionLocked),
        _ => say(desk.side, Act::More, payer, mapped, desk.mode()).map(drop),
    };
    let in_business = desk.partner.as_ref().is_none_or(|p| p.status.is_in_business());
    let blocked = match allowed {
        Err(refusal) => Some(refusal),
        Ok(()) if desk.side == Side::Partner && !in_business => Some(Refusal::PartnerInactive),
        Ok(()) if open.iter().any(|c| c.status == ChangeStatus::Charging) => Some(Refusal::ChangePending),
        Ok(()) => None,
    };
    let waits = open.iter().any(|c| matches!(c.status, ChangeStatus::Proposed | ChangeStatus::Charging));
    let sells = desk.partner.as_ref().is_some_and(|p| p.partner_type == PartnerType::Reseller);
    let other_payer = planned.filter(|planned| sells && in_business && !waits && !planned.cancel);
    let other_payer = other_payer.map(|planned| match planned.payer {
        Payer::Partner => Payer::Customer,
        Payer::Customer => Payer::Partner,
    });
    let early =
        bought.is_none() && blocked.is_none() && !waits && planned.is_some_and(|planned| !planned.cancel);
    let partner = match &desk.partner {
        Some(partner) => organisation::by_id(db, partner.org_id).await?.map(|o| o.name),
        None => None,
    };
    let intended = match (row.intended_plan, row.intended_seats, row.intended_term) {
        (Some(plan), Some(seats), Some(term)) => Some(Terms { plan, term, seats, addon_units: 0 }),
        _ => None,
    };
    Ok(Account {
        org,
        organisation: desk.org.name.clone(),
        side: desk.side,
        status: row.status,
        terms: Terms { plan: row.plan, term: row.term, seats: row.seats, addon_units: row.addon_units },
        contract: contract.filter(|_| !hides),
        payer: contract.map(|c| c.payer),
        currency: contract.map(|c| c.currency),
        ends_on: row.ends_on,
        auto_renew: row.auto_renew,
        next,
        bought,
        early,
        rule: mapped.then(|| ChangeRuleView {
            mode: desk.mode(),
            seats: desk.rule.as_ref().map_or(0, |rule| rule.seats),
        }),
        other_payer: other_payer.filter(|_| actor.may(feature)),
        people: member::count(db, org).await?,
        plans: on_sale(db, contract.map(|c| c.terms.plan), kontor.now().day()).await?,
        open,
        history,
        changes: actor.may(feature),
        blocked,
        partner,
        intended,
        owed: owed(kontor, actor, &desk).await?,
        payer_behind: contract_behind(row).map(|behind| behind.payer),
        take_over: offered(kontor, db, actor, &desk).await?,
        flagged: row.flagged_at.is_some(),
        version: row.version,
        request_key: kontor.token(),
    })
}

/// The open invoices of the subscription that the reader may see.
async fn owed(kontor: &Kontor, actor: &Actor, desk: &Desk) -> Result<Vec<OpenInvoice>, Error> {
    let owed = invoice::service::owed_for(kontor.db.read(), desk.org.id).await?;
    let shown = invoice::service::numbers(kontor, actor, owed.iter().map(|one| one.row.id).collect()).await?;
    let today = kontor.now().day();
    let seen = owed.into_iter().filter(|one| shown.contains_key(&one.row.id));
    Ok(seen
        .map(|one| OpenInvoice {
            id: one.row.id,
            left: Money::new(one.left, one.row.currency),
            due_on: one.state.due_on,
            late: one.is_late(today),
            own: one.row.debtor_id == actor.org,
            number: one.row.number,
        })
        .collect())
}

/// The plans a wish can be for: what is on sale, and what is there.
async fn on_sale(db: &impl ConnectionTrait, has: Option<Plan>, today: Day) -> Result<Vec<Plan>, Error> {
    let mut plans = catalogue::plans_on_sale(db, today).await?;
    plans.extend(has);
    plans.sort_unstable();
    plans.dedup();
    Ok(plans)
}

async fn shown(
    kontor: &Kontor,
    desk: &Desk,
    row: &subscription_change::Model,
    hides: bool,
) -> Result<ChangeView, Error> {
    // Whoever pays now: what the partner was charged for a change stays the partner's affair.
    let hides = hides || desk.side == Side::Customer && row.payer == Payer::Partner;
    let content = Content::of(row)?;
    let in_time = row.expires_at.is_none_or(|until| kontor.now() < until);
    let action_url = match (row.status, row.payment_id) {
        (ChangeStatus::Charging, Some(id)) => {
            payment::by_id(kontor.db.read(), id).await?.and_then(|p| p.action_url)
        }
        _ => None,
    };
    let money = |minor| Money::new(if hides { 0 } else { minor }, row.currency);
    let overlay = content.overlay;
    let wish = match overlay {
        Some(o) => Terms {
            plan: o.plan.unwrap_or(content.wish.plan),
            term: o.term.unwrap_or(content.wish.term),
            seats: o.seats.unwrap_or(content.wish.seats),
            addon_units: o.addon_units.unwrap_or(content.wish.addon_units),
        },
        None => content.wish,
    };
    Ok(ChangeView {
        id: row.id,
        kind: row.kind,
        status: row.status,
        wish,
        before: content.before.map(|c| c.terms),
        effective_on: row.effective_on,
        total: money(row.total),
        net: money(row.list_amount - row.discount),
        payer: row.payer,
        by: (row.by_side, row.by_label.clone()),
        reason: row.reason.clone(),
        at: row.created_at,
        expires_at: row.expires_at.filter(|_| row.status == ChangeStatus::Proposed),
        // What is open has none yet.
        invoice: None,
        action_url,
        answerable: row.status == ChangeStatus::Proposed && in_time && row.by_side != desk.side,
        undoable: row.kind != ChangeKind::Renewal
            && may_undo(desk, row)
            && (row.status != ChangeStatus::Charging || can_be_withdrawn(kontor, row).await?),
        version: row.version,
    })
}
