//! The axum host.

pub mod outside;
