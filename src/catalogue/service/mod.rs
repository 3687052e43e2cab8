//! What can be done with the catalogue and with billing details: one file per use case.

mod billing;
mod catalogue;
mod entity;
mod price;
mod set_limits;
mod set_price;
#[cfg(test)]
pub(crate) mod stage;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use billing::profiles;
pub use billing::{billing, profile, save_profile};
pub use catalogue::catalogue;
pub use entity::{entities, entity, entity_for, list_entities, save_entity};
pub use price::{history, limits_on, offers_on, plans_on_sale, prices_on};
pub use set_limits::{set_limits, withdraw_limits};
pub use set_price::{set_price, withdraw_price};
pub use store::store;
