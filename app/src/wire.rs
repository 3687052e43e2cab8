//! Between pages and services: the error that travels, the call that knows who asks, and what the host tells a page
//! before it begins ([`Boot`]).

use kontor::{
    Error,
    kernel::{
        id::OrgId,
        locale::{Locale, Theme},
        right::{Features, OrgKind},
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// [`kontor::Error`] on its way over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError(pub Error);

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Error::BadRequest,
            _ => Error::Unavailable,
        })
    }
}

/// The reader and their places.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Me {
    /// The signed-in person's e-mail address.
    pub email: Option<String>,
    /// Their name, or the address if none was given.
    pub name: String,
    /// Whether the address was confirmed.
    pub confirmed: bool,
    /// Whether codes are set up as second factor.
    pub code: bool,
    /// Whether they have a passkey.
    pub passkey: bool,
    /// The organisations they belong to.
    pub places: Vec<Place>,
}

/// A person's place in an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The organisation.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: OrgKind,
    /// What the person may do in it.
    pub features: Features,
}

impl Me {
    /// The first organisation of a kind.
    pub fn place(&self, kind: OrgKind) -> Option<&Place> {
        self.places.iter().find(|p| p.kind == kind)
    }

    /// Where a person goes after signing in (design.md section 2).
    pub fn home(&self) -> &'static str {
        use kontor::kernel::right::Feature;
        if let Some(staff) = self.place(OrgKind::Vendor) {
            return match staff.features.has(Feature::ApplicationsView) {
                true => "/review",
                false => "/vendor/partners",
            };
        }
        if self.place(OrgKind::Partner).is_some() {
            return "/store";
        }
        if self.place(OrgKind::Customer).is_some() { "/admin" } else { "/apply" }
    }
}

/// What a form held when it was last sent without success, or when it was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The form: path of its server function.
    pub form: String,
    /// What was typed, by field name; secrets are never kept.
    pub values: Vec<(String, String)>,
    /// What was wrong; none for a draft.
    pub error: Option<Error>,
}

/// What the host tells a page before it begins; the browser reads the same from the page's `#boot` block, so that
/// both render alike.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Boot {
    /// The reader.
    pub me: Me,
    /// The reader's language.
    pub locale: Locale,
    /// The reader's theme.
    pub theme: Theme,
    /// The page's own path, to which `kept` and `done` belong.
    pub path: String,
    /// Kept input of the page's form.
    pub kept: Option<Kept>,
    /// What was just done, as a key of `locales/*/done.json`.
    pub done: Option<String>,
    /// Who helps.
    pub support_email: String,
    /// Whether this is the demo.
    pub demo: bool,
    /// The build of both halves.
    pub build: String,
}

/// The page's boot facts.
pub fn boot() -> Boot {
    use_context::<Boot>().unwrap_or_default()
}

/// The reader.
pub fn me() -> Me {
    boot().me
}

pub use crate::call::{Api, BUILD_HEADER, Call, RELOAD_HEADER};

#[cfg(feature = "ssr")]
pub use ssr::{
    Cx, Outcome, Pending, Secure, Standings, answer_with, cookie, optional, pending, redirect, serve,
};

#[cfg(feature = "ssr")]
mod ssr {
    use super::*;
    use axum::http::{StatusCode, request::Parts};
    use kontor::kernel::{
        Kontor,
        actor::{Actor, Viewer},
    };
    use leptos_axum::ResponseOptions;
    use std::{
        future::Future,
        sync::{Arc, Mutex},
    };

    /// Who asks, and the programme that answers.
    #[derive(Clone)]
    pub struct Cx {
        /// The programme.
        pub kontor: Kontor,
        /// Who asks.
        pub viewer: Viewer,
        standings: Standings,
    }

    /// Standings found out for the page that is being rendered: its parts ask for the same one. Made anew for every
    /// page, never kept between two requests; put into the request by the host.
    #[derive(Clone, Default)]
    pub struct Standings(Arc<tokio::sync::Mutex<Vec<Actor>>>);

    impl Cx {
        /// The viewer's standing in an organisation named by the request.
        pub async fn actor(&self, org: OrgId) -> Result<Actor, Error> {
            let mut known = self.standings.0.lock().await;
            if let Some(actor) = known.iter().find(|actor| actor.org == org) {
                return Ok(actor.clone());
            }
            let actor = kontor::organisation::service::actor_in(&self.kontor, &self.viewer, org).await?;
            known.push(actor.clone());
            Ok(actor)
        }
        /// The viewer's standing among the vendor's staff.
        pub async fn staff(&self) -> Result<Actor, Error> {
            kontor::organisation::service::actor_in_vendor(&self.kontor, &self.viewer).await
        }
        /// Notes what was done, for the next page to say: a key of `locales/*/done.json`.
        pub fn done(&self, key: &'static str) {
            if let Some(outcome) = use_context::<Outcome>() {
                outcome.set_done(key);
            }
        }
    }

