use super::{Button, Glyph, Icon, Text};
use leptos::{ev, html, prelude::*};
use std::time::Duration;

/// Quiet time after a key before a search as you type starts.
const PAUSE: Duration = Duration::from_millis(250);

/// A search over a list: a form that works by submit, and as you type where the page asks for it.
#[component]
pub fn SearchBox(
    /// The field's accessible name, e.g. "Search customers".
    #[prop(into)]
    label: Text,
    /// The button's text.
    #[prop(into)]
    submit_label: Text,
    /// The list's address.
    #[prop(into)]
    action: Text,
    /// The field's name and id.
    #[prop(default = Text::Borrowed("q"), into)]
    name: Text,
    /// What is searched for now. Followed when the address changes, except under the reader's fingers.
    #[prop(optional, into)]
    value: MaybeProp<String>,
    /// What could be searched for, in grey.
    #[prop(optional, into)]
    placeholder: Option<Text>,
    /// Names and values of the other things in the list's address (filters, sort) that a new search keeps.
    #[prop(optional)]
    keep: Vec<(Text, Text)>,
    /// Called with the text a moment after typing stops, and at once on submit, which then stays on the page.
    #[prop(optional)]
    on_search: Option<Callback<String>>,
) -> impl IntoView {
    let mut typed = on_search.map(|search| {
        let mut later = debounce(PAUSE, move |text: String| search.run(text));
        move |event: ev::Event| later(event_target_value(&event))
    });
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |first: Option<()>| {
        let text = value.get().unwrap_or_default();
        if let (Some(()), Some(input)) = (first, input.get_untracked())
            && !super::browser::has_focus(&input)
        {
            input.set_value(&text);
        }
    });
    let field = name.clone();
    let submit = move |event: ev::SubmitEvent| {
        if let (Some(search), Some(text)) = (on_search, super::browser::form_value(&event, &field)) {
            event.prevent_default();
            search.run(text);
        }
    };
    let kept = keep.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <form class="search" role="search" method="get" action=action on:submit=submit>
            {kept.collect_view()}
            <div class="search-box">
                <label class="visually-hidden" for=name.clone()>{label}</label>
                <Icon glyph=Glyph::Search/>
                <input
                    class="input"
                    type="search"
                    id=name.clone()
                    name=name
                    value=value.get_untracked()
                    node_ref=input
                    placeholder=placeholder
                    maxlength="200"
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |event| {
                        if let Some(typed) = &mut typed {
                            typed(event);
                        }
                    }
                />
            </div>
            <Button label=submit_label/>
        </form>
    }
    .into_any()
}
