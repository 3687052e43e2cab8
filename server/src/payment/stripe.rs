//! Stripe, by its HTTP API. Cards are entered on Stripe's own page (Checkout in setup mode); we keep tokens. Every write
//! carries an `Idempotency-Key`, and the key stands in the object's metadata as well: Stripe forgets keys after 24 hours,
//! never objects.
//!
//! Not logged: tokens, bodies, addresses of requests, and Stripe's messages, which may repeat them.

mod shape;

use super::{client, signature};
use crate::config::StripeConfig;
use async_trait::async_trait;
use kontor::{
    kernel::instant::Instant,
    payment::{
        PaymentStatus,
        port::{
            ChargeOrder, ChargeOutcome, MethodFacts, PaymentPort, PortError, ProviderEvent, RefundOrder,
            RefundOutcome, SetupForm, SetupOrder, WebhookFault,
        },
    },
};
use reqwest::{Client, RequestBuilder, StatusCode, header::HeaderValue};
use serde_json::Value;

/// The version whose shapes this file reads: Stripe answers in it whatever the account's own is.
const VERSION: &str = "2024-06-20";
/// How many objects a page of a list holds: Stripe's most.
const PAGE: &str = "100";
/// The header that carries the signature of a webhook.
const SIGNATURE: &str = "Stripe-Signature";
/// The greatest answer read.
const MOST: usize = 1024 * 1024;

/// Stripe over the network.
pub struct Stripe {
    client: Client,
    url: String,
    key: HeaderValue,
    webhook_secret: String,
}

/// Why a call brought no object.
enum Fault {
    /// The call as such.
    Port(PortError),
    /// The bank or Stripe's rules refused the card: the error object (402).
    Declined(Value),
    /// There is no such object.
    Missing,
}

impl From<PortError> for Fault {
    fn from(error: PortError) -> Self {
        Fault::Port(error)
    }
}

impl From<Fault> for PortError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Port(error) => error,
            Fault::Declined(error) => PortError::Refused(shape::error_words(402, &error)),
            Fault::Missing => PortError::Refused("404: no such object".into()),
        }
    }
}

type Fields<'a> = Vec<(&'a str, &'a str)>;

impl Stripe {
    /// With the keys of the configuration. The error is one line.
    pub fn new(config: &StripeConfig) -> Result<Self, String> {
        let mut key = HeaderValue::from_str(&format!("Bearer {}", config.secret_key.0))
            .map_err(|_| "stripe_secret_key: has characters that no key has".to_owned())?;
        key.set_sensitive(true);
        Ok(Self {
            client: client()?,
            url: config.url.trim_end_matches('/').to_owned(),
            key,
            webhook_secret: config.webhook_secret.0.clone(),
        })
    }

    async fn get(&self, path: &str, query: &Fields<'_>) -> Result<Value, Fault> {
        let url = format!("{}/v1/{path}?{}", self.url, encoded(query));
        self.send(self.client.get(url)).await
    }

    async fn post(&self, path: &str, key: &str, fields: &Fields<'_>) -> Result<Value, Fault> {
        let request = self
            .client
            .post(format!("{}/v1/{path}", self.url))
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(encoded(fields));
        self.send(request).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Value, Fault> {
        let request = request.header("Authorization", self.key.clone()).header("Stripe-Version", VERSION);
        let mut answer = request.send().await.map_err(lost)?;
        let status = answer.status();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| PortError::Timeout)? {
            body.extend_from_slice(&chunk);
            if body.len() > MOST {
                return Err(PortError::Timeout.into());
            }
        }
        let value: Option<Value> = serde_json::from_slice(&body).ok();
        if status.is_success() {
            // Done, but who knows what: a look-up tells.
            return value.ok_or(Fault::Port(PortError::Timeout));
        }
        let error = value.and_then(|mut v| v.get_mut("error").map(Value::take)).unwrap_or(Value::Null);
        let words = shape::error_words(status.as_u16(), &error);
        tracing::info!(answer = words, "Stripe");
        Err(match status {
            StatusCode::PAYMENT_REQUIRED => Fault::Declined(error),
            StatusCode::NOT_FOUND => Fault::Missing,
            // Another request with this key is under way.
            StatusCode::CONFLICT => Fault::Port(PortError::Timeout),
            StatusCode::TOO_MANY_REQUESTS => Fault::Port(PortError::Unreachable),
            // Stripe calls the result of these indeterminate.
            status if status.is_server_error() => Fault::Port(PortError::Timeout),
            _ => Fault::Port(PortError::Refused(words)),
        })
    }

