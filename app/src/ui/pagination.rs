use super::{ButtonSize, ButtonVariant, Glyph, Icon, Text, button_class};
use leptos::prelude::*;

/// The way to the pages before and after this one. Draws nothing if there is neither.
#[component]
pub fn Pagination(
    /// Accessible name of the navigation.
    #[prop(into)]
    label: Text,
    /// Name of the link back.
    #[prop(into)]
    previous_label: Text,
    /// Name of the link onwards.
    #[prop(into)]
    next_label: Text,
    /// Address of the page before, if there is one.
    #[prop(into)]
    previous: Option<String>,
    /// Address of the page after, if there is one.
    #[prop(into)]
    next: Option<String>,
    /// What is on this page, e.g. "24 of 1,000+".
    #[prop(optional, into)]
    summary: Option<Text>,
) -> impl IntoView {
    if previous.is_none() && next.is_none() && summary.is_none() {
        return ().into_any();
    }
    let class = button_class(ButtonVariant::Secondary, ButtonSize::Regular);
    view! {
        <nav class="pagination" aria-label=label>
            <p>{summary}</p>
            <div class="row">
                {previous.map(|href| view! {
                    <a class=class href=href rel="prev"><Icon glyph=Glyph::ChevronLeft/>{previous_label}</a>
                })}
                {next.map(|href| view! {
                    <a class=class href=href rel="next">{next_label}<Icon glyph=Glyph::ChevronRight/></a>
                })}
            </div>
        </nav>
    }
    .into_any()
}
