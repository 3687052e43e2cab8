//! The same change of many subscriptions (domain.md section 7): first tried on each, then carried out.

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

use crate::{
    Error, Issue,
    kernel::{
        id::{BulkId, OrgId},
        instant::{Day, Instant},
        money::Money,
        text,
    },
    mapping::{CustomerPage, CustomerQuery},
    subscription::{ChangeForm, MAX_SEATS, Plan, When, change::Contract},
};
use serde::{Deserialize, Serialize};

/// Most customers of a run.
pub const MAX_ROWS: u32 = 10_000;

/// Rows of a page.
pub const PAGE: u64 = 50;

/// Runs shown where a new one is begun.
pub const RUNS: u64 = 10;

/// Hours for which a dry run can be started: prices and terms move on.
pub const DRY_HOURS: i64 = 24;

crate::keyed! {
    /// What is done to each subscription.
    pub enum Operation {
        /// Cancelled ones renew again.
        RenewOn = "renew_on",
        /// They end with their terms.
        RenewOff = "renew_off",
        /// The next term is bought now.
        RenewEarly = "renew_early",
        /// So many licences.
        SeatsTo = "seats_to",
        /// So many licences more.
        SeatsUp = "seats_up",
        /// So many licences fewer.
        SeatsDown = "seats_down",
    }
}

impl Operation {
    /// Whether a number of licences belongs to it.
    pub fn takes_seats(self) -> bool {
        matches!(self, Self::SeatsTo | Self::SeatsUp | Self::SeatsDown)
    }

    /// Licences after it.
    pub fn seats(self, before: i64, n: i64) -> i64 {
        match self {
            Self::SeatsTo => n,
            Self::SeatsUp => before.saturating_add(n),
            Self::SeatsDown => before.saturating_sub(n),
            Self::RenewOn | Self::RenewOff | Self::RenewEarly => before,
        }
    }

    /// The wish for one subscription. [`Operation::RenewOn`] is none: a cancellation is taken back.
    pub fn wish(self, contract: &Contract, n: i64) -> ChangeForm {
        let when = |when: When| when.to_string();
        match self {
            Self::RenewOn => ChangeForm::default(),
            Self::RenewOff => {
                let plan = Plan::Free.to_string();
                ChangeForm { plan, when: when(When::Renewal), ..ChangeForm::default() }
            }
            Self::RenewEarly => ChangeForm { when: when(When::Early), ..ChangeForm::default() },
            Self::SeatsTo | Self::SeatsUp | Self::SeatsDown => {
                let seats = self.seats(contract.terms.seats, n).to_string();
                ChangeForm { seats, ..ChangeForm::default() }
            }
        }
    }
}

crate::keyed! {
    /// Where a run stands.
    pub enum RunStatus {
        /// Being tried.
        Dry = "dry",
        /// Tried: it can be started.
        Ready = "ready",
        /// Being carried out.
        Live = "live",
        /// Carried out.
        Done = "done",
    }
}

impl RunStatus {
    /// Whether a job is at work on it.
    pub fn is_working(self) -> bool {
        matches!(self, Self::Dry | Self::Live)
    }
    /// Whether it was started: before that, its rows say what would be.
    pub fn is_started(self) -> bool {
        matches!(self, Self::Live | Self::Done)
    }
}

crate::keyed! {
    /// Where one customer of a run stands; before the start, what would come of it.
    pub enum RowState {
        /// Not looked at yet.
        Waiting = "waiting",
        /// Done.
        Done = "done",
        /// The customer is asked.
        Proposed = "proposed",
        /// The payment is under way.
        Paying = "paying",
        /// A rule forbids it.
        Refused = "refused",
        /// It could not be paid.
        Failed = "failed",
    }
}

/// What is to be tried, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkForm {
    /// A key of [`Operation`].
    pub operation: String,
    /// Licences, for operations that take a number.
    pub seats: String,
    /// `all` that match the query, or only the `ticked` ones.
    pub scope: String,
    /// The query string of a list of customers.
    pub query: String,
    /// The customers that were ticked.
    pub customers: Vec<String>,
    /// Sent with the form, so that two clicks are one run.
    pub request_key: String,
}

/// A [`BulkForm`] that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// What is done.
    pub operation: Operation,
    /// Licences; 0 where none are asked for.
    pub seats: i64,
    /// The customers by id; none for all that match.
    pub only: Option<Vec<OrgId>>,
}

impl BulkForm {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that is wrong; ids that are none are [`Error::BadRequest`].
    pub fn read(&self) -> Result<Chosen, Error> {
        let mut problems = crate::Problems::new();
        let operation = Operation::from_key(self.operation.trim());
        if operation.is_none() {
            problems.add("operation", Issue::Required);
        }
        let takes = operation.is_some_and(Operation::takes_seats);
        let seats = if takes { text::whole(&self.seats, 1, MAX_SEATS.into()) } else { Ok(0) };
        let seats = problems.take("seats", seats);
        let only = match self.scope.trim() {
            "all" => None,
            "ticked" if self.customers.is_empty() => {
                problems.add("scope", Issue::Required);
                None
            }
            "ticked" => {
                let ids = self.customers.iter().map(|id| id.parse::<OrgId>());
                Some(ids.collect::<Result<Vec<_>, _>>().map_err(|_| Error::BadRequest)?)
            }
            _ => {
                problems.add("scope", Issue::Required);
                None
            }
        };
        problems.finish()?;
        let operation = operation.ok_or(Error::BadRequest)?;
        Ok(Chosen { operation, seats, only })
    }
}

