//! Server functions of the review surface.

#[cfg(feature = "ssr")]
use crate::wire::serve;
use crate::wire::{Api, ApiError, Call};
use kontor::application::{
    detail::{ApplicationDetail, ApproveForm, RejectForm},
    review::{QueuePage, QueueQuery},
};
#[cfg(feature = "ssr")]
use kontor::{
    Error,
    application::service::{self, Assignee},
    kernel::id::ApplicationId,
};
use leptos::prelude::*;

/// A page of the queue, for the query of an address.
#[server(prefix = "/api/review", endpoint = "queue", client = Api, protocol = Call)]
pub async fn queue(#[server(default)] search: String) -> Result<(QueueQuery, QueuePage), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        let pairs: Vec<_> =
            url::form_urlencoded::parse(search.trim_start_matches('?').as_bytes()).into_owned().collect();
        let query = QueueQuery::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let page = service::queue(&cx.kontor, &actor, &query).await?;
        Ok((query, page))
    })
    .await
}

/// One application in full.
#[server(prefix = "/api/review", endpoint = "detail", client = Api, protocol = Call)]
pub async fn detail(application: String) -> Result<ApplicationDetail, ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        service::detail(&cx.kontor, &actor, id(&application)?).await
    })
    .await
}

/// Gives it to the reader (`me`), to nobody (empty) or to another reviewer.
#[server(prefix = "/api/review", endpoint = "assign", client = Api, protocol = Call)]
pub async fn assign(
    application: String,
    version: i64,
    #[server(default)] assignee: String,
) -> Result<(), ApiError> {
    use kontor::Issue;
    serve(|cx| async move {
        let actor = cx.staff().await?;
        let to = match assignee.as_str() {
            "me" => Assignee::Me,
            "" => Assignee::Nobody,
            other => Assignee::Other(other.parse().map_err(|_| Error::field("assignee", Issue::NotAChoice))?),
        };
        service::assign(&cx.kontor, &actor, id(&application)?, version, to).await?;
        cx.done(if to == Assignee::Nobody { "given_back" } else { "assigned" });
        Ok(())
    })
    .await
}

/// Adds an internal note.
#[server(prefix = "/api/review", endpoint = "note", client = Api, protocol = Call)]
pub async fn note(application: String, #[server(default)] body: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        service::note(&cx.kontor, &actor, id(&application)?, &body).await?;
        cx.done("note_added");
        Ok(())
    })
    .await
}

/// Asks the applicant.
#[server(prefix = "/api/review", endpoint = "ask", client = Api, protocol = Call)]
pub async fn ask(
    application: String,
    version: i64,
    #[server(default)] question: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        service::ask(&cx.kontor, &actor, id(&application)?, version, &question).await?;
        cx.done("question_sent");
        Ok(())
    })
    .await
}

/// Approves: the partner comes into being.
#[server(prefix = "/api/review", endpoint = "approve", client = Api, protocol = Call)]
pub async fn approve(
    application: String,
    version: i64,
    #[server(flatten)] form: ApproveForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        service::approve(&cx.kontor, &actor, id(&application)?, version, &form).await?;
        cx.done("application_approved");
        Ok(())
    })
    .await
}

/// Rejects.
#[server(prefix = "/api/review", endpoint = "reject", client = Api, protocol = Call)]
pub async fn reject(
    application: String,
    version: i64,
    #[server(flatten)] form: RejectForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        service::reject(&cx.kontor, &actor, id(&application)?, version, &form).await?;
        cx.done("application_rejected");
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
fn id(text: &str) -> Result<ApplicationId, Error> {
    Ok(text.parse::<ApplicationId>()?)
}
