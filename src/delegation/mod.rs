//! A partner's access to a customer's console: the grant, and the acting session under it (domain.md section 6).

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

crate::keyed! {
    /// Where a grant stands.
    pub enum GrantStatus {
        /// In force until it runs out.
        Active = "active",
        /// Ended by the customer.
        Revoked = "revoked",
        /// Run out.
        Expired = "expired",
    }
}

crate::keyed! {
    /// Why a stay in a customer's console ended.
    pub enum ClosedWhy {
        /// *Leave*.
        Left = "left",
        /// Idle for too long, or open for too long.
        TimedOut = "timed_out",
        /// The grant, or what it rests on, is gone.
        Cut = "cut",
    }
}
