//! The standing of a partner's person in a customer's console.

use crate::{
    Error,
    kernel::{
        Kontor,
        actor::{Standing, Viewer},
        id::OrgId,
    },
};

/// The standing of somebody who is no member: `NotFound` without an open acting session.
pub async fn standing(_kontor: &Kontor, _viewer: &Viewer, _org: OrgId) -> Result<Standing, Error> {
    Err(Error::NotFound)
}
