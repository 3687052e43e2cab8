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

crate::keyed! {
    /// How freely a partner's customer changes its subscription.
    pub enum ChangeMode {
        /// The partner changes it, the customer answers proposals.
        Partner = "partner",
        /// The customer asks, the partner approves.
        Ask = "ask",
        /// The customer adds licences by itself, up to so many; for everything else it asks.
        Free = "free",
    }
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
/// customer is mapped to a partner. What the customer may beyond that table is its partner's to say: `mode`, where
/// [`ChangeMode::Free`] means that this very wish is within what the partner left to it.
pub fn say(side: Side, act: Act, payer: Payer, mapped: bool, mode: ChangeMode) -> Result<Say, Refusal> {
    match (side, payer, act) {
        (Side::Programme, ..) => Ok(Say::Decides),
        (Side::Customer, ..) if !mapped => Ok(Say::Decides),
        // Both must agree, whoever asks.
        (_, _, Act::Payer) => Ok(Say::Proposes),
        (Side::Partner, Payer::Partner, _) => Ok(Say::Decides),
        (Side::Partner, Payer::Customer, Act::More | Act::Term) => Ok(Say::Proposes),
        (Side::Partner, Payer::Customer, Act::Less | Act::AutoRenew) => Ok(Say::Decides),
        (Side::Customer, Payer::Customer, Act::AutoRenew) => Ok(Say::Decides),
        (Side::Customer, _, Act::More) if mode == ChangeMode::Free => Ok(Say::Decides),
        // In a partner-run organisation the partner changes plan and licences (domain.md section 7, S2): the customer
        // answers its proposals.
        (Side::Customer, ..) if mode == ChangeMode::Partner => Err(Refusal::SubscriptionLocked),
        (Side::Customer, ..) => Ok(Say::Proposes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Act::{AutoRenew, Less, More, Term};

    /// The table of domain.md section 7, cell by cell.
    #[test]
    fn the_table_of_rights_holds() {
        let partner = |payer, act| say(Side::Partner, act, payer, true, ChangeMode::Partner);
        let customer = |payer, act| say(Side::Customer, act, payer, true, ChangeMode::Partner);
        for act in [More, Less, AutoRenew, Term] {
            assert_eq!(partner(Payer::Partner, act), Ok(Say::Decides), "{act:?}");
            assert_eq!(customer(Payer::Partner, act), Err(Refusal::SubscriptionLocked), "{act:?}");
            assert_eq!(
                say(Side::Customer, act, Payer::Customer, false, ChangeMode::Partner),
                Ok(Say::Decides),
                "{act:?}"
            );
        }
        assert_eq!(partner(Payer::Customer, More), Ok(Say::Proposes));
        assert_eq!(partner(Payer::Customer, Term), Ok(Say::Proposes));
        assert_eq!(partner(Payer::Customer, Less), Ok(Say::Decides));
        assert_eq!(partner(Payer::Customer, AutoRenew), Ok(Say::Decides));
        assert_eq!(customer(Payer::Customer, AutoRenew), Ok(Say::Decides));
        assert_eq!(customer(Payer::Customer, More), Err(Refusal::SubscriptionLocked));
        for (side, payer) in [(Side::Partner, Payer::Partner), (Side::Customer, Payer::Customer)] {
            assert_eq!(say(side, Act::Payer, payer, true, ChangeMode::Free), Ok(Say::Proposes));
        }
    }

    #[test]
    fn the_partner_says_what_its_customer_may_beyond_the_table() {
        for payer in [Payer::Partner, Payer::Customer] {
            for act in [More, Less, Term] {
                assert_eq!(say(Side::Customer, act, payer, true, ChangeMode::Ask), Ok(Say::Proposes));
                let alone = if act == More { Say::Decides } else { Say::Proposes };
                assert_eq!(say(Side::Customer, act, payer, true, ChangeMode::Free), Ok(alone), "{act:?}");
            }
            // What the partner may is not changed by it.
            let partner = |mode| say(Side::Partner, More, payer, true, mode);
            assert_eq!(partner(ChangeMode::Free), partner(ChangeMode::Partner));
        }
        assert_eq!(say(Side::Customer, AutoRenew, Payer::Partner, true, ChangeMode::Ask), Ok(Say::Proposes));
        assert_eq!(say(Side::Customer, AutoRenew, Payer::Customer, true, ChangeMode::Ask), Ok(Say::Decides));
    }
}
