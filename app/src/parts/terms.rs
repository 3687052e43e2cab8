//! The terms of a partner's access: as they are read, and as they are chosen. What each capability opens is said before anybody
//! consents to it (domain.md section 6).

use crate::{
    admin::words,
    form::FormView,
    i18n, t,
    ui::{Checkbox, Fact, Facts, RadioOption, Radios, Select, Text},
};
use kontor::{
    delegation::{AS_ASKED, OWN_CHOICE, RenewBy, Template, TermsForm, TermsView},
    kernel::{
        instant::Instant,
        right::{DELEGABLE, Feature, Features},
    },
};
use leptos::prelude::*;

/// The name of the checkboxes of one's own choice.
const CAPABILITIES: &str = "capabilities[]";

/// How long access may be given for by this form, in days.
const DAYS: [i64; 6] = [7, 30, 90, 180, 365, 730];

/// What a capability opens: screens by the last word of their path, acts by that of their call. A test compares it with the routes.
const OPENS: [(Feature, &[&str], &[&str]); 12] = [
    (Feature::OrgView, &["dashboard", "profile"], &[]),
    (Feature::OrgEdit, &[], &["edit_profile", "remove_logo"]),
    (Feature::UsersView, &["users", "groups"], &[]),
    (Feature::UsersEdit, &[], &["add_user", "add_alias", "remove_alias", "give_licence", "take_licence"]),
    (Feature::UsersSuspend, &[], &["suspend_user", "restore_user"]),
    (Feature::GroupsEdit, &[], &["make_group", "edit_group", "delete_group", "join_group", "leave_group"]),
    (Feature::DomainsView, &["domains"], &[]),
    (
        Feature::DomainsEdit,
        &[],
        &["add_domain", "remove_domain", "verify_domain", "make_primary", "check_mail", "new_mail_key"],
    ),
    (Feature::MailView, &["mail"], &[]),
    (Feature::MailEdit, &[], &["save_mail"]),
    (Feature::SubscriptionView, &["subscription", "invoices"], &[]),
    (Feature::ActivityView, &["activity"], &[]),
];

fn words_of(kind: &str, keys: impl Iterator<Item = &'static str>) -> String {
    let words = keys.filter_map(|key| t::access::lookup(&format!("{kind}_{key}")));
    words.collect::<Vec<_>>().join(", ")
}

/// The screens and acts that these capabilities open, in words.
pub fn opens(capabilities: &[Feature]) -> String {
    let of = || OPENS.iter().filter(|line| capabilities.contains(&line.0));
    let screens = words_of("screen", of().flat_map(|line| line.1.iter().copied()));
    let acts = words_of("act", of().flat_map(|line| line.2.iter().copied()));
    match (screens.is_empty(), acts.is_empty()) {
        (false, true) => t::access::opens_screens(screens),
        (true, false) => t::access::opens_acts(acts),
        _ => t::access::opens(acts, screens),
    }
}

/// What a template is called.
fn template(template: Template) -> &'static str {
    match template {
        Template::Helpdesk => t::access::template_helpdesk(),
        Template::Users => t::access::template_users(),
        Template::Domains => t::access::template_domains(),
        Template::Subscription => t::access::template_subscription(),
        Template::Full => t::access::template_full(),
    }
}

/// Capabilities in few words: the template's name, or each of one's own choice.
pub fn summary(capabilities: &[Feature]) -> String {
    match Template::of(Features::of(capabilities)) {
        Some(known) => template(known).to_owned(),
        None => capabilities.iter().map(|f| words::capability(*f)).collect::<Vec<_>>().join(", "),
    }
}

/// Who may renew, in words.
pub fn renewal(renewal: RenewBy) -> &'static str {
    match renewal {
        RenewBy::Customer => t::access::renewal_customer(),
        RenewBy::Partner => t::access::renewal_partner(),
    }
}

/// Terms as facts.
#[component]
pub fn TermsFacts(
    /// The terms.
    terms: TermsView,
) -> impl IntoView {
    let may = terms.capabilities.iter().map(|f| words::capability(*f)).collect::<Vec<_>>().join(", ");
    view! {
        <Facts wide=true>
            <Fact name=t::admin::may()>{may}</Fact>
            <Fact name=t::access::opened()>{opens(&terms.capabilities)}</Fact>
            <Fact name=t::admin::until()>{i18n::date(terms.until)}</Fact>
            <Fact name=t::access::renewal()>{renewal(terms.renewal)}</Fact>
        </Facts>
    }
    .into_any()
}

/// The templates to choose from, each with what it opens.
pub fn templates() -> Vec<RadioOption> {
    let option = |one: Template| {
        let capabilities: Vec<Feature> = one.capabilities().list().collect();
        RadioOption::new(one.key(), template(one)).hint(opens(&capabilities))
    };
    Template::ALL.iter().copied().map(option).collect()
}

