//! Payments: what a payment can be, what a card is to us, and the providers behind one interface (domain.md sections 9
//! and 18). No card number comes here: a provider keeps it, we keep its token.

mod kinds;
#[cfg(feature = "ssr")]
pub mod manual;
#[cfg(feature = "ssr")]
pub mod port;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod script;
#[cfg(feature = "ssr")]
pub mod service;

pub use kinds::{
    Cards, Due, PaidBy, PayForm, Paying, PaymentPage, PaymentQuery, PaymentRow, PaymentSum, Purpose,
    RecordForm, RefundForm, RefundKind, Waiting,
};

use crate::{Refusal, kernel::instant::Day};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Who moves the money.
    pub enum Provider {
        /// A bank transfer or offline order that the vendor's finance records by hand.
        Manual = "manual",
        /// Stripe.
        Stripe = "stripe",
        /// Plays a provider for the demo and for tests: each of its cards does what its name says.
        Scripted = "scripted",
    }
}

crate::keyed! {
    /// Where a payment stands (domain.md section 18). It moves forward only: [`PaymentStatus::may_become`].
    pub enum PaymentStatus {
        /// Intended; the provider may not know of it yet, or its answer was lost.
        Created = "created",
        /// The card's owner has to confirm with the bank.
        RequiresAction = "requires_action",
        /// The provider is at it, or finance waits for the transfer.
        Processing = "processing",
        /// The money has come.
        Succeeded = "succeeded",
        /// It will not come by this payment; another try is another payment.
        Failed = "failed",
        /// The card's owner took the money back; the bank has not decided.
        Disputed = "disputed",
        /// The dispute is decided against us.
        Lost = "lost",
        /// The dispute is decided for us.
        Won = "won",
    }
}

/// The longest way a payment can go.
const WAY: [PaymentStatus; 4] = [
    PaymentStatus::Created,
    PaymentStatus::RequiresAction,
    PaymentStatus::Processing,
    PaymentStatus::Succeeded,
];

impl PaymentStatus {
    /// Whether one move leads from here to `to`. Staying is no move.
    pub fn may_become(self, to: PaymentStatus) -> bool {
        use PaymentStatus::*;
        match self {
            Created => matches!(to, RequiresAction | Processing | Succeeded | Failed),
            RequiresAction => matches!(to, Processing | Succeeded | Failed),
            Processing => matches!(to, Succeeded | Failed),
            Succeeded => to == Disputed,
            Disputed => matches!(to, Lost | Won),
            Failed | Lost | Won => false,
        }
    }

    /// The moves that lead from here to `to`, which comes last; empty if none do. News come in any order: a dispute that
    /// is told of before the success it disputes implies the success, and each move is booked.
    pub fn way_to(self, to: PaymentStatus) -> Vec<PaymentStatus> {
        use PaymentStatus::*;
        if self.may_become(to) {
            return vec![to];
        }
        let before = match to {
            Disputed => Succeeded,
            Lost | Won => Disputed,
            _ => return Vec::new(),
        };
        let mut way = self.way_to(before);
        if !way.is_empty() {
            way.push(to);
        }
        way
    }

    /// Whether the provider may still move it by itself to success or failure.
    pub fn is_open(self) -> bool {
        WAY[..3].contains(&self)
    }
}

crate::keyed! {
    /// Why a payment failed, as far as it helps whoever pays.
    pub enum Failure {
        /// The bank refused without a reason that we could tell.
        Declined = "declined",
        /// The card does not cover the amount.
        InsufficientFunds = "insufficient_funds",
        /// The card has expired.
        ExpiredCard = "expired_card",
        /// The card's owner was needed and was not there: to be tried again with them present.
        AuthenticationRequired = "authentication_required",
        /// The card's owner did not confirm.
        Abandoned = "abandoned",
        /// It was taken back before it was paid.
        Withdrawn = "withdrawn",
        /// The card cannot be used for this: wrong data, or not for the currency.
        CardError = "card_error",
        /// The provider could not do it; the card is not to blame.
        ProviderError = "provider_error",
    }
}

impl Failure {
    /// What the reader is told.
    pub fn refusal(self) -> Refusal {
        match self {
            Failure::InsufficientFunds => Refusal::InsufficientFunds,
            Failure::ExpiredCard => Refusal::CardExpired,
            Failure::AuthenticationRequired => Refusal::ActionRequired,
            Failure::Withdrawn => Refusal::ChangeClosed,
            Failure::Declined | Failure::Abandoned | Failure::CardError | Failure::ProviderError => {
                Refusal::PaymentDeclined
            }
        }
    }

    /// Whether trying the same card again some days later may help (domain.md R9.5).
    pub fn may_pass(self) -> bool {
        matches!(self, Failure::Declined | Failure::InsufficientFunds | Failure::ProviderError)
    }
}

crate::keyed! {
    /// Where a refund stands.
    pub enum RefundStatus {
        /// On its way.
        Processing = "processing",
        /// Given back.
        Succeeded = "succeeded",
        /// Not given back.
        Failed = "failed",
    }
}

/// All that we know of a card (R9.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardFacts {
    /// The scheme, in the provider's lower-case word: `visa`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// Month of expiry, 1–12.
    pub exp_month: i32,
    /// Year of expiry, four digits.
    pub exp_year: i32,
}

