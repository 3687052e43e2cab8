//! A page of another build is told so (design.md section 5).

use crate::bundle;
use app::wire::{ApiError, BUILD_HEADER, RELOAD_HEADER};
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kontor::Error;
use leptos::server_fn::error::FromServerFnError;

/// Answers 409 to a call of another build; the page reloads itself. Plain forms carry no build: they are only fields.
pub async fn check(request: Request, next: Next) -> Response {
    let other = request.headers().get(BUILD_HEADER).is_some_and(|given| given != bundle::hash());
    if !other {
        return next.run(request).await;
    }
    let mut response = (StatusCode::CONFLICT, ApiError(Error::OtherBuild).ser().to_vec()).into_response();
    response.headers_mut().insert(RELOAD_HEADER, HeaderValue::from_static("1"));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
