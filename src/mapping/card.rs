//! A customer as a partner sees it in the list (domain.md section 12).

use super::{Due, Place};
use crate::{
    kernel::{id::OrgId, instant::Day},
    subscription::{Plan, Term},
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// The badge of a customer. That a domain is unverified is a badge of its own.
    pub enum CustomerStatus {
        /// On trial.
        Trial = "trial",
        /// Paid.
        Active = "active",
        /// On the free plan.
        Free = "free",
        /// The trial is over and nothing was bought.
        Expired = "expired",
        /// Paid once; the renewal was not.
        Unpaid = "unpaid",
        /// Stopped.
        Suspended = "suspended",
    }
}

crate::keyed! {
    /// How a partner stands to a customer's console.
    pub enum Access {
        /// A grant is in force.
        Granted = "granted",
        /// There was none, or it ran out.
        Missing = "missing",
        /// The customer ended it: the organisation leaves the partner's list, but for one filter.
        Withdrawn = "withdrawn",
    }
}

crate::keyed! {
    /// The term as a card shows it.
    pub enum CardTerm {
        /// A month.
        Monthly = "monthly",
        /// A year.
        Yearly = "yearly",
        /// On trial.
        Trial = "trial",
        /// No term.
        None = "none",
    }
}

impl CardTerm {
    /// The term of a subscription in a status.
    pub fn of(status: CustomerStatus, term: Term) -> Self {
        match (status, term) {
            (CustomerStatus::Trial, _) => CardTerm::Trial,
            (_, Term::Monthly) => CardTerm::Monthly,
            (_, Term::Yearly) => CardTerm::Yearly,
            (_, Term::None) => CardTerm::None,
        }
    }
}

crate::keyed! {
    /// Why an act of a card cannot be done now.
    pub enum Blocked {
        /// The person's role does not include it.
        Role = "role",
        /// The domain must be verified first.
        Unverified = "unverified",
        /// The customer withdrew the partner's access.
        Withdrawn = "withdrawn",
        /// There is no grant, or it ran out.
        NoGrant = "no_grant",
        /// A referral partner does not manage customers.
        Referral = "referral",
        /// The partner is not in business.
        PartnerInactive = "partner_inactive",
        /// The organisation is suspended.
        Suspended = "suspended",
        /// The trial has its greatest length.
        TrialMax = "trial_max",
        /// The trial is over for too long.
        TrialOver = "trial_over",
        /// The payer's bank took a payment back.
        Disputed = "disputed",
    }
}

/// What a card offers of one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Offer {
    /// It makes no sense here: not shown.
    Hidden,
    /// It can be done.
    Open,
    /// It is shown, but cannot be done, for a reason.
    Blocked(Blocked),
}

/// A customer as a card shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCard {
    /// The organisation.
    pub org: OrgId,
    /// Its partner, where the list is of all partners.
    pub partner: Option<(OrgId, String)>,
    /// Its name.
    pub name: String,
    /// The primary domain in ASCII, if there is a domain at all.
    pub domain: Option<String>,
    /// All domains as people write them, the primary one first.
    pub domains: Vec<String>,
    /// Whether the primary domain is verified.
    pub verified: bool,
    /// The super admin's e-mail address; empty if there is none.
    pub admin_email: String,
    /// The plan.
    pub plan: Plan,
    /// Licences in use.
    pub seats_used: i64,
    /// Licences in all.
    pub seats_total: i64,
    /// The term.
    pub term: CardTerm,
    /// The badge.
    pub status: CustomerStatus,
    /// Whether a payment stands taken back by the payer's bank.
    pub flagged: bool,
    /// The last day of trial or term; none on the free plan.
    pub ends_on: Option<Day>,
    /// Days until trial or term ends, today being 0; none on the free plan, negative after the end.
    pub days_left: Option<i32>,
    /// The end *Extend trial* counts from; on the free plan the end of the trial before it.
    pub trial_ends_on: Option<Day>,
    /// The day the organisation was added.
    pub created_on: Day,
    /// How the partner stands to its console.
    pub access: Access,
    /// *Verify*.
    pub verify: Offer,
    /// *Manage*.
    pub manage: Offer,
    /// *Extend trial*.
    pub extend: Offer,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Total {
    /// That many.
    Exactly(i64),
    /// More than that: counting stopped.
    MoreThan(i64),
}

/// How many customers each filter shows, by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facets {
    /// All that are listed.
    pub all: i64,
    /// Per status.
    pub status: Vec<(CustomerStatus, i64)>,
    /// Per plan.
    pub plan: Vec<(Plan, i64)>,
    /// With a verified domain.
    pub verified: i64,
    /// Without.
    pub unverified: i64,
    /// Per near date.
    pub due: Vec<(Due, i64)>,
    /// Those who withdrew the partner's access; in no other number.
    pub withdrawn: i64,
}

impl Facets {
    /// How many are in a status.
    pub fn in_status(&self, status: CustomerStatus) -> i64 {
        self.status.iter().find(|(s, _)| *s == status).map_or(0, |(_, n)| *n)
    }
    /// How many are on a plan.
    pub fn on_plan(&self, plan: Plan) -> i64 {
        self.plan.iter().find(|(p, _)| *p == plan).map_or(0, |(_, n)| *n)
    }
    /// How many have a near date.
    pub fn due_in(&self, due: Due) -> i64 {
        self.due.iter().find(|(d, _)| *d == due).map_or(0, |(_, n)| *n)
    }
}

/// One page of a list of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerPage {
    /// The customers.
    pub cards: Vec<CustomerCard>,
    /// How many the whole list has.
    pub total: Total,
    /// What the filters would show.
    pub facets: Facets,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
    /// Where the page before ends, if there is one.
    pub previous: Option<Place>,
}
