//! The longest list there is: where the benchmark measures.

use crate::{
    Error,
    kernel::{Kontor, id::OrgId},
    mapping::rows::count,
};

/// The partner with most customers, and how many; none without any customers.
pub async fn largest_list(kontor: &Kontor) -> Result<Option<(OrgId, i64)>, Error> {
    Ok(count::largest(kontor.db.read()).await?)
}
