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
        ChangeForm,
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
    /// What was asked for, word for word: the same key with other words is another request.
    #[serde(default)]
    pub asked: Option<ChangeForm>,
}

impl Content {
    /// The content of a change.
    pub fn of(row: &subscription_change::Model) -> Result<Self, Error> {
        serde_json::from_str(&row.content).map_err(internal)
    }
    /// Whether a form says what was asked for. Key and version tell one request from another, not one wish.
    pub fn was_asked(&self, form: &ChangeForm) -> bool {
        self.asked.as_ref().is_some_and(|asked| *asked == asked_for(form))
    }
    /// As it is stored.
    pub fn stored(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(internal)
    }
}

/// What a form asks for, as it is kept.
pub(super) fn asked_for(form: &ChangeForm) -> ChangeForm {
    let word = |typed: &str| typed.trim().to_owned();
    ChangeForm {
        plan: word(&form.plan),
        seats: word(&form.seats),
        term: word(&form.term),
        addon_units: word(&form.addon_units),
        when: word(&form.when),
        payer: word(&form.payer),
        method: word(&form.method),
        purchase_ref: word(&form.purchase_ref),
        total: word(&form.total),
        version: String::new(),
        request_key: String::new(),
    }
}

/// What was wished by a change.
pub(crate) fn wished(row: &subscription_change::Model) -> Option<Terms> {
    Content::of(row).ok().map(|content| content.wish)
}
