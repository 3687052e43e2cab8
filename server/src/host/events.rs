//! `GET /events?org={organisation}`: tells an open page that something of the organisation changed. Carries no
//! content; standing is checked again for every event, and the stream ends when it is gone.

use super::Host;
use axum::{
    extract::{Extension, Query, State},
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::stream;
use kontor::{
    kernel::{actor::Viewer, hub::Change, id::OrgId},
    organisation::service::actor_in,
};
use serde::Deserialize;
use std::convert::Infallible;
use tokio::sync::{broadcast, watch};

/// Whose changes.
#[derive(Deserialize)]
pub struct Wanted {
    org: String,
}

struct Listening {
    host: Host,
    viewer: Viewer,
    org: OrgId,
    changes: broadcast::Receiver<Change>,
    stopping: watch::Receiver<bool>,
}

/// Opens the stream.
pub async fn stream(
    State(host): State<Host>,
    Extension(viewer): Extension<Viewer>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Ok(org) = wanted.org.parse::<OrgId>() else {
        return super::headers::plain_error(StatusCode::NOT_FOUND);
    };
    if let Err(error) = actor_in(&host.kontor, &viewer, org).await {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::NOT_FOUND);
        return super::headers::plain_error(status);
    }
    let (changes, stopping) = (host.kontor.hub.listen(), host.stopping.clone());
    let listening = Listening { host, viewer, org, changes, stopping };
    Sse::new(stream::unfold(listening, next)).keep_alive(KeepAlive::default()).into_response()
}

async fn next(mut listening: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    loop {
        let change = tokio::select! {
            change = listening.changes.recv() => change,
            _ = listening.stopping.wait_for(|stop| *stop) => return None,
        };
        let what = match change {
            Ok(change) if change.org.is_none_or(|org| org == listening.org) => change.what,
            Ok(_) => continue,
            // Too many at once: the page looks at everything anew.
            Err(broadcast::error::RecvError::Lagged(_)) => Change::anything().what,
            Err(broadcast::error::RecvError::Closed) => return None,
        };
        actor_in(&listening.host.kontor, &listening.viewer, listening.org).await.ok()?;
        return Some((Ok(Event::default().event("change").data(what)), listening));
    }
}
