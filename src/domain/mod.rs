//! Domains and the proof that they belong to an organisation (domain.md section 5).

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

crate::keyed! {
    /// Where a domain stands.
    pub enum DomainStatus {
        /// Its proof is looked for.
        Pending = "pending",
        /// Proven.
        Verified = "verified",
        /// Proven once, but the proof was missing twice within seven days (R5.6).
        AtRisk = "at_risk",
        /// Another organisation proved it first.
        Claimed = "claimed",
        /// No proof for 14 days; nobody looks by itself any more.
        Lapsed = "lapsed",
    }
}

crate::keyed! {
    /// How a domain is proven (R5.8).
    pub enum Method {
        /// A TXT record at the domain.
        Txt = "txt",
        /// A CNAME record below the domain.
        Cname = "cname",
        /// A file on the domain's web server.
        Html = "html",
    }
}

/// What a domain is stored and compared by.
pub fn normalise(text: &str) -> Result<String, crate::Issue> {
    let name = crate::kernel::text::line(text, 1, 253)?.to_ascii_lowercase();
    let fits = name.contains('.') && name.is_ascii() && !name.contains(' ');
    if fits { Ok(name) } else { Err(crate::Issue::BadDomain) }
}
