//! What payments and refunds are for, and where refunds stand.

crate::keyed! {
    /// What is paid for.
    pub enum Purpose {
        /// A change of a subscription: it takes effect once it is paid.
        Change = "change",
        /// An invoice that stands: a renewal's.
        Invoice = "invoice",
    }
}

crate::keyed! {
    /// Kinds of refund (domain.md section 9, R9.6).
    pub enum RefundKind {
        /// All of a payment, within the refund window; what was bought ends.
        Full = "full",
        /// A part, by finance, with a reason.
        Partial = "partial",
        /// Taken back by the payer's bank (R9.7).
        Chargeback = "chargeback",
    }
}

crate::keyed! {
    /// Where a refund stands.
    pub enum RefundStatus {
        /// Decided; the provider has not answered yet.
        Created = "created",
        /// The money is on its way back.
        Succeeded = "succeeded",
        /// The provider refused.
        Failed = "failed",
    }
}
