//! `/admin/{org}/domains/{domain}`: a domain, and the records that its mail needs.

use super::{
    api,
    lamps::{badge, badges, lamp},
};
use crate::{
    admin::use_org,
    data::Data,
    i18n,
    parts::{
        live::use_changes,
        load::{Failed, Loaded},
        verify::status_badge,
    },
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Callout, Card, Copyable, Fact, Facts, Glyph, LinkButton,
        PageHeader, Tone,
    },
};
use kontor::{
    Error,
    domain::{
        DomainView,
        mail::{KeyView, Lamp, LampState, LampView, MailFlow, RecordToSet},
    },
    kernel::id::{DomainId, OrgId},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/admin/{org}/domains/{domain}`
#[component]
pub fn DomainPage() -> impl IntoView {
    let (org, params) = (use_org(), use_params_map());
    let domain =
        Memo::new(move |_| params.with(|p| p.get("domain").and_then(|id| id.parse::<DomainId>().ok())));
    view! {
        <Title text=t::mailflow::lamps()/>
        <main id="content" class="content content-narrow stack-loose">
            {move || match (org.get(), domain.get()) {
                (Some(org), Some(domain)) => view! { <Flow org domain/> }.into_any(),
                _ => view! { <Failed error=Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Flow(
    /// The organisation.
    org: OrgId,
    /// The domain.
    domain: DomainId,
) -> impl IntoView {
    let changes = use_changes(org, &["domain", "mail"]);
    let flow = Data::new(move || changes.get(), move |_| api::mail_flow(org, domain));
    view! { <Loaded resource=flow view=|flow| view! { <Shown flow/> }.into_any()/> }
}

/// The hidden fields of every form of the page.
fn names(domain: &DomainView) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="org" value=domain.org.to_string()/>
        <input type="hidden" name="domain" value=domain.id.to_string()/>
    }
}

#[component]
fn Shown(
    /// What is known of the domain's mail.
    flow: MailFlow,
) -> impl IntoView {
    let MailFlow { domain, named, lamps, key, looked_at, next_look_at, may_edit } = flow;
    let held = domain.status.is_held();
    let (org, primary, heading) = (domain.org, domain.is_primary, domain.name.to_string());
    let state = (status_badge(domain.status), primary.then(|| view! { <Badge label=t::domain::primary()/> }));
    let states: Vec<_> = lamps.iter().map(|one| (one.look.lamp, one.look.state)).collect();
    let no_key = key.is_none();
    let at = |at: Option<_>| at.map_or_else(|| t::domain::not_checked().to_owned(), i18n::date_time);
    let check = (may_edit && named && held).then(|| {
        view! {
            <form method="post" action="/api/admin/check_mail">
                {names(&domain)}
                <Button label=t::mailflow::check_now() variant=ButtonVariant::Primary/>
            </form>
        }
    });
    let overview = match (held, named) {
        (false, _) => view! { <Callout><p>{t::mailflow::unverified()}</p></Callout> }.into_any(),
        (true, false) => {
            view! { <Callout tone=Tone::Warning><p>{t::mailflow::unnamed()}</p></Callout> }.into_any()
        }
        (true, true) => view! {
            <Card heading=t::mailflow::lamps() id="lamps">
                {badges(states)}
                <Facts wide=true>
                    <Fact name=t::mailflow::looked_at()>{at(looked_at)}</Fact>
                    {next_look_at.map(|at| view! {
                        <Fact name=t::mailflow::next_look()>{i18n::date_time(at)}</Fact>
                    })}
                </Facts>
                {check}
            </Card>
        }
        .into_any(),
    };
    let key = key.map(|key| view! { <Key domain=domain.clone() key may_edit/> });
    let first = (may_edit && held && !primary).then(|| {
        view! {
            <Card heading=t::mailflow::make_primary() id="primary">
                <p>{t::mailflow::primary_text()}</p>
                <form method="post" action="/api/admin/make_primary">
                    {names(&domain)}
                    <Button label=t::mailflow::make_primary()/>
                </form>
            </Card>
        }
    });
    view! {
        <PageHeader heading=heading aside=move || state>
            <LinkButton label=t::domain::title() href=format!("/admin/{org}/domains")/>
        </PageHeader>
        {overview}
        {lamps.into_iter().map(|one| view! { <OneLamp one no_key/> }).collect_view()}
        {key}
        {first}
    }
    .into_any()
}

#[component]
fn OneLamp(
    /// The lamp.
    one: LampView,
    /// Whether there is no key yet.
    no_key: bool,
) -> impl IntoView {
    let LampView { look, records } = one;
    let which = look.lamp;
    let words = |key: String| t::mailflow::lookup(&key).unwrap_or_default();
    // What is wrong in particular says more than that something is.
    let help =
        look.hint.map_or_else(|| words(format!("help_{}", look.state)), |hint| words(format!("hint_{hint}")));
    let found = look.found.into_iter().map(|value| view! { <li><code class="break">{value}</code></li> });
    let found = found.collect_view();
    let asked = !matches!(look.state, LampState::Unknown | LampState::NoAnswer);
    let state = look.state;
    let long = which == Lamp::Dkim && !records.is_empty();
    let records = records.into_iter().enumerate();
    let records =
        records.map(|(i, record)| view! { <Record record id=format!("{which}-{i}")/> }).collect_view();
    view! {
        <Card heading=lamp(which) id=which.key() aside=move || badge(which, state)>
            <p class="muted">{words(format!("what_{which}"))}</p>
            <p>{help}</p>
            {asked.then(|| view! {
                <Facts>
                    <Fact name=t::domain::found()>
                        {match found.is_empty() {
                            true => t::domain::found_nothing().into_any(),
                            false => view! { <ul class="list-plain">{found}</ul> }.into_any(),
                        }}
                    </Fact>
                </Facts>
            })}
            {(which == Lamp::Dkim && no_key).then(|| view! { <p>{t::mailflow::no_key()}</p> })}
            {records}
            {long.then(|| view! { <p class="muted small">{t::mailflow::pieces()}</p> })}
        </Card>
    }
    .into_any()
}

#[component]
fn Record(
    /// The record to be set.
    record: RecordToSet,
    /// What its parts are told from those of other records by.
    id: String,
) -> impl IntoView {
    let copied = |part: &str, label: &'static str, value: String| {
        view! {
            <Copyable id=format!("{id}-{part}") label value
                copy_label=t::shell::copy() copied_label=t::shell::copied()/>
        }
    };
    let host = copied("host", t::domain::host(), record.host);
    let value = copied("value", t::domain::value(), record.value);
    view! {
        <h3>{t::mailflow::record()}</h3>
        <Facts>
            <Fact name=t::mailflow::kind()>{record.kind}</Fact>
            {record.priority.map(|priority| view! {
                <Fact name=t::mailflow::priority()>{priority.to_string()}</Fact>
            })}
            <Fact name=t::domain::host_full()><span class="break">{record.host_full}</span></Fact>
        </Facts>
        {host}
        {value}
    }
    .into_any()
}

#[component]
fn Key(
    /// The domain.
    domain: DomainView,
    /// Its key.
    key: KeyView,
    /// Whether the reader may replace it.
    may_edit: bool,
) -> impl IntoView {
    let (seen, tone) = match key.seen {
        true => (t::mailflow::key_seen(), Tone::Success),
        false => (t::mailflow::key_waiting(), Tone::Warning),
    };
    view! {
        <Card heading=t::mailflow::key() id="key" aside=move || view! { <Badge label=seen tone/> }>
            <Facts wide=true>
                <Fact name=t::mailflow::key_selector()>{key.selector}</Fact>
                <Fact name=t::mailflow::key_since()>{i18n::date(key.made_at.day())}</Fact>
                {key.old_selector.map(|old| view! { <Fact name=t::mailflow::key_old()>{old}</Fact> })}
            </Facts>
            {may_edit.then(|| view! {
                <p>{t::mailflow::new_key_text()}</p>
                <form method="post" action="/api/admin/new_mail_key">
                    {names(&domain)}
                    <input type="hidden" name="version" value=key.version.to_string()/>
                    <Button label=t::mailflow::new_key() size=ButtonSize::Small icon=Glyph::Key/>
                </form>
            })}
        </Card>
    }
    .into_any()
}
