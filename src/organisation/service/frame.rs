//! What stands around every page of a console.

use crate::{
    Error,
    delegation::service::banner,
    kernel::{Kontor, actor::Actor},
    organisation::{Frame, rows::organisation},
};

/// The frame of the actor's pages in the organisation.
pub async fn frame(kontor: &Kontor, actor: &Actor) -> Result<Frame, Error> {
    let row = organisation::by_id(kontor.db.read(), actor.org).await?.ok_or(Error::NotFound)?;
    Ok(Frame {
        org: row.id,
        name: row.name,
        kind: row.kind,
        status: row.status,
        features: actor.features(),
        banner: banner(kontor, actor).await?,
    })
}
