//! The one interface of all payment providers. The server brings those that speak over the network.

use super::{CardFacts, Failure, PaymentStatus, Provider, RefundStatus, Script};
use crate::kernel::{instant::Instant, money::Money};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// The wish to collect an amount. A retry must be word for word what the first try was: providers refuse a known key with
/// other contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeOrder {
    /// The payment's id: the same key charges once, however often it is sent.
    pub key: String,
    /// How much; more than nothing.
    pub amount: Money,
    /// The provider's token of the card; empty for the manual provider.
    pub method: String,
    /// The provider's token of the debtor; empty for the manual provider.
    pub customer: String,
    /// What for, as the debtor may read it.
    pub description: String,
    /// Where the reader comes back to from the bank. `None`: nobody is present, so a bank that wants its customer to confirm
    /// makes the payment fail with [`Failure::AuthenticationRequired`].
    pub return_url: Option<String>,
    /// When the payment was created: a look-up need not go further back.
    pub created_at: Instant,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeOutcome {
    /// `requires_action`, `processing`, `succeeded`, `failed`, or what came after success.
    pub status: PaymentStatus,
    /// The provider's name of the charge, if it gave one.
    pub provider_ref: Option<String>,
    /// Where the card's owner confirms with the bank, while that is needed.
    pub action_url: Option<String>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
}

impl ChargeOutcome {
    /// It will not come.
    pub fn failed(failure: Failure, provider_ref: Option<String>) -> Self {
        Self { failure: Some(failure), ..Self::new(PaymentStatus::Failed, provider_ref) }
    }
    /// An outcome without more to say.
    pub fn new(status: PaymentStatus, provider_ref: Option<String>) -> Self {
        Self { status, provider_ref, action_url: None, failure: None }
    }
}

/// The wish to give money back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundOrder {
    /// The refund's id: the same key gives back once.
    pub key: String,
    /// Which charge.
    pub provider_ref: String,
    /// How much of it; more than nothing.
    pub amount: Money,
}

/// What became of a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundOutcome {
    /// Where it stands.
    pub status: RefundStatus,
    /// The provider's name of it, if it gave one.
    pub provider_ref: Option<String>,
}

/// The wish to enter a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupOrder {
    /// New for every wish: a form lives a day at most.
    pub key: String,
    /// The id of the organisation that will pay; [`PaymentPort::attach`] must name it again.
    pub owner: String,
    /// Its name, for the provider's books.
    pub name: String,
    /// Where the provider may write to.
    pub email: String,
    /// The provider's token of it, if an earlier card gave one.
    pub customer: Option<String>,
    /// Where the reader comes back to; the provider adds `setup=…`, the argument of [`PaymentPort::attach`], to its query.
    pub return_url: String,
    /// Where the reader comes back to without a card.
    pub cancel_url: String,
}

/// How a reader enters a card: never with us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetupForm {
    /// On a page of the provider's.
    Redirect {
        /// Its address.
        url: String,
    },
    /// By choosing one of these; the key is the argument of [`PaymentPort::attach`].
    Choices(Vec<Script>),
    /// There is nothing to enter.
    Nothing,
}

/// A card that was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodFacts {
    /// The provider's token of the card.
    pub token: String,
    /// The provider's token of its owner.
    pub customer_token: String,
    /// What is shown of it.
    pub card: CardFacts,
    /// The name on it; empty if the provider does not tell.
    pub holder: String,
}

/// Why a provider gave no outcome. What the bank answered is one: a declined card is no error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// Unknown what became of it: ask again with the same key ([`PaymentPort::resume`]).
    #[error("no answer in time")]
    Timeout,
    /// Nothing was done: try again later, with the same key.
    #[error("not reachable")]
    Unreachable,
    /// Nothing was done, and trying again is of no use. The text is for the log; it holds no secret.
    #[error("refused: {0}")]
    Refused(String),
}

/// What a provider tells of its own accord.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderEvent {
    /// The same when it is told again.
    pub id: String,
    /// The provider's own word for it, for the record.
    pub kind: String,
    /// The key of the order ([`ChargeOrder::key`]), if the provider repeats it here.
    pub key: Option<String>,
    /// Which charge.
    pub provider_ref: Option<String>,
    /// When it happened there.
    pub at: Instant,
    /// What happened.
    pub news: News,
}

/// What can happen at a provider's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum News {
    /// The money has come.
    Succeeded,
    /// It will not come.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// The card's owner has to confirm.
    ActionRequired {
        /// Where, if the provider says so.
        url: Option<String>,
    },
    /// So much of the charge is given back by now, all refunds together.
    Refunded {
        /// The sum.
        total: Money,
    },
    /// A refund came through after all, or did not.
    RefundSettled {
        /// [`RefundOrder::key`], if the refund was ours.
        key: Option<String>,
        /// The provider's name of the refund.
        refund_ref: String,
        /// Where it stands.
        status: RefundStatus,
    },
    /// The card's owner took so much back.
    DisputeOpened {
        /// How much.
        amount: Money,
    },
    /// The dispute was decided for us.
    DisputeWon,
    /// The dispute was decided against us.
    DisputeLost,
}

