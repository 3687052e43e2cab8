//! All partners, for the vendor's staff.

use crate::{
    Error,
    application::rows::people,
    kernel::{
        Kontor,
        actor::Actor,
        id::{AccountId, OrgId},
        right::Feature,
        text::fold,
    },
    partner::{
        PartnerPage, PartnerQuery, PartnerRow,
        rows::{directory, partner},
    },
};

/// Partners a page shows.
const PAGE: u64 = 25;

/// One page of all partners by name.
pub async fn list(kontor: &Kontor, actor: &Actor, query: &PartnerQuery) -> Result<PartnerPage, Error> {
    actor.require(Feature::PartnersView)?;
    let db = kontor.db.read();
    let after = place(kontor, query.after).await?;
    let before = if after.is_some() { None } else { place(kontor, query.before).await? };
    let (backward, forward) = (before.is_some(), after.is_some());
    let search = fold(&query.q);
    let page = directory::page(&search, query.status, after.as_ref(), before.as_ref(), PAGE);
    let mut rows = page.all(db).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    if backward {
        rows.reverse();
    }
    let next = rows.last().map(|row| row.org_id).filter(|_| backward || more);
    let previous = rows.first().map(|row| row.org_id).filter(|_| if backward { more } else { forward });
    let orgs = directory::names(db, rows.iter().map(|row| row.org_id).collect()).await?;
    let managers = people::accounts(db, rows.iter().filter_map(|row| row.manager_id).collect()).await?;
    let name = |id: AccountId| managers.iter().find(|row| row.id == id).map(|row| people::person(row).name);
    let shown = rows.into_iter().filter_map(|row| {
        let org = orgs.iter().find(|org| org.id == row.org_id)?;
        Some(PartnerRow {
            org: row.org_id,
            version: row.version,
            name: org.name.clone(),
            country: org.country.clone(),
            company_domain: row.company_domain,
            partner_type: row.partner_type,
            status: row.status,
            tier: row.tier,
            rate_bp: row.rate_bp,
            currency: row.currency,
            manager: row.manager_id.and_then(name),
            application: row.application_id,
            since: row.created_at,
        })
    });
    Ok(PartnerPage { rows: shown.collect(), next, previous })
}

/// A partner's place in the order. One that is not there counts as not given.
async fn place(kontor: &Kontor, org: Option<OrgId>) -> Result<Option<(String, OrgId)>, Error> {
    let Some(org) = org else { return Ok(None) };
    let row = partner::by_org(kontor.db.read(), org).await?;
    Ok(row.map(|row| (row.sort_key, row.org_id)))
}
