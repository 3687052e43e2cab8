//! A partner's list of customers to ask comes in as a file.

use super::{
    Host,
    files::{actor, unreadable},
    forms::{keep, see, with_state},
    headers::plain_error,
};
use app::{store::ASK_MANY, wire::Kept};
use axum::{
    extract::{FromRequest, Multipart, Request},
    http::StatusCode,
    response::Response,
};
use kontor::{
    Error, Issue,
    kernel::{actor::Viewer, right::Feature},
    mapping::{AskMany, service},
};

/// Takes the list. Whose it is stands in the address, so that rights are asked before the file is read.
pub(super) async fn ask_many(host: &Host, viewer: &Viewer, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let org = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "org");
    let org = org.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let status =
        |error: &Error| StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let actor = match actor(host, viewer, Some(org)).await {
        Ok(actor) => match actor.require(Feature::MappingRequest) {
            Ok(()) => actor,
            Err(error) => return plain_error(status(&error)),
        },
        Err(error) => return plain_error(status(&error)),
    };
    let page = format!("/store/{}/mapping", actor.org);
    let mut form = AskMany::default();
    let result = match receive(request, &mut form).await {
        Ok(()) => service::ask_many(&host.kontor, &actor, &form).await,
        Err(error) => Err(error),
    };
    let error = match result {
        Ok(done) => return see(&format!("{page}?asked={}&open={}#requests", done.asked, done.open)),
        Err(error @ (Error::NotFound | Error::Forbidden)) => return plain_error(status(&error)),
        Err(error) => error,
    };
    let status = status(&error);
    let values = vec![("many_message".to_owned(), form.note)];
    let kept = Kept { form: ASK_MANY.to_owned(), values, error: Some(error) };
    match keep(&host.kontor, viewer, &kept).await {
        Ok(token) => see(&with_state(&page, token.as_deref())),
        Err(_) => plain_error(status),
    }
}

/// Reads the form as far as it comes.
async fn receive(request: Request, form: &mut AskMany) -> Result<(), Error> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Error::BadRequest)?;
    while let Some(part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|error| unreadable(&error))?;
        // Addresses are ASCII in every encoding programs write lists in; what else is in a line does not matter.
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "file" if bytes.contains(&0) => return Err(Error::field("file", Issue::ForbiddenCharacters)),
            "file" => form.list = text,
            "many_message" => form.note = text,
            "request_key" => form.request_key = text,
            _ => {}
        }
    }
    Ok(())
}
