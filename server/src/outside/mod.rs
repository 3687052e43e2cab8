//! The real ports to the world outside: DNS, the proof file's web servers, and the demo's own DNS.

pub mod address;
pub mod ask;
pub mod demo_dns;
pub mod dns;
pub mod guarded;
pub mod oidc;
pub mod web;
