//! The whole list, batch by batch, so that neither side ever holds all of it.

use super::customers::Asked;
use crate::{
    Error,
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        right::{Feature, OrgKind},
    },
    mapping::{CustomerCard, CustomerQuery, Direction, Place, rows::customer},
    subscription::Service,
};
use futures::{Stream, stream};

/// Customers read at a time.
const BATCH: u32 = 500;

/// All customers a list shows on all of its pages, in its order. Rights are checked before the first batch.
pub async fn all_customers(
    kontor: Kontor,
    actor: Actor,
    query: CustomerQuery,
) -> Result<impl Stream<Item = Result<Vec<CustomerCard>, Error>> + Send, Error> {
    let asked = Asked::by(&kontor, &actor, &query).await?;
    let begin: Option<Option<Place>> = Some(None);
    Ok(stream::try_unfold((begin, kontor, actor, asked), async |(from, kontor, actor, asked)| {
        let Some(from) = from else { return Ok(None) };
        let window = asked.window(Direction::After, from, BATCH);
        // With words the n-gram index is asked at once wherever a stretch does not fill the batch.
        let (rows, _) = asked.rows(kontor.db.read(), &window, i64::MAX).await?;
        let full = rows.len() as u64 >= u64::from(BATCH);
        let next = rows.last().filter(|_| full).map(|row| Some(asked.place(row)));
        let cards = asked.cards(&kontor, &actor, rows).await?;
        Ok(Some((cards, (next, kontor, actor, asked))))
    }))
}

/// All customers of a list of the actor's partner, in its order, with their names; at most so many.
pub async fn matching(
    kontor: &Kontor,
    actor: &Actor,
    query: &CustomerQuery,
    most: usize,
) -> Result<Vec<(OrgId, String)>, Error> {
    own(actor)?;
    let asked = Asked::by(kontor, actor, query).await?;
    let mut found = Vec::new();
    let mut from: Option<Place> = None;
    loop {
        let window = asked.window(Direction::After, from, BATCH);
        let (rows, _) = asked.rows(kontor.db.read(), &window, i64::MAX).await?;
        let full = rows.len() as u64 >= u64::from(BATCH);
        from = rows.last().filter(|_| full).map(|row| asked.place(row));
        found.extend(rows.into_iter().map(|row| (row.org_id, row.name)));
        if from.is_none() || found.len() >= most {
            found.truncate(most);
            return Ok(found);
        }
    }
}

/// Which of these are customers of the actor's partner, in the order of their names. Others are passed over.
pub async fn listed(kontor: &Kontor, actor: &Actor, ids: Vec<OrgId>) -> Result<Vec<(OrgId, String)>, Error> {
    own(actor)?;
    let mut rows = customer::among(kontor.db.read(), actor.org, Service::Workplace, ids).await?;
    rows.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id)));
    Ok(rows.into_iter().map(|row| (row.org_id, row.name)).collect())
}

/// Nobody but the partner itself.
fn own(actor: &Actor) -> Result<(), Error> {
    actor.require(Feature::CustomersView)?;
    if actor.kind == OrgKind::Partner { Ok(()) } else { Err(Error::NotFound) }
}
