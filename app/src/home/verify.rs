//! `/verify`: whether a downloaded trail is whole. Anybody may ask: the file proves itself, and nothing of it is kept.

use crate::{
    form::plain_form,
    i18n,
    parts::chain::ChainFound,
    t,
    ui::{Button, ButtonVariant, Callout, Card, Fact, Facts, PageHeader, Tone},
};
use kontor::audit::FileReport;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page, and where a file is sent: the answer to it is the page with what was found.
pub const VERIFY: &str = "/verify";

/// `/verify`
#[component]
pub fn VerifyPage() -> impl IntoView {
    let form = plain_form(VERIFY);
    let found = serde_json::from_str::<FileReport>(&form.value("found")).ok();
    let problem = match form.value("problem").as_str() {
        "no_file" => Some(t::audit::no_file()),
        "no_trail" => Some(t::audit::no_trail()),
        "too_large" => Some(t::audit::too_large()),
        "busy" => Some(t::audit::busy()),
        _ => None,
    };
    view! {
        <Title text=t::audit::verify_title()/>
        <main id="content" class="content content-middle stack-loose">
            <PageHeader heading=t::audit::verify_title() description=t::audit::verify_text()/>
            {problem.map(|text| view! { <Callout tone=Tone::Danger live=true><p>{text}</p></Callout> })}
            {found.map(|found| view! { <Found found/> })}
            <form class="form" method="post" enctype="multipart/form-data" action=VERIFY novalidate>
                <div class="field">
                    <label for="file">{t::audit::file()}</label>
                    <p class="hint" id="file-hint">{t::audit::file_hint()}</p>
                    <input id="file" type="file" name="file" accept=".jsonl" aria-describedby="file-hint" required/>
                </div>
                <p><Button label=t::audit::verify() variant=ButtonVariant::Primary/></p>
            </form>
        </main>
    }
    .into_any()
}

#[component]
fn Found(
    /// What was found.
    found: FileReport,
) -> impl IntoView {
    let FileReport { name, chain, shown } = found;
    let number = |count: u64| i18n::number(i64::try_from(count).unwrap_or(i64::MAX));
    view! {
        <Card heading=t::audit::file_of(name) id="found">
            <Facts>
                <Fact name=t::audit::events()>{number(chain.events)}</Fact>
                <Fact name=t::audit::shown()>{number(shown)}</Fact>
            </Facts>
            <ChainFound report=chain/>
            <p class="muted small">{t::audit::compare()}</p>
        </Card>
    }
    .into_any()
}
