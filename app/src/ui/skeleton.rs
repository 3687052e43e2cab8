use super::Text;
use leptos::prelude::*;

/// The shape of what is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkeletonKind {
    /// So many lines of text or rows.
    Lines(usize),
    /// So many cards in a grid.
    Cards(usize),
}

/// Stands for content that a client-side navigation waits for.
#[component]
pub fn Skeleton(
    /// The shape.
    kind: SkeletonKind,
    /// What is said to readers who do not see it, e.g. "Loading".
    #[prop(into)]
    label: Text,
) -> impl IntoView {
    let bones = |count: usize| (0..count).map(|_| view! { <div class="bone"></div> }).collect_view();
    let shape = match kind {
        SkeletonKind::Lines(count) => {
            view! { <div class="skeleton" aria-hidden="true">{bones(count)}</div> }.into_any()
        }
        SkeletonKind::Cards(count) => {
            let cards = (0..count).map(|_| view! { <div class="card">{bones(6)}</div> }).collect_view();
            view! { <div class="card-grid" aria-hidden="true">{cards}</div> }.into_any()
        }
    };
    view! { <div role="status"><span class="visually-hidden">{label}</span>{shape}</div> }.into_any()
}
