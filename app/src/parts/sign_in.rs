//! Providers of single sign-on, as those see them who set them up: an organisation's, and the programme's.

use crate::{
    admin::role,
    form::{FormView, Problems, plain_form},
    parts::load::Failed,
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Callout, Card, Checkbox, Copyable, Dialog, EmptyState,
        Fact, Facts, Glyph, Input, InputKind, LinkButton, Select, Text, TextArea, Tone,
    },
};
use kontor::{
    Error,
    identity::{ProviderView, Providers},
    kernel::{
        id::{IdentityProviderId, OrgId},
        right::Role,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Whose providers a page is about.
#[derive(Clone, Copy)]
pub struct Manner {
    /// The page's path.
    pub path: &'static str,
    /// The call of the form.
    pub save: &'static str,
    /// The call of the button.
    pub remove: &'static str,
    /// The organisation; none for the programme.
    pub org: Option<OrgId>,
}

impl Manner {
    fn page(self) -> String {
        match self.org {
            Some(org) => format!("/admin/{org}{}", self.path),
            None => self.path.to_owned(),
        }
    }
}

/// The providers, and the form of one of them, with `?provider=…`.
#[component]
pub fn ProvidersPart(
    /// The providers.
    providers: Providers,
    /// Whose they are.
    manner: Manner,
) -> impl IntoView {
    let query = use_query_map();
    let page = manner.page();
    let all = StoredValue::new(providers.clone());
    let dialog = move || {
        let asked = query.with(|q| q.get("provider"))?;
        let removes = query.with(|q| q.get("remove")).is_some();
        let id = asked.parse::<IdentityProviderId>().ok();
        let one = all.with_value(|all| all.all.iter().find(|p| Some(p.id) == id).cloned());
        match one {
            Some(one) if removes => Some(view! { <Remove one manner/> }.into_any()),
            one if one.is_some() || asked == "new" => {
                let roles = all.with_value(|all| all.roles.clone());
                Some(view! { <Edit one roles manner/> }.into_any())
            }
            _ => None,
        }
    };
    let Providers { all: list, redirect_url, domains, .. } = providers;
    let lonely = manner.org.is_some() && domains.is_empty();
    let new = format!("{page}?provider=new");
    view! {
        // Without script an open dialog is a section of the page: before the list nobody has to look for it.
        {dialog}
        {lonely.then(|| view! {
            <Callout tone=Tone::Warning><p>{t::identity::no_domain()}</p></Callout>
        })}
        {(!domains.is_empty()).then(|| view! { <p>{t::identity::for_domains(domains.join(", "))}</p> })}
        {match list.is_empty() {
            true => view! {
                <EmptyState glyph=Glyph::Shield heading=t::identity::none_title() text=t::identity::none_text()>
                    <LinkButton label=t::identity::add() href=new/>
                </EmptyState>
            }.into_any(),
            false => list.into_iter().map(|one| shown(one, manner)).collect_view().into_any(),
        }}
        <Card heading=t::identity::tell_provider() id="tell-provider">
            <p class="muted">{t::identity::tell_provider_text()}</p>
            <Copyable id="redirect-url" label=t::identity::redirect_url() value=redirect_url
                copy_label=t::shell::copy() copied_label=t::shell::copied()/>
        </Card>
    }
    .into_any()
}

fn shown(one: ProviderView, manner: Manner) -> AnyView {
    let page = manner.page();
    let id = format!("provider-{}", one.id);
    let described = Text::from(id.clone());
    let state = match (one.active, one.required) {
        (false, _) => view! { <Badge label=t::identity::is_off()/> }.into_any(),
        (true, true) => view! { <Badge tone=Tone::Success label=t::identity::is_required()/> }.into_any(),
        (true, false) => view! { <Badge tone=Tone::Success label=t::identity::is_on()/> }.into_any(),
    };
    view! {
        <Card heading=one.name.clone() id=id>
            <p>{state}</p>
            <Facts>
                <Fact name=t::field::issuer()><span dir="auto">{one.issuer}</span></Fact>
                <Fact name=t::field::client_id()>{one.client_id}</Fact>
            </Facts>
            <Copyable id=format!("logout-{}", one.id) label=t::identity::logout_url() value=one.logout_url
                copy_label=t::shell::copy() copied_label=t::shell::copied()/>
            <div class="row">
                <LinkButton label=t::identity::edit() href=format!("{page}?provider={}", one.id)
                    size=ButtonSize::Small described_by=described.clone()/>
                <LinkButton label=t::identity::remove() href=format!("{page}?provider={}&remove=1", one.id)
                    size=ButtonSize::Small described_by=described/>
            </div>
        </Card>
    }
    .into_any()
}

/// The form of a call that asks for a fresh proof of who one is: what asks for it stands above the form.
fn proof(form: FormView) -> Option<AnyView> {
    let failure = form.failure().get_untracked();
    let stale = failure.filter(|error| matches!(error, Error::StepUpRequired { .. }));
    stale.map(|error| view! { <Failed error/> }.into_any())
}

fn of_org(manner: Manner) -> Option<AnyView> {
    manner.org.map(|org| view! { <input type="hidden" name="org" value=org.to_string()/> }.into_any())
}

#[component]
fn Remove(
    /// The provider.
    one: ProviderView,
    /// Whose it is.
    manner: Manner,
) -> impl IntoView {
    let form = plain_form(manner.remove);
    let page = manner.page();
    view! {
        <Dialog id="remove-provider" heading=t::identity::remove_title(&one.name) open=Signal::stored(true)
            close_href=Signal::stored(page.clone()) close_label=t::shell::close()>
            {proof(form)}
            <Problems form/>
            <p>{t::identity::remove_text()}</p>
            <form class="form" method="post" action=manner.remove>
                {of_org(manner)}
                <input type="hidden" name="provider" value=one.id.to_string()/>
                <input type="hidden" name="version" value=one.version.to_string()/>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=page/>
                    <Button label=t::identity::remove() variant=ButtonVariant::Danger/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Edit(
    /// The provider; none for a new one.
    #[prop(optional_no_strip)]
    one: Option<ProviderView>,
    /// Roles that can be given.
    roles: Vec<Role>,
    /// Whose it is.
    manner: Manner,
) -> impl IntoView {
    let page = manner.page();
    let id = one.as_ref().map(|one| one.id.to_string()).unwrap_or_default();
    let version = one.as_ref().map_or(0, |one| one.version).to_string();
    let form = plain_form(manner.save).about("provider", &id);
    let heading = one.as_ref().map_or_else(|| t::identity::add().into(), |one| Text::from(one.name.clone()));
    view! {
        <Dialog id="provider" heading open=Signal::stored(true) close_href=Signal::stored(page.clone())
            close_label=t::shell::close()>
            {proof(form)}
            <Problems form/>
            <form class="form" method="post" action=manner.save novalidate>
                {of_org(manner)}
                <input type="hidden" name="provider" value=id/>
                <input type="hidden" name="version" value=version/>
                <Fields form one roles own=manner.org.is_some()/>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=page/>
                    <Button label=t::shell::save() variant=ButtonVariant::Primary/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Fields(
    /// The form.
    form: FormView,
    /// The provider; none for a new one.
    #[prop(optional_no_strip)]
    one: Option<ProviderView>,
    /// Roles that can be given.
    roles: Vec<Role>,
    /// An organisation's provider: it can be required, and gives roles.
    own: bool,
) -> impl IntoView {
    let of = |name: &str, get: fn(&ProviderView) -> String| {
        form.value_or(name, &one.as_ref().map(get).unwrap_or_default())
    };
    // An unticked box sends nothing: what was sent is told from what was never sent by a field that is always there.
    let sent = !form.value("issuer").is_empty() || !form.value("provider_name").is_empty();
    let ticked = |name: &str, now: bool| if sent { form.checked(name) } else { now };
    let is = |get: fn(&ProviderView) -> bool| one.as_ref().is_some_and(get);
    let secret = if is(|p| p.has_secret) { t::identity::secret_kept() } else { t::identity::secret_hint() };
    let scopes = form
        .value_or("scopes", &one.as_ref().map_or_else(|| "email profile".to_owned(), |p| p.scopes.clone()));
    let options = roles.iter().map(|r| (Text::from(r.key()), Text::from(role(*r)))).collect::<Vec<_>>();
    let keys = roles.iter().map(|r| r.key()).collect::<Vec<_>>().join(", ");
    let given = own.then(|| {
        view! {
            <Checkbox name="required" label=t::identity::required() hint=t::identity::required_hint()
                checked=ticked("required", is(|p| p.required))/>
        }
    });
    let roles = own.then(|| view! {
        <Select name="default_role" label=t::field::default_role() placeholder=t::identity::no_role() options=options
            selected=of("default_role", |p| p.default_role.map(|r| r.key().to_owned()).unwrap_or_default())
            hint=t::identity::default_role_hint() error=form.error("default_role")/>
        <Input name="role_claim" label=t::field::role_claim() marker=t::shell::optional()
            hint=t::identity::role_claim_hint() value=of("role_claim", |p| p.role_claim.clone())
            error=form.error("role_claim")/>
        <TextArea name="role_map" label=t::field::role_map() marker=t::shell::optional() rows=3
            hint=t::identity::role_map_hint(keys) value=of("role_map", |p| p.role_map.clone())
            error=form.error("role_map")/>
    });
    view! {
        <Input name="provider_name" label=t::field::provider_name() hint=t::identity::name_hint()
            value=of("provider_name", |p| p.name.clone()) error=form.error("provider_name") required=true/>
        <Input name="issuer" label=t::field::issuer() kind=InputKind::Url hint=t::identity::issuer_hint()
            value=of("issuer", |p| p.issuer.clone()) error=form.error("issuer") required=true/>
        <Input name="client_id" label=t::field::client_id() value=of("client_id", |p| p.client_id.clone())
            error=form.error("client_id") required=true/>
        <Input name="client_secret" label=t::field::client_secret() kind=InputKind::Password autocomplete="off"
            hint=secret error=form.error("client_secret")/>
        <Input name="scopes" label=t::field::scopes() hint=t::identity::scopes_hint() value=scopes
            error=form.error("scopes")/>
        <Checkbox name="active" label=t::identity::active() checked=ticked("active", is(|p| p.active))/>
        {given}
        <Checkbox name="creates_people" label=t::identity::creates_people()
            hint=if own { t::identity::creates_hint() } else { t::identity::creates_hint_all() }
            checked=ticked("creates_people", is(|p| p.creates_people))/>
        {roles}
        <Checkbox name="trusts_factor" label=t::identity::trusts_factor()
            hint=if own { t::identity::trusts_hint() } else { t::identity::trusts_hint_all() }
            checked=ticked("trusts_factor", is(|p| p.trusts_factor))/>
    }
    .into_any()
}