    /// The first object of a list, over all its pages, that `is` it.
    async fn find(
        &self,
        path: &str,
        filter: &Fields<'_>,
        is: impl Fn(&Value) -> bool,
    ) -> Result<Option<Value>, Fault> {
        let mut after = String::new();
        loop {
            let mut query = filter.clone();
            query.push(("limit", PAGE));
            if !after.is_empty() {
                query.push(("starting_after", &after));
            }
            let mut page = self.get(path, &query).await?;
            let more = page["has_more"] == Value::Bool(true);
            let objects = page["data"].as_array_mut().map(std::mem::take).unwrap_or_default();
            let last = objects.last().map(|o| shape::text(o, "/id").to_owned());
            if let Some(found) = objects.into_iter().find(&is) {
                return Ok(Some(found));
            }
            match last {
                Some(last) if more => after = last,
                _ => return Ok(None),
            }
        }
    }
}

fn encoded(fields: &Fields<'_>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A request without an answer: only if no connection came about is it certain that nothing was done.
fn lost(error: reqwest::Error) -> PortError {
    let lost = if error.is_connect() { PortError::Unreachable } else { PortError::Timeout };
    // The address would show tokens.
    tracing::warn!(error = %error.without_url(), "Stripe does not answer");
    lost
}

/// An id as Stripe makes them, so that it can stand in a path: some come from the reader.
fn id<'a>(prefix: &str, text: &'a str) -> Result<&'a str, PortError> {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    match text.starts_with(prefix) && plain && text.len() <= 255 {
        true => Ok(text),
        false => Err(PortError::Refused(format!("not an id that begins with {prefix}"))),
    }
}

#[async_trait]
impl PaymentPort for Stripe {
    async fn charge(&self, order: &ChargeOrder) -> Result<ChargeOutcome, PortError> {
        let amount = order.amount.minor.to_string();
        let currency = order.amount.currency.key().to_lowercase();
        let mut fields: Fields = vec![
            ("amount", &amount),
            ("currency", &currency),
            ("customer", &order.customer),
            ("payment_method", &order.method),
            ("payment_method_types[]", "card"),
            ("description", &order.description),
            ("metadata[kontor_payment]", &order.key),
            ("confirm", "true"),
        ];
        match &order.return_url {
            Some(url) => fields.push(("return_url", url)),
            None => fields.push(("off_session", "true")),
        }
        match self.post("payment_intents", &order.key, &fields).await {
            Ok(intent) => shape::outcome(&intent),
            Err(Fault::Declined(error)) => {
                let intent = error.pointer("/payment_intent/id").and_then(Value::as_str).map(str::to_owned);
                let failure = shape::failure(&error);
                Ok(ChargeOutcome {
                    failure: Some(failure),
                    ..ChargeOutcome::new(PaymentStatus::Failed, intent)
                })
            }
            Err(fault) => Err(fault.into()),
        }
    }

    async fn look_up(
        &self,
        order: &ChargeOrder,
        provider_ref: Option<&str>,
    ) -> Result<Option<ChargeOutcome>, PortError> {
        let found = match provider_ref {
            Some(name) => match self.get(&format!("payment_intents/{}", id("pi_", name)?), &vec![]).await {
                Err(Fault::Missing) => None,
                intent => Some(intent?),
            },
            None => {
                // An hour for clocks that differ. A list is up to date at once, Stripe's search is not.
                let since = (order.created_at.plus_hours(-1).0 / 1000).to_string();
                let filter = vec![("customer", order.customer.as_str()), ("created[gte]", since.as_str())];
                let ours = |intent: &Value| shape::text(intent, "/metadata/kontor_payment") == order.key;
                self.find("payment_intents", &filter, ours).await?
            }
        };
        found.as_ref().map(shape::outcome).transpose()
    }

