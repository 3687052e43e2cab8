//! The axum host: the router and its layers, from the outside in.

mod asks;
mod build;
mod demo_mail;
mod events;
mod export;
mod export_lists;
mod export_money;
mod files;
mod forms;
mod headers;
mod health;
mod hooks;
mod limits;
mod logo;
mod metrics;
mod origin;
mod sign_in;
mod trail;
mod viewer;

use crate::{bundle, config::Checked};
use app::{
    shell,
    wire::{Boot, Outcome, Secure},
};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRef, Request, State},
    http::{HeaderMap, StatusCode, Uri, header, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use kontor::kernel::{Kontor, actor::Viewer};
use leptos::{nonce::Nonce, prelude::*};
use leptos_axum::{LeptosRoutes, generate_route_list};
use std::sync::Arc;
use tokio::sync::watch;
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer,
    limit::RequestBodyLimitLayer,
};

pub use limits::Limits;
pub use metrics::Metrics;

/// No request body is larger, but for those that carry files ([`files::UPLOAD_LIMIT`]).
const BODY_LIMIT: usize = 256 * 1024;

/// What every part of the host knows.
#[derive(Clone, FromRef)]
pub struct Host {
    /// Leptos' options: where the bundle lies.
    pub options: LeptosOptions,
    /// The programme.
    pub kontor: Kontor,
    /// The configuration.
    pub config: Arc<Checked>,
    /// Limits of tries.
    pub limits: Arc<Limits>,
    /// Figures for whoever watches.
    pub metrics: Arc<Metrics>,
    /// Turns true when the program is to stop.
    pub stopping: watch::Receiver<bool>,
}

impl Host {
    /// Puts the host's parts together.
    pub fn new(kontor: Kontor, config: Arc<Checked>, stopping: watch::Receiver<bool>) -> Self {
        let options = LeptosOptions::builder()
            // The page decides which bundle it wants.
            .output_name("front")
            .site_root("dist")
            .site_pkg_dir(format!("pkg/{}", bundle::hash()))
            .build();
        let limits = Arc::new(Limits::new(config.rate_limits));
        let metrics = Arc::new(Metrics::default());
        Self { options, kontor, config, limits, metrics, stopping }
    }

    /// Everything that answers.
    pub fn router(self) -> Router {
        let context = self.context();
        let options = self.options.clone();
        let pages = generate_route_list(app::everything);
        // Mounts the pages and every server function.
        Router::new()
            .leptos_routes_with_context(&self, pages, context.clone(), move || shell(options.clone()))
            .route("/home", get(home))
            .route("/demo/mail/{mail}/html", get(demo_mail::html))
            .route("/events", get(events::stream))
            .route("/signin/with/{provider}", get(sign_in::begin))
            .route("/signin/callback", get(sign_in::callback))
            .route("/signin/out/{provider}", get(sign_in::out))
            .fallback(fallback)
            .layer(from_fn_with_state(self.clone(), export::csv))
            .layer(from_fn_with_state(self.clone(), export_money::csv))
            .layer(from_fn_with_state(self.clone(), limits::limit))
            .layer(from_fn_with_state(self.clone(), forms::keep_input))
            .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
            .layer(from_fn(too_large))
            // Outside the limit of plain forms: one of its addresses takes a file.
            .layer(from_fn_with_state(self.clone(), files::files))
            .layer(DefaultBodyLimit::max(files::UPLOAD_LIMIT))
            .layer(from_fn_with_state(self.clone(), viewer::resolve))
            .layer(from_fn(build::check))
            .layer(from_fn_with_state(self.clone(), origin::check))
            // Nothing in a page is worth guessing by its length: no tokens against forged requests (the origin is
            // checked), no secrets beside what the reader sends. Event streams are left as they are.
            .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
            .route("/hooks/{provider}", post(hooks::take))
            .route("/hooks/oidc/{provider}/logout", post(sign_in::back_channel))
            .route("/pkg/{hash}/{file}", get(bundle::serve))
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(metrics::show))
            .layer(from_fn_with_state(self.clone(), headers::secure))
            .layer(CatchPanicLayer::custom(|_| headers::plain_error(StatusCode::INTERNAL_SERVER_ERROR)))
            .with_state(self)
    }

    /// What pages and server functions find in their context, both alike (stack-notes section 4).
    fn context(&self) -> impl Fn() + Clone + Send + Sync + 'static {
        let kontor = self.kontor.clone();
        let secure = Secure(self.config.secure());
        move || {
            provide_context(kontor.clone());
            provide_context(secure);
            let Some(parts) = use_context::<Parts>() else { return };
            if let Some(nonce) = parts.extensions.get::<headers::PageNonce>() {
                provide_context(Nonce::from_value(nonce.0.as_str()));
            }
            if let Some(viewer) = parts.extensions.get::<Viewer>() {
                provide_context(viewer.locale);
            }
            if let Some(boot) = parts.extensions.get::<Boot>() {
                provide_context(boot.clone());
            }
            if let Some(outcome) = parts.extensions.get::<Outcome>() {
                provide_context(outcome.clone());
            }
        }
    }
}

/// Refuses a body that says itself that it is too large, in words. One that does not say is cut off by the layer below.
async fn too_large(request: Request, next: Next) -> Response {
    let said =
        request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if said.is_none_or(|bytes| bytes <= BODY_LIMIT) {
        return next.run(request).await;
    }
    let locale = request.extensions().get::<Viewer>().map(|viewer| viewer.locale).unwrap_or_default();
    let text = app::i18n::with_locale(locale, app::message::too_large);
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::PAYLOAD_TOO_LARGE, kind, text).into_response()
}

/// `GET /home`: to the reader's own place (design.md section 2).
async fn home(request: Request) -> Redirect {
    let home = request.extensions().get::<Boot>().map_or("/", |boot| match boot.me.email {
        Some(_) => boot.me.home(),
        None => "/signin",
    });
    Redirect::to(home)
}

/// Files of `public/`, and the page that says that there is nothing.
async fn fallback(
    State(host): State<Host>,
    uri: Uri,
    headers: HeaderMap,
    request: Request<Body>,
) -> Response {
    if let Some(file) = bundle::public(uri.path().trim_start_matches('/'), &headers) {
        return file;
    }
    if uri.path().starts_with("/api/") {
        return headers::plain_error(StatusCode::NOT_FOUND);
    }
    // Our addresses end without a slash, whatever people type. Several slashes at the front would lead elsewhere.
    let bare = uri.path().trim_end_matches('/');
    if bare != uri.path() && bare.starts_with('/') && !bare.starts_with("//") {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return Redirect::permanent(&format!("{bare}{query}")).into_response();
    }
    let options = host.options.clone();
    let render = leptos_axum::render_app_async_with_context(host.context(), move || shell(options.clone()));
    let mut response = render(request).await.into_response();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
