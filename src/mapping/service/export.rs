//! The whole list, batch by batch, so that neither side ever holds all of it.

use super::customers::Asked;
use crate::{
    Error,
    kernel::{Kontor, actor::Actor},
    mapping::{CustomerCard, CustomerQuery, Direction, Place},
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