    async fn cancel(
        &self,
        order: &ChargeOrder,
        provider_ref: Option<&str>,
    ) -> Result<ChargeOutcome, PortError> {
        // A charge that Stripe does not know may still be on its way: that is no answer.
        let known = match provider_ref {
            Some(name) => Some(name.to_owned()),
            None => self.look_up(order, None).await?.and_then(|outcome| outcome.provider_ref),
        };
        let name = known.ok_or(PortError::Timeout)?;
        let path = format!("payment_intents/{}/cancel", id("pi_", &name)?);
        match self.post(&path, &format!("cancel-{}", order.key), &vec![]).await {
            Ok(intent) => shape::outcome(&intent),
            // What has come to its end cannot be cancelled: how it stands is the answer.
            Err(Fault::Port(PortError::Refused(why))) => match self.look_up(order, Some(&name)).await? {
                Some(outcome) if !outcome.status.is_open() => Ok(outcome),
                _ => Err(PortError::Refused(why)),
            },
            Err(fault) => Err(fault.into()),
        }
    }

    async fn refund(&self, order: &RefundOrder) -> Result<RefundOutcome, PortError> {
        let intent = id("pi_", &order.provider_ref)?;
        // Refunds are rare, and a second one would be lost money: the look first holds longer than the key.
        let ours = |refund: &Value| shape::text(refund, "/metadata/kontor_refund") == order.key;
        if let Some(refund) = self.find("refunds", &vec![("payment_intent", intent)], ours).await? {
            return Ok(shape::refund(&refund));
        }
        let amount = order.amount.minor.to_string();
        let fields =
            vec![("payment_intent", intent), ("amount", &amount), ("metadata[kontor_refund]", &order.key)];
        Ok(shape::refund(&self.post("refunds", &order.key, &fields).await?))
    }

    async fn begin_setup(&self, order: &SetupOrder) -> Result<SetupForm, PortError> {
        let customer = match &order.customer {
            Some(customer) => customer.clone(),
            None => {
                let fields = vec![
                    ("name", order.name.as_str()),
                    ("email", &order.email),
                    ("metadata[kontor_owner]", &order.owner),
                ];
                let made = self.post("customers", &format!("{}-customer", order.key), &fields).await?;
                shape::text(&made, "/id").to_owned()
            }
        };
        let sign = if order.return_url.contains('?') { '&' } else { '?' };
        let back = format!("{}{sign}setup={{CHECKOUT_SESSION_ID}}", order.return_url);
        let fields = vec![
            ("mode", "setup"),
            ("customer", &customer),
            ("client_reference_id", &order.owner),
            ("payment_method_types[]", "card"),
            ("success_url", &back),
            ("cancel_url", &order.cancel_url),
        ];
        let session = self.post("checkout/sessions", &order.key, &fields).await?;
        match shape::text(&session, "/url") {
            "" => Err(PortError::Refused("Checkout names no page".into())),
            url => Ok(SetupForm::Redirect { url: url.to_owned() }),
        }
    }

    async fn attach(&self, owner: &str, setup: &str) -> Result<MethodFacts, PortError> {
        let path = format!("checkout/sessions/{}", id("cs_", setup)?);
        let session = self.get(&path, &vec![("expand[]", "setup_intent.payment_method")]).await?;
        if shape::text(&session, "/client_reference_id") != owner {
            return Err(PortError::Refused("somebody else's card".into()));
        }
        shape::method(&session)
    }

    async fn detach(&self, method: &str) -> Result<(), PortError> {
        let path = format!("payment_methods/{}/detach", id("pm_", method)?);
        match self.post(&path, &format!("detach-{method}"), &vec![]).await {
            Ok(_) | Err(Fault::Missing) => Ok(()),
            Err(fault) => Err(fault.into()),
        }
    }

    fn parse_webhook(
        &self,
        headers: &[(String, String)],
        body: &[u8],
        now: Instant,
    ) -> Result<Vec<ProviderEvent>, WebhookFault> {
        signature::verify(&self.webhook_secret, SIGNATURE, headers, body, now)?;
        let event: Value = serde_json::from_slice(body).map_err(|_| WebhookFault::Malformed)?;
        shape::events(&event)
    }
}