impl CardFacts {
    /// Whether the card is no longer valid: it is until the end of the month printed on it.
    pub fn has_expired(&self, today: Day) -> bool {
        let (year, month, _) = today.civil();
        (year, i32::from(month)) > (self.exp_year, self.exp_month)
    }
}

crate::keyed! {
    /// What a card of the scripted provider does; the key is its token.
    pub enum Script {
        /// Pays at once.
        Approve = "approve",
        /// Is declined.
        Decline = "decline",
        /// Does not cover the amount.
        InsufficientFunds = "insufficient_funds",
        /// Has expired at the bank.
        ExpiredCard = "expired_card",
        /// Its owner has to confirm with the bank.
        ActionRequired = "action_required",
        /// Pays, but the first answer is lost.
        Timeout = "timeout",
        /// The first request is lost on its way; the second pays.
        TimeoutBefore = "timeout_before",
        /// Pays later: the answer is *processing*, the news comes afterwards.
        LateWebhook = "late_webhook",
        /// Pays, and the news comes twice.
        DuplicateWebhook = "duplicate_webhook",
        /// Pays later, and an older piece of news comes after the newer.
        ReorderedWebhook = "reordered_webhook",
        /// Pays; then the owner takes the money back, and the bank decides for the owner.
        Chargeback = "chargeback",
        /// Pays; then the owner takes the money back, and the bank decides for us.
        ChargebackWon = "chargeback_won",
    }
}

impl Script {
    /// The card as it is shown: valid to the end of 2039; its last digits tell the scripts apart.
    pub fn card(self) -> CardFacts {
        let nth = Script::ALL.iter().position(|s| *s == self).unwrap_or(0);
        CardFacts { brand: "visa".into(), last4: format!("{:04}", nth + 1), exp_month: 12, exp_year: 2039 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PaymentStatus::*;
    use proptest::prelude::*;

    #[test]
    fn a_payment_moves_as_section_18_says_and_in_no_other_way() {
        let moves = [
            (Created, vec![RequiresAction, Processing, Succeeded, Failed]),
            (RequiresAction, vec![Processing, Succeeded, Failed]),
            (Processing, vec![Succeeded, Failed]),
            (Succeeded, vec![Disputed]),
            (Failed, vec![]),
            (Disputed, vec![Lost, Won]),
            (Lost, vec![]),
            (Won, vec![]),
        ];
        assert_eq!(moves.len(), PaymentStatus::ALL.len());
        for (from, allowed) in moves {
            for to in PaymentStatus::ALL.iter().copied() {
                assert_eq!(from.may_become(to), allowed.contains(&to), "{from} to {to}");
            }
        }
    }

    #[test]
    fn a_dispute_told_of_first_implies_the_success() {
        assert_eq!(Created.way_to(Lost), [Succeeded, Disputed, Lost]);
        assert_eq!(Processing.way_to(Disputed), [Succeeded, Disputed]);
        assert_eq!(Succeeded.way_to(Won), [Disputed, Won]);
        assert_eq!(Failed.way_to(Lost), []);
        assert_eq!(Lost.way_to(Won), []);
        assert_eq!(Succeeded.way_to(Succeeded), []);
        assert_eq!(Succeeded.way_to(RequiresAction), []);
    }

    #[test]
    fn a_payment_is_open_until_it_has_succeeded_or_failed() {
        for status in PaymentStatus::ALL.iter().copied() {
            assert_eq!(status.is_open(), status.may_become(Succeeded), "{status}");
        }
    }

    #[test]
    fn every_failure_says_what_the_reader_is_told() {
        let told: Vec<_> = Failure::ALL.iter().map(|f| f.refusal().code()).collect();
        assert_eq!(
            told,
            [
                "payment_declined",
                "insufficient_funds",
                "card_expired",
                "action_required",
                "payment_declined",
                "change_closed",
                "payment_declined",
                "payment_declined",
            ]
        );
    }

    #[test]
    fn a_card_is_valid_to_the_end_of_its_month() {
        let card = CardFacts { exp_month: 2, exp_year: 2028, ..Script::Approve.card() };
        let on = |day: &str| card.has_expired(day.parse().unwrap());
        assert!(!on("2028-02-29") && !on("2027-12-31"));
        assert!(on("2028-03-01") && on("2029-01-01"));
    }

    fn news() -> impl Strategy<Value = Vec<PaymentStatus>> {
        let all = vec![RequiresAction, Processing, Succeeded, Disputed, Lost];
        (Just(all.clone()), prop::collection::vec(prop::sample::select(all), 0..6)).prop_flat_map(
            |(mut all, twice)| {
                all.extend(twice);
                Just(all).prop_shuffle()
            },
        )
    }

    proptest! {
        /// Whatever the order of the news, and however often each comes, the end is the same, every move on the way is
        /// one that may be, and none is made twice.
        #[test]
        fn news_in_any_order_end_alike(news in news()) {
            let mut made = vec![Created];
            for status in news {
                made.extend(made[made.len() - 1].way_to(status));
            }
            prop_assert!(made.windows(2).all(|m| m[0].may_become(m[1])), "{:?}", made);
            prop_assert_eq!(&made[made.len() - 3..], &[Succeeded, Disputed, Lost]);
        }
    }
}
