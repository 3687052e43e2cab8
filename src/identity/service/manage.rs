//! Setting providers up: the programme's by the vendor's staff, an organisation's by whoever has its last word.

use super::{CALLBACK, purpose};
use crate::{
    Error, Issue, Problems,
    account::rows::session,
    audit::service::{Event, append},
    delegation::service::prove_fresh,
    domain::rows::domain,
    identity::{
        ProviderForm, ProviderView, Providers, role_map,
        rows::identity_provider::{self, Model},
    },
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        id::{IdentityProviderId, OrgId},
        right::{Feature, OrgKind, Role},
        text,
    },
    organisation::{roles_to_give, rows::queue_up},
    setting::service::policy,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

/// The most providers of one organisation, or of the programme.
const MOST: usize = 10;

/// Whose providers the actor changes: with `programme` the programme's, else those of the actor's organisation.
fn scope(actor: &Actor, programme: bool) -> Result<Option<OrgId>, Error> {
    if programme {
        if actor.kind != OrgKind::Vendor {
            return Err(Error::NotFound);
        }
        actor.require(Feature::SettingsEdit)?;
        return Ok(None);
    }
    actor.require(Feature::SignInEdit)?;
    Ok(Some(actor.org))
}

/// The providers, and what it takes to set one up.
pub async fn providers(kontor: &Kontor, actor: &Actor, programme: bool) -> Result<Providers, Error> {
    let scope = scope(actor, programme)?;
    let db = kontor.db.read();
    let all = identity_provider::of(scope).all(db).await?;
    let (mut domains, mut roles) = (Vec::new(), Vec::new());
    if let Some(org) = scope {
        let held = domain::list(db, org).await?;
        domains = held.into_iter().filter(|d| d.status.is_held()).map(|d| d.name).collect();
        roles = roles_to_give(actor.kind).to_vec();
    }
    let view = |row: Model| ProviderView {
        id: row.id,
        name: row.name,
        issuer: row.issuer,
        client_id: row.client_id,
        has_secret: row.client_secret.is_some(),
        scopes: row.scopes,
        active: row.active,
        required: row.required,
        creates_people: row.creates_people,
        default_role: row.default_role,
        role_claim: row.role_claim,
        role_map: row.role_map,
        trusts_factor: row.trusts_factor,
        logout_url: kontor.url(&format!("/hooks/oidc/{}/logout", row.id)),
        version: row.version,
    };
    Ok(Providers {
        all: all.into_iter().map(view).collect(),
        redirect_url: kontor.url(CALLBACK),
        domains,
        roles,
    })
}

/// An issuer as it is compared: https, or http on this machine, without query or fragment.
fn issuer(typed: &str) -> Result<String, Issue> {
    let typed = text::line(typed, 1, 300)?;
    let url = url::Url::parse(&typed).map_err(|_| Issue::BadWebsite)?;
    let here = url.host_str().is_some_and(|host| host == "localhost" || host == "127.0.0.1");
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && url.has_host();
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && here);
    // Kept as typed: providers are compared with it letter by letter.
    if plain && scheme { Ok(typed) } else { Err(Issue::BadWebsite) }
}

fn scopes(typed: &str) -> Result<String, Issue> {
    let typed = text::optional_line(typed, 300)?.unwrap_or_default();
    let word = |word: &&str| word.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
    if !typed.split_whitespace().all(|w| word(&w)) {
        return Err(Issue::ForbiddenCharacters);
    }
    let more = typed.split_whitespace().filter(|word| *word != "openid");
    Ok(more.collect::<Vec<_>>().join(" "))
}

/// What was typed, checked, as the row it becomes. A secret is sealed by the caller, who knows the row.
fn checked(
    form: &ProviderForm,
    before: Option<&Model>,
    programme: bool,
    kind: OrgKind,
    row: Model,
) -> Result<Model, Error> {
    let mut problems = Problems::new();
    let ticked = |text: &str| !text.is_empty();
    let name = problems.take("provider_name", text::line(&form.provider_name, 1, 60));
    let issuer = problems.take("issuer", issuer(&form.issuer));
    let client_id = problems.take("client_id", text::line(&form.client_id, 1, 200));
    problems.take("client_secret", text::optional_line(&form.client_secret, 500));
    let scopes = problems.take("scopes", scopes(&form.scopes));
    let (mut default_role, mut role_claim, mut lines) = (None, String::new(), String::new());
    if !programme {
        match form.default_role.as_str() {
            "" => {}
            key => match Role::from_key(key).filter(|role| roles_to_give(kind).contains(role)) {
                Some(role) => default_role = Some(role),
                None => problems.add("default_role", Issue::NotAChoice),
            },
        }
        role_claim =
            problems.take("role_claim", text::optional_line(&form.role_claim, 200)).unwrap_or_default();
        if !form.role_map.trim().is_empty() {
            lines = problems.take("role_map", text::paragraph(&form.role_map, 1, 4_000));
            problems.take("role_map", role_map(&lines, kind));
        }
        if role_claim.is_empty() && !lines.is_empty() {
            problems.add("role_claim", Issue::Required);
        }
    }
    // Another address gets the secret of the one before under no circumstances.
    let moved = before.is_some_and(|before| before.client_secret.is_some() && before.issuer != issuer);
    if moved && form.client_secret.trim().is_empty() {
        problems.add("client_secret", Issue::Required);
    }
    problems.finish()?;
    Ok(Model {
        name,
        issuer,
        client_id,
        scopes,
        active: ticked(&form.active),
        required: !programme && ticked(&form.required),
        creates_people: ticked(&form.creates_people),
        default_role,
        role_claim,
        role_map: lines,
        trusts_factor: ticked(&form.trusts_factor),
        ..row
    })
}

