//! Live updates: a page learns that something of an organisation changed, and asks again. One stream per visible tab.

use kontor::kernel::id::OrgId;
use leptos::prelude::*;

/// What the page listens to, and what came last.
#[derive(Clone, Copy)]
pub struct Live {
    org: RwSignal<Option<OrgId>>,
    last: RwSignal<(u32, String)>,
}

impl Live {
    /// Provides live updates to everything below; the browser listens while somebody looks.
    pub fn provide() {
        let live = Self { org: RwSignal::new(None), last: RwSignal::new((0, String::new())) };
        provide_context(live);
        #[cfg(feature = "hydrate")]
        browser::listen(live);
    }

    #[cfg(feature = "hydrate")]
    fn tell(self, what: String) {
        // The page may be gone before the stream is.
        let _ = self.last.try_update(|last| *last = (last.0.wrapping_add(1), what));
    }
}

/// A number that grows whenever something in one of `rooms` changes for the organisation in whose name the page is
/// open: key a resource on it. The rooms are those of `kontor.hub.tell`.
pub fn use_changes(org: impl Into<Signal<OrgId>>, rooms: &'static [&'static str]) -> Signal<u32> {
    let org = org.into();
    let count = RwSignal::new(0);
    let Some(live) = use_context::<Live>() else { return count.into() };
    Effect::new(move || live.org.set(Some(org.get())));
    Effect::new(move |before: Option<u32>| {
        let (number, what) = live.last.get();
        if before.is_some_and(|b| b != number) && (what == "all" || rooms.contains(&what.as_str())) {
            count.update(|c| *c += 1);
        }
        number
    });
    count.into()
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::*;
    use futures::{StreamExt, future::abortable};
    use gloo_net::eventsource::futures::EventSource;
    use leptos::task::spawn_local;

    /// Opens the stream of the page's organisation while the tab is visible, and closes it when it is not.
    pub fn listen(live: Live) {
        let visible = RwSignal::new(true);
        let listener = window_event_listener_untyped("visibilitychange", move |_| {
            let now = !document().hidden();
            if now && !visible.get_untracked() {
                // Whatever happened meanwhile was not told.
                live.tell("all".into());
            }
            visible.set(now);
        });
        on_cleanup(move || listener.remove());
        Effect::new(move |before: Option<Option<futures::future::AbortHandle>>| {
            if let Some(Some(open)) = before {
                open.abort();
            }
            let org = live.org.get().filter(|_| visible.get())?;
            let (task, handle) = abortable(follow(live, org));
            spawn_local(async move {
                // Aborted when the page turns to another organisation.
                let _ = task.await;
            });
            Some(handle)
        });
    }

    async fn follow(live: Live, org: OrgId) {
        let Ok(mut source) = EventSource::new(&format!("/events?org={org}")) else { return };
        let Ok(mut changes) = source.subscribe("change") else { return };
        // An error is a connection that broke; the browser opens it again.
        while let Some(change) = changes.next().await {
            if let Ok((_, message)) = change {
                live.tell(message.data().as_string().unwrap_or_else(|| "all".into()));
            }
        }
    }
}
