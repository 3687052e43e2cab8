//! The scripted provider's mind: what each of its cards does, and the book it keeps. The server keeps the book in a file and
//! posts its letters over HTTP; a service test keeps it in memory and takes the letters by hand. It plays the world
//! outside, so nothing of it is ever part of our transactions.

use super::{
    Failure, PaymentStatus, RefundStatus, Script,
    port::{
        ChargeOrder, ChargeOutcome, MethodFacts, News, PortError, ProviderEvent, RefundOrder, RefundOutcome,
        SetupForm, WebhookFault,
    },
};
use crate::kernel::{instant::Instant, money::Money};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A line of the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A request of this key was lost on its way: nobody saw it.
    Lost {
        /// The order's key.
        key: String,
    },
    /// A charge was taken down.
    Charged(Charge),
    /// A charge stands elsewhere now.
    Moved {
        /// The order's key.
        key: String,
        /// Where.
        status: PaymentStatus,
        /// Why it failed, if it did.
        failure: Option<Failure>,
    },
    /// Money was given back.
    Refunded {
        /// The refund's key.
        key: String,
        /// The charge's key.
        charge: String,
        /// How much.
        amount: Money,
    },
    /// News are to be told.
    Posted(Letter),
    /// They were.
    Delivered {
        /// [`Letter::id`].
        letter: String,
    },
}

/// A charge, as it was first answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    key: String,
    amount: Money,
    card: Script,
    customer: String,
    return_url: Option<String>,
    created_at: Instant,
    first: ChargeOutcome,
}

impl Charge {
    /// Whether another request with this key says the same.
    fn is(&self, order: &ChargeOrder) -> bool {
        (self.amount, self.card.key(), &self.customer) == (order.amount, &order.method, &order.customer)
    }
}

/// News to be told to `/hooks/scripted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Names this telling; the event in it has an id of its own, which may come twice.
    pub id: String,
    /// How long it waits: 0 goes at once, 1 soon, and so on.
    pub step: u8,
    /// What it tells.
    pub event: ProviderEvent,
}

/// Charges, refunds and letters: what the lines of the book amount to. Questions answer with the lines to be added; whoever
/// keeps the book adds them with [`Book::apply`] before the answer goes out.
#[derive(Debug, Default)]
pub struct Book {
    public_url: String,
    lost: BTreeSet<String>,
    charges: BTreeMap<String, (Charge, ChargeOutcome)>,
    refunds: BTreeMap<String, (String, Money)>,
    letters: Vec<(Instant, Letter)>,
    delivered: BTreeSet<String>,
}

/// Lines to be added, and the answer.
pub type Decided<T> = (Vec<Entry>, Result<T, PortError>);

fn refused<T>(why: &str) -> Decided<T> {
    (Vec::new(), Err(PortError::Refused(why.into())))
}

/// Names of charges begin so; the order's key follows.
const PREFIX: &str = "scr_";

impl Book {
    /// An empty book of a provider whose bank asks at `public_url`.
    pub fn new(public_url: String) -> Self {
        Self { public_url, ..Self::default() }
    }

    /// Adds a line, written at `at`.
    pub fn apply(&mut self, entry: Entry, at: Instant) {
        match entry {
            Entry::Lost { key } => {
                self.lost.insert(key);
            }
            Entry::Charged(charge) => {
                let first = charge.first.clone();
                self.charges.insert(charge.key.clone(), (charge, first));
            }
            Entry::Moved { key, status, failure } => {
                if let Some((_, now)) = self.charges.get_mut(&key) {
                    *now = ChargeOutcome { status, failure, action_url: None, ..now.clone() };
                }
            }
            Entry::Refunded { key, charge, amount } => {
                self.refunds.insert(key, (charge, amount));
            }
            Entry::Posted(letter) => self.letters.push((at, letter)),
            Entry::Delivered { letter } => {
                self.delivered.insert(letter);
            }
        }
    }

    /// Charges, or answers what was answered first; `Timeout` where the script loses a request or an answer.
    pub fn charge(&self, order: &ChargeOrder) -> Decided<ChargeOutcome> {
        if let Some((charge, _)) = self.charges.get(&order.key) {
            return match charge.is(order) {
                true => (Vec::new(), Ok(charge.first.clone())),
                false => refused("the key was used for another order"),
            };
        }
        let Some(card) = Script::from_key(&order.method) else { return refused("no such card") };
        if order.amount.minor <= 0 {
            return refused("nothing to charge");
        }
        if card == Script::TimeoutBefore && !self.lost.contains(&order.key) {
            return (vec![Entry::Lost { key: order.key.clone() }], Err(PortError::Timeout));
        }
        let first = self.first(card, order);
        let charge = Charge {
            key: order.key.clone(),
            amount: order.amount,
            card,
            customer: order.customer.clone(),
            return_url: order.return_url.clone(),
            created_at: order.created_at,
            first: first.clone(),
        };
        let letters = letters(&charge).into_iter().map(Entry::Posted);
        let entries = [Entry::Charged(charge.clone())].into_iter().chain(letters).collect();
        (entries, if card == Script::Timeout { Err(PortError::Timeout) } else { Ok(first) })
    }

