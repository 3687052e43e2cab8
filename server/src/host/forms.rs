//! The way of a form without script (design.md section 3): what was typed is kept, and the form shows it again with
//! what was wrong.

use super::{Host, headers::plain_error, viewer::DONE};
use app::wire::{Kept, Outcome, cookie};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kontor::{
    Error,
    account::service,
    kernel::{Kontor, actor::Viewer},
};
use server_fn::error::SERVER_FN_ERROR_HEADER;

/// Fields whose content is never kept.
const SECRET: [&str; 6] = ["password", "new_password", "code", "token", "client_secret", "credential"];

/// Wraps server functions called by a plain form.
pub async fn keep_input(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let outcome = Outcome::default();
    request.extensions_mut().insert(outcome.clone());
    let plain = request.uri().path().starts_with("/api/")
        && text(request.headers(), header::ACCEPT).contains("text/html")
        && text(request.headers(), header::CONTENT_TYPE).starts_with("application/x-www-form-urlencoded");
    let (Some(kontor), Some(viewer), true) =
        (request.extensions().get::<Kontor>().cloned(), request.extensions().get::<Viewer>().cloned(), plain)
    else {
        return unreadable_is_bad_request(next.run(request).await, &outcome);
    };
    let form = request.uri().path().to_owned();
    let referrer = back(request.headers(), &host.config.raw.public_url);
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, super::BODY_LIMIT).await else {
        return plain_error(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let back = referrer.unwrap_or_else(|| page_of(&form, &bytes));
    let response = next.run(Request::from_parts(parts, Body::from(bytes.clone()))).await;
    let failed = outcome.error().or_else(|| {
        // The form's fields did not even fit the call; into the address leptos puts that only if there is a referrer.
        response.headers().contains_key(SERVER_FN_ERROR_HEADER).then_some(Error::BadRequest)
    });
    // What a failed call has set stays set: an application that is refused may have made an account before.
    let cookies: Vec<HeaderValue> =
        response.headers().get_all(header::SET_COOKIE).iter().filter(|_| failed.is_some()).cloned().collect();
    let mut answer = match failed {
        None => success(response, &back),
        Some(error) => {
            // A session that ended is no mistake in the form: what was typed waits behind the sign-in.
            let signed_out = error == Error::Unauthenticated;
            let told = Some(error.clone()).filter(|_| !signed_out);
            let kept = Kept { form: form.clone(), values: values(&bytes), error: told };
            match keep(&kontor, &viewer, &kept).await {
                Ok(token) if signed_out => {
                    see(&format!("/signin?next={}", encode(&with_state(&back, token.as_deref()))))
                }
                Ok(Some(token)) => see(&with_state(&back, Some(&token))),
                Ok(None) | Err(_) => plain_error(
                    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                ),
            }
        }
    };
    for cookie in cookies {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if let Some(done) = outcome.done()
        && let Ok(value) = HeaderValue::from_str(&cookie::line(DONE, done, 60, false))
    {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

/// leptos answers 500 where a call's fields cannot even be read; whatever the body of a call fails with has set its own
/// status, and a panic never comes this far.
fn unreadable_is_bad_request(mut response: Response, outcome: &Outcome) -> Response {
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR && outcome.error().is_none() {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

pub(super) async fn keep(kontor: &Kontor, viewer: &Viewer, kept: &Kept) -> Result<Option<String>, Error> {
    let content = serde_json::to_string(kept).map_err(kontor::kernel::error::internal)?;
    service::keep_input(kontor, viewer, &kept.form, content).await
}

/// The typed fields, without secrets.
fn values(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body)
        .filter(|(name, _)| !SECRET.contains(&name.as_ref()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// After success the reader sees where the call leads, or the page of the form again, without the earlier input.
fn success(mut response: Response, back: &str) -> Response {
    let location = text(response.headers(), header::LOCATION);
    let target = if is_local(&location) { location } else { with_state(back, None) };
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(value) = HeaderValue::from_str(&target) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    *response.body_mut() = Body::empty();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

/// Whether an address leads to this host only: a second slash would begin another host's name.
fn is_local(address: &str) -> bool {
    address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\")
}

/// The page of the form: path and query of the referrer, if that is a page of ours.
fn back(headers: &HeaderMap, public_url: &str) -> Option<String> {
    let referrer = url::Url::parse(&text(headers, header::REFERER)).ok()?;
    let host = text(headers, header::HOST);
    let here = url::Url::parse(&format!("{}://{host}", referrer.scheme())).ok();
    let ours = [here, url::Url::parse(public_url).ok()];
    if !ours.iter().flatten().any(|our| our.origin() == referrer.origin()) || !is_local(referrer.path()) {
        return None;
    }
    Some(match referrer.query() {
        Some(query) => format!("{}?{query}", referrer.path()),
        None => referrer.path().to_owned(),
    })
}

/// The page with the form of a call, for browsers that tell no referrer.
fn page_of(call: &str, body: &[u8]) -> String {
    let field = |wanted: &str| {
        let found = url::form_urlencoded::parse(body).find(|(name, _)| name == wanted);
        // Ids and tokens only: what the reader typed is no part of an address.
        found
            .map(|(_, v)| v.into_owned())
            .filter(|v| v.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)))
    };
    let org = field("org").unwrap_or_default();
    match call.strip_prefix("/api/").and_then(|rest| rest.split_once('/')).unwrap_or_default() {
        ("account", "sign_in" | "single_sign_on") => "/signin".into(),
        ("account", "sign_in_code") => "/signin?step=code".into(),
        ("account", "sign_up") => "/signup".into(),
        ("account", "request_reset") => "/reset".into(),
        ("account", "reset_password") => format!("/reset/{}", field("token").unwrap_or_default()),
        ("account", "activate") => format!("/activate/{}", field("token").unwrap_or_default()),
        ("account", "set_language" | "set_theme" | "sign_out") => "/".into(),
        ("account", _) => "/account".into(),
        ("apply", "answer" | "withdraw") => format!("/apply/status/{}", field("token").unwrap_or_default()),
        ("apply", _) => "/apply".into(),
        ("review", _) => format!("/review/{}", field("application").unwrap_or_default()),
        ("admin", "add_organisation") => format!("/admin/{org}/partner/customers/new"),
        ("admin", "extend_trial" | "manage" | "verify_customer_domain") => {
            format!("/admin/{org}/partner/customers")
        }
        ("admin", "add_user" | "suspend_user" | "restore_user") => format!("/admin/{org}/users"),
        ("admin", "verify_domain" | "add_domain" | "remove_domain") => format!("/admin/{org}/domains"),
        ("admin", "revoke_access") => format!("/admin/{org}/partner-access"),
        ("admin", "save_provider" | "remove_provider") => format!("/admin/{org}/sign-in"),
        ("admin", "save_billing") => format!("/admin/{org}/billing"),
        ("vendor", "refund_payment" | "record_payment") => "/vendor/payments".into(),
        ("vendor", "record_invoice_payment") => {
            format!("/vendor/invoices/{}", field("invoice").unwrap_or_default())
        }
        ("vendor", "lift_flag") => "/vendor/customers".into(),
        (surface @ ("admin" | "store"), "pay_invoice") => {
            format!("/{surface}/{org}/invoices/{}", field("invoice").unwrap_or_default())
        }
        ("admin", "begin_card" | "keep_card" | "prefer_card" | "remove_card") => {
            format!("/admin/{org}/billing")
        }
        ("admin", "confirm_change" | "approve_change" | "decline_change" | "undo_change" | "take_over") => {
            format!("/admin/{org}/subscription")
        }
        ("store", "plan_bulk") => format!("/store/{org}/customers/bulk"),
        ("store", "start_bulk") => {
            format!("/store/{org}/customers/bulk/{}", field("run").unwrap_or_default())
        }
        ("store", "confirm_change" | "approve_change" | "decline_change" | "undo_change") => {
            format!("/store/{org}/customers/{}", field("customer").unwrap_or_default())
        }
        ("admin", _) => format!("/admin/{org}"),
        ("store", "request_payout" | "cancel_payout" | "set_payout_account") => {
            format!("/store/{org}/payouts")
        }
        ("vendor", "decide_payout") => {
            format!("/vendor/payouts?payout={}", field("payout").unwrap_or_default())
        }
        ("store", "save_settings") => format!("/store/{org}/settings"),
        ("store", "add_person") => format!("/store/{org}/users?add=1"),
        ("store", "change_person") => {
            format!("/store/{org}/users?person={}", field("user").unwrap_or_default())
        }
        ("store", "create_role") => format!("/store/{org}/users?role=new"),
        ("store", "edit_role" | "delete_role") => {
            format!("/store/{org}/users?role={}", field("role").unwrap_or_default())
        }
        ("store", _) => format!("/store/{org}/users"),
        ("vendor", "change_partner") => "/vendor/partners".into(),
        ("vendor", "set_partner_rate") => {
            format!("/vendor/partners?change={}", field("partner").unwrap_or_default())
        }
        ("settings", "set_price" | "withdraw_price" | "set_limits" | "withdraw_limits") => {
            "/settings/catalogue".into()
        }
        ("demo", "answer_bank") => format!("/demo/bank/{}", field("reference").unwrap_or_default()),
        ("settings", "save_provider" | "remove_provider") => "/settings/sign-in".into(),
        ("settings", "save_entity") => "/settings/entities".into(),
        ("vendor", _) => "/vendor/jobs".into(),
        _ => "/".into(),
    }
}

/// The address with another, or no, `state`.
pub(super) fn with_state(address: &str, state: Option<&str>) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).filter(|(n, _)| n != "state") {
        pairs.append_pair(&name, &value);
    }
    if let Some(state) = state {
        pairs.append_pair("state", state);
    }
    match pairs.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

pub(super) fn see(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response()
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_never_kept() {
        let body = b"email=a%40b.de&password=secret&new_password=x&code=123456&token=abc&city=K%C3%B6ln";
        assert_eq!(values(body), [("email".into(), "a@b.de".into()), ("city".into(), "Köln".into())]);
    }

    #[test]
    fn only_pages_of_ours_are_gone_back_to() {
        let from = |referrer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, HeaderValue::from_str(referrer).unwrap());
            headers.insert(header::HOST, HeaderValue::from_static("127.0.0.1:3000"));
            back(&headers, "https://kontor.example")
        };
        assert_eq!(from("http://127.0.0.1:3000/apply?a=b").as_deref(), Some("/apply?a=b"));
        assert_eq!(from("https://kontor.example/signin").as_deref(), Some("/signin"));
        for foreign in ["http://127.0.0.1:3000//evil.test/x", "https://evil.test/apply", "about:blank", ""] {
            assert_eq!(from(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_form_without_a_referrer_has_a_page() {
        assert_eq!(page_of("/api/apply/submit", b""), "/apply");
        assert_eq!(page_of("/api/admin/add_user", b"org=org_1&email=x"), "/admin/org_1/users");
        assert_eq!(page_of("/api/admin/add_user", b"org=/../evil"), "/admin//users");
        assert_eq!(
            page_of("/api/store/start_bulk", b"org=org_1&run=blk_2"),
            "/store/org_1/customers/bulk/blk_2"
        );
        let role = page_of("/api/store/edit_role", b"org=org_1&role=srl_2&name=x");
        assert_eq!(role, "/store/org_1/users?role=srl_2");
    }

    #[test]
    fn the_address_has_one_state() {
        assert_eq!(
            with_state("/apply?expertise=crm&state=old", Some("new")),
            "/apply?expertise=crm&state=new"
        );
        assert_eq!(with_state("/apply?state=old", None), "/apply");
    }
}
