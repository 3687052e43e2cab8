//! The data of a page: what shows while it loads, when it fails, and when it is there.

use crate::{
    account::StepUp,
    data::{Data, Reply, Untyped},
    message,
    parts::{address::here, proof::FactorMissing},
    t,
    ui::{Callout, Skeleton, SkeletonKind, Text, Tone},
    wire::ApiError,
};
use kontor::Error;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// Shows data. The first load is rendered on the server; later ones show a skeleton, then the view. While a newer
/// answer is awaited the older one stays, dimmed.
#[component]
pub fn Loaded<T>(
    /// What a server function answers.
    resource: Data<T>,
    /// Shows it.
    view: fn(T) -> AnyView,
    /// The shape of what is to come.
    #[prop(default = SkeletonKind::Lines(6))]
    skeleton: SkeletonKind,
    /// What is said meanwhile to readers who do not see the shape.
    #[prop(optional, into)]
    label: Option<Text>,
) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    let (data, open) = resource.untyped();
    let show = move |reply: Reply| match open(&reply) {
        Ok(data) => view(data),
        Err(ApiError(error)) => view! { <Failed error/> }.into_any(),
    };
    waiting(data, Arc::new(show), skeleton, label)
}

/// The part of [`Loaded`] that is the same for all types.
fn waiting(
    data: Untyped,
    show: Arc<dyn Fn(Reply) -> AnyView + Send + Sync>,
    skeleton: SkeletonKind,
    label: Option<Text>,
) -> AnyView {
    let label = label.unwrap_or_else(|| Text::from(t::shell::loading()));
    let pending = RwSignal::new(true);
    // Only once there is something to wait beside, and never on the server: there the page itself waits.
    let busy = RwSignal::new(false);
    Effect::new(move |shown: Option<bool>| {
        let (shown, waits) = (shown.unwrap_or_default(), pending.get());
        busy.set(shown && waits);
        shown || !waits
    });
    view! {
        <div class="waiting" aria-busy=move || busy.get().then_some("true")>
            <Transition set_pending=pending fallback=move || view! { <Skeleton kind=skeleton label/> }>
                {move || {
                    let show = show.clone();
                    Suspend::new(async move { show(data.await) })
                }}
            </Transition>
        </div>
    }
    .into_any()
}

/// What stands where data could not be shown. Asks who one is where that is what is missing.
#[component]
pub fn Failed(
    /// Why.
    error: Error,
) -> impl IntoView {
    let here = here();
    // A malformed id in the address is no call's to answer: then the page itself says so.
    #[cfg(feature = "ssr")]
    if matches!(error, Error::NotFound | Error::Forbidden) {
        crate::wire::answer_with(error.status());
    }
    // Trying again helps where it was the moment, not the reader or the address.
    let again = !matches!(
        error,
        Error::Unauthenticated | Error::Forbidden | Error::DelegatedForbidden | Error::AccessRevoked
    );
    match error {
        Error::StepUpRequired { second_factor } => view! { <StepUp second_factor next=here/> }.into_any(),
        Error::SecondFactorRequired => view! { <FactorMissing/> }.into_any(),
        Error::NotFound => view! {
            <section class="stack"><h1>{t::shell::not_found_title()}</h1><p>{t::shell::not_found_text()}</p></section>
        }
        .into_any(),
        other => view! {
            <Callout tone=Tone::Danger>
                <p>{message::error(&other)}</p>
                {again.then(|| view! { <p><a href=here rel="external">{t::shell::try_again()}</a></p> })}
            </Callout>
        }
        .into_any(),
    }
}
