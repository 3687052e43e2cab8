//! What a change holds: kept with it, so that what was shown is what is booked, and what was booked can be explained.

use crate::{
    Error,
    invoice::Tax,
    kernel::{
        error::internal,
        id::{ChangeId, MethodId},
    },
    payment::Provider,
    subscription::{
        change::{Contract, Quote, Scheduled, Terms},
        rows::subscription_change,
    },
};
use serde::{Deserialize, Serialize};

/// The content of a change, stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What was wished.
    pub wish: Terms,
    /// What was bought before.
    pub before: Option<Contract>,
    /// What it costs, and what comes of it.
    pub quote: Option<Quote>,
    /// What it changes at the renewal.
    pub overlay: Option<Scheduled>,
    /// Key of the vendor's entity that bills.
    pub entity: String,
    /// Rate and rule of the tax.
    pub tax: Tax,
    /// Through whom it is paid, and with what.
    pub pays: Option<(Provider, Option<MethodId>)>,
    /// The scheduled changes that a term bought early includes.
    #[serde(default)]
    pub covers: Vec<ChangeId>,
}

impl Content {
    /// The content of a change.
    pub fn of(row: &subscription_change::Model) -> Result<Self, Error> {
        serde_json::from_str(&row.content).map_err(internal)
    }
    /// As it is stored.
    pub fn stored(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(internal)
    }
}
