//! How pages call server functions: one way for all of them. What is particular to a function is only the writing of its
//! arguments and the reading of its answer, so that each takes little of the browser's half.

use crate::{compact, wire::ApiError};
use kontor::Error;
use serde::{Serialize, de::DeserializeOwned};
use server_fn::{
    Http, Protocol,
    client::browser::BrowserClient,
    codec::{FromReq, Json, PostUrl},
    response::TryRes,
};
use std::{future::Future, pin::Pin};

/// The header by which the browser tells its build.
pub const BUILD_HEADER: &str = "x-kontor-build";

/// The header by which the server says that the page is of another build.
pub const RELOAD_HEADER: &str = "x-kontor-reload";

/// The client every server function names; [`Call`] asks by a way of its own.
pub type Api = BrowserClient;

/// `POST` with the arguments as a form's fields. Browsers are answered by [`compact`], everybody else as by leptos' own way with
/// JSON; in the browser there is no copy of everything for each function.
pub struct Call;

impl<Input, Output, Server> Protocol<Input, Output, Api, Server, ApiError> for Call
where
    Input: Serialize + DeserializeOwned + Send,
    Output: Serialize + DeserializeOwned + Send,
    Server: server_fn::server::Server<ApiError>,
    Http<PostUrl, Json>: Protocol<Input, Output, Api, Server, ApiError>,
{
    const METHOD: http::Method = http::Method::POST;

    async fn run_server<F, Fut>(request: Server::Request, server_fn: F) -> Result<Server::Response, ApiError>
    where
        F: Fn(Input) -> Fut + Send,
        Fut: Future<Output = Result<Output, ApiError>> + Send,
    {
        if !asked_by_a_browser() {
            type Usual = Http<PostUrl, Json>;
            return <Usual as Protocol<Input, Output, Api, Server, ApiError>>::run_server(request, server_fn)
                .await;
        }
        let input = <Input as FromReq<PostUrl, Server::Request, ApiError>>::from_req(request).await;
        let answer = match input {
            Ok(input) => server_fn(input).await,
            Err(error) => Err(error),
        };
        #[cfg(feature = "ssr")]
        if let Err(ApiError(error)) = &answer {
            crate::wire::answer_with(error.status());
        }
        Server::Response::try_from_bytes(compact::MEDIA_TYPE, compact::to_bytes(&answer).into())
    }

    async fn run_client(path: &str, input: Input) -> Result<Output, ApiError> {
        let body = serde_qs::to_string(&input).map_err(|_| ApiError(Error::BadRequest))?;
        let bytes = post(path, body).await.ok_or(ApiError(Error::Unavailable))?;
        compact::from_bytes(&bytes).unwrap_or(Err(ApiError(Error::Unavailable)))
    }
}

fn asked_by_a_browser() -> bool {
    #[cfg(feature = "ssr")]
    if let Some(parts) = leptos::prelude::use_context::<http::request::Parts>() {
        return parts.headers.get(http::header::ACCEPT).is_some_and(|accept| accept == compact::MEDIA_TYPE);
    }
    false
}

/// The answer's body, if there is one of ours.
type Answer = Pin<Box<dyn Future<Output = Option<Vec<u8>>> + Send>>;

#[cfg(feature = "hydrate")]
fn post(path: &str, body: String) -> Answer {
    use gloo_net::http::Request;
    use send_wrapper::SendWrapper;
    use server_fn::redirect::{REDIRECT_HEADER, call_redirect_hook};
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", compact::MEDIA_TYPE)
        .header(BUILD_HEADER, crate::build())
        .body(body);
    // The browser has one thread: nothing is really sent to another.
    Box::pin(SendWrapper::new(async move {
        let response = request.ok()?.send().await.ok()?;
        let headers = response.headers();
        if headers.has(RELOAD_HEADER) {
            // A page that cannot reload stays as it is; its call has failed already.
            let _ = leptos::prelude::window().location().reload();
        }
        if headers.get("content-type").as_deref() != Some(compact::MEDIA_TYPE) {
            return None;
        }
        let bytes = response.binary().await.ok()?;
        if headers.has(REDIRECT_HEADER)
            && let Some(place) = headers.get("location")
        {
            call_redirect_hook(&place);
        }
        Some(bytes)
    }))
}

/// The server does not call itself.
#[cfg(not(feature = "hydrate"))]
fn post(_path: &str, _body: String) -> Answer {
    Box::pin(async { None })
}
