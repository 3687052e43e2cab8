//! The app: pages, components and the server functions they call.
//!
//! [`pages`] has every page by its address; [`i18n`] gives the texts, [`wire`] the call to the services, [`form`] the way of a form, [`ui`] the design system;
//! every surface (design.md section 2) has a folder of its own: page files and `api.rs` with its server functions.
//! docs/architecture.md tells how to add a page.
#![recursion_limit = "512"]

mod call;
pub mod compact;
pub mod data;
pub mod form;
pub mod i18n;
pub mod message;
pub mod pages;
pub mod parts;
pub mod routes;
mod shell;
pub mod ui;
pub mod wire;

pub mod account;
pub mod admin;
pub mod apply;
pub mod demo;
pub mod home;
pub mod review;
pub mod settings;
pub mod store;
pub mod vendor;

pub use i18n::t;
pub use shell::{App, everything, shell};

#[cfg(feature = "hydrate")]
mod start;
#[cfg(feature = "hydrate")]
pub use start::start;

use std::sync::OnceLock;

/// The build of the page, as the browser knows it.
static BUILD: OnceLock<String> = OnceLock::new();

/// The build the page was made by; empty on the server, which never calls itself.
pub fn build() -> &'static str {
    BUILD.get().map_or("", String::as_str)
}
