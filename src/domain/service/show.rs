//! What pages show of domains.

use crate::{
    Error,
    domain::{
        DomainInput, DomainView, Proof,
        judge::Expected,
        name::named,
        rows::domain,
        service::{
            access::{Act, reach},
            mail::with_lamps,
        },
    },
    kernel::{Kontor, actor::Actor, right::Feature},
};

/// The domains of the actor's organisation: the primary one first, then by name.
pub async fn list(kontor: &Kontor, actor: &Actor) -> Result<Vec<DomainView>, Error> {
    actor.require(Feature::DomainsView)?;
    let rows = domain::list(kontor.db.read(), actor.org).await?;
    with_lamps(kontor, &rows).await
}

/// What the dialog *Verify {domain}* shows.
pub async fn proof(kontor: &Kontor, actor: &Actor, input: DomainInput) -> Result<Proof, Error> {
    let db = kontor.db.read();
    reach(db, actor, input.org, Act::View).await?;
    let row = domain::of_org(db, input.org, &input.domain).await?.ok_or(Error::NotFound)?;
    let expected = expected(kontor, &row);
    Ok(Proof { domain: view(&row), txt: expected.txt(), cname: expected.cname(), html: expected.html() })
}

/// What proves this domain.
pub fn expected<'a>(kontor: &'a Kontor, row: &'a domain::Model) -> Expected<'a> {
    Expected { domain: &row.name, token: &row.token, verify_host: &kontor.programme.verify_host }
}

/// A row as pages see it.
pub fn view(row: &domain::Model) -> DomainView {
    DomainView {
        id: row.id,
        org: row.org_id,
        name: named(&row.name),
        status: row.status,
        is_primary: row.is_primary,
        method: row.method,
        verified_at: row.verified_at,
        last_check: row.last_check.as_deref().and_then(|json| serde_json::from_str(json).ok()),
        next_check_at: row.next_check_at,
        lamps: Vec::new(),
    }
}
