//! Help: questions people have at each surface, and who answers the others.

use super::verify::VERIFY;
use crate::{t, wire::boot};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/help`
#[component]
pub fn HelpPage() -> impl IntoView {
    let support = boot().support_email;
    let topics = [
        ("apply", t::help::apply_title(), t::help::apply_text()),
        ("account", t::help::account_title(), t::help::account_text()),
        ("verify", t::help::verify_title(), t::help::verify_text()),
        ("manage", t::help::manage_title(), t::help::manage_text()),
        ("trial", t::help::trial_title(), t::help::trial_text()),
        ("access", t::help::access_title(), t::help::access_text()),
    ];
    view! {
        <Title text=t::shell::help()/>
        <main id="content" class="content prose stack stack-loose">
            <h1>{t::shell::help()}</h1>
            {topics.into_iter().map(|(id, title, text)| view! {
                <section id=id class="stack"><h2>{title}</h2><p>{text}</p></section>
            }).collect_view()}
            <section id="audit" class="stack">
                <h2>{t::help::audit_title()}</h2>
                <p>{t::help::audit_text()} " " <a href=VERIFY>{t::audit::verify_link()}</a></p>
            </section>
            <section class="stack">
                <h2>{t::help::support_title()}</h2>
                <p>{t::help::support_text()} " " <a href=format!("mailto:{support}")>{support.clone()}</a></p>
            </section>
        </main>
    }
}
