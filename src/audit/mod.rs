//! The trail: what was done, by whom, on whose behalf. Chained per organisation from its first event
//! (design.md section 3, rule 14).

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;
