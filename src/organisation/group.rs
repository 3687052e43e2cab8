//! Groups of an organisation's people (domain.md section 6, the console's sections).

use super::UserRow;
use crate::kernel::id::{GroupId, MemberId, OrgId};
use serde::{Deserialize, Serialize};

/// Most groups of an organisation.
pub const MAX_GROUPS: u32 = 200;

/// A group in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its address, if it has one.
    pub address: Option<String>,
    /// What it is for.
    pub description: String,
    /// How many people are in it.
    pub people: i64,
    /// Sent back with a change.
    pub version: i64,
}

/// All groups of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupsPage {
    /// The organisation.
    pub org: OrgId,
    /// The groups, by name.
    pub rows: Vec<GroupRow>,
    /// Whether whoever asks may change them.
    pub may: bool,
    /// Key of the form that makes one.
    pub request_key: String,
}

/// A group and a page of the people in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// The organisation.
    pub org: OrgId,
    /// The group.
    pub group: GroupRow,
    /// The people.
    pub people: Vec<UserRow>,
    /// Where the next page begins, if there is one.
    pub after: Option<MemberId>,
    /// Where the previous page ends, if there is one.
    pub before: Option<MemberId>,
    /// Whether whoever asks may change it.
    pub may: bool,
}

/// A group, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupForm {
    /// Its name, 2 to 80 characters.
    pub group_name: String,
    /// Its address at one of the organisation's domains, or empty.
    pub group_address: String,
    /// What it is for, at most 300 characters.
    pub description: String,
}
