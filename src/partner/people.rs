//! The people of a Partner Store and their roles (domain.md section 2): what pages and services say to each other.

use crate::kernel::{
    id::{MemberId, StoreRoleId},
    instant::Instant,
    right::{Features, Role},
};
use crate::organisation::MemberStatus;
use serde::{Deserialize, Serialize};

/// The partner's side of the roles that come with the programme, in the order they are offered.
pub const BUILT_IN: [Role; 4] =
    [Role::PartnerOwner, Role::PartnerAdmin, Role::PartnerSales, Role::PartnerFinance];

/// A role as somebody holds it: one that comes with the programme, or one the partner made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleHeld {
    /// One that comes with the programme.
    BuiltIn(Role),
    /// One the partner made: its id and its name.
    Own(StoreRoleId, String),
}

impl RoleHeld {
    /// What a form sends to choose it.
    pub fn key(&self) -> String {
        match self {
            RoleHeld::BuiltIn(role) => role.key().to_owned(),
            RoleHeld::Own(id, _) => id.to_string(),
        }
    }
}

/// A role the partner made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreRole {
    /// Its id.
    pub id: StoreRoleId,
    /// Its name, one of a kind within the partner.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What it allows.
    pub features: Features,
    /// Whether whoever asks may change and delete it.
    pub changeable: bool,
    /// Sent back with a change.
    pub version: i64,
}

/// One of the store's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorePerson {
    /// Their place.
    pub id: MemberId,
    /// First and last name; empty until known.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: RoleHeld,
    /// Where they stand.
    pub status: MemberStatus,
    /// Whether the second factor is set up; nothing of those who have not come yet.
    pub second_factor: Option<bool>,
    /// When they last signed in, as far as a session still tells.
    pub signed_in: Option<Instant>,
    /// Whether whoever asks may change their role, suspend and restore them.
    pub changeable: bool,
    /// Sent back with a change.
    pub version: i64,
}

/// A page of the store's people, and its roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorePeople {
    /// The people, by name.
    pub rows: Vec<StorePerson>,
    /// Where the next page begins, if there is one.
    pub after: Option<MemberId>,
    /// Where the previous page ends, if there is one.
    pub before: Option<MemberId>,
    /// The roles the partner made, by name.
    pub roles: Vec<StoreRole>,
    /// The roles whoever asks may give.
    pub choices: Vec<RoleHeld>,
    /// What whoever asks may put into a role.
    pub givable: Features,
}

/// A role, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleForm {
    /// 1 to 60 characters.
    pub name: String,
    /// At most 255 characters.
    pub description: String,
    /// Keys of features; at least one.
    pub features: Vec<String>,
}