/// Sets a provider up, or changes one; asks for a fresh proof of who one is. Sessions that a provider opened end where
/// it is switched off or becomes another one.
pub async fn save_provider(
    kontor: &Kontor,
    viewer: &Viewer,
    actor: &Actor,
    programme: bool,
    version: i64,
    form: &ProviderForm,
) -> Result<(), Error> {
    let scope = scope(actor, programme)?;
    let before = match form.provider.as_str() {
        "" => None,
        id => {
            let id: IdentityProviderId = id.parse()?;
            Some(identity_provider::one_of(kontor.db.read(), scope, id).await?.ok_or(Error::NotFound)?)
        }
    };
    let fresh = Model {
        id: kontor.id(),
        org_id: scope,
        name: String::new(),
        issuer: String::new(),
        client_id: String::new(),
        client_secret: None,
        scopes: String::new(),
        active: false,
        required: false,
        creates_people: false,
        default_role: None,
        role_claim: String::new(),
        role_map: String::new(),
        trusts_factor: false,
        created_at: kontor.now(),
        version: 0,
    };
    let mut row = checked(form, before.as_ref(), programme, actor.kind, before.clone().unwrap_or(fresh))?;
    let policy = policy(kontor, kontor.db.read()).await?;
    prove_fresh(kontor, viewer.signed_in()?, &policy, false)?;
    let secret = form.client_secret.trim();
    if !secret.is_empty() {
        row.client_secret =
            Some(kontor.secrets.seal(kontor.random.as_ref(), &purpose(&row), secret.as_bytes())?);
    }
    row.version += 1;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, &format!("identity:{}", actor.org)).await?;
    let there = identity_provider::of(scope).all(&tx).await?;
    if there.iter().any(|other| other.id != row.id && other.name == row.name) {
        return Err(Error::field("provider_name", Issue::NameTaken));
    }
    let action = match &before {
        None if there.len() >= MOST => {
            return Err(Error::field("provider_name", Issue::TooManyLines { max: MOST as u32 }));
        }
        None => {
            let new = row.clone().into_active_model();
            identity_provider::Entity::insert(new).exec_without_returning(&tx).await?;
            "sign_in.provider_added"
        }
        Some(before) => {
            let now = there.iter().find(|other| other.id == row.id);
            if before.version != version || now.is_none_or(|now| now.version != version) {
                return Err(Error::StaleVersion);
            }
            let all = row.clone().into_active_model().reset_all();
            identity_provider::Entity::update(all).exec(&tx).await?;
            if !row.active || row.issuer != before.issuer {
                session::end_provided(&tx, row.id, None, None).await?;
            }
            "sign_in.provider_changed"
        }
    };
    let facts = serde_json::json!({
        "issuer": row.issuer, "active": row.active, "required": row.required, "creates_people": row.creates_people
    });
    append(kontor, &tx, actor.org, actor, Event::new(action, &row.name).with(facts)).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a provider away, with whom it knows and the sessions it opened; asks for a fresh proof of who one is.
pub async fn remove_provider(
    kontor: &Kontor,
    viewer: &Viewer,
    actor: &Actor,
    programme: bool,
    provider: IdentityProviderId,
    version: i64,
) -> Result<(), Error> {
    let scope = scope(actor, programme)?;
    let found = identity_provider::one_of(kontor.db.read(), scope, provider).await?;
    let row = found.ok_or(Error::NotFound)?;
    if row.version != version {
        return Err(Error::StaleVersion);
    }
    let policy = policy(kontor, kontor.db.read()).await?;
    prove_fresh(kontor, viewer.signed_in()?, &policy, false)?;
    let tx = kontor.db.begin().await?;
    session::end_provided(&tx, row.id, None, None).await?;
    if !identity_provider::remove(&tx, &row).await? {
        return Err(Error::StaleVersion);
    }
    append(kontor, &tx, actor.org, actor, Event::new("sign_in.provider_removed", &row.name)).await?;
    tx.commit().await?;
    Ok(())
}
