//! Organisations and the people in them.

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

crate::keyed! {
    /// Where an organisation stands.
    pub enum OrgStatus {
        /// In use.
        Active = "active",
        /// Its people cannot use the suite.
        Suspended = "suspended",
        /// Gone; kept for the trail.
        Closed = "closed",
    }
}

crate::keyed! {
    /// Where a person stands in an organisation.
    pub enum MemberStatus {
        /// Asked in, has not set a password yet.
        Invited = "invited",
        /// In.
        Active = "active",
        /// May not sign in to this organisation; keeps the licence.
        Suspended = "suspended",
    }
}
