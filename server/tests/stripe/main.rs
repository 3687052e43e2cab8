//! Stripe's half of the payment port against localstripe (installed by `scripts/setup.sh test`).

mod localstripe;

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Method},
    routing::post,
};
use kontor::{
    kernel::{
        clock::{Clock, SystemClock},
        instant::Instant,
        money::{Currency, Money},
    },
    payment::{
        Failure, PaymentStatus, RefundStatus,
        port::{
            ChargeOrder, MethodFacts, News, PaymentPort, PortError, RefundOrder, SetupForm, SetupOrder,
            WebhookFault,
        },
    },
};
use kontor_server::{
    config::{Hidden, StripeConfig},
    payment::stripe::Stripe,
};
use localstripe::{Cut, KEY, Shop};
use rustix::process::Signal;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

const SECRET: &str = "whsec_12345";
const OWNER: &str = "org_00000000000000000000000001";

fn stripe(url: &str) -> Stripe {
    let config = StripeConfig {
        url: url.into(),
        secret_key: Hidden(KEY.into()),
        webhook_secret: Hidden(SECRET.into()),
    };
    Stripe::new(&config).unwrap()
}

fn now() -> Instant {
    SystemClock.now()
}

fn setup(key: &str) -> SetupOrder {
    SetupOrder {
        key: key.into(),
        owner: OWNER.into(),
        name: "Müller & Söhne".into(),
        email: "billing@müller.example".into(),
        customer: None,
        return_url: "http://127.0.0.1:3000/back?org=1".into(),
        cancel_url: "http://127.0.0.1:3000/back".into(),
    }
}

/// Enters a card at the provider's page and attaches it.
async fn card(shop: &Shop, stripe: &Stripe, method: &str) -> MethodFacts {
    let form = stripe.begin_setup(&setup(method)).await.unwrap();
    let SetupForm::Redirect { url } = form else { panic!("{form:?}") };
    let session = url.rsplit('/').next().unwrap();
    assert!(matches!(stripe.attach(OWNER, session).await, Err(PortError::Refused(_))), "nothing entered yet");
    shop.enter(session, method).await;
    let other = stripe.attach("org_somebody_else", session).await;
    assert_eq!(other, Err(PortError::Refused("somebody else's card".into())));
    stripe.attach(OWNER, session).await.unwrap()
}

fn order(key: &str, card: &MethodFacts) -> ChargeOrder {
    ChargeOrder {
        key: key.into(),
        amount: Money::new(12_000, Currency::Eur),
        method: card.token.clone(),
        customer: card.customer_token.clone(),
        description: "10 licences, März".into(),
        return_url: None,
        created_at: now(),
    }
}

#[tokio::test]
async fn a_card_is_entered_at_stripes_charged_once_per_key_and_forgotten() {
    let (shop, url) = Shop::open().await;
    let stripe = stripe(&url);
    let card = card(&shop, &stripe, "pm_card_visa").await;
    assert_eq!((card.card.brand.as_str(), card.card.last4.as_str()), ("visa", "4242"));
    assert_eq!((card.card.exp_month, card.card.exp_year), (12, 2030));

    let order = order("pay_1", &card);
    assert_eq!(stripe.look_up(&order, None).await, Ok(None));
    let outcome = stripe.charge(&order).await.unwrap();
    assert_eq!((outcome.status, outcome.failure), (PaymentStatus::Succeeded, None));
    assert_eq!(stripe.charge(&order).await, Ok(outcome.clone()));
    assert_eq!(stripe.look_up(&order, None).await, Ok(Some(outcome.clone())));
    assert_eq!(stripe.look_up(&order, outcome.provider_ref.as_deref()).await, Ok(Some(outcome)));
    assert_eq!(stripe.look_up(&order, Some("pi_unknown")).await, Ok(None));
    let dearer = ChargeOrder { amount: Money::new(12_001, Currency::Eur), ..order.clone() };
    assert!(matches!(stripe.charge(&dearer).await, Err(PortError::Refused(_))));
    assert_eq!(shop.charged().await, [12_000]);

    stripe.detach(&card.token).await.unwrap();
    stripe.detach("pm_unknown").await.unwrap();
    let left = shop.ask(Method::GET, &format!("/v1/payment_methods/{}", card.token), "").await;
    assert!(left["customer"].is_null(), "{left}");
}

