use super::{Button, ButtonSize, ButtonVariant, Glyph, Icon, Text, Tone};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// How long a toast stays while nobody looks at it closely.
const STAY: Duration = Duration::from_secs(8);
/// The same for a toast that offers something to do.
const STAY_WITH_ACTION: Duration = Duration::from_secs(20);

/// One message on its way out.
#[derive(Clone)]
struct Toast {
    number: u32,
    tone: Tone,
    text: Text,
    action: Option<(Text, Callback<()>)>,
}

/// Where pages leave short news: "Saved", with *Undo* where undo is possible.
#[derive(Clone, Copy)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    count: StoredValue<u32>,
}

impl Toaster {
    /// Makes the toaster of this page and hands it to everything below through the context.
    pub fn provide() -> Toaster {
        let toaster = Toaster { toasts: RwSignal::new(Vec::new()), count: StoredValue::new(0) };
        provide_context(toaster);
        toaster
    }

    /// The toaster provided above.
    pub fn expect() -> Toaster {
        expect_context()
    }

    /// Shows a message for a while.
    pub fn show(&self, tone: Tone, text: impl Into<Text>) {
        self.push(tone, text.into(), None);
    }

    /// Shows a message with something to do about it, e.g. *Undo*.
    pub fn offer(&self, tone: Tone, text: impl Into<Text>, label: impl Into<Text>, action: Callback<()>) {
        self.push(tone, text.into(), Some((label.into(), action)));
    }

    fn push(&self, tone: Tone, text: Text, action: Option<(Text, Callback<()>)>) {
        let number = self.count.get_value();
        self.count.set_value(number + 1);
        self.toasts.update(|toasts| toasts.push(Toast { number, tone, text, action }));
    }

    fn dismiss(&self, number: u32) {
        // The page may be gone before the timer.
        _ = self.toasts.try_update(|toasts| toasts.retain(|toast| toast.number != number));
    }
}

/// The corner where toasts appear; once per page, after the content. Needs [`Toaster::provide`] above.
#[component]
pub fn ToastRegion(
    /// Name of the button that closes a toast.
    #[prop(into)]
    dismiss_label: Text,
) -> impl IntoView {
    let toaster = Toaster::expect();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toaster.toasts.get() key=|toast| toast.number let:toast>
                <ToastCard toaster toast dismiss_label=dismiss_label.clone()/>
            </For>
        </div>
    }
    .into_any()
}

/// One toast. Its time stands still while the pointer or the focus is on it.
#[component]
fn ToastCard(
    /// Where it came from.
    toaster: Toaster,
    /// What it says.
    toast: Toast,
    /// Name of the button that closes it.
    dismiss_label: Text,
) -> impl IntoView {
    let number = toast.number;
    let stay = if toast.action.is_some() { STAY_WITH_ACTION } else { STAY };
    let held = RwSignal::new(false);
    Effect::new(move || {
        if !held.get()
            && let Ok(timer) = set_timeout_with_handle(move || toaster.dismiss(number), stay)
        {
            on_cleanup(move || TimeoutHandle::clear(&timer));
        }
    });
    let action = toast.action.map(|(label, action)| {
        let act = move |_| {
            toaster.dismiss(number);
            action.run(());
        };
        view! {
            <Button label kind="button" variant=ButtonVariant::Quiet size=ButtonSize::Small on:click=act/>
        }
    });
    view! {
        <div
            class=format!("toast {}", toast.tone.class())
            on:mouseenter=move |_| held.set(true)
            on:mouseleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            <Icon glyph=toast.tone.icon()/>
            <p>{toast.text}</p>
            {action}
            <button
                class="btn btn-small btn-icon"
                type="button"
                aria-label=dismiss_label
                on:click=move |_| toaster.dismiss(number)
            >
                <Icon glyph=Glyph::Cross/>
            </button>
        </div>
    }
    .into_any()
}
