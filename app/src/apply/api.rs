//! Server functions of the apply surface.

use crate::wire::{Api, ApiError, Call, Kept};
#[cfg(feature = "ssr")]
use crate::wire::{Cx, redirect, serve};
use kontor::application::{ApplicationForm, ApplicationStatus, standing::ApplicationStanding};
#[cfg(feature = "ssr")]
use kontor::{Error, Problems, account, application::service, kernel::actor::Viewer};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the form needs to begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The reader's own application: its status token, and where it stands.
    pub own: Option<(String, ApplicationStatus)>,
    /// Version of the terms in force.
    pub terms_version: String,
}

/// The form's own path: kept input and drafts are found by it.
pub const SUBMIT: &str = "/api/apply/submit";

/// Whether the reader has applied, and the terms in force.
#[server(prefix = "/api/apply", endpoint = "start", client = Api, protocol = Call)]
pub async fn start() -> Result<Opening, ApiError> {
    serve(|cx| async move {
        let policy = kontor::setting::service::policy(&cx.kontor, cx.kontor.db.read()).await?;
        let own = service::of_viewer(&cx.kontor, &cx.viewer).await?;
        Ok(Opening { own, terms_version: policy.terms_version })
    })
    .await
}

/// Sends an application; makes an account first for people who are not signed in.
#[server(prefix = "/api/apply", endpoint = "submit", client = Api, protocol = Call)]
pub async fn submit(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(flatten)] form: ApplicationForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let signed_in = cx.viewer.session.is_some();
        let sent = format!("/apply?sent={}", encoded(email.trim()));
        if !signed_in && !form.homepage2.is_empty() {
            // A machine: no account either.
            redirect(&sent);
            return Ok(());
        }
        let viewer = match signed_in {
            true => cx.viewer.clone(),
            false => {
                check_all(&cx, &email, &password, &form)?;
                match account::service::sign_up(&cx.kontor, &cx.viewer, &email, &password).await? {
                    Some(person) => Viewer { session: Some(person), ..cx.viewer.clone() },
                    // The address has an account: its owner is told by mail, whoever is here learns nothing.
                    None => {
                        redirect(&sent);
                        return Ok(());
                    }
                }
            }
        };
        let receipt = service::submit(&cx.kontor, &viewer, form).await?;
        account::service::drop_draft(&cx.kontor, &viewer, SUBMIT).await?;
        match signed_in {
            true => {
                cx.done("application_sent");
                redirect(&format!("/apply/status/{}", receipt.token));
            }
            false => redirect(&sent),
        }
        Ok(())
    })
    .await
}

/// Everything wrong with account and form at once.
#[cfg(feature = "ssr")]
fn check_all(cx: &Cx, email: &str, password: &str, form: &ApplicationForm) -> Result<(), Error> {
    let mut problems = Problems::new();
    problems.take("email", kontor::kernel::text::email(email));
    problems.take("password", account::password::check(password));
    match kontor::application::check(form, cx.kontor.now().day()) {
        Err(Error::Invalid(fields)) => fields.into_iter().for_each(|f| problems.add(&f.field, f.issue)),
        Err(other) => return Err(other),
        Ok(_) => {}
    }
    problems.finish()
}

/// What was typed, as the form shows it again.
pub fn typed(email: &str, form: &ApplicationForm) -> Kept {
    let json = serde_json::to_value(form).unwrap_or_default();
    let fields = json.as_object().into_iter().flatten();
    let mut values: Vec<(String, String)> = fields
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .filter(|(name, _)| name != "homepage2")
        .collect();
    values.push(("email".into(), email.to_owned()));
    Kept { form: SUBMIT.into(), values, error: None }
}

/// Keeps what was typed so far. Never the password.
#[server(prefix = "/api/apply", endpoint = "save_draft", client = Api, protocol = Call)]
pub async fn save_draft(
    #[server(default)] email: String,
    #[server(flatten)] form: ApplicationForm,
) -> Result<(), ApiError> {
    use kontor::kernel::error::internal;
    serve(|cx| async move {
        let content = serde_json::to_string(&typed(&email, &form)).map_err(internal)?;
        account::service::keep_draft(&cx.kontor, &cx.viewer, SUBMIT, content).await?;
        cx.done("draft_saved");
        Ok(())
    })
    .await
}

/// Where an application stands, by the token of its status page.
#[server(prefix = "/api/apply", endpoint = "standing", client = Api, protocol = Call)]
pub async fn standing(token: String) -> Result<ApplicationStanding, ApiError> {
    serve(|cx| async move { service::standing(&cx.kontor, &token).await }).await
}

/// Answers the reviewer's question.
#[server(prefix = "/api/apply", endpoint = "answer", client = Api, protocol = Call)]
pub async fn answer(token: String, #[server(default)] answer: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::answer(&cx.kontor, &token, &cx.viewer.ip, &answer).await?;
        cx.done("answer_sent");
        Ok(())
    })
    .await
}

/// Withdraws the application.
#[server(prefix = "/api/apply", endpoint = "withdraw", client = Api, protocol = Call)]
pub async fn withdraw(token: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::withdraw(&cx.kontor, &token, &cx.viewer.ip).await?;
        cx.done("application_withdrawn");
        redirect(&format!("/apply/status/{}", encoded(&token)));
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
