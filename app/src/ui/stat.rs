use super::{Text, Tone};
use leptos::prelude::*;

/// A figure with its name, leading to what it counts.
#[component]
pub fn Stat(
    /// What is counted.
    #[prop(into)]
    label: Text,
    /// The figure, written out in the reader's way.
    #[prop(into)]
    value: Text,
    /// The list behind the figure.
    #[prop(optional, into)]
    href: Option<Text>,
    /// A remark below, e.g. a comparison.
    #[prop(optional, into)]
    note: Option<Text>,
    /// Colours the figure where it calls for attention.
    #[prop(optional)]
    tone: Option<Tone>,
) -> impl IntoView {
    let class = match tone {
        None => "stat".to_owned(),
        Some(tone) => format!("stat {}", tone.class()),
    };
    let content = view! {
        <span class="stat-label">{label}</span>
        " "
        <span class="stat-value">{value}</span>
        {note.map(|note| view! { " "<span class="stat-note">{note}</span> })}
    };
    match href {
        Some(href) => view! { <a class=class href=href>{content}</a> }.into_any(),
        None => view! { <div class=class>{content}</div> }.into_any(),
    }
}
