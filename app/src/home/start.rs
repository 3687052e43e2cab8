//! What the programme offers, and how joining works.

use crate::{
    t,
    ui::{ButtonVariant, LinkButton},
    wire::me,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/`
#[component]
pub fn Home() -> impl IntoView {
    let me = me();
    let home = me.home();
    let signed_in = me.email.is_some();
    let offers = [
        (t::home::offer_customers_title(), t::home::offer_customers_text()),
        (t::home::offer_console_title(), t::home::offer_console_text()),
        (t::home::offer_trials_title(), t::home::offer_trials_text()),
    ];
    let steps =
        [t::home::step_apply(), t::home::step_review(), t::home::step_welcome(), t::home::step_customers()];
    view! {
        <Title text=""/>
        <main id="content" class="content content-middle stack stack-loose">
            <section class="hero stack">
                <h1>{t::home::heading()}</h1>
                <p>{t::home::lead()}</p>
                <p class="row">
                    {match signed_in && home != "/apply" {
                        true => view! {
                            <LinkButton label=t::home::go_on() href=home variant=ButtonVariant::Primary/>
                        }.into_any(),
                        false => view! {
                            <LinkButton label=t::home::apply_now() href="/apply?expertise=workplace"
                                variant=ButtonVariant::Primary/>
                            {(!signed_in).then(|| view! {
                                <LinkButton label=t::home::have_account() href="/signin"/>
                            })}
                        }.into_any(),
                    }}
                </p>
            </section>
            <section class="stack" aria-labelledby="offer">
                <h2 id="offer">{t::home::offer_heading()}</h2>
                <div class="card-grid card-grid-three">
                    {offers.into_iter().map(|(title, text)| view! {
                        <article class="card stack stack-tight"><h3 class="card-title">{title}</h3><p>{text}</p></article>
                    }).collect_view()}
                </div>
            </section>
            <section class="stack" aria-labelledby="joining">
                <h2 id="joining">{t::home::joining_heading()}</h2>
                <ol>{steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
                <p>{t::home::no_promise()}</p>
            </section>
        </main>
    }
}
