//! What every room shares: ids, instants, errors, who acts, and the ports to the world outside.

pub mod actor;
pub mod csv;
pub mod error;
pub mod id;
pub mod instant;
pub mod keyed;
pub mod locale;
pub mod money;
pub mod refusal;
pub mod right;
pub mod text;

#[cfg(feature = "ssr")]
pub mod again;
#[cfg(feature = "ssr")]
pub mod clock;
#[cfg(feature = "ssr")]
pub mod db;
#[cfg(feature = "ssr")]
pub mod hub;
#[cfg(feature = "ssr")]
mod kontor;
#[cfg(feature = "ssr")]
pub mod port;
#[cfg(feature = "ssr")]
pub mod secret;
#[cfg(feature = "ssr")]
pub mod sequence;
#[cfg(feature = "ssr")]
pub mod testing;
#[cfg(feature = "ssr")]
pub mod zone;

#[cfg(feature = "ssr")]
pub use kontor::{Kontor, Parts, Programme};