impl News {
    /// Where the payment stands by this, unless it is about refunds: [`PaymentStatus::way_to`] tells what is new in it.
    pub fn status(&self) -> Option<PaymentStatus> {
        match self {
            News::Succeeded => Some(PaymentStatus::Succeeded),
            News::Failed { .. } => Some(PaymentStatus::Failed),
            News::ActionRequired { .. } => Some(PaymentStatus::RequiresAction),
            News::DisputeOpened { .. } => Some(PaymentStatus::Disputed),
            News::DisputeWon => Some(PaymentStatus::Won),
            News::DisputeLost => Some(PaymentStatus::Lost),
            News::Refunded { .. } | News::RefundSettled { .. } => None,
        }
    }
}

/// Why news are not believed, or not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookFault {
    /// This provider tells nothing.
    #[error("not offered")]
    NotOffered,
    /// There is no signature, or more than one header of them.
    #[error("no signature")]
    NoSignature,
    /// The signature is not of our secret and this body.
    #[error("wrong signature")]
    WrongSignature,
    /// Signed more than five minutes ago, or ahead.
    #[error("too old")]
    TooOld,
    /// Signed, but not what the provider's documents promise.
    #[error("malformed")]
    Malformed,
}

/// A payment provider.
#[async_trait]
pub trait PaymentPort: Send + Sync {
    /// Charges once per key.
    async fn charge(&self, order: &ChargeOrder) -> Result<ChargeOutcome, PortError>;

    /// What became of an order; `provider_ref` if it is known makes it one step. `None`: the provider knows no charge of
    /// this key so far, and one may still be on its way: charging again with the same key settles it.
    async fn look_up(
        &self,
        order: &ChargeOrder,
        provider_ref: Option<&str>,
    ) -> Result<Option<ChargeOutcome>, PortError>;

    /// Settles an order whose answer was lost, or of which nobody knows whether it was sent: looks it up, and sends it
    /// again with its key if the provider knows nothing of it. The look-up comes first because a provider forgets keys
    /// (Stripe after 24 hours), but never charges.
    async fn resume(
        &self,
        order: &ChargeOrder,
        provider_ref: Option<&str>,
    ) -> Result<ChargeOutcome, PortError> {
        match self.look_up(order, provider_ref).await? {
            Some(outcome) => Ok(outcome),
            None => self.charge(order).await,
        }
    }

    /// Gives an order up, so that it is not collected any more. Answers how it stands then: failed, or what it had come to
    /// before. `Refused`: it is too late to give it up, and too early to tell what becomes of it.
    async fn cancel(
        &self,
        order: &ChargeOrder,
        provider_ref: Option<&str>,
    ) -> Result<ChargeOutcome, PortError>;

    /// Gives back once per key; asking again with the same key answers how it stands.
    async fn refund(&self, order: &RefundOrder) -> Result<RefundOutcome, PortError>;

    /// How a reader enters a card.
    async fn begin_setup(&self, order: &SetupOrder) -> Result<SetupForm, PortError>;

    /// The card that was entered; refused unless `owner` is who began.
    async fn attach(&self, owner: &str, setup: &str) -> Result<MethodFacts, PortError>;

    /// Forgets a card. One that is not there any more is forgotten.
    async fn detach(&self, method: &str) -> Result<(), PortError>;

    /// Reads what came to `/hooks/{provider}`. Names of headers count in any case. News of no interest give an empty list.
    fn parse_webhook(
        &self,
        headers: &[(String, String)],
        body: &[u8],
        now: Instant,
    ) -> Result<Vec<ProviderEvent>, WebhookFault>;

    /// The bank at which the scripted provider's cards are confirmed, if this is it.
    fn bank(&self) -> Option<&dyn BankPort> {
        None
    }
}

/// Plays the bank that asks a card's owner to confirm: `/demo/bank/{provider_ref}`.
#[async_trait]
pub trait BankPort: Send + Sync {
    /// What waits for confirmation: the amount, and where the reader goes back to. `None`: nothing waits there.
    async fn waiting(&self, provider_ref: &str) -> Result<Option<(Money, String)>, PortError>;
    /// The owner confirms or refuses; answers where the reader goes back to. A second answer changes nothing.
    async fn decide(&self, provider_ref: &str, confirms: bool) -> Result<Option<String>, PortError>;
}

/// The providers of this installation.
#[derive(Clone, Default)]
pub struct Providers(BTreeMap<Provider, Arc<dyn PaymentPort>>);

impl Providers {
    /// Only what needs nobody outside: [`Provider::Manual`].
    pub fn manual() -> Self {
        Self::default().with(Provider::Manual, Arc::new(super::manual::Manual))
    }
    /// These and one more.
    pub fn with(mut self, provider: Provider, port: Arc<dyn PaymentPort>) -> Self {
        self.0.insert(provider, port);
        self
    }
    /// The one asked for, if this installation has it.
    pub fn get(&self, provider: Provider) -> Option<&Arc<dyn PaymentPort>> {
        self.0.get(&provider)
    }
    /// Which there are.
    pub fn offered(&self) -> impl Iterator<Item = Provider> + '_ {
        self.0.keys().copied()
    }
    /// Which one takes new cards, if any does: Stripe before the scripted one.
    pub fn for_cards(&self) -> Option<Provider> {
        self.offered().find(|provider| *provider != Provider::Manual)
    }
}
