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
