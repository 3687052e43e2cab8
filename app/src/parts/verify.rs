//! *Verify {domain}*: the three ways to prove a domain, what was last seen, and *Check now* (domain.md section 5).
//!
//! Open or not is a matter of the address: `?verify={domain}`, with `&of={org}` for a customer's domain and
//! `&method=txt|cname|html` for the tab. So it works without script, and a link to it can be sent to whoever runs the
//! DNS. A page that shows domains links to it by [`verify_href`] and has one [`VerifyDialog`].

use super::{live::use_changes, load::Failed};
use crate::{
    admin::domains::api,
    data::Data,
    form::{FormView, Problems, use_form},
    i18n, t,
    ui::{
        Badge, Button, ButtonVariant, Callout, Copyable, Dialog, Fact, Facts, Skeleton, SkeletonKind, Tab,
        Tabs, Tone,
    },
    wire::ApiError,
};
use kontor::{
    domain::{Check, DomainStatus, Hint, Method, Outcome, Proof},
    kernel::id::OrgId,
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{
    hooks::{use_location, use_query_map},
    params::ParamsMap,
};

/// The names of the dialog's part of an address.
const PARTS: [&str; 3] = ["verify", "of", "method"];

/// The page at hand with the dialog open for a domain of `org`; the rest of its address is kept.
pub fn verify_href(org: OrgId, domain: &str) -> impl Fn() -> String + Clone + use<> {
    let (query, location) = (use_query_map(), use_location());
    let domain = domain.to_owned();
    move || {
        let mut query = without_dialog(query.get());
        query.insert("verify", domain.clone());
        query.insert("of", org.to_string());
        format!("{}{}", location.pathname.get(), query.to_query_string())
    }
}

fn without_dialog(mut query: ParamsMap) -> ParamsMap {
    for part in PARTS {
        query.remove(part);
    }
    query
}

/// How a domain stands, in a word.
pub fn status_badge(status: DomainStatus) -> impl IntoView {
    let (tone, label) = match status {
        DomainStatus::Pending => (Tone::Warning, t::domain::status_pending()),
        DomainStatus::Verified => (Tone::Success, t::domain::status_verified()),
        DomainStatus::AtRisk => (Tone::Warning, t::domain::status_at_risk()),
        DomainStatus::Claimed => (Tone::Danger, t::domain::status_claimed()),
        DomainStatus::Lapsed => (Tone::Neutral, t::domain::status_lapsed()),
    };
    view! { <Badge tone label/> }
}

/// A domain of an organisation.
type Subject = (OrgId, String);

/// The dialog, for a page open in the name of `org`: its own domains, and if it is a partner those of its customers.
#[component]
pub fn VerifyDialog(
    /// The organisation in whose name the page is open.
    org: OrgId,
) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let wanted = Memo::new(move |_| {
        query.with(|q| {
            let domain = q.get("verify").filter(|d| !d.is_empty())?;
            Some((q.get("of").and_then(|id| id.parse().ok()).unwrap_or(org), domain))
        })
    });
    // The dialog keeps its domain until another one is asked for, so that closing it gives the focus back.
    let subject =
        Memo::new(move |before: Option<&Option<Subject>>| wanted.get().or_else(|| before.cloned().flatten()));
    let close = Signal::derive(move || {
        format!("{}{}", location.pathname.get(), without_dialog(query.get()).to_query_string())
    });
    move || {
        subject.get().map(|(of, domain)| {
            let open = Signal::derive(move || wanted.with(Option::is_some));
            view! {
                <Dialog id="verify" heading=t::domain::verify_heading(&domain) open
                    close_href=close close_label=t::shell::close()>
                    <Subjected org of domain open/>
                </Dialog>
            }
        })
    }
}

