//! The axum host.

pub mod seed;