    /// What a call ended with, for the host's way of a form (design.md section 3).
    #[derive(Clone, Default)]
    pub struct Outcome(Arc<Mutex<(Option<Error>, Option<&'static str>)>>);

    impl Outcome {
        /// The error, if the call failed.
        pub fn error(&self) -> Option<Error> {
            self.0.lock().unwrap_or_else(|e| e.into_inner()).0.clone()
        }
        /// What was done.
        pub fn done(&self) -> Option<&'static str> {
            self.0.lock().unwrap_or_else(|e| e.into_inner()).1
        }
        /// Notes what it failed with.
        pub fn set_error(&self, error: &Error) {
            self.0.lock().unwrap_or_else(|e| e.into_inner()).0 = Some(error.clone());
        }
        fn set_done(&self, key: &'static str) {
            self.0.lock().unwrap_or_else(|e| e.into_inner()).1 = Some(key);
        }
    }

    /// The body of every server function: finds out who asks, runs `f`, and gives the answer its status. A page whose
    /// data asks for a sign-in sends the reader there and back.
    pub async fn serve<T, F, Fut>(f: F) -> Result<T, ApiError>
    where
        F: FnOnce(Cx) -> Fut,
        Fut: Future<Output = Result<T, Error>> + Send,
    {
        let parts = use_context::<Parts>();
        let viewer = parts.as_ref().and_then(|p| p.extensions.get::<Viewer>().cloned());
        let (Some(kontor), Some(viewer), Some(parts)) = (use_context::<Kontor>(), viewer, parts) else {
            return Err(ApiError(Error::Unavailable));
        };
        let standings = parts.extensions.get::<Standings>().cloned().unwrap_or_default();
        let result = f(Cx { kontor, viewer, standings }).await;
        if let Err(error) = &result {
            if let Some(outcome) = use_context::<Outcome>() {
                outcome.set_error(error);
            }
            let is_page = !parts.uri.path().starts_with("/api/");
            let sends_form = !is_page && accepts_html(&parts);
            match error {
                Error::Unauthenticated if is_page => {
                    redirect(&sign_in_address(&parts));
                    // leptos leads on only those who say that they read HTML; a page is one for everybody.
                    answer_with(StatusCode::FOUND.as_u16());
                }
                // A plain form post is answered with a redirect by the host.
                _ if sends_form => {}
                other => answer_with(other.status()),
            }
        }
        result.map_err(ApiError)
    }

    /// Sets the HTTP status of the page or call that is being answered.
    pub fn answer_with(status: u16) {
        if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status))
        {
            options.set_status(status);
        }
    }

    /// A session whose second factor is still awaited; put into the request by the host.
    #[derive(Debug, Clone, Copy)]
    pub struct Pending {
        /// The session.
        pub session: kontor::kernel::id::SessionId,
        /// The account.
        pub account: kontor::kernel::id::AccountId,
    }

    /// The session that waits for its second factor, if this browser has one.
    pub fn pending() -> Option<Pending> {
        use_context::<Parts>()?.extensions.get::<Pending>().copied()
    }

    /// Whether the programme is reached over https; put into the context by the host.
    #[derive(Debug, Clone, Copy)]
    pub struct Secure(pub bool);

    /// Cookies of ours.
    pub mod cookie {
        use super::*;
        use axum::http::{HeaderValue, header::SET_COOKIE};

        /// Seconds in a year.
        pub const YEAR: u32 = 31_536_000;
        /// The session's cookie.
        pub const SESSION: &str = "kontor_session";

        /// Reads a cookie of the request.
        pub fn get(parts: &Parts, name: &str) -> Option<String> {
            let all = parts.headers.get_all("cookie").iter().filter_map(|v| v.to_str().ok());
            all.flat_map(|line| line.split(';'))
                .filter_map(|pair| pair.trim().split_once('='))
                .find(|(n, _)| *n == name)
                .map(|(_, value)| value.to_owned())
        }
        /// The session's token.
        pub fn session() -> Option<String> {
            get(&use_context::<Parts>()?, SESSION)
        }
        /// Sets a cookie for so many seconds; the value holds no special characters.
        pub fn set(name: &str, value: &str, max_age: u32) {
            let secure = use_context::<Secure>().is_some_and(|s| s.0);
            if let (Some(options), Ok(header)) =
                (use_context::<ResponseOptions>(), HeaderValue::from_str(&line(name, value, max_age, secure)))
            {
                options.append_header(SET_COOKIE, header);
            }
        }
        /// A cookie as it is set.
        pub fn line(name: &str, value: &str, max_age: u32, secure: bool) -> String {
            let secure = if secure { "; Secure" } else { "" };
            format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}")
        }
        /// Sets the session's cookie; the database decides how long it works.
        pub fn set_session(token: &str) {
            set(SESSION, token, YEAR);
        }
        /// Forgets the session's cookie.
        pub fn clear_session() {
            set(SESSION, "", 0);
        }
    }

    /// A field that may be empty; `BadRequest` if it is neither that nor what it should be.
    pub fn optional<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Error> {
        match text.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Error::BadRequest),
        }
    }

    /// Sends the reader on, with script and without.
    pub fn redirect(path: &str) {
        leptos_axum::redirect(path);
    }

    fn accepts_html(parts: &Parts) -> bool {
        parts.headers.get("accept").and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"))
    }

    fn sign_in_address(parts: &Parts) -> String {
        let here = parts.uri.path_and_query().map_or("/", |p| p.as_str());
        let encoded: String = url::form_urlencoded::byte_serialize(here.as_bytes()).collect();
        format!("/signin?next={encoded}")
    }
}
