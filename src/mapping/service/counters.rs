//! `kontor counters verify | rebuild` (design.md section 3, rule 10).

use crate::{
    Error,
    kernel::{Kontor, id::OrgId},
    mapping::{
        rows::{count, customer},
        service::refresh,
    },
};

/// What a check of the counters found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountersReport {
    /// One line per counter that differs from the rows it counts.
    pub differences: Vec<String>,
    /// Mapped organisations whose row in the list is missing, or that have one without being mapped to its partner.
    pub strays: Vec<OrgId>,
}

impl CountersReport {
    /// Whether everything adds up.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty() && self.strays.is_empty()
    }
}

/// Compares counters and list with what they are made of. Changes nothing.
pub async fn verify_counters(kontor: &Kontor) -> Result<CountersReport, Error> {
    let db = kontor.db.read();
    let line = |d: count::Difference| {
        format!("{} {}={}: counter {}, rows {}", d.owner_id, d.facet, d.value, d.kept, d.counted)
    };
    let differences = count::differences(db).await?.into_iter().map(line).collect();
    Ok(CountersReport { differences, strays: customer::strays(db).await? })
}

/// Puts right what [`verify_counters`] finds: the rows of strays, then all counters.
pub async fn rebuild_counters(kontor: &Kontor) -> Result<(), Error> {
    for org in customer::strays(kontor.db.read()).await? {
        let tx = kontor.db.begin().await?;
        refresh(kontor, &tx, org).await?;
        tx.commit().await?;
    }
    let tx = kontor.db.begin().await?;
    count::rebuild(&tx).await?;
    tx.commit().await?;
    Ok(())
}
