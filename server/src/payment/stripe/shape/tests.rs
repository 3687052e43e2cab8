use super::*;
use serde_json::json;

fn event(kind: &str, object: Value) -> Value {
    json!({ "id": "evt_1", "type": kind, "created": 1_772_442_000, "data": { "object": object } })
}

fn news(kind: &str, object: Value) -> Option<ProviderEvent> {
    events(&event(kind, object)).unwrap().pop()
}

fn intent(status: &str) -> Value {
    json!({ "id": "pi_1", "status": status, "metadata": { "kontor_payment": "pay_1" } })
}

#[test]
fn every_status_of_an_intent_is_understood_and_an_unknown_one_is_no_answer() {
    let of = |status| outcome(&intent(status)).map(|o| (o.status, o.failure));
    assert_eq!(of("succeeded"), Ok((PaymentStatus::Succeeded, None)));
    assert_eq!(of("processing"), Ok((PaymentStatus::Processing, None)));
    assert_eq!(of("requires_action"), Ok((PaymentStatus::RequiresAction, None)));
    assert_eq!(of("canceled"), Ok((PaymentStatus::Failed, Some(Failure::Abandoned))));
    for unknown in ["requires_capture", "requires_confirmation", "new_in_2030"] {
        assert_eq!(of(unknown), Err(PortError::Timeout), "{unknown}");
    }
    assert_eq!(outcome(&json!({ "status": "succeeded" })), Err(PortError::Timeout));
    let mut refused = intent("requires_payment_method");
    refused["last_payment_error"] =
        json!({ "type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds" });
    assert_eq!(outcome(&refused).unwrap().failure, Some(Failure::InsufficientFunds));
    let mut asked = intent("requires_action");
    asked["next_action"] = json!({ "redirect_to_url": { "url": "https://hooks.stripe.com/3d" } });
    assert_eq!(outcome(&asked).unwrap().action_url.as_deref(), Some("https://hooks.stripe.com/3d"));
}

#[test]
fn refusals_of_cards_are_told_apart() {
    for (code, decline, expected) in [
        ("card_declined", "generic_decline", Failure::Declined),
        ("card_declined", "", Failure::Declined),
        ("card_declined", "lost_card", Failure::Declined),
        ("card_declined", "insufficient_funds", Failure::InsufficientFunds),
        ("card_declined", "currency_not_supported", Failure::CardError),
        ("card_declined", "issuer_not_available", Failure::ProviderError),
        ("card_declined", "authentication_required", Failure::AuthenticationRequired),
        ("authentication_required", "authentication_required", Failure::AuthenticationRequired),
        ("payment_intent_authentication_failure", "", Failure::Abandoned),
        ("expired_card", "expired_card", Failure::ExpiredCard),
        ("incorrect_cvc", "incorrect_cvc", Failure::CardError),
        ("processing_error", "processing_error", Failure::ProviderError),
        ("something_new", "", Failure::CardError),
    ] {
        let error = json!({ "type": "card_error", "code": code, "decline_code": decline });
        assert_eq!(failure(&error), expected, "{code} {decline}");
    }
    assert_eq!(failure(&Value::Null), Failure::ProviderError);
}

#[test]
fn what_is_written_down_of_an_error_holds_no_token() {
    let error = json!({
        "type": "invalid_request_error", "code": "resource_missing", "param": "payment_method",
        "message": "No such PaymentMethod: 'pm_1AbC'", "decline_code": "pm_1AbC",
    });
    assert_eq!(error_words(400, &error), "400 invalid_request_error resource_missing payment_method");
    assert_eq!(error_words(500, &Value::Null), "500");
}

