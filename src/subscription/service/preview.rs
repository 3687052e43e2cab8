//! The preview: every line of what a wish costs, before anything is confirmed. What is confirmed is booked from the same
//! calculation, to the same total, or not at all.

use super::{
    desk::{Desk, For},
    offer::{Offer, Terrain, Wish, enough_seats, fits, may, offer, read},
};
use crate::{
    Error,
    catalogue::service as catalogue,
    kernel::{
        Kontor,
        actor::Actor,
        id::{ChangeId, OrgId},
    },
    organisation::rows::member,
    payment::service::usable_methods,
    subscription::{
        ChangeForm, ChangeStatus, Preview,
        authority::{Say, Side},
        change::{
            Conflict, NextRenewal, Payer, Quote, Scheduled, Target, at_renewal, conflicts, next_renewal,
            overlay,
        },
        rows::subscription_change,
        service::content::Content,
    },
};
use sea_orm::ConnectionTrait;

/// A wish and all that follows from it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The wish.
    pub wish: Wish,
    /// What is charged now.
    pub quote: Option<Quote>,
    /// What is scheduled by it, if it is for the renewal.
    pub overlay: Option<Scheduled>,
    /// The renewal after it.
    pub next: Option<NextRenewal>,
    /// Which scheduled changes it meets.
    pub conflicts: Vec<Conflict>,
    /// What the wished plan holds less of.
    pub losses: Vec<crate::subscription::change::Loss>,
    /// Whether the actor decides or proposes.
    pub say: Say,
    /// By what it is sold.
    pub terrain: Terrain,
}

/// What is scheduled, oldest first.
pub(crate) fn scheduled(open: &[subscription_change::Model]) -> Vec<(ChangeId, Scheduled)> {
    let of = |row: &subscription_change::Model| Some((row.id, Content::of(row).ok()?.overlay?));
    open.iter().filter(|row| row.status == ChangeStatus::Scheduled).filter_map(of).collect()
}

/// Works a form out against the desk.
pub(crate) async fn plan(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    desk: &Desk,
    form: &ChangeForm,
) -> Result<Plan, Error> {
    let wish = read(form, desk)?;
    let today = kontor.now().day();
    let terrain = Terrain::on(db, desk, wish.terms.plan, today).await?;
    let overlays: Vec<Scheduled> = scheduled(&desk.open).into_iter().map(|(_, s)| s).collect();
    if wish.now {
        let Offer { quote, losses, say } = offer(db, desk, &wish, &terrain, &overlays, today).await?;
        enough_seats(db, desk, wish.terms.seats).await?;
        let meets = desk.contract().map(|contract| conflicts(&overlays, &contract, &wish.terms));
        let next = quote.next;
        return Ok(Plan {
            wish,
            quote: Some(quote),
            overlay: None,
            next,
            conflicts: meets.unwrap_or_default(),
            losses,
            say,
            terrain,
        });
    }
    let contract = desk.running()?;
    let planned = overlay(&contract, &overlays);
    let wished = Target { terms: wish.terms, payer: planned.payer, cancel: !wish.terms.plan.is_paid() };
    let wished = if wished.cancel { Target { terms: planned.terms, ..wished } } else { wished };
    let overlay = Scheduled::between(&planned, &wished).ok_or(crate::Refusal::NothingChanges)?;
    let losses = fits(db, desk, wish.terms.plan, today).await?;
    if !wished.cancel {
        enough_seats(db, desk, wish.terms.seats).await?;
        // Whatever could not be sold then is refused now.
        at_renewal(&contract, Some(&wished), &terrain.prices, &terrain.rates)?;
    }
    let all: Vec<Scheduled> = overlays.iter().copied().chain([overlay]).collect();
    let next = next_renewal(&contract, &all, &terrain.prices, &terrain.rates);
    let before = next_renewal(&contract, &overlays, &terrain.prices, &terrain.rates);
    let more = next.map_or(0, |n| n.total) > before.map_or(0, |n| n.total);
    let say = may(desk, Some(&contract), &wish, i64::from(more))?;
    Ok(Plan { wish, quote: None, overlay: Some(overlay), next, conflicts: Vec::new(), losses, say, terrain })
}

/// Shows what a wish would cost and change. Changes nothing.
pub async fn preview(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    form: &ChangeForm,
) -> Result<Preview, Error> {
    preview_as(kontor, actor, org, form, None).await
}

/// [`preview`] of a wish that somebody else had: reckoned on the side it came from.
pub(super) async fn preview_as(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    form: &ChangeForm,
    of: Option<Side>,
) -> Result<Preview, Error> {
    let db = kontor.db.read();
    let mut desk = Desk::open(kontor, db, actor, org, For::Wishing).await?;
    let answers = of.is_some();
    desk.side = of.unwrap_or(desk.side);
    let plan = plan(kontor, db, &desk, form).await?;
    let debtor = debtor(&desk, plan.wish.payer);
    let methods = match plan.say {
        Say::Proposes if !answers => Vec::new(),
        _ => usable_methods(kontor, db, debtor).await?,
    };
    Ok(Preview {
        org,
        organisation: desk.org.name.clone(),
        current: desk.contract(),
        wish: plan.wish.terms,
        now: plan.wish.now,
        payer: plan.wish.payer,
        say: plan.say,
        tax: plan.terrain.tax_of(plan.wish.payer),
        quote: plan.quote,
        next: plan.next,
        losses: plan.losses,
        conflicts: plan.conflicts,
        people: member::count(db, org).await?,
        methods,
        details_missing: catalogue::profile(db, debtor).await?.is_none(),
        version: desk.row.version,
        request_key: kontor.token(),
    })
}

/// The organisation that pays.
pub(crate) fn debtor(desk: &Desk, payer: Payer) -> OrgId {
    match (payer, &desk.partner) {
        (Payer::Partner, Some(partner)) => partner.org_id,
        _ => desk.org.id,
    }
}
