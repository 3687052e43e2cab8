//! What Stripe's objects mean to us.

use kontor::{
    kernel::{
        instant::Instant,
        money::{Currency, Money},
    },
    payment::{
        CardFacts, Failure, PaymentStatus, RefundStatus,
        port::{ChargeOutcome, MethodFacts, News, PortError, ProviderEvent, RefundOutcome, WebhookFault},
    },
};
use serde_json::Value;

/// The text at a place; empty if there is none.
pub fn text<'a>(object: &'a Value, at: &str) -> &'a str {
    object.pointer(at).and_then(Value::as_str).unwrap_or_default()
}

fn owned(object: &Value, at: &str) -> Option<String> {
    Some(text(object, at)).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// What may be written down of an error: its kind, code and parameter, none of which holds a token.
pub fn error_words(status: u16, error: &Value) -> String {
    let word = |at| {
        let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_[]".contains(&b);
        Some(text(error, at)).filter(|w| !w.is_empty() && w.len() <= 60 && w.bytes().all(known))
    };
    let words = ["/type", "/code", "/decline_code", "/param"].into_iter().filter_map(word);
    words.fold(status.to_string(), |all, word| format!("{all} {word}"))
}

/// Why a card was refused, from an error object or an intent's last error.
pub fn failure(error: &Value) -> Failure {
    match (text(error, "/code"), text(error, "/decline_code")) {
        ("authentication_required", _) | (_, "authentication_required") => Failure::AuthenticationRequired,
        ("payment_intent_authentication_failure", _) => Failure::Abandoned,
        ("insufficient_funds", _) | (_, "insufficient_funds") => Failure::InsufficientFunds,
        ("expired_card", _) | (_, "expired_card") => Failure::ExpiredCard,
        ("processing_error", _) | (_, "processing_error" | "issuer_not_available" | "try_again_later") => {
            Failure::ProviderError
        }
        (_, "card_not_supported" | "currency_not_supported" | "invalid_account" | "incorrect_number") => {
            Failure::CardError
        }
        ("card_declined", _) => Failure::Declined,
        (code, _) if code.starts_with("incorrect_") || code.starts_with("invalid_") => Failure::CardError,
        _ if text(error, "/type") == "card_error" => Failure::CardError,
        _ => Failure::ProviderError,
    }
}

/// How an intent stands. A status that we do not know is no answer.
pub fn outcome(intent: &Value) -> Result<ChargeOutcome, PortError> {
    let name = owned(intent, "/id").ok_or(PortError::Timeout)?;
    let is = |status| ChargeOutcome::new(status, Some(name));
    Ok(match text(intent, "/status") {
        "succeeded" => is(PaymentStatus::Succeeded),
        "processing" => is(PaymentStatus::Processing),
        "requires_action" => {
            let action_url = owned(intent, "/next_action/redirect_to_url/url");
            ChargeOutcome { action_url, ..is(PaymentStatus::RequiresAction) }
        }
        // We confirm every intent when we make it: it lacks a method only because the one it had was refused.
        "requires_payment_method" => {
            let error = intent.get("last_payment_error").unwrap_or(&Value::Null);
            ChargeOutcome { failure: Some(failure(error)), ..is(PaymentStatus::Failed) }
        }
        "canceled" => ChargeOutcome { failure: Some(Failure::Abandoned), ..is(PaymentStatus::Failed) },
        _ => return Err(PortError::Timeout),
    })
}

fn refund_status(refund: &Value) -> RefundStatus {
    match text(refund, "/status") {
        "succeeded" => RefundStatus::Succeeded,
        "failed" | "canceled" => RefundStatus::Failed,
        _ => RefundStatus::Processing,
    }
}

/// How a refund stands.
pub fn refund(refund: &Value) -> RefundOutcome {
    RefundOutcome { status: refund_status(refund), provider_ref: owned(refund, "/id") }
}

/// The card of a completed Checkout session in setup mode, its setup intent's method expanded.
pub fn method(session: &Value) -> Result<MethodFacts, PortError> {
    let refused = |why: &str| PortError::Refused(why.into());
    if text(session, "/status") != "complete" {
        return Err(refused("the card was not entered"));
    }
    let method = session.pointer("/setup_intent/payment_method").unwrap_or(&Value::Null);
    let number = |at| method.pointer(at).and_then(Value::as_i64).and_then(|n| i32::try_from(n).ok());
    let card = (number("/card/exp_month"), number("/card/exp_year"));
    let ((Some(exp_month), Some(exp_year)), Some(token), Some(customer_token)) =
        (card, owned(method, "/id"), owned(session, "/customer"))
    else {
        return Err(refused("not a card"));
    };
    let (brand, last4) = (text(method, "/card/brand").to_owned(), text(method, "/card/last4").to_owned());
    Ok(MethodFacts {
        token,
        customer_token,
        card: CardFacts { brand, last4, exp_month, exp_year },
        holder: text(method, "/billing_details/name").to_owned(),
    })
}

fn money(object: &Value, at: &str) -> Option<Money> {
    let currency = Currency::from_key(&text(object, "/currency").to_uppercase())?;
    Some(Money::new(object.pointer(at)?.as_i64()?, currency))
}

/// What an event tells us; nothing if it is of no interest, or of money in a currency that is none of ours.
pub fn events(event: &Value) -> Result<Vec<ProviderEvent>, WebhookFault> {
    let (id, kind) = (text(event, "/id"), text(event, "/type"));
    let created = event.get("created").and_then(Value::as_i64).and_then(|s| s.checked_mul(1000));
    let (Some(at), Some(object)) = (created, event.pointer("/data/object")) else {
        return Err(WebhookFault::Malformed);
    };
    if id.is_empty() || kind.is_empty() {
        return Err(WebhookFault::Malformed);
    }
    let refund_ref = || text(object, "/id").to_owned();
    let news = match kind {
        "payment_intent.succeeded" => Some(News::Succeeded),
        "payment_intent.payment_failed" => {
            let error = object.get("last_payment_error").unwrap_or(&Value::Null);
            Some(News::Failed { failure: failure(error) })
        }
        "payment_intent.canceled" => Some(News::Failed { failure: Failure::Abandoned }),
        "payment_intent.requires_action" => {
            Some(News::ActionRequired { url: owned(object, "/next_action/redirect_to_url/url") })
        }
        "charge.refunded" => money(object, "/amount_refunded").map(|total| News::Refunded { total }),
        "refund.updated" | "refund.failed" | "charge.refund.updated" => Some(News::RefundSettled {
            key: owned(object, "/metadata/kontor_refund"),
            refund_ref: refund_ref(),
            status: refund_status(object),
        }),
        // A *warning* is the bank's question, not a dispute: no money has moved.
        "charge.dispute.created" if text(object, "/status").starts_with("warning_") => None,
        "charge.dispute.created" => money(object, "/amount").map(|amount| News::DisputeOpened { amount }),
        "charge.dispute.closed" => match text(object, "/status") {
            "won" => Some(News::DisputeWon),
            "lost" => Some(News::DisputeLost),
            _ => None,
        },
        _ => None,
    };
    let intent = if kind.starts_with("payment_intent.") { "/id" } else { "/payment_intent" };
    let told = |news| ProviderEvent {
        id: id.to_owned(),
        kind: kind.to_owned(),
        key: owned(object, "/metadata/kontor_payment"),
        provider_ref: owned(object, intent),
        at: Instant(at),
        news,
    };
    Ok(news.map(told).into_iter().filter(|event| event.provider_ref.is_some()).collect())
}

#[cfg(test)]
mod tests;