#[test]
fn events_say_what_happened_to_which_payment() {
    let told = news("payment_intent.succeeded", intent("succeeded")).unwrap();
    assert_eq!((told.key.as_deref(), told.provider_ref.as_deref()), (Some("pay_1"), Some("pi_1")));
    assert_eq!((told.id.as_str(), told.at), ("evt_1", Instant(1_772_442_000_000)));
    assert_eq!(told.news, News::Succeeded);

    let mut refused = intent("requires_payment_method");
    refused["last_payment_error"] = json!({ "code": "expired_card" });
    let told = news("payment_intent.payment_failed", refused).unwrap();
    assert_eq!(told.news, News::Failed { failure: Failure::ExpiredCard });
    let told = news("payment_intent.canceled", intent("canceled")).unwrap();
    assert_eq!(told.news, News::Failed { failure: Failure::Abandoned });
    let told = news("payment_intent.requires_action", intent("requires_action")).unwrap();
    assert_eq!(told.news, News::ActionRequired { url: None });

    let charge = json!({ "id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 500, "currency": "jpy" });
    let told = news("charge.refunded", charge).unwrap();
    assert_eq!(told.provider_ref.as_deref(), Some("pi_1"));
    assert_eq!(told.news, News::Refunded { total: Money::new(500, Currency::Jpy) });

    let refund = json!({
        "id": "re_1", "payment_intent": "pi_1", "status": "failed", "metadata": { "kontor_refund": "rfd_1" },
    });
    let settled = News::RefundSettled {
        key: Some("rfd_1".into()),
        refund_ref: "re_1".into(),
        status: RefundStatus::Failed,
    };
    assert_eq!(news("refund.updated", refund).unwrap().news, settled);
}

#[test]
fn disputes_open_and_close_and_questions_are_none() {
    let dispute = |status: &str| json!({ "id": "dp_1", "payment_intent": "pi_1", "status": status, "amount": 900, "currency": "eur" });
    let of = |kind, status| news(kind, dispute(status)).map(|told| told.news);
    let opened = News::DisputeOpened { amount: Money::new(900, Currency::Eur) };
    assert_eq!(of("charge.dispute.created", "needs_response"), Some(opened));
    assert_eq!(of("charge.dispute.created", "warning_needs_response"), None);
    assert_eq!(of("charge.dispute.closed", "won"), Some(News::DisputeWon));
    assert_eq!(of("charge.dispute.closed", "lost"), Some(News::DisputeLost));
    assert_eq!(of("charge.dispute.closed", "warning_closed"), None);
}

#[test]
fn what_is_not_about_our_payments_is_passed_over_and_what_is_no_event_refused() {
    assert_eq!(news("customer.created", json!({ "id": "cus_1" })), None);
    let foreign =
        json!({ "id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 500, "currency": "xxx" });
    assert_eq!(news("charge.refunded", foreign), None);
    let bare = json!({ "id": "ch_1", "payment_intent": null, "amount_refunded": 500, "currency": "eur" });
    assert_eq!(news("charge.refunded", bare), None);
    for wrong in
        [json!({}), json!([]), json!({ "id": "evt_1", "type": "x", "created": 1 }), event("", json!({}))]
    {
        assert_eq!(events(&wrong), Err(WebhookFault::Malformed), "{wrong}");
    }
}

#[test]
fn only_a_completed_session_with_a_card_gives_a_card() {
    let session = json!({
        "status": "complete", "customer": "cus_1",
        "setup_intent": { "payment_method": {
            "id": "pm_1", "billing_details": { "name": "Ada" },
            "card": { "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030 },
        } },
    });
    let facts = method(&session).unwrap();
    assert_eq!(
        (facts.token.as_str(), facts.customer_token.as_str(), facts.holder.as_str()),
        ("pm_1", "cus_1", "Ada")
    );
    assert_eq!((facts.card.last4.as_str(), facts.card.exp_month, facts.card.exp_year), ("4242", 12, 2030));
    let mut open = session.clone();
    open["status"] = json!("open");
    assert!(method(&open).is_err());
    let mut debit = session;
    debit["setup_intent"]["payment_method"]["card"] = Value::Null;
    assert!(method(&debit).is_err());
}