/// Where a run is begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkChoice {
    /// Which customers.
    pub query: CustomerQuery,
    /// A page of them.
    pub page: CustomerPage,
    /// The latest runs.
    pub runs: Vec<BulkSummary>,
    /// Key of the form.
    pub request_key: String,
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkSummary {
    /// The run.
    pub id: BulkId,
    /// What is done.
    pub operation: Operation,
    /// Licences; 0 where none are asked for.
    pub seats: i64,
    /// Where it stands.
    pub status: RunStatus,
    /// Customers.
    pub total: i64,
    /// Who asked for it.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// Which rows of a run are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BulkQuery {
    /// Only these.
    pub state: Option<RowState>,
    /// Behind this position.
    pub after: Option<i64>,
}

impl BulkQuery {
    /// Reads the parameters of an address; unknown ones count as not given.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            match name {
                "status" => query.state = RowState::from_key(value),
                "after" => query.after = value.parse().ok(),
                _ => {}
            }
        }
        query
    }
    /// The parameters of this page's address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        // `state` names what a form kept.
        let state = self.state.map(|state| ("status", state.to_string()));
        let after = self.after.map(|after| ("after", after.to_string()));
        state.into_iter().chain(after).collect()
    }
}

/// How many rows of a run are in a state, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkCount {
    /// The state.
    pub state: RowState,
    /// Rows.
    pub rows: i64,
    /// What they cost with tax, per currency.
    pub sums: Vec<Money>,
}

/// One customer of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkLine {
    /// Its place.
    pub position: i64,
    /// The customer.
    pub org: OrgId,
    /// Its name when the run began.
    pub name: String,
    /// Where it stands.
    pub state: RowState,
    /// Licences before and after.
    pub seats: Option<(i64, i64)>,
    /// What is charged now, tax included.
    pub amount: Option<Money>,
    /// The day from which on it is so.
    pub effective_on: Option<Day>,
    /// Why not.
    pub problem: Option<Error>,
}

/// A run with a page of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkView {
    /// The run.
    pub run: BulkSummary,
    /// The states there are, in their order.
    pub counts: Vec<BulkCount>,
    /// Until when it can be started, if it can.
    pub startable_until: Option<Instant>,
    /// The dry run is too old.
    pub over: bool,
    /// The page.
    pub lines: Vec<BulkLine>,
    /// Behind which position the next page begins.
    pub next: Option<i64>,
}

impl BulkView {
    /// Rows that have been looked at.
    pub fn looked_at(&self) -> i64 {
        self.run.total - self.in_state(RowState::Waiting).map_or(0, |count| count.rows)
    }
    /// The rows in a state.
    pub fn in_state(&self, state: RowState) -> Option<&BulkCount> {
        self.counts.iter().find(|count| count.state == state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(operation: &str, seats: &str) -> BulkForm {
        BulkForm {
            operation: operation.into(),
            seats: seats.into(),
            scope: "all".into(),
            ..BulkForm::default()
        }
    }

    fn wrong(form: &BulkForm) -> Vec<String> {
        match form.read() {
            Err(Error::Invalid(fields)) => fields.into_iter().map(|f| f.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_missing_is_asked_for() {
        assert_eq!(wrong(&BulkForm::default()), ["operation", "scope"]);
        for seats in ["", "0", "-3", "x", "100001"] {
            assert_eq!(wrong(&form("seats_up", seats)), ["seats"], "{seats}");
        }
        assert_eq!(wrong(&BulkForm { scope: "ticked".into(), ..form("renew_off", "") }), ["scope"]);
        let odd = BulkForm { scope: "ticked".into(), customers: vec!["x".into()], ..form("renew_off", "") };
        assert_eq!(odd.read(), Err(Error::BadRequest));
    }

    #[test]
    fn licences_belong_to_what_takes_them() {
        let chosen = form("renew_early", "7").read().unwrap();
        assert_eq!((chosen.operation, chosen.seats), (Operation::RenewEarly, 0));
        assert_eq!(form("seats_to", " 7 ").read().unwrap().seats, 7);
        assert_eq!(Operation::SeatsUp.seats(5, 7), 12);
        assert_eq!(Operation::SeatsDown.seats(5, 7), -2, "refused later, with the reason");
        assert_eq!(Operation::RenewOff.seats(5, 7), 5);
    }

    proptest! {
        #[test]
        fn an_address_reads_back(state in proptest::option::of(proptest::sample::select(RowState::ALL)), after: Option<i64>) {
            let query = BulkQuery { state, after };
            let pairs = query.pairs();
            prop_assert_eq!(BulkQuery::from_pairs(pairs.iter().map(|(k, v)| (*k, v.as_str()))), query);
        }
    }
}
