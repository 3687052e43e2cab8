//! The preview: every line of what a wish costs, before anything is confirmed. What is confirmed is booked from the same
//! calculation, to the same total, or not at all.

use super::{
    ahead::ahead,
    confirm::hidden,
    desk::{Desk, For},
    early::{bought, horizon},
    hand_over::is_handed_over,
    offer::{Fit, Offer, Terrain, Wish, enough_seats, fit, fits, may, offer, on_sale, read},
};
use crate::{
    Error, Refusal,
    catalogue::service as catalogue,
    kernel::{
        Kontor,
        actor::Actor,
        id::{ChangeId, OrgId},
        instant::Day,
    },
    organisation::rows::member,
    payment::service::usable_methods,
    subscription::{
        Ahead, ChangeForm, ChangeStatus, Preview, When,
        authority::{Say, Side},
        change::{
            Conflict, Excess, Loss, Payer, Quote, Scheduled, Target, at_renewal, conflicts, covered, overlay,
            renew_early,
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
    /// The day from which on it is so.
    pub effective_on: Day,
    /// The scheduled changes that a term bought early includes.
    pub covers: Vec<ChangeId>,
    /// The renewal after it.
    pub next: Option<Ahead>,
    /// Which scheduled changes it meets.
    pub conflicts: Vec<Conflict>,
    /// What the wished plan holds less of.
    pub losses: Vec<Loss>,
    /// What is used beyond what the free plan holds, if the subscription is to end.
    pub excesses: Vec<Excess>,
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
    match wish.when {
        When::Now => now(db, desk, wish, today).await,
        When::Renewal => later(db, desk, wish).await,
        When::Early => early(db, desk, wish, today).await,
    }
}

/// What takes effect at once.
async fn now(db: &impl ConnectionTrait, desk: &Desk, wish: Wish, today: Day) -> Result<Plan, Error> {
    let terrain = Terrain::on(db, desk, wish.terms.plan, today).await?;
    let contract = desk.contract();
    if desk.partner.is_some() && is_handed_over(&desk.open) {
        // Paid by another, whose the rest of the term is: neither the new partner nor the customer can be billed for a part.
        let on = desk.row.ends_on.map_or(today, |day| day.plus(1));
        return Err(Refusal::PaidByFormerPartner { on }.into());
    }
    let bought = bought(&desk.open)?;
    if let (Some(contract), Some(bought)) = (&contract, &bought)
        && contract.terms.term != wish.terms.term
    {
        // Another term would begin today, and the one behind it is paid for.
        return Err(Refusal::RenewedEarly { on: bought.contract.started }.into());
    }
    let overlays: Vec<Scheduled> = scheduled(&desk.open).into_iter().map(|(_, s)| s).collect();
    let Offer { quote, losses, say } = offer(db, desk, &wish, &terrain, &overlays, today).await?;
    enough_seats(db, desk, wish.terms.seats).await?;
    let (base, planned) = horizon(&quote.after, &desk.open)?;
    let next = ahead(db, desk, &base, &only(planned)).await?;
    let meets = contract.map(|contract| conflicts(&overlays, &contract, &wish.terms));
    Ok(Plan {
        wish,
        quote: Some(priced(quote, next.as_ref())),
        next,
        overlay: None,
        effective_on: today,
        covers: Vec::new(),
        conflicts: meets.unwrap_or_default(),
        losses,
        excesses: Vec::new(),
        say,
        terrain,
    })
}

/// What takes effect at the renewal: of the running term, or of the next one if that is bought already.
async fn later(db: &impl ConnectionTrait, desk: &Desk, mut wish: Wish) -> Result<Plan, Error> {
    let contract = desk.running()?;
    let (base, overlays) = horizon(&contract, &desk.open)?;
    let overlays = only(overlays);
    let planned = overlay(&base, &overlays);
    let cancel = !wish.terms.plan.is_paid();
    let payer = wish.said.payer.unwrap_or(planned.payer);
    let terms = if cancel { planned.terms } else { wish.said.over(&planned.terms) };
    let wished = Target { terms, payer, cancel };
    let overlay = Scheduled::between(&planned, &wished).ok_or(Refusal::NothingChanges)?;
    let day = base.ends_on.plus(1);
    // That more is used than the free plan holds is no reason to keep anybody: it is what they are told.
    let Fit { losses, excesses } = match cancel {
        true => fit(db, desk, wish.terms.plan, day).await?,
        false => Fit { losses: fits(db, desk, terms.plan, day).await?, excesses: Vec::new() },
    };
    let terrain = Terrain::on(db, desk, if cancel { wish.terms.plan } else { terms.plan }, day).await?;
    if !cancel {
        wish.terms = terms;
        enough_seats(db, desk, terms.seats).await?;
        on_sale(db, Some(base.terms.plan), terms.plan, day).await?;
        // Whatever could not be sold then is refused now.
        at_renewal(&base, Some(&wished), &terrain.prices, &terrain.rates)?;
    }
    let all: Vec<Scheduled> = overlays.iter().copied().chain([overlay]).collect();
    let next = ahead(db, desk, &base, &all).await?;
    let before = ahead(db, desk, &base, &overlays).await?;
    let total = |ahead: &Option<Ahead>| ahead.as_ref().map_or(0, |ahead| ahead.quote.total);
    let more = total(&next) > total(&before);
    // Whoever pays then has the say, and on who that is both agree.
    wish.payer = overlay.payer.unwrap_or(planned.payer);
    let say = may(desk, Some(&contract), &wish, i64::from(more), overlay.payer.is_some())?;
    Ok(Plan {
        wish,
        quote: None,
        overlay: Some(overlay),
        effective_on: day,
        covers: Vec::new(),
        next,
        conflicts: covered(&overlays, &base, &overlay),
        losses,
        excesses,
        say,
        terrain,
    })
}

/// The next term, bought today.
async fn early(db: &impl ConnectionTrait, desk: &Desk, wish: Wish, today: Day) -> Result<Plan, Error> {
    let contract = desk.running()?;
    let bought = bought(&desk.open)?.map(|bought| bought.contract);
    let (covers, overlays): (Vec<_>, Vec<_>) = scheduled(&desk.open).into_iter().unzip();
    let target = overlay(&contract, &overlays);
    let terrain = Terrain::on(db, desk, target.terms.plan, today).await?;
    let quote = renew_early(&contract, bought.as_ref(), &overlays, today, &terrain.prices, &terrain.rates)?;
    let losses = fits(db, desk, target.terms.plan, today).await?;
    enough_seats(db, desk, target.terms.seats).await?;
    let wish = Wish { terms: target.terms, payer: target.payer, ..wish };
    // It costs something today, whatever it changes.
    let say = may(desk, None, &wish, quote.total, false)?;
    let next = ahead(db, desk, &quote.after, &[]).await?;
    Ok(Plan {
        wish,
        effective_on: quote.after.started,
        quote: Some(priced(quote, next.as_ref())),
        next,
        overlay: None,
        covers,
        conflicts: Vec::new(),
        losses,
        excesses: Vec::new(),
        say,
        terrain,
    })
}

/// The quote with the renewal as it will be charged, which the pure calculation knows by today's prices only.
fn priced(quote: Quote, next: Option<&Ahead>) -> Quote {
    Quote { next: next.map(Ahead::next), ..quote }
}

/// The wishes without their ids.
fn only(scheduled: Vec<(ChangeId, Scheduled)>) -> Vec<Scheduled> {
    scheduled.into_iter().map(|(_, wish)| wish).collect()
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
    let reader = desk.side;
    desk.side = of.unwrap_or(reader);
    let plan = plan(kontor, db, &desk, form).await?;
    let debtor = debtor(&desk, plan.wish.payer);
    let methods = match plan.say {
        Say::Proposes if !answers => Vec::new(),
        // Another's cards are nobody's business.
        _ if debtor != actor.org => Vec::new(),
        _ => usable_methods(kontor, db, debtor).await?,
    };
    let people = member::count(db, org).await?;
    let ends = plan.overlay.is_some_and(|overlay| overlay.cancel);
    // What a partner will pay is its own affair (domain.md section 20, point 4).
    let shows = |payer: Payer| reader != Side::Customer || payer != Payer::Partner;
    Ok(Preview {
        org,
        organisation: desk.org.name.clone(),
        current: desk.contract(),
        wish: plan.wish.terms,
        when: plan.wish.when,
        effective_on: plan.effective_on,
        payer: plan.wish.payer,
        say: plan.say,
        tax: plan.terrain.tax_of(plan.wish.payer),
        quote: plan.quote.filter(|_| !hidden(reader, plan.wish.payer)),
        next: plan.next.filter(|next| shows(next.quote.after.payer)),
        losses: plan.losses,
        excesses: plan.excesses,
        suspends: ends && people > desk.policy.free_users_max,
        conflicts: plan.conflicts,
        people,
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