#[tokio::test]
async fn an_order_is_found_among_more_than_a_page_of_others() {
    let (shop, url) = Shop::open().await;
    let stripe = stripe(&url);
    let card = card(&shop, &stripe, "pm_card_visa").await;
    for nth in 0..105 {
        stripe.charge(&order(&format!("pay_{nth}"), &card)).await.unwrap();
    }
    for key in ["pay_0", "pay_104"] {
        let found = stripe.look_up(&order(key, &card), None).await.unwrap();
        assert_eq!(found.unwrap().status, PaymentStatus::Succeeded, "{key}");
    }
    assert_eq!(stripe.look_up(&order("pay_105", &card), None).await, Ok(None));
}

#[tokio::test]
async fn a_declined_card_is_an_outcome_and_stays_one() {
    let (shop, url) = Shop::open().await;
    let stripe = stripe(&url);
    let card = card(&shop, &stripe, "pm_card_chargeCustomerFail").await;
    let order = order("pay_1", &card);
    for _ in 0..2 {
        let outcome = stripe.charge(&order).await.unwrap();
        assert_eq!((outcome.status, outcome.failure), (PaymentStatus::Failed, Some(Failure::Declined)));
    }
    let found = stripe.resume(&order, None).await.unwrap();
    assert_eq!((found.status, found.failure), (PaymentStatus::Failed, Some(Failure::Declined)));
    assert!(found.provider_ref.unwrap().starts_with("pi_"));
    assert_eq!(shop.charged().await, [0i64; 0]);
}

#[tokio::test]
async fn a_card_whose_owner_must_confirm_waits_for_them() {
    let (shop, url) = Shop::open().await;
    let stripe = stripe(&url);
    // The reader's browser tells Stripe the number, and nobody else.
    let number =
        "type=card&card[number]=4000002500003155&card[exp_month]=12&card[exp_year]=2030&card[cvc]=123";
    let method = shop.ask(Method::POST, "/v1/payment_methods", number).await;
    let facts = MethodFacts {
        token: method["id"].as_str().unwrap().into(),
        ..card(&shop, &stripe, "pm_card_visa").await
    };
    let order =
        ChargeOrder { return_url: Some("http://127.0.0.1:3000/back".into()), ..order("pay_1", &facts) };
    let outcome = stripe.charge(&order).await.unwrap();
    assert_eq!(outcome.status, PaymentStatus::RequiresAction);
    let name = outcome.provider_ref.unwrap();
    let intent = shop.ask(Method::GET, &format!("/v1/payment_intents/{name}"), "").await;
    let confirm = format!("client_secret={}&success=true", intent["client_secret"].as_str().unwrap());
    shop.ask(Method::POST, &format!("/v1/payment_intents/{name}/_authenticate"), &confirm).await;
    let found = stripe.look_up(&order, Some(&name)).await.unwrap().unwrap();
    assert_eq!(found.status, PaymentStatus::Succeeded);
    assert_eq!(shop.charged().await, [12_000]);
}

