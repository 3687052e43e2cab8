//! Kontor: the programme itself. Rules, services and rows; no HTML, no HTTP.
//!
//! Each room owns one word of the field (docs/architecture.md): `mod.rs` holds its types and pure rules, compiled
//! for server and browser; `rows.rs` its entities and owner-scoped queries; `service/` one file per use case.

pub mod kernel;
#[cfg(feature = "ssr")]
pub mod migration;

pub mod account;
pub mod application;
pub mod audit;
pub mod bulk;
pub mod catalogue;
pub mod commission;
pub mod delegation;
pub mod domain;
pub mod identity;
pub mod invoice;
pub mod job;
pub mod ledger;
pub mod mapping;
pub mod notification;
pub mod organisation;
pub mod partner;
pub mod payment;
pub mod payout;
pub mod report;
pub mod setting;
pub mod subscription;

pub use kernel::{
    error::{Error, FieldError, Issue, Problems},
    refusal::Refusal,
};
