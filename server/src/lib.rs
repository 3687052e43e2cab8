//! The host: configuration, router and layers, worker, the world outside, command line.

pub mod bundle;
pub mod cli;
pub mod config;
pub mod host;
pub mod invoice;
pub mod mail;
pub mod nodes;
pub mod outside;
pub mod payment;
pub mod seed;
pub mod start;
pub mod worker;