#[tokio::test]
async fn what_nobody_confirmed_is_given_up_and_what_was_paid_is_not() {
    let (shop, url) = Shop::open().await;
    let stripe = stripe(&url);
    let number =
        "type=card&card[number]=4000002500003155&card[exp_month]=12&card[exp_year]=2030&card[cvc]=123";
    let method = shop.ask(Method::POST, "/v1/payment_methods", number).await;
    let visa = card(&shop, &stripe, "pm_card_visa").await;
    let facts = MethodFacts { token: method["id"].as_str().unwrap().into(), ..visa.clone() };
    let asks =
        ChargeOrder { return_url: Some("http://127.0.0.1:3000/back".into()), ..order("pay_1", &facts) };
    let name = stripe.charge(&asks).await.unwrap().provider_ref.unwrap();
    for _ in 0..2 {
        let outcome = stripe.cancel(&asks, Some(&name)).await.unwrap();
        assert_eq!((outcome.status, outcome.failure), (PaymentStatus::Failed, Some(Failure::Abandoned)));
    }
    let found = stripe.look_up(&asks, Some(&name)).await.unwrap().unwrap();
    assert_eq!(found.status, PaymentStatus::Failed);
    let pays = order("pay_2", &visa);
    let paid = stripe.charge(&pays).await.unwrap();
    assert_eq!(stripe.cancel(&pays, paid.provider_ref.as_deref()).await, Ok(paid));
    // Of what Stripe does not know nobody can say what becomes.
    assert_eq!(stripe.cancel(&order("pay_3", &visa), None).await, Err(PortError::Timeout));
    assert_eq!(shop.charged().await, [12_000]);
}

#[tokio::test]
async fn money_is_given_back_in_part_and_in_full_once_per_key() {
    let (shop, url) = Shop::open().await;
    let stripe = stripe(&url);
    let card = card(&shop, &stripe, "pm_card_visa").await;
    let charge = stripe.charge(&order("pay_1", &card)).await.unwrap().provider_ref.unwrap();
    let refund = |key: &str, minor| RefundOrder {
        key: key.into(),
        provider_ref: charge.clone(),
        amount: Money::new(minor, Currency::Eur),
    };
    let first = stripe.refund(&refund("rfd_1", 5_000)).await.unwrap();
    assert_eq!(first.status, RefundStatus::Succeeded);
    assert_eq!(stripe.refund(&refund("rfd_1", 5_000)).await, Ok(first));
    // The answer is lost.
    shop.cut_next(Cut::Answer);
    assert_eq!(stripe.refund(&refund("rfd_2", 7_000)).await, Err(PortError::Timeout));
    assert_eq!(stripe.refund(&refund("rfd_2", 7_000)).await.unwrap().status, RefundStatus::Succeeded);
    let mut given = shop.refunded().await;
    given.sort_unstable();
    assert_eq!(given, [5_000, 7_000]);

    let unknown = RefundOrder { provider_ref: "pi_unknown".into(), ..refund("rfd_3", 1) };
    assert!(matches!(stripe.refund(&unknown).await, Err(PortError::Refused(_))));
}

#[tokio::test]
async fn a_lost_request_and_a_lost_answer_end_in_one_charge_each() {
    let (shop, url) = Shop::open().await;
    let stripe = stripe(&url);
    let card = card(&shop, &stripe, "pm_card_visa").await;
    for (key, cut, known) in [("pay_1", Cut::Request, false), ("pay_2", Cut::Answer, true)] {
        let order = order(key, &card);
        shop.cut_next(cut);
        assert_eq!(stripe.charge(&order).await, Err(PortError::Timeout), "{key}");
        assert_eq!(stripe.look_up(&order, None).await.unwrap().is_some(), known, "{key}");
        for _ in 0..2 {
            assert_eq!(stripe.resume(&order, None).await.unwrap().status, PaymentStatus::Succeeded, "{key}");
        }
        // Also without the look first: the key alone is enough.
        assert_eq!(stripe.charge(&order).await.unwrap().status, PaymentStatus::Succeeded, "{key}");
    }
    assert_eq!(shop.charged().await, [12_000, 12_000]);
}

