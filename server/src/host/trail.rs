//! The trail as a file: it goes out as it is read, and is checked as it comes in.

use super::{Host, files::actor, headers::plain_error};
use app::{
    home::VERIFY,
    shell,
    wire::{Boot, Kept},
};
use axum::{
    body::Body,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::MultipartError},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::stream;
use kontor::{
    Error,
    audit::{FileReport, service, trail::FileCheck},
    kernel::actor::Viewer,
};

/// Bytes of a file that is checked here: some hundred thousand events. The command takes larger ones.
const LARGEST: usize = 64 * 1024 * 1024;

/// An organisation's trail, or of a partner's customer.
pub(super) async fn download(
    host: &Host,
    viewer: &Viewer,
    org: String,
    customer: Option<String>,
) -> Response {
    let begun = async {
        let actor = actor(host, viewer, Some(org)).await?;
        let customer = customer.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
        service::download(&host.kontor, &actor, customer).await
    };
    let trail = match begun.await {
        Ok(trail) => trail,
        Err(error) => {
            let status = StatusCode::from_u16(error.status());
            return plain_error(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        }
    };
    let headers: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, "application/jsonl; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", trail.name())),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let pieces = stream::try_unfold(trail, |mut trail| async move {
        Ok::<_, Error>(trail.next().await?.map(|piece| (piece, trail)))
    });
    (headers, Body::from_stream(pieces)).into_response()
}

/// Why nothing was found in what was sent: the page says it in words.
enum Problem {
    NoFile,
    NoTrail,
    TooLarge,
    Busy,
}

impl Problem {
    fn key(&self) -> &'static str {
        match self {
            Problem::NoFile => "no_file",
            Problem::NoTrail => "no_trail",
            Problem::TooLarge => "too_large",
            Problem::Busy => "busy",
        }
    }
    fn status(&self) -> StatusCode {
        match self {
            Problem::NoFile | Problem::NoTrail => StatusCode::UNPROCESSABLE_ENTITY,
            Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::Busy => StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

impl From<MultipartError> for Problem {
    fn from(error: MultipartError) -> Self {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
            _ => Problem::NoFile,
        }
    }
}

/// Checks a file and answers with the page and what was found. The file is in memory piece by piece, and nothing of it
/// anywhere else.
pub(super) async fn verify(host: &Host, viewer: &Viewer, mut request: Request) -> Response {
    let extensions = request.extensions().clone();
    let found = match host.limits.waits(VERIFY, &viewer.ip) {
        Some(_) => Err(Problem::Busy),
        None => {
            DefaultBodyLimit::max(LARGEST).apply(&mut request);
            check(request).await
        }
    };
    let (status, value) = match &found {
        Ok(report) => match serde_json::to_string(report) {
            Ok(text) => (StatusCode::OK, ("found", text)),
            Err(_) => return plain_error(StatusCode::INTERNAL_SERVER_ERROR),
        },
        Err(problem) => (problem.status(), ("problem", problem.key().to_owned())),
    };
    let mut page = Request::new(Body::empty());
    *page.uri_mut() = axum::http::Uri::from_static(VERIFY);
    *page.extensions_mut() = extensions;
    if let Some(boot) = page.extensions_mut().get_mut::<Boot>() {
        let values = vec![(value.0.to_owned(), value.1)];
        boot.kept = Some(Kept { form: VERIFY.to_owned(), values, error: None });
    }
    let options = host.options.clone();
    let render = leptos_axum::render_app_async_with_context(host.context(), move || shell(options.clone()));
    let mut response = render(page).await.into_response();
    *response.status_mut() = status;
    response
}

async fn check(request: Request) -> Result<FileReport, Problem> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Problem::NoFile)?;
    while let Some(mut part) = parts.next_field().await? {
        if part.name() != Some("file") {
            continue;
        }
        let (mut check, mut empty, mut found) = (FileCheck::default(), true, Ok(()));
        while let Some(bytes) = part.chunk().await? {
            empty &= bytes.is_empty();
            // Whatever else comes is taken to its end: browsers do not hear an answer before they have sent all.
            if found.is_ok() {
                found = check.feed(&bytes);
            }
        }
        return match empty {
            true => Err(Problem::NoFile),
            false => found.and_then(|()| check.finish()).map_err(|_| Problem::NoTrail),
        };
    }
    Err(Problem::NoFile)
}
