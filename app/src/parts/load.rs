//! The data of a page: what shows while it loads, when it fails, and when it is there.

use crate::{
    account::StepUp,
    message, t,
    ui::{Callout, Skeleton, SkeletonKind, Tone},
    wire::ApiError,
};
use kontor::Error;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Shows a resource. The first load is rendered on the server; later ones show a skeleton, then the view.
#[component]
pub fn Loaded<T>(
    /// What a server function answers.
    resource: Resource<Result<T, ApiError>>,
    /// Shows it.
    view: fn(T) -> AnyView,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <Skeleton kind=SkeletonKind::Lines(6) label=t::shell::loading()/> }>
            {move || Suspend::new(async move {
                match resource.await {
                    Ok(data) => view(data),
                    Err(ApiError(error)) => view! { <Failed error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// What stands where data could not be shown. Asks who one is where that is what is missing.
#[component]
pub fn Failed(
    /// Why.
    error: Error,
) -> impl IntoView {
    let location = use_location();
    let here = format!(
        "{}{}",
        location.pathname.get_untracked(),
        match location.search.get_untracked() {
            search if search.is_empty() => String::new(),
            search => format!("?{search}"),
        }
    );
    // A malformed id in the address is no call's to answer: then the page itself says so.
    #[cfg(feature = "ssr")]
    if matches!(error, Error::NotFound | Error::Forbidden) {
        crate::wire::answer_with(error.status());
    }
    match error {
        Error::StepUpRequired { second_factor } => view! { <StepUp second_factor next=here/> }.into_any(),
        Error::SecondFactorRequired => view! {
            <Callout tone=Tone::Warning>
                <p>{message::error(&Error::SecondFactorRequired)}</p>
                <p><a href="/account?factor=setup#factor">{t::account::factor_begin()}</a></p>
            </Callout>
        }
        .into_any(),
        Error::NotFound => view! {
            <section class="stack"><h1>{t::shell::not_found_title()}</h1><p>{t::shell::not_found_text()}</p></section>
        }
        .into_any(),
        other => view! { <Callout tone=Tone::Danger><p>{message::error(&other)}</p></Callout> }.into_any(),
    }
}