    fn first(&self, card: Script, order: &ChargeOrder) -> ChargeOutcome {
        let name = format!("{PREFIX}{}", order.key);
        let action_url = format!("{}/demo/bank/{name}", self.public_url);
        let is = |status| ChargeOutcome::new(status, Some(name.clone()));
        let failed = |failure| ChargeOutcome { failure: Some(failure), ..is(PaymentStatus::Failed) };
        match card {
            Script::Decline => failed(Failure::Declined),
            Script::InsufficientFunds => failed(Failure::InsufficientFunds),
            Script::ExpiredCard => failed(Failure::ExpiredCard),
            Script::ActionRequired if order.return_url.is_none() => failed(Failure::AuthenticationRequired),
            Script::ActionRequired => {
                ChargeOutcome { action_url: Some(action_url), ..is(PaymentStatus::RequiresAction) }
            }
            Script::LateWebhook | Script::ReorderedWebhook => is(PaymentStatus::Processing),
            Script::Approve
            | Script::Timeout
            | Script::TimeoutBefore
            | Script::DuplicateWebhook
            | Script::Chargeback
            | Script::ChargebackWon => is(PaymentStatus::Succeeded),
        }
    }

    /// How an order stands.
    pub fn look_up(&self, key: &str) -> Option<ChargeOutcome> {
        self.charges.get(key).map(|(_, now)| now.clone())
    }

    /// Gives a charge up that has not come to its end.
    pub fn cancel(&self, key: &str) -> Decided<ChargeOutcome> {
        let Some((_, now)) = self.charges.get(key) else { return refused("no such charge") };
        if !now.status.is_open() {
            return (Vec::new(), Ok(now.clone()));
        }
        let (status, failure) = (PaymentStatus::Failed, Some(Failure::Abandoned));
        let outcome = ChargeOutcome { status, failure, action_url: None, ..now.clone() };
        (vec![Entry::Moved { key: key.into(), status, failure }], Ok(outcome))
    }

    /// Gives back, or answers what was answered first. More than is left of the charge is refused.
    pub fn refund(&self, order: &RefundOrder) -> Decided<RefundOutcome> {
        let outcome = RefundOutcome {
            status: RefundStatus::Succeeded,
            provider_ref: Some(format!("{PREFIX}{}", order.key)),
        };
        let key = order.provider_ref.strip_prefix(PREFIX).unwrap_or_default();
        if let Some((charge, amount)) = self.refunds.get(&order.key) {
            return match (charge.as_str(), *amount) == (key, order.amount) {
                true => (Vec::new(), Ok(outcome)),
                false => refused("the key was used for another refund"),
            };
        }
        let Some((charge, now)) = self.charges.get(key) else { return refused("no such charge") };
        let total = Money::new(self.given_back(key) + order.amount.minor, charge.amount.currency);
        let fits = order.amount.currency == charge.amount.currency
            && order.amount.minor > 0
            && total.minor <= charge.amount.minor;
        if !matches!(now.status, PaymentStatus::Succeeded | PaymentStatus::Won) || !fits {
            return refused("more than was paid and is left");
        }
        let refunded =
            Entry::Refunded { key: order.key.clone(), charge: key.to_owned(), amount: order.amount };
        let letter = charge.letter(0, &format!("refunded.{}", order.key), News::Refunded { total });
        (vec![refunded, Entry::Posted(letter)], Ok(outcome))
    }

    fn given_back(&self, charge: &str) -> i64 {
        self.refunds.values().filter(|(of, _)| of == charge).map(|(_, amount)| amount.minor).sum()
    }

    /// What waits for its owner's confirmation: the amount, and where they go back to.
    pub fn waiting(&self, provider_ref: &str) -> Option<(Money, String)> {
        let (charge, now) = self.charges.get(provider_ref.strip_prefix(PREFIX)?)?;
        let waits = now.status == PaymentStatus::RequiresAction;
        waits.then(|| (charge.amount, charge.return_url.clone().unwrap_or_default()))
    }

