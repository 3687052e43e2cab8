//! Who may change what of a subscription (domain.md section 7, the table "Who may change what").

use super::change::Payer;
use crate::Refusal;
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// On whose side somebody stands who wishes a change.
    pub enum Side {
        /// The partner the customer is mapped to.
        Partner = "partner",
        /// The customer itself.
        Customer = "customer",
        /// The programme's own clock.
        Programme = "programme",
    }
}

/// What is done to a subscription, as far as rights go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Buy, a higher plan, more licences, more add-ons: costs something now.
    More,
    /// A lower plan, fewer licences, fewer add-ons: costs nothing.
    Less,
    /// Another term.
    Term,
    /// Cancel at the term's end, or undo that.
    AutoRenew,
    /// Who pays.
    Payer,
}

/// What may be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Say {
    /// Decide alone.
    Decides,
    /// Propose; the other side approves.
    Proposes,
}

/// Whether `side` may do `act`, given who pays (before anything is bought: who is meant to pay) and whether the
/// customer is mapped to a partner. The customer of a partner-paid subscription may not, unless the policy
/// `customer_can_change_partner_paid` lets it propose.
pub fn say(side: Side, act: Act, payer: Payer, mapped: bool, customer_may: bool) -> Result<Say, Refusal> {
    match (side, payer, act) {
        (Side::Programme, ..) => Ok(Say::Decides),
        (Side::Customer, ..) if !mapped => Ok(Say::Decides),
        // Both must agree, whoever asks.
        (_, _, Act::Payer) => Ok(Say::Proposes),
        (Side::Partner, Payer::Partner, _) => Ok(Say::Decides),
        (Side::Partner, Payer::Customer, Act::More | Act::Term) => Ok(Say::Proposes),
        (Side::Partner, Payer::Customer, Act::Less | Act::AutoRenew) => Ok(Say::Decides),
        (Side::Customer, Payer::Partner, _) if customer_may => Ok(Say::Proposes),
        (Side::Customer, Payer::Partner, _) => Err(Refusal::SubscriptionLocked),
        (Side::Customer, Payer::Customer, Act::AutoRenew) => Ok(Say::Decides),
        // In a partner-run organisation the partner changes plan and licences (domain.md section 7, S2): the customer
        // answers its proposals.
        (Side::Customer, Payer::Customer, _) => Err(Refusal::SubscriptionLocked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Act::{AutoRenew, Less, More, Term};

    /// The table of domain.md section 7, cell by cell.
    #[test]
    fn the_table_of_rights_holds() {
        let partner = |payer, act| say(Side::Partner, act, payer, true, false);
        let customer = |payer, act| say(Side::Customer, act, payer, true, false);
        for act in [More, Less, AutoRenew, Term] {
            assert_eq!(partner(Payer::Partner, act), Ok(Say::Decides), "{act:?}");
            assert_eq!(customer(Payer::Partner, act), Err(Refusal::SubscriptionLocked), "{act:?}");
            assert_eq!(say(Side::Customer, act, Payer::Customer, false, false), Ok(Say::Decides), "{act:?}");
        }
        assert_eq!(partner(Payer::Customer, More), Ok(Say::Proposes));
        assert_eq!(partner(Payer::Customer, Term), Ok(Say::Proposes));
        assert_eq!(partner(Payer::Customer, Less), Ok(Say::Decides));
        assert_eq!(partner(Payer::Customer, AutoRenew), Ok(Say::Decides));
        assert_eq!(customer(Payer::Customer, AutoRenew), Ok(Say::Decides));
        assert_eq!(customer(Payer::Customer, More), Err(Refusal::SubscriptionLocked));
        for (side, payer) in [(Side::Partner, Payer::Partner), (Side::Customer, Payer::Customer)] {
            assert_eq!(say(side, Act::Payer, payer, true, false), Ok(Say::Proposes));
        }
    }

    #[test]
    fn a_policy_lets_the_customer_propose_what_the_partner_pays() {
        assert_eq!(say(Side::Customer, More, Payer::Partner, true, true), Ok(Say::Proposes));
    }
}
