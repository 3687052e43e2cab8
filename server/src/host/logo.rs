//! An organisation's logo: it comes in as a file, and is shown.

use super::{
    Host,
    asks::{org_of, refused, sender},
    files::{Received, actor, status_of},
    forms::see,
    headers::plain_error,
    viewer::DONE,
};
use app::{admin::LOGO, wire::cookie};
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kontor::{
    kernel::{actor::Viewer, right::Feature},
    organisation::service as organisation,
};

/// Takes an organisation's logo.
pub(super) async fn set(host: &Host, viewer: &Viewer, request: Request) -> Response {
    let actor = match sender(host, viewer, org_of(&request), Feature::OrgEdit).await {
        Ok(actor) => actor,
        Err(error) => return plain_error(status_of(&error)),
    };
    let page = format!("/admin/{}/profile", actor.org);
    let mut sent = Received::default();
    let result = match sent.read(request).await {
        Ok(()) => organisation::set_logo(&host.kontor, &actor, sent.content).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => {
            let mut answer = see(&page);
            if let Ok(value) = HeaderValue::from_str(&cookie::line(DONE, "saved", 60, false)) {
                answer.headers_mut().append(header::SET_COOKIE, value);
            }
            answer
        }
        Err(error) => refused(host, viewer, (LOGO, &page), Vec::new(), error).await,
    }
}

/// An organisation's logo, to be shown rather than kept: the browser asks each time whether it is still the same, and whether the reader may
/// still see it.
pub(super) async fn show(host: &Host, viewer: &Viewer, org: String, known: Option<HeaderValue>) -> Response {
    let found = async {
        let actor = actor(host, viewer, Some(org)).await?;
        organisation::logo(&host.kontor, &actor).await
    };
    let file = match found.await {
        Ok(file) => file,
        Err(error) => return plain_error(status_of(&error)),
    };
    let tag = format!("\"{}\"", file.name);
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    match known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, file.content).into_response(),
    }
}