    /// The owner confirms or refuses: the lines to be added, and where they go back to, if there was such a charge.
    pub fn decide(&self, provider_ref: &str, confirms: bool) -> (Vec<Entry>, Option<String>) {
        let key = provider_ref.strip_prefix(PREFIX).unwrap_or_default();
        let Some((charge, now)) = self.charges.get(key) else { return (Vec::new(), None) };
        let back = charge.return_url.clone();
        if now.status != PaymentStatus::RequiresAction {
            return (Vec::new(), back);
        }
        let (status, failure, letter) = match confirms {
            true => (PaymentStatus::Succeeded, None, charge.letter(0, "succeeded", News::Succeeded)),
            false => {
                let failure = Failure::Abandoned;
                (PaymentStatus::Failed, Some(failure), charge.letter(0, "failed", News::Failed { failure }))
            }
        };
        (vec![Entry::Moved { key: key.into(), status, failure }, Entry::Posted(letter)], back)
    }

    /// Letters not delivered yet, with when they were posted: in the order in which they go out.
    pub fn outgoing(&self) -> Vec<(Instant, Letter)> {
        let mut open: Vec<_> =
            self.letters.iter().filter(|(_, l)| !self.delivered.contains(&l.id)).cloned().collect();
        open.sort_by_key(|(at, letter)| (letter.step, *at));
        open
    }

    /// What becomes true at the provider's when the letter's time has come: to be added before it goes out.
    pub fn comes_true(&self, letter: &Letter) -> Option<Entry> {
        let (key, status) = (letter.event.key.as_ref()?, letter.event.news.status()?);
        let (_, now) = self.charges.get(key)?;
        let moves = now.status.way_to(status).last() == Some(&status);
        moves.then(|| Entry::Moved { key: key.clone(), status, failure: None })
    }

    /// Keys and amounts of all charges that brought money: a test counts them.
    pub fn charged(&self) -> Vec<(String, Money)> {
        let paid = |now: &ChargeOutcome| !now.status.is_open() && now.status != PaymentStatus::Failed;
        let charges = self.charges.values().filter(|(_, now)| paid(now));
        charges.map(|(charge, _)| (charge.key.clone(), charge.amount)).collect()
    }
}

impl Charge {
    fn letter(&self, step: u8, kind: &str, news: News) -> Letter {
        let event = ProviderEvent {
            id: format!("evt_{}_{kind}", self.key),
            kind: kind.into(),
            key: Some(self.key.clone()),
            provider_ref: self.first.provider_ref.clone(),
            at: self.created_at.plus_ms(i64::from(step) * 1000),
            news,
        };
        Letter { id: format!("{}_{step}", event.id), step, event }
    }
}

/// The letters that a charge brings about by itself.
fn letters(charge: &Charge) -> Vec<Letter> {
    let success = |step| charge.letter(step, "succeeded", News::Succeeded);
    let opened = || charge.letter(2, "dispute_opened", News::DisputeOpened { amount: charge.amount });
    let asked = |step| charge.letter(step, "action_required", News::ActionRequired { url: None });
    match (charge.card, charge.first.failure) {
        (_, Some(failure)) => vec![charge.letter(0, "failed", News::Failed { failure })],
        (Script::ActionRequired, None) => vec![asked(0)],
        (Script::LateWebhook, None) => vec![success(2)],
        (Script::DuplicateWebhook, None) => {
            let again = Letter { event: success(0).event, ..success(1) };
            vec![success(0), again]
        }
        // It happened before the success and is told after it.
        (Script::ReorderedWebhook, None) => {
            let mut older = asked(2);
            older.event.at = charge.created_at;
            vec![success(1), older]
        }
        (Script::Chargeback, None) => {
            vec![success(0), opened(), charge.letter(3, "dispute_lost", News::DisputeLost)]
        }
        (Script::ChargebackWon, None) => {
            vec![success(0), opened(), charge.letter(3, "dispute_won", News::DisputeWon)]
        }
        (_, None) => vec![success(0)],
    }
}

/// All cards there are.
pub fn choices() -> SetupForm {
    SetupForm::Choices(Script::ALL.to_vec())
}

/// The card chosen.
pub fn attach(owner: &str, setup: &str) -> Result<MethodFacts, PortError> {
    let script = Script::from_key(setup).ok_or_else(|| PortError::Refused("no such card".into()))?;
    Ok(MethodFacts {
        token: script.key().into(),
        customer_token: owner.into(),
        card: script.card(),
        holder: String::new(),
    })
}

/// A letter's body.
pub fn write_event(event: &ProviderEvent) -> String {
    serde_json::to_string(event).unwrap_or_default()
}

/// Reads a letter's body, once its signature is believed.
pub fn read_event(body: &[u8]) -> Result<Vec<ProviderEvent>, WebhookFault> {
    serde_json::from_slice(body).map(|event| vec![event]).map_err(|_| WebhookFault::Malformed)
}

#[cfg(test)]
mod tests;
