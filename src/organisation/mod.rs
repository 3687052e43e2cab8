//! Organisations and the people in them.

mod group;
mod person;
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

pub use group::{GroupForm, GroupRow, GroupView, GroupsPage, MAX_GROUPS};
pub use person::{FactorRule, MAX_ALIASES, PersonView};

use crate::{
    delegation::Banner,
    kernel::{
        id::{GroupId, MemberId, OrgId},
        instant::Instant,
        right::{Features, OrgKind, Role},
        text::fold,
    },
    subscription::{Licences, SubscriptionView},
};
use serde::{Deserialize, Serialize};

/// What people of an organisation are sorted and searched by: last name, first name, address.
pub fn member_sort_key(first_name: &str, last_name: &str, email: &str) -> String {
    fold(&format!("{last_name} {first_name} {email}"))
}

/// The roles one may give to somebody new, by the kind of the organisation; the first is the usual one.
pub fn roles_to_give(kind: OrgKind) -> &'static [Role] {
    match kind {
        OrgKind::Customer => &[Role::User, Role::CustomerAdmin],
        OrgKind::Partner => &[Role::PartnerSales, Role::PartnerAdmin, Role::PartnerFinance],
        OrgKind::Vendor => &[Role::Support, Role::Reviewer, Role::VendorFinance],
    }
}

/// *Add organisation*, as typed (labels.md). `contact_email` counts only if the admin's mailbox is on the new domain,
/// `seats` and `term` only with a paid plan, `seats` with the free one as well.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of labels.md")]
pub struct AddOrganisation {
    pub organisation: String,
    pub domain: String,
    pub admin_first_name: String,
    pub admin_last_name: String,
    pub admin_email: String,
    pub contact_email: String,
    pub country: String,
    pub plan: String,
    pub seats: String,
    pub term: String,
    /// Made with the form, so that sending it twice adds one organisation.
    pub request_key: String,
}

/// An organisation that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// The organisation.
    pub org: OrgId,
    /// Its name.
    pub organisation: String,
    /// Its domain, still to be verified.
    pub domain: String,
    /// Where the activation link went.
    pub mailed_to: String,
}

/// An organisation, as its own console shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The organisation.
    pub id: OrgId,
    /// Its kind.
    pub kind: OrgKind,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 code of its country.
    pub country: String,
    /// Where it stands.
    pub status: OrgStatus,
    /// Since when it exists.
    pub created_at: Instant,
    /// Its primary domain.
    pub domain: Option<String>,
    /// Who has the last word, by address.
    pub super_admins: Vec<String>,
    /// Its subscription; partners and the vendor have none.
    pub subscription: Option<SubscriptionView>,
    /// What its logo's address ends with, if it has one.
    pub logo: Option<String>,
    /// Sent back with a change.
    pub version: i64,
}

/// The largest logo.
pub const MAX_LOGO_BYTES: usize = 256_000;

/// A change of the profile, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of the form")]
pub struct EditProfile {
    pub organisation: String,
    pub country: String,
    /// The version the form was filled from.
    pub version: i64,
}

/// One person of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// Their place.
    pub id: MemberId,
    /// First and last name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// What that role is called, where the partner made it itself.
    pub own_role: Option<String>,
    /// Where they stand.
    pub status: MemberStatus,
    /// Whether they hold a licence.
    pub licensed: bool,
    /// Since when.
    pub since: Instant,
    /// Whether whoever asks may suspend or restore them.
    pub changeable: bool,
    /// Sent back with a change.
    pub version: i64,
}

/// Which page of the people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UsersQuery {
    /// Part of a name or an address.
    pub q: String,
    /// Only people in this group.
    pub group: Option<GroupId>,
    /// The page after this person.
    pub after: Option<MemberId>,
    /// The page before this person.
    pub before: Option<MemberId>,
}

/// A page of an organisation's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsersPage {
    /// The people.
    pub rows: Vec<UserRow>,
    /// Where the next page begins, if there is one.
    pub after: Option<MemberId>,
    /// Where the previous page ends, if there is one.
    pub before: Option<MemberId>,
    /// Licences, of organisations that have some.
    pub licences: Option<Licences>,
    /// The roles whoever asks may give to somebody new; empty if they may add nobody.
    pub roles: Vec<Role>,
}

/// *Add user*, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are those of the form")]
pub struct AddUser {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    /// Key of a [`Role`]; the usual one of the organisation's kind if empty.
    pub role: String,
    /// Made with the form, so that sending it twice adds one person.
    pub request_key: String,
}

/// Most people in a list that are asked in at once (domain.md section 6).
pub const MAX_IMPORTED: u32 = 200;

/// A list of people to ask in, as sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportUsers {
    /// CSV: e-mail address, first name, last name in each line.
    pub list: String,
    /// Made with the form, so that sending it twice asks once.
    pub request_key: String,
}

/// What came of a list of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// People asked in.
    pub added: u32,
    /// People of the list who were there already.
    pub there: u32,
}

/// One event of the trail, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRow {
    /// Its number in the organisation's chain.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// The partner in whose name, if any.
    pub acting_for: Option<String>,
    /// What: the stable key of the action.
    pub action: String,
    /// To what: a name; ids are left out.
    pub target: String,
}

/// A page of the trail, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityPage {
    /// The events.
    pub rows: Vec<ActivityRow>,
    /// Where the next page begins: before this number.
    pub before: Option<i64>,
    /// The organisation's kind.
    pub kind: OrgKind,
    /// The partners in whose names something was done here, to choose from; none for somebody who acts for one.
    pub partners: Vec<(OrgId, String)>,
}

/// One of a person's organisations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The organisation.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: OrgKind,
    /// The person's role in it.
    pub role: Role,
    /// What that role is called, where the partner made it itself.
    pub own_role: Option<String>,
    /// What the person may do in it.
    pub features: Features,
}

/// What stands around every page of an organisation's console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The organisation.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: OrgKind,
    /// Where it stands.
    pub status: OrgStatus,
    /// What whoever asks may do in it.
    pub features: Features,
    /// Whether they act on the organisation's behalf, and for whom.
    pub banner: Option<Banner>,
}

/// Steps of *Add organisation*, in order.
pub const ADD_STEPS: [&str; 4] = ["organisation", "admin", "plan", "review"];

/// The fields of a step; the last step shows all.
pub fn fields_of(step: &str) -> &'static [&'static str] {
    match step {
        "organisation" => &["organisation", "domain", "country"],
        "admin" => &["admin_first_name", "admin_last_name", "admin_email", "contact_email"],
        "plan" => &["plan", "seats", "term"],
        _ => &[],
    }
}
