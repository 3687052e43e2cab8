//! `/admin/{org}/partner/customers/new`: *Add organisation*, step by step (labels.md). Every step is a page of its own
//! and carries what the others took in hidden fields; the draft waits for whoever leaves.

use super::{
    api::{self, ADD_FORM, NewOrganisation},
    of_org, words,
};
use crate::{
    data::Data,
    form::{FormView, Problems, plain_form},
    i18n,
    parts::{choice, load::Loaded},
    t,
    ui::{Button, ButtonVariant, Fact, Facts, Input, InputKind, RadioOption, Radios, Select, Steps, Text},
    wire::boot,
};
use kontor::{
    organisation::{ADD_STEPS, fields_of},
    subscription::{Start, Term},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/admin/{org}/partner/customers/new?step={step}`
#[component]
pub fn AddPage() -> impl IntoView {
    of_org(|org| {
        let query = use_query_map();
        let step = Memo::new(move |_| {
            let asked = query.with(|q| q.get("step").unwrap_or_default());
            ADD_STEPS.iter().position(|s| *s == asked).unwrap_or(0)
        });
        let new = Data::new(
            move || step.get(),
            move |step| async move { api::new_organisation(org).await.map(|new| (step, new)) },
        );
        view! {
            <Title text=t::admin::nav_add()/>
            <main id="content" class="content content-narrow stack-loose">
                <h1>{t::admin::nav_add()}</h1>
                <Loaded resource=new view=|(step, new)| view! { <Step step new/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

/// What was typed so far: into the form that came back, or into the draft.
#[derive(Clone)]
struct Typed(Vec<(String, String)>);

impl Typed {
    fn new(new: &NewOrganisation) -> Self {
        // What the page was loaded with is older than the draft, unless it was sent back to the reader: as wrong, or
        // because their session had ended.
        let sent_back = use_query_map().with_untracked(|query| query.get("state").is_some());
        let sent = boot().kept.filter(|k| k.form == ADD_FORM && sent_back);
        Self(sent.map_or_else(|| new.draft.clone(), |k| k.values))
    }
    fn get(&self, name: &str) -> String {
        self.or(name, "")
    }
    fn or(&self, name: &str, default: &str) -> String {
        let found = self.0.iter().find(|(n, v)| n == name && !v.is_empty());
        found.map_or_else(|| default.to_owned(), |(_, v)| v.clone())
    }
}

#[component]
fn Step(
    /// The step, from 0.
    step: usize,
    /// Where the form begins.
    new: NewOrganisation,
) -> impl IntoView {
    let form = plain_form(ADD_FORM);
    let typed = Typed::new(&new);
    let key = ADD_STEPS.get(step).copied().unwrap_or_default();
    let names = [
        t::admin::step_organisation(),
        t::admin::step_admin(),
        t::admin::step_plan(),
        t::admin::step_review(),
    ];
    let here = fields_of(key);
    let hidden = ADD_STEPS
        .iter()
        .flat_map(|s| fields_of(s))
        .filter(|name| !here.contains(name))
        .map(|name| view! { <input type="hidden" name=*name value=typed.get(name)/> })
        .collect_view();
    let last = step + 1 == ADD_STEPS.len();
    let fields = match key {
        "organisation" => view! { <Organisation form typed=typed.clone()/> }.into_any(),
        "admin" => view! { <Admin form typed=typed.clone()/> }.into_any(),
        "plan" => view! { <Plans form typed=typed.clone() new=new.clone()/> }.into_any(),
        _ => view! { <Review typed=typed.clone() new=new.clone()/> }.into_any(),
    };
    let go_on = if last { t::admin::nav_add() } else { t::shell::continue_() };
    view! {
        <Steps label=t::admin::steps() steps=names.map(Text::from).to_vec() current=Signal::stored(step)/>
        <Problems form/>
        <form class="form" method="post" action=ADD_FORM novalidate>
            <input type="hidden" name="org" value=new.org.to_string()/>
            <input type="hidden" name="step" value=key/>
            <input type="hidden" name="request_key" value=typed.or("request_key", &new.request_key)/>
            {hidden}
            {fields}
            <div class="row">
                <Button label=go_on variant=ButtonVariant::Primary/>
                {(step > 0).then(|| view! { <Button label=t::shell::back() name="go" value="back"/> })}
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Organisation(
    /// The form.
    form: FormView,
    /// What was typed.
    typed: Typed,
) -> impl IntoView {
    view! {
        <Input name="organisation" label=t::field::organisation() autocomplete="off" value=typed.get("organisation")
            error=form.error("organisation") required=true/>
        <Input name="domain" label=t::field::domain() kind=InputKind::Url inputmode="url" autocomplete="off"
            hint=t::admin::domain_hint() value=typed.get("domain") error=form.error("domain") required=true/>
        <Select name="country" label=t::field::country() options=choice::countries()
            placeholder=t::admin::choose_country() selected=typed.get("country") error=form.error("country")
            required=true/>
    }
    .into_any()
}

#[component]
fn Admin(
    /// The form.
    form: FormView,
    /// What was typed.
    typed: Typed,
) -> impl IntoView {
    view! {
        <p>{t::admin::admin_text()}</p>
        <Input name="admin_first_name" label=t::field::admin_first_name() autocomplete="off"
            value=typed.get("admin_first_name") error=form.error("admin_first_name") required=true/>
        <Input name="admin_last_name" label=t::field::admin_last_name() autocomplete="off"
            value=typed.get("admin_last_name") error=form.error("admin_last_name") required=true/>
        <Input name="admin_email" label=t::field::admin_email() kind=InputKind::Email autocomplete="off"
            value=typed.get("admin_email") error=form.error("admin_email") required=true/>
        <Input name="contact_email" label=t::field::contact_email() kind=InputKind::Email autocomplete="off"
            marker=t::shell::optional() hint=t::admin::contact_hint(typed.or("domain", "example.org"))
            value=typed.get("contact_email") error=form.error("contact_email")/>
    }
    .into_any()
}

/// What a start is called.
fn start(start: Start, new: &NewOrganisation) -> (String, String) {
    match start {
        Start::Trial => {
            (t::admin::start_trial().into(), t::admin::start_trial_about(i64::from(new.trial_days)))
        }
        Start::Free => {
            (t::admin::start_free().into(), t::admin::start_free_about(i18n::number(new.free_users)))
        }
        Start::Intended(plan) => (plan.name().into(), t::admin::start_paid_about(i64::from(new.trial_days))),
    }
}

#[component]
fn Plans(
    /// The form.
    form: FormView,
    /// What was typed.
    typed: Typed,
    /// Where the form begins.
    new: NewOrganisation,
) -> impl IntoView {
    let options = Start::choices(&new.plans)
        .map(|s| {
            let (label, about) = start(s, &new);
            RadioOption::new(s.key(), label).hint(about)
        })
        .collect::<Vec<_>>();
    let terms = [Term::Monthly, Term::Yearly]
        .map(|term| (Text::from(term.key()), Text::from(words::term(term))))
        .to_vec();
    view! {
        <Radios name="plan" legend=t::field::plan() options selected=typed.or("plan", Start::Trial.key())
            error=form.error("plan") required=true/>
        <Input name="seats" label=t::field::seats() kind=InputKind::Number size=8 marker=t::admin::for_paid()
            hint=t::admin::seats_hint() value=typed.get("seats") error=form.error("seats")/>
        <Select name="term" label=t::field::term() options=terms placeholder=t::admin::choose_term()
            marker=t::admin::for_paid() hint=t::admin::term_hint() selected=typed.get("term")
            error=form.error("term")/>
    }
    .into_any()
}

#[component]
fn Review(
    /// What was typed.
    typed: Typed,
    /// Where the form begins.
    new: NewOrganisation,
) -> impl IntoView {
    let chosen = Start::from_key(&typed.or("plan", Start::Trial.key())).unwrap_or(Start::Trial);
    let plan = start(chosen, &new);
    let paid = matches!(chosen, Start::Intended(_));
    let line = |name: &'static str, label: &'static str, value: String| {
        // The summary of what is wrong leads here by the field's name.
        (!value.is_empty()).then(|| view! { <Fact name=label><span id=name dir="auto">{value}</span></Fact> })
    };
    let term = Term::from_key(&typed.get("term")).map(|t| words::term(t).to_owned()).unwrap_or_default();
    view! {
        <p>{t::admin::review_text()}</p>
        <Facts wide=true>
            {line("organisation", t::field::organisation(), typed.get("organisation"))}
            {line("domain", t::field::domain(), typed.get("domain"))}
            {line("country", t::field::country(), choice::country(&typed.get("country")))}
            {line("admin_first_name", t::field::admin_first_name(), typed.get("admin_first_name"))}
            {line("admin_last_name", t::field::admin_last_name(), typed.get("admin_last_name"))}
            {line("admin_email", t::field::admin_email(), typed.get("admin_email"))}
            {line("contact_email", t::field::contact_email(), typed.get("contact_email"))}
            {line("plan", t::field::plan(), format!("{} – {}", plan.0, plan.1))}
            {paid.then(|| line("seats", t::field::seats(), typed.get("seats")))}
            {paid.then(|| line("term", t::field::term(), term))}
        </Facts>
    }
    .into_any()
}
