//! What is sent as a file: by a partner about customers that are there already, a list of whom to ask and what shows a claim; in a
//! console a list of people.

use super::{
    Host,
    files::{Received, actor, status_of},
    forms::{keep, see, with_state},
    headers::plain_error,
    viewer::DONE,
};
use app::{
    admin::person::IMPORT,
    store::{ASK_MANY, OPEN_DISPUTE},
    wire::{Kept, cookie},
};
use axum::{
    extract::Request,
    http::{HeaderValue, header},
    response::Response,
};
use kontor::{
    Error, Issue,
    kernel::{
        actor::{Actor, Viewer},
        right::Feature,
    },
    mapping::{AskMany, OpenDispute, service},
    organisation::{ImportUsers, service as organisation},
};

/// Takes a list of customers to ask.
pub(super) async fn ask_many(host: &Host, viewer: &Viewer, request: Request) -> Response {
    let actor = match sender(host, viewer, org_of(&request), Feature::MappingRequest).await {
        Ok(actor) => actor,
        Err(error) => return plain_error(status_of(&error)),
    };
    let page = format!("/store/{}/mapping", actor.org);
    let mut sent = Received::default();
    let read = sent.read(request).await;
    let form = AskMany {
        // Addresses are ASCII in every encoding programs write lists in; what else is in a line does not matter.
        list: String::from_utf8_lossy(&sent.content).into_owned(),
        note: sent.field("many_message"),
        request_key: sent.field("request_key"),
    };
    let result = match read {
        Ok(()) if sent.content.contains(&0) => Err(Error::field("file", Issue::ForbiddenCharacters)),
        Ok(()) => service::ask_many(&host.kontor, &actor, &form).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(done) => see(&format!("{page}?asked={}&open={}#requests", done.asked, done.open)),
        Err(error) => {
            refused(host, viewer, (ASK_MANY, &page), vec![("many_message", form.note)], error).await
        }
    }
}

/// Takes a list of people to ask in.
pub(super) async fn import_users(host: &Host, viewer: &Viewer, request: Request) -> Response {
    let actor = match sender(host, viewer, org_of(&request), Feature::UsersEdit).await {
        Ok(actor) => actor,
        Err(error) => return plain_error(status_of(&error)),
    };
    let page = format!("/admin/{}/users", actor.org);
    let mut sent = Received::default();
    let read = sent.read(request).await;
    let result = match (read, text_of(&sent.content)) {
        (Ok(()), Ok(list)) => {
            let form = ImportUsers { list, request_key: sent.field("request_key") };
            organisation::import_users(&host.kontor, &actor, &form).await
        }
        (Err(error), _) | (Ok(()), Err(error)) => Err(error),
    };
    match result {
        Ok(done) => see(&format!("{page}?added={}&there={}#import", done.added, done.there)),
        Err(error) => refused(host, viewer, (IMPORT, &page), Vec::new(), error).await,
    }
}

/// The text of a file: UTF-8, or what spreadsheets on Windows write instead, where each byte is a letter of Windows-1252.
fn text_of(content: &[u8]) -> Result<String, Error> {
    if content.contains(&0) {
        return Err(Error::field("file", Issue::ForbiddenCharacters));
    }
    Ok(match std::str::from_utf8(content) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(content).0.into_owned(),
    })
}

/// Takes a claim with what shows it.
pub(super) async fn open_dispute(host: &Host, viewer: &Viewer, request: Request) -> Response {
    let actor = match sender(host, viewer, org_of(&request), Feature::MappingRequest).await {
        Ok(actor) => actor,
        Err(error) => return plain_error(status_of(&error)),
    };
    let page = format!("/store/{}/disputes", actor.org);
    let mut sent = Received::default();
    let read = sent.read(request).await;
    let form = OpenDispute {
        about: sent.field("about"),
        statement: sent.field("statement"),
        request_key: sent.field("request_key"),
        file_name: sent.file_name,
        content: sent.content,
    };
    let result = match read {
        Ok(()) => service::open_dispute(&host.kontor, &actor, &form).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => {
            let mut answer = see(&page);
            if let Ok(value) = HeaderValue::from_str(&cookie::line(DONE, "dispute_opened", 60, false)) {
                answer.headers_mut().append(header::SET_COOKIE, value);
            }
            answer
        }
        Err(error) => {
            let values =
                vec![("about", form.about), ("statement", form.statement), ("request_key", form.request_key)];
            refused(host, viewer, (OPEN_DISPUTE, &page), values, error).await
        }
    }
}

/// Whose it is: it stands in the address, so that rights are asked before the file is read.
pub(super) fn org_of(request: &Request) -> String {
    let query = request.uri().query().unwrap_or_default();
    let org = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "org");
    org.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Who sends it, and may.
pub(super) async fn sender(
    host: &Host,
    viewer: &Viewer,
    org: String,
    right: Feature,
) -> Result<Actor, Error> {
    let actor = actor(host, viewer, Some(org)).await?;
    actor.require(right)?;
    Ok(actor)
}

/// The page again with what is wrong; what was typed stays, a file must be chosen again.
pub(super) async fn refused(
    host: &Host,
    viewer: &Viewer,
    (form, page): (&str, &str),
    values: Vec<(&str, String)>,
    error: Error,
) -> Response {
    let status = status_of(&error);
    if matches!(error, Error::NotFound | Error::Forbidden) {
        return plain_error(status);
    }
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let kept = Kept { form: form.to_owned(), values, error: Some(error) };
    match keep(&host.kontor, viewer, &kept).await {
        Ok(token) => see(&with_state(page, token.as_deref())),
        Err(_) => plain_error(status),
    }
}
