//! What plans hold, and what is lost by going to a smaller one.

use super::{Excess, Limit};
use serde::{Deserialize, Serialize};

/// What a plan holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most people; `None`: as many as there are licences.
    pub users: Option<i64>,
    /// Gigabytes of storage for each person.
    pub storage_gb: i64,
    /// Most domains.
    pub domains: i64,
}

/// What an organisation uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// People who hold a licence.
    pub users: i64,
    /// Domains.
    pub domains: i64,
}

crate::keyed! {
    /// Of what a smaller plan holds less.
    pub enum LossOf {
        /// Gigabytes of storage for each person.
        Storage = "storage",
        /// People.
        Users = "users",
        /// Domains.
        Domains = "domains",
    }
}

/// Something the wished plan holds less of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Of what.
    pub what: LossOf,
    /// Held now; `None`: without limit.
    pub from: Option<i64>,
    /// Held then.
    pub to: i64,
}

/// What is lost on the way from one plan to another, whether it is used or not: for the dialog that says so.
pub fn losses(from: &Limits, to: &Limits) -> Vec<Loss> {
    let pairs = [
        (LossOf::Storage, Some(from.storage_gb), Some(to.storage_gb)),
        (LossOf::Users, from.users, to.users),
        (LossOf::Domains, Some(from.domains), Some(to.domains)),
    ];
    let less = pairs.into_iter().filter_map(|(what, from, to)| Some(Loss { what, from, to: to? }));
    less.filter(|loss| loss.from.is_none_or(|from| from > loss.to)).collect()
}

/// What is used beyond a plan's limits. While there is any, the change is refused
/// ([`crate::Refusal::PlanLimits`]).
pub fn excesses(usage: &Usage, limits: &Limits) -> Vec<Excess> {
    let pairs =
        [(Limit::Users, usage.users, limits.users), (Limit::Domains, usage.domains, Some(limits.domains))];
    let all = pairs.into_iter().filter_map(|(what, used, most)| Some(Excess { what, used, most: most? }));
    all.filter(|excess| excess.used > excess.most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Limits = Limits { users: Some(5), storage_gb: 5, domains: 1 };
    const STANDARD: Limits = Limits { users: None, storage_gb: 30, domains: 30 };

    #[test]
    fn a_downgrade_tells_everything_it_loses_and_an_upgrade_nothing() {
        let lost = losses(&STANDARD, &FREE);
        assert_eq!(
            lost,
            [
                Loss { what: LossOf::Storage, from: Some(30), to: 5 },
                Loss { what: LossOf::Users, from: None, to: 5 },
                Loss { what: LossOf::Domains, from: Some(30), to: 1 },
            ]
        );
        assert_eq!(losses(&FREE, &STANDARD), []);
        assert_eq!(losses(&FREE, &FREE), []);
    }

    #[test]
    fn only_what_is_used_beyond_the_limit_exceeds_it() {
        let usage = |users, domains| Usage { users, domains };
        assert_eq!(excesses(&usage(5, 1), &FREE), []);
        assert_eq!(excesses(&usage(6, 1), &FREE), [Excess { what: Limit::Users, used: 6, most: 5 }]);
        assert_eq!(excesses(&usage(6, 2), &FREE).len(), 2);
        assert_eq!(excesses(&usage(1_000_000, 30), &STANDARD), []);
    }
}
