use super::{Text, browser};
use leptos::{ev, prelude::*};

/// One tab of [`Tabs`].
#[derive(Clone, Debug)]
pub struct Tab {
    /// Short and unique among the tabs; part of the tab's id.
    pub key: Text,
    /// What it says.
    pub label: Text,
    /// The page with this tab chosen.
    pub href: Text,
}

/// Views of the same thing of which one is shown. The tabs are links, so the choice is in the address and works without
/// script; the arrow keys, Home and End move between them.
#[component]
pub fn Tabs(
    /// Part of the ids; unique on the page.
    #[prop(into)]
    id: Text,
    /// Accessible name of the row of tabs.
    #[prop(into)]
    label: Text,
    /// The tabs, in order.
    tabs: Vec<Tab>,
    /// The key of the chosen tab.
    #[prop(into)]
    selected: Signal<String>,
    /// What the chosen tab shows.
    children: Children,
) -> impl IntoView {
    let panel = format!("{id}-panel");
    let prefix = id.clone();
    let labelled_by = move || format!("{prefix}-tab-{}", selected.get());
    let links = tabs
        .into_iter()
        .map(|tab| {
            let key = tab.key.clone();
            let chosen = move || if selected.with(|selected| **selected == *key) { "true" } else { "false" };
            view! {
                <a
                    role="tab"
                    id=format!("{id}-tab-{}", tab.key)
                    href=tab.href
                    aria-controls=panel.clone()
                    aria-selected=chosen
                >
                    {tab.label}
                </a>
            }
        })
        .collect_view();
    let step = move |event: ev::KeyboardEvent| {
        if browser::step_among_siblings(&event) {
            event.prevent_default();
        }
    };
    view! {
        <div>
            <div class="tabs" role="tablist" aria-label=label on:keydown=step>{links}</div>
            <div class="tab-panel" role="tabpanel" id=panel.clone() aria-labelledby=labelled_by>{children()}</div>
        </div>
    }
    .into_any()
}
