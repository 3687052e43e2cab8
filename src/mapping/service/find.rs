//! Customers by what is typed of them, for lists of something else.

use super::customers::Asked;
use crate::{
    Error,
    kernel::{Kontor, id::OrgId},
    mapping::Direction,
};

/// Customers of a partner, or of all, that a search finds, by name: at most so many. The caller has asked for its reader's
/// rights.
pub(crate) async fn named(
    kontor: &Kontor,
    owner: Option<OrgId>,
    typed: &str,
    most: u32,
) -> Result<Vec<OrgId>, Error> {
    let asked = Asked::matching(owner, typed, kontor.now().day());
    let window = asked.window(Direction::After, None, most);
    let (rows, _) = asked.rows(kontor.db.read(), &window, i64::MAX).await?;
    Ok(rows.into_iter().map(|row| row.org_id).collect())
}
