//! The HTML part of a mail of the demo, as a mail program would show it.

use super::{Host, headers::plain_error};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use kontor::{Error, notification::service::kept_mail};

/// A document of its own: no script, no form, nothing loaded; styles only as written into it.
const POLICY: &str =
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// `GET /demo/mail/{mail}/html`; not found where there is no demo.
pub async fn html(State(host): State<Host>, Path(mail): Path<String>) -> Response {
    let found = match mail.parse() {
        Ok(id) => kept_mail(&host.kontor, id).await,
        Err(_) => Err(Error::NotFound),
    };
    match found {
        Ok(mail) => {
            let mut response = Html(mail.html).into_response();
            let policy = HeaderValue::from_static(POLICY);
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            response
        }
        Err(error) => plain_error(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::NOT_FOUND)),
    }
}