#[tokio::test]
async fn a_server_that_hangs_is_a_timeout_and_charges_once_when_it_wakes() {
    let (shop, url) = Shop::open().await;
    let stripe = stripe(&url);
    let card = card(&shop, &stripe, "pm_card_visa").await;
    let order = order("pay_1", &card);
    shop.signal(Signal::STOP);
    assert_eq!(stripe.charge(&order).await, Err(PortError::Timeout));
    shop.signal(Signal::CONT);
    // The request was on its way and is carried out now.
    for _ in 0..100 {
        if !shop.charged().await.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(stripe.resume(&order, None).await.unwrap().status, PaymentStatus::Succeeded);
    assert_eq!(shop.charged().await, [12_000]);
}

#[tokio::test]
async fn a_server_that_is_gone_is_out_of_reach() {
    let (shop, _) = Shop::open().await;
    let direct = stripe(&shop.behind());
    let facts = MethodFacts {
        token: "pm_1".into(),
        customer_token: "cus_1".into(),
        card: kontor::payment::Script::Approve.card(),
        holder: String::new(),
    };
    shop.kill();
    assert_eq!(direct.charge(&order("pay_1", &facts)).await, Err(PortError::Unreachable));
    assert_eq!(direct.look_up(&order("pay_1", &facts), None).await, Err(PortError::Unreachable));
}

#[tokio::test]
async fn tokens_that_are_no_ids_reach_no_path() {
    // Nothing listens there: whoever asked would be told that it is out of reach.
    let stripe = stripe("http://127.0.0.1:1");
    for setup in ["", "cs_../customers", "cs_1?x=1", "cs_1%2f", "pm_1", "cs_ä"] {
        assert!(matches!(stripe.attach(OWNER, setup).await, Err(PortError::Refused(_))), "{setup}");
    }
    assert!(matches!(stripe.detach("pm_1/../2").await, Err(PortError::Refused(_))));
}

type Came = Arc<Mutex<Vec<(Vec<(String, String)>, Vec<u8>)>>>;

#[tokio::test]
async fn webhooks_are_verified_and_name_our_payment() {
    let (shop, url) = Shop::open().await;
    let stripe = stripe(&url);
    let came: Came = Arc::default();
    let kept = came.clone();
    let hook = post(async move |headers: HeaderMap, body: Bytes| {
        let text = |v: &axum::http::HeaderValue| v.to_str().unwrap().to_owned();
        let headers = headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        kept.lock().unwrap().push((headers, body.to_vec()));
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = format!("http://{}/hooks/stripe", listener.local_addr().unwrap());
    let router = Router::new().route("/hooks/stripe", hook);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let config = serde_json::json!({ "url": to, "secret": SECRET, "events": null });
    shop.ask(Method::POST, "/_config/webhooks/kontor", &config.to_string()).await;

    let visa = card(&shop, &stripe, "pm_card_visa").await;
    let failing = card(&shop, &stripe, "pm_card_chargeCustomerFail").await;
    let paid = stripe.charge(&order("pay_1", &visa)).await.unwrap();
    stripe.charge(&order("pay_2", &failing)).await.unwrap();
    let mut told = Vec::new();
    for _ in 0..200 {
        let events = std::mem::take(&mut *came.lock().unwrap());
        for (headers, body) in &events {
            told.extend(stripe.parse_webhook(headers, body, now()).unwrap());
            // The same bytes, as others would send them.
            let altered = [body.as_slice(), b" "].concat();
            let late = now().plus_minutes(6);
            assert_eq!(stripe.parse_webhook(headers, &altered, now()), Err(WebhookFault::WrongSignature));
            assert_eq!(stripe.parse_webhook(headers, body, late), Err(WebhookFault::TooOld));
            assert_eq!(stripe.parse_webhook(&[], body, now()), Err(WebhookFault::NoSignature));
        }
        if told.len() >= 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let of = |key: &str| told.iter().find(|event| event.key.as_deref() == Some(key)).unwrap();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!((&of("pay_1").news, &of("pay_1").provider_ref), (&News::Succeeded, &paid.provider_ref));
    assert_eq!(of("pay_2").news, News::Failed { failure: Failure::Declined });
}
