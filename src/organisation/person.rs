//! One person of an organisation, and what can be done with them (domain.md section 6: the acts that stay with the customer).

use super::UserRow;
use crate::kernel::{id::GroupId, instant::Instant, right::Role};
use serde::{Deserialize, Serialize};

/// Most further addresses of a person.
pub const MAX_ALIASES: u32 = 30;

/// A person's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// The person, as the list shows them.
    pub row: UserRow,
    /// Their further addresses.
    pub aliases: Vec<String>,
    /// The groups they are in, by name.
    pub groups: Vec<(GroupId, String)>,
    /// Whether whoever asks may change their addresses and licence.
    pub edit: bool,
    /// Whether the organisation has licences at all.
    pub has_licences: bool,
    /// When they last signed in, as far as a session still tells.
    pub last_sign_in: Option<Instant>,
    /// Whether their second factor is set up.
    pub second_factor: bool,
    /// The role that they can be given instead.
    pub other_role: Option<Role>,
    /// Whether the super admin's role can be handed to them.
    pub hand_over: bool,
    /// Whether they can be sent a link to set a new password.
    pub reset: bool,
    /// Whether they can be deleted.
    pub delete: bool,
    /// Whether handing over asks for a fresh proof first, by second factor or by password.
    pub proof: Option<crate::delegation::ProofKind>,
}

/// Whether an organisation asks a second factor of everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorRule {
    /// Whether it does.
    pub required: bool,
    /// Whether whoever asks may change that.
    pub may: bool,
    /// Whether whoever asks has set theirs up: without, they would shut themselves out.
    pub own: bool,
}