/// The fields that choose a template or one's own capabilities.
#[component]
pub fn Capabilities(
    /// The form.
    form: FormView,
    /// What it begins with.
    start: TermsForm,
    /// What sets the fields' ids apart from those of other forms of the page.
    #[prop(optional, into)]
    apart: String,
    /// What the partner asked for, if it did.
    #[prop(optional_no_strip)]
    asked: Option<Vec<Feature>>,
) -> impl IntoView {
    // The form that has something to say keeps the plain ids: its summary links to them.
    let apart = if form.problems().get_untracked().is_empty() { apart } else { String::new() };
    let id = move |name: &str| format!("{name}{apart}");
    let mut options = Vec::new();
    if let Some(asked) = &asked {
        options.push(RadioOption::new(AS_ASKED, t::access::as_asked()).hint(opens(asked)));
    }
    options.extend(templates());
    options.push(RadioOption::new(OWN_CHOICE, t::access::own_choice()));
    let selected = if asked.is_some() { AS_ASKED.to_owned() } else { start.template.clone() };
    let selected = form.value_or("template", &selected);
    let choices = DELEGABLE.iter().copied().enumerate().map(|(index, feature)| {
        let (id, error) = match index {
            0 => (id("capabilities"), form.error("capabilities").into()),
            _ => (id(&format!("capability-{}", index + 1)), MaybeProp::default()),
        };
        let chosen = start.capabilities.iter().any(|key| key == feature.key());
        let checked = form.ticked(CAPABILITIES, feature.key(), chosen);
        view! {
            <Checkbox name=CAPABILITIES id=id label=words::capability(feature) value=feature.key() checked
                hint=opens(&[feature]) error=error/>
        }
    });
    let choices = choices.collect_view();
    view! {
        <Radios name="template" id=id("template") legend=t::field::template() options selected
            hint=t::access::template_hint() error=form.error("template") required=true/>
        <fieldset class="fieldset choices own-choice">
            <legend>{t::field::capabilities()}</legend>
            {choices}
        </fieldset>
    }
    .into_any()
}

/// The fields of new terms.
#[component]
pub fn TermsFields(
    /// The form.
    form: FormView,
    /// What it begins with.
    start: TermsForm,
    /// Most days for each capability.
    caps: Vec<(Feature, i64)>,
    /// What sets the fields' ids apart from those of other forms of the page.
    #[prop(optional, into)]
    apart: String,
    /// What the partner asked for, if it did.
    #[prop(optional_no_strip)]
    asked: Option<Vec<Feature>>,
    /// The end there is already: it may stay.
    #[prop(optional_no_strip)]
    until: Option<Instant>,
) -> impl IntoView {
    let most = caps.iter().map(|cap| cap.1).max().unwrap_or_default();
    let least = caps.iter().map(|cap| cap.1).min().unwrap_or_default();
    let mut days: Vec<i64> = DAYS.into_iter().filter(|days| *days <= most).collect();
    let begins = start.days.parse().unwrap_or_default();
    if begins > 0 && !days.contains(&begins) {
        days.push(begins);
        days.sort_unstable();
    }
    let mut options: Vec<(Text, Text)> = Vec::new();
    if let Some(until) = until {
        options.push(("".into(), t::access::keep_until(i18n::date(until.day())).into()));
    }
    options.extend(days.into_iter().map(|days| (days.to_string().into(), t::access::days(days).into())));
    let selected = if until.is_some() { String::new() } else { start.days.clone() };
    let renewals = vec![
        RadioOption::new(RenewBy::Customer.key(), renewal(RenewBy::Customer)),
        RadioOption::new(RenewBy::Partner.key(), renewal(RenewBy::Partner)).hint(t::access::renewal_hint()),
    ];
    let apart = if form.problems().get_untracked().is_empty() { apart } else { String::new() };
    let (days_id, renewal_id) = (format!("days{apart}"), format!("renewal{apart}"));
    let renewing = form.value_or("renewal", &start.renewal);
    view! {
        <Capabilities form start apart asked/>
        <p class="muted">{t::access::never()}</p>
        <Select name="days" id=days_id label=t::field::days() options selected=form.value_or("days", &selected)
            hint=t::access::days_hint(i18n::number(least)) error=form.error("days")/>
        <Radios name="renewal" id=renewal_id legend=t::field::renewal() options=renewals selected=renewing
            error=form.error("renewal")/>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::routes::{Kind, Need, ROUTES};
    use std::collections::BTreeSet;

    /// Calls that only read what a screen shows.
    const READS: [&str; 15] = [
        "check_chain",
        "profile",
        "users",
        "person",
        "groups",
        "group",
        "factor_rule",
        "domains",
        "domain_proof",
        "mail_flow",
        "mail_settings",
        "subscription",
        "own_subscription",
        "invoice",
        "activity",
    ];

    #[test]
    fn what_a_capability_is_said_to_open_is_what_the_routes_say() {
        for feature in DELEGABLE {
            let routes = || ROUTES.iter().filter(|spec| spec.need == Need::Org(feature));
            let last = |path: &'static str| match path.strip_prefix("/admin/:org") {
                Some("") => "dashboard",
                _ => path.rsplit('/').find(|part| !part.starts_with(':')).unwrap_or_default(),
            };
            let screens: BTreeSet<_> =
                routes().filter(|s| s.kind == Kind::Page).map(|s| last(s.path)).collect();
            let acts: BTreeSet<_> = routes()
                .filter(|s| s.kind == Kind::Call)
                .map(|s| last(s.path))
                .filter(|call| !READS.contains(call))
                .collect();
            let line = OPENS.iter().find(|line| line.0 == feature).unwrap();
            let said = |keys: &[&'static str]| keys.iter().copied().collect::<BTreeSet<_>>();
            assert_eq!(said(line.1), screens, "{}", feature.key());
            assert_eq!(said(line.2), acts, "{}", feature.key());
        }
    }

    #[test]
    fn everything_that_is_opened_has_words() {
        for (feature, screens, acts) in OPENS {
            assert!(screens.len() + acts.len() > 0, "{}", feature.key());
            for (kind, keys) in [("screen", screens), ("act", acts)] {
                for key in keys {
                    assert!(t::access::lookup(&format!("{kind}_{key}")).is_some(), "{kind}_{key}");
                }
            }
        }
    }
}