#[component]
fn Subjected(
    /// The organisation in whose name the page is open.
    org: OrgId,
    /// Whose domain it is.
    of: OrgId,
    /// The domain.
    domain: String,
    /// Whether somebody looks.
    open: Signal<bool>,
) -> impl IntoView {
    // A server action would bring the reader of errors in addresses, which nothing here writes.
    let check_domain = Action::new(move |(domain, method): &(String, Method)| {
        let (domain, method) = (domain.clone(), *method);
        async move {
            match of == org {
                true => api::verify_domain(org, domain, method).await,
                false => api::verify_customer_domain(org, of, domain, method).await,
            }
        }
    });
    // Without the script the form goes to the same call.
    let call = if of == org { "/api/admin/verify_domain" } else { "/api/admin/verify_customer_domain" };
    let changed = use_changes(org, &["domain"]);
    // A closed dialog asks for nothing: its domain may be gone.
    let changes = Memo::new(move |before: Option<&u32>| match open.get() {
        true => changed.get(),
        false => before.copied().unwrap_or_default(),
    });
    let name = domain.clone();
    let proof = Data::new(
        move || (check_domain.version().get(), changes.get()),
        move |_| {
            let domain = name.clone();
            async move {
                match of == org {
                    true => api::domain_proof(org, domain).await,
                    false => api::customer_domain_proof(org, of, domain).await,
                }
            }
        },
    );
    let form = use_form(call, check_domain);
    let busy = Signal::derive(move || check_domain.pending().get());
    // Said aloud once an answer is here: what changes inside the dialog is new to whoever does not see it.
    let said = RwSignal::new("");
    Effect::new(move || {
        if let Some(Ok(Proof { domain, .. })) = check_domain.value().get()
            && let Some(check) = domain.last_check
        {
            said.set(outcome_title(check.outcome));
            // The answer stands at the top, the button at the bottom.
            if let Some(top) = document().get_element_by_id("verify-heading") {
                top.scroll_into_view();
            }
        }
    });
    let query = use_query_map();
    let chosen = move |proof: &Proof| {
        let by_address = query.with(|q| q.get("method")).and_then(|m| m.parse::<Method>().ok());
        let tried = proof.domain.method.or_else(|| proof.domain.last_check.as_ref().map(|c| c.method));
        by_address.or(tried).unwrap_or(Method::Txt)
    };
    let check = move |method: Method| {
        let (shown, domain) = (domain.clone(), domain.clone());
        let send = move |event: SubmitEvent| {
            event.prevent_default();
            check_domain.dispatch((domain.clone(), method));
        };
        view! {
            <form method="post" action=call on:submit=send>
                {(of != org).then(|| view! { <input type="hidden" name="customer" value=of.to_string()/> })}
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="domain" value=shown/>
                <input type="hidden" name="method" value=method.key()/>
                <Button label=t::domain::check_now() variant=ButtonVariant::Primary busy=busy/>
            </form>
        }
        .into_any()
    };
    view! {
        <p class="visually-hidden" role="status">{move || said.get()}</p>
        <Transition fallback=|| view! { <Skeleton kind=SkeletonKind::Lines(8) label=t::shell::loading()/> }>
            {move || {
                let check = check.clone();
                Suspend::new(async move {
                    match proof.wait().await {
                        Ok(proof) => {
                            let method = chosen(&proof);
                            let check = check(method);
                            view! { <Shown proof method check form/> }.into_any()
                        }
                        Err(ApiError(error)) => view! { <Failed error/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Shown(
    /// What proves the domain, and how it stands.
    proof: Proof,
    /// The chosen method.
    method: Method,
    /// The form that checks it.
    check: AnyView,
    /// What that form says.
    form: FormView,
) -> impl IntoView {
    let (query, location) = (use_query_map(), use_location());
    let href = move |method: Method| {
        let mut query = query.get_untracked();
        query.replace("method", method.key().to_owned());
        format!("{}{}", location.pathname.get_untracked(), query.to_query_string())
    };
    let tab = |method: Method, label: &'static str| Tab {
        key: method.key().into(),
        label: label.into(),
        href: href(method).into(),
    };
    let tabs = vec![
        tab(Method::Txt, t::domain::tab_txt()),
        tab(Method::Cname, t::domain::tab_cname()),
        tab(Method::Html, t::domain::tab_html()),
    ];
    let last = proof.domain.last_check.clone();
    let published = proof.clone();
    // Publishing is of no use where somebody else has proven it.
    let may_prove = !proof.domain.status.is_held() && proof.domain.status != DomainStatus::Claimed;
    let next = match proof.domain.next_check_at {
        Some(at) => t::domain::next_check(i18n::date_time(at)),
        None if proof.domain.status == DomainStatus::Claimed => String::new(),
        None => t::domain::no_next_check().into(),
    };
    view! {
        <div class="stack">
            <Problems form/>
            <p class="row">
                {proof.domain.name.unicode.is_some().then(|| view! {
                    <strong>{proof.domain.name.to_string()}</strong>
                })}
                {status_badge(proof.domain.status)}
                <span class="muted">{next}</span>
            </p>
            {last.map(|check| view! { <LastCheck check proof/> })}
            {may_prove.then(|| view! { <p>{t::domain::intro()}</p> })}
            <Tabs id="verify" label=t::domain::methods() tabs selected=Signal::derive(move || method.key().to_owned())>
                <Instructions proof=published method/>
            </Tabs>
            <div class="dialog-foot">{check}</div>
        </div>
    }
    .into_any()
}

/// What to publish, and where.
#[component]
fn Instructions(
    /// What proves the domain.
    proof: Proof,
    /// The chosen method.
    method: Method,
) -> impl IntoView {
    let copyable = |id: &'static str, label: &'static str, value: String| {
        view! {
            <Copyable id label value copy_label=t::shell::copy() copied_label=t::shell::copied()/>
        }
    };
    let (text, record, value_label) = match method {
        Method::Txt => (t::domain::txt_text(), proof.txt, t::domain::value()),
        Method::Cname => (t::domain::cname_text(), proof.cname, t::domain::target()),
        Method::Html => {
            return view! {
                <div class="stack">
                    <p>{t::domain::html_text()}</p>
                    {copyable("proof-path", t::domain::path(), proof.html.path)}
                    {copyable("proof-value", t::domain::value(), proof.html.value)}
                    <p class="muted break">{t::domain::html_url(proof.html.url)}</p>
                </div>
            }
            .into_any();
        }
    };
    view! {
        <div class="stack">
            <p>{text}</p>
            {copyable("proof-host", t::domain::host(), record.host)}
            {copyable("proof-host-full", t::domain::host_full(), record.host_full)}
            {copyable("proof-value", value_label, record.value)}
            <p class="muted">{t::domain::host_note()}</p>
        </div>
    }
    .into_any()
}

/// What the last check saw, where and when, and what to do about it.
#[component]
fn LastCheck(
    /// The check.
    check: Check,
    /// What proves the domain.
    proof: Proof,
) -> impl IntoView {
    let record = match check.method {
        Method::Cname => &proof.cname,
        _ => &proof.txt,
    };
    let hint = check.hint.map(|Hint::HostDuplicated| t::domain::hint_host_duplicated(&record.host));
    let title = match check.status {
        Some(status) if check.outcome == Outcome::HttpStatus => t::domain::outcome_http_status_code(status),
        _ => outcome_title(check.outcome).to_owned(),
    };
    let help = outcome_help(&check, &proof);
    let method = match check.method {
        Method::Txt => t::domain::tab_txt(),
        Method::Cname => t::domain::tab_cname(),
        Method::Html => t::domain::tab_html(),
    };
    let found = check.found.into_iter().map(|value| view! { <li><code class="break">{value}</code></li> });
    let found = found.collect_view();
    view! {
        <section class="stack stack-tight" aria-labelledby="last-check">
            <h3 id="last-check">{t::domain::last_check()}</h3>
            <Callout tone=outcome_tone(check.outcome) title>
                <p>{help}</p>
                {hint.map(|hint| view! { <p>{hint}</p> })}
            </Callout>
            <Facts>
                <Fact name=t::domain::checked_at()>{i18n::date_time(check.at)}</Fact>
                <Fact name=t::domain::checked_method()>{method}</Fact>
                {(!check.server.is_empty()).then(|| view! {
                    <Fact name=t::domain::checked_where()>{server(&check.server)}</Fact>
                })}
                <Fact name=t::domain::found()>
                    {match found.is_empty() {
                        true => t::domain::found_nothing().into_any(),
                        false => view! { <ul class="list-plain">{found}</ul> }.into_any(),
                    }}
                </Fact>
            </Facts>
        </section>
    }
    .into_any()
}

fn server(server: &str) -> String {
    match server {
        "resolver" => t::domain::resolver().into(),
        other => other.to_owned(),
    }
}

fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Verified => Tone::Success,
        Outcome::AlreadyClaimed => Tone::Danger,
        _ => Tone::Warning,
    }
}

/// The status text of a check (labels.md).
pub fn outcome_title(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Verified => t::domain::outcome_verified(),
        Outcome::RecordMissing | Outcome::NxDomain | Outcome::WrongNameserver => t::domain::outcome_missing(),
        Outcome::ValueMismatch => t::domain::outcome_mismatch(),
        Outcome::ServFail => t::domain::outcome_servfail(),
        Outcome::Timeout => t::domain::outcome_timeout(),
        Outcome::HttpStatus => t::domain::outcome_http_status(),
        Outcome::RedirectOffsite => t::domain::outcome_redirect(),
        Outcome::AlreadyClaimed => t::domain::outcome_claimed(),
        Outcome::PrivateAddress => t::domain::outcome_private(),
        Outcome::Unreachable => t::domain::outcome_unreachable(),
        Outcome::TooLarge => t::domain::outcome_too_large(),
    }
}

fn outcome_help(check: &Check, proof: &Proof) -> String {
    let domain = &proof.domain.name.ascii;
    match (check.outcome, check.method) {
        (Outcome::Verified, _) => t::domain::help_verified().into(),
        (Outcome::NxDomain, Method::Html) => t::domain::help_no_host(domain),
        (Outcome::RecordMissing, Method::Cname) => t::domain::help_missing(&proof.cname.host_full),
        (Outcome::RecordMissing, _) => t::domain::help_missing(domain),
        (Outcome::NxDomain, _) => t::domain::help_nxdomain(domain),
        (Outcome::WrongNameserver, _) => t::domain::help_wrong_nameserver(domain),
        (Outcome::ValueMismatch, Method::Html) => t::domain::help_mismatch_html().into(),
        (Outcome::ValueMismatch, _) => t::domain::help_mismatch().into(),
        (Outcome::ServFail, _) => t::domain::help_servfail(domain),
        (Outcome::Timeout, Method::Html) => t::domain::help_timeout_html().into(),
        (Outcome::Timeout, _) => t::domain::help_timeout().into(),
        (Outcome::HttpStatus, _) => t::domain::help_http_status(&proof.html.path),
        (Outcome::RedirectOffsite, _) => t::domain::help_redirect(domain),
        (Outcome::AlreadyClaimed, _) => t::domain::help_claimed().into(),
        (Outcome::PrivateAddress, _) => t::domain::help_private(domain),
        (Outcome::Unreachable, _) => t::domain::help_unreachable(domain),
        (Outcome::TooLarge, _) => t::domain::help_too_large().into(),
    }
}
