//! Which partner a customer belongs to, per service ("tag").

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

crate::keyed! {
    /// Where a mapping stands.
    pub enum MappingStatus {
        /// In force.
        Active = "active",
        /// Over; kept because commission looks back.
        Ended = "ended",
    }
}

crate::keyed! {
    /// How a mapping came about.
    pub enum MappingSource {
        /// The partner added the organisation.
        Console = "console",
        /// The demo or a load for measuring.
        Seed = "seed",
    }
}
