use super::{Glyph, Icon, Text};
use leptos::{children::ViewFnOnce, prelude::*};

/// The strip above every page while somebody acts on another organisation's behalf.
#[component]
pub fn Banner(
    /// Accessible name of the region, and the strip's first words.
    #[prop(into)]
    label: Text,
    /// The facts that belong to it: domain, partner, time left.
    #[prop(optional)]
    children: Option<Children>,
    /// What can be done: leave.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
) -> impl IntoView {
    let name = label.clone();
    view! {
        <section class="banner" aria-label=name>
            <div class="banner-text">
                <strong><Icon glyph=Glyph::Shield/>{label}</strong>
                {children.map(|children| children())}
            </div>
            {actions.map(ViewFnOnce::run)}
        </section>
    }
    .into_any()
}
