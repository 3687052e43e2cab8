//! The lists behind the figures.

use super::readable;
use crate::{
    Error,
    commission::service::discount_rates,
    kernel::{
        Kontor,
        actor::Actor,
        id::{CustomerEventId, OrgId},
        instant::Day,
        money::{Currency, Money, basis_points},
    },
    ledger::{self, EVERYBODY, LinePage, LinePlace, LineQuery},
    mapping::{
        CustomerEventKind,
        rows::{customer, event},
    },
    organisation::rows::organisation,
    partner::service::zone_of,
    report::{CustomerEventPage, CustomerEventRow, Figure, RENEWALS_WITHIN, RenewalPage, RenewalRow, Span},
    setting::service::policy,
    subscription::change::Payer,
};
use std::collections::HashMap;

/// Rows on a page.
const PAGE: usize = 50;

/// The entries a figure is the sum of, latest first, and that sum by the summaries.
pub async fn lines(
    kontor: &Kontor,
    actor: &Actor,
    owner: Option<OrgId>,
    (figure, currency): (Figure, Currency),
    span: Span,
    after: Option<LinePlace>,
) -> Result<(LinePage, Money), Error> {
    let db = kontor.db.read();
    let owner = readable(db, actor, owner).await?;
    let query = LineQuery {
        owner: (owner != EVERYBODY).then_some(owner),
        accounts: figure.accounts().to_vec(),
        entity: None,
        currency,
        from: span.from,
        until: span.last(),
        after,
    };
    let page = ledger::service::entries(kontor, actor, &query).await?;
    let days = ledger::service::days(db, owner, figure.accounts(), span.from, span.last()).await?;
    let own = days.iter().filter(|d| d.currency == currency).map(|d| d.net().minor);
    let sum = own.fold(0i64, i64::saturating_add) * figure.sign();
    Ok((page, Money::new(sum, currency)))
}

/// Subscriptions whose term ends within some days from today, next first; of one payer and currency if they are named.
pub async fn renewals(
    kontor: &Kontor,
    actor: &Actor,
    owner: Option<OrgId>,
    (within, payer, currency): (i32, Option<Payer>, Option<Currency>),
    after: Option<(Day, i64)>,
) -> Result<RenewalPage, Error> {
    let db = kontor.db.read();
    let owner = readable(db, actor, owner).await?;
    if !RENEWALS_WITHIN.contains(&within) {
        return Err(Error::BadRequest);
    }
    let partner = (owner != EVERYBODY).then_some(owner);
    let today = match partner {
        Some(partner) => zone_of(db, partner).await?.day_of(kontor.now()),
        None => kontor.now().day(),
    };
    let days = (today, today.plus(within));
    let mut found = customer::renewals(db, partner, days, (payer, currency), after, PAGE as u64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|row| (row.ends_key, row.id));
    let of =
        found.iter().filter(|row| row.payer == Some(Payer::Partner)).map(|row| (row.partner_id, row.plan));
    let rates = discount_rates(db, of, &policy(kontor, db).await?).await?;
    let discount = |row: &customer::Model| match row.payer {
        Some(Payer::Partner) => {
            basis_points(row.term_value, rates.get(&(row.partner_id, row.plan)).copied().unwrap_or(0))
        }
        _ => 0,
    };
    let shown = |row: customer::Model| RenewalRow {
        discount: discount(&row),
        org: row.org_id,
        ends_on: row.ends_key,
        name: row.name,
        plan: row.plan,
        seats: row.seats_total,
        term: row.term,
        payer: row.payer,
        list: row.currency.map(|currency| Money::new(row.term_value, currency)),
        renews: row.renews,
        number: row.id,
    };
    Ok(RenewalPage { rows: found.into_iter().map(shown).collect(), next })
}

/// What happened to customers of one kind within days, latest first.
pub async fn customer_events(
    kontor: &Kontor,
    actor: &Actor,
    owner: Option<OrgId>,
    kind: CustomerEventKind,
    span: Span,
    after: Option<(Day, CustomerEventId)>,
) -> Result<CustomerEventPage, Error> {
    let db = kontor.db.read();
    let owner = readable(db, actor, owner).await?;
    let partner = (owner != EVERYBODY).then_some(owner);
    let mut found = event::page(db, partner, kind, (span.from, span.last()), after, PAGE as u64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|row| (row.day, row.id));
    let orgs: Vec<OrgId> = found.iter().map(|row| row.org_id).collect();
    let names: HashMap<OrgId, String> = organisation::names(db, orgs).await?.into_iter().collect();
    let shown = |row: event::Model| CustomerEventRow {
        id: row.id,
        day: row.day,
        org: row.org_id,
        name: names.get(&row.org_id).cloned().unwrap_or_default(),
    };
    Ok(CustomerEventPage { rows: found.into_iter().map(shown).collect(), next })
}
