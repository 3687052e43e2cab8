//! Server functions of the admin console. `org` is the organisation in whose console, or in whose name, one acts.
#![allow(clippy::too_many_arguments, reason = "the fields of labels.md, one argument each, for plain forms")]

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{Kept, redirect, serve};
use kontor::{
    audit::{ChainReport, TrailQuery},
    catalogue::{BillingForm, BillingView},
    delegation::Ready,
    identity::{ProviderForm, Providers},
    kernel::id::{IdentityProviderId, MemberId, OrgId},
    organisation::{ActivityPage, Frame, Place, Profile, UsersPage},
    subscription::{Plan, SubscriptionView, TrialView},
};
#[cfg(feature = "ssr")]
use kontor::{
    delegation::service as delegation,
    identity::service as identity,
    organisation::{ADD_STEPS, AddOrganisation, AddUser, EditProfile, UsersQuery, service as organisation},
    subscription::{ExtendTrial, service as subscription},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The reader's organisations; leads on if there is only one.
#[server(prefix = "/api/admin", endpoint = "places", client = Api, protocol = Call)]
pub async fn places() -> Result<Vec<Place>, ApiError> {
    use kontor::kernel::right::Feature;
    serve(|cx| async move {
        let mut places = organisation::my_organisations(&cx.kontor, &cx.viewer).await?;
        places.retain(|p| p.features.has(Feature::OrgView));
        if let [only] = places.as_slice() {
            redirect(&format!("/admin/{}", only.org));
        }
        Ok(places)
    })
    .await
}

/// What stands around every page of the console.
#[server(name = FrameCall, prefix = "/api/admin", endpoint = "frame", client = Api, protocol = Call)]
pub async fn frame(org: OrgId) -> Result<Frame, ApiError> {
    serve(|cx| async move { organisation::frame(&cx.kontor, &cx.actor(org).await?).await }).await
}

/// The organisation at a glance.
#[server(name = ProfileCall, prefix = "/api/admin", endpoint = "profile", client = Api, protocol = Call)]
pub async fn profile(org: OrgId) -> Result<Profile, ApiError> {
    serve(|cx| async move { organisation::profile(&cx.kontor, &cx.actor(org).await?).await }).await
}

/// Changes name and country.
#[server(name = EditProfileCall, prefix = "/api/admin", endpoint = "edit_profile", client = Api, protocol = Call)]
pub async fn edit_profile(
    org: OrgId,
    #[server(default)] organisation: String,
    #[server(default)] country: String,
    version: i64,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let input = EditProfile { organisation, country, version };
        kontor::organisation::service::edit_profile(&cx.kontor, &cx.actor(org).await?, input).await?;
        cx.done("saved");
        redirect(&format!("/admin/{org}"));
        Ok(())
    })
    .await
}

/// Takes the logo away.
#[server(prefix = "/api/admin", endpoint = "remove_logo", client = Api, protocol = Call)]
pub async fn remove_logo(org: OrgId) -> Result<(), ApiError> {
    serve(|cx| async move {
        organisation::remove_logo(&cx.kontor, &cx.actor(org).await?).await?;
        cx.done("saved");
        redirect(&format!("/admin/{org}/profile"));
        Ok(())
    })
    .await
}

/// The organisation's people, and a key for adding one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Whose.
    pub org: OrgId,
    /// What was searched for.
    pub q: String,
    /// The page.
    pub page: UsersPage,
    /// Key of the form that adds somebody.
    pub request_key: String,
}

/// A page of the organisation's people.
#[server(prefix = "/api/admin", endpoint = "users", client = Api, protocol = Call)]
pub async fn users(
    org: OrgId,
    #[server(default)] q: String,
    #[server(default)] after: Option<MemberId>,
    #[server(default)] before: Option<MemberId>,
) -> Result<People, ApiError> {
    serve(|cx| async move {
        let query = UsersQuery { q: q.clone(), group: None, after, before };
        let page = organisation::users(&cx.kontor, &cx.actor(org).await?, query).await?;
        Ok(People { org, q, page, request_key: cx.kontor.token() })
    })
    .await
}

/// Asks a person into the organisation.
#[server(name = AddUserCall, prefix = "/api/admin", endpoint = "add_user", client = Api, protocol = Call)]
pub async fn add_user(
    org: OrgId,
    #[server(default)] email: String,
    #[server(default)] first_name: String,
    #[server(default)] last_name: String,
    #[server(default)] role: String,
    #[server(default)] request_key: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let input = AddUser { email, first_name, last_name, role, request_key };
        organisation::add_user(&cx.kontor, &cx.actor(org).await?, input).await?;
        cx.done("user_added");
        redirect(&format!("/admin/{org}/users"));
        Ok(())
    })
    .await
}

/// Suspends a person.
#[server(prefix = "/api/admin", endpoint = "suspend_user", client = Api, protocol = Call)]
pub async fn suspend_user(org: OrgId, user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        organisation::suspend_user(&cx.kontor, &cx.actor(org).await?, user, version).await?;
        cx.done("user_suspended");
        Ok(())
    })
    .await
}

/// Lets a suspended person in again.
#[server(prefix = "/api/admin", endpoint = "restore_user", client = Api, protocol = Call)]
pub async fn restore_user(org: OrgId, user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        organisation::restore_user(&cx.kontor, &cx.actor(org).await?, user, version).await?;
        cx.done("user_restored");
        Ok(())
    })
    .await
}

/// The organisation's subscription.
#[server(prefix = "/api/admin", endpoint = "subscription", client = Api, protocol = Call)]
pub async fn subscription(org: OrgId) -> Result<Option<SubscriptionView>, ApiError> {
    serve(|cx| async move { kontor::subscription::service::view(&cx.kontor, &cx.actor(org).await?).await })
        .await
}

/// The organisation's trail.
#[server(prefix = "/api/admin", endpoint = "activity", client = Api, protocol = Call)]
pub async fn activity(org: OrgId, #[server(default)] query: TrailQuery) -> Result<ActivityPage, ApiError> {
    serve(|cx| async move { organisation::activity(&cx.kontor, &cx.actor(org).await?, &query).await }).await
}

/// Whether the organisation's chain is whole.
#[server(prefix = "/api/admin", endpoint = "check_chain", client = Api, protocol = Call)]
pub async fn check_chain(org: OrgId) -> Result<ChainReport, ApiError> {
    serve(|cx| async move { kontor::audit::service::check(&cx.kontor, &cx.actor(org).await?).await }).await
}

/// What *Manage* still asks for.
#[server(prefix = "/api/admin", endpoint = "manage_ready", client = Api, protocol = Call)]
pub async fn manage_ready(org: OrgId, customer: OrgId) -> Result<Ready, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        delegation::ready(&cx.kontor, &cx.viewer, &actor, customer).await
    })
    .await
}

/// *Manage*: opens a customer's console. Without a fresh proof it leads to the page that asks for one, which sends
/// it along.
#[server(prefix = "/api/admin", endpoint = "manage", client = Api, protocol = Call)]
pub async fn manage(
    org: OrgId,
    customer: OrgId,
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] asked: bool,
) -> Result<(), ApiError> {
    use kontor::Error;
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        let viewer = proved(&cx, asked, &password, &code).await?;
        match delegation::manage(&cx.kontor, &viewer, &actor, customer).await {
            Ok(_) => redirect(&format!("/admin/{customer}")),
            Err(Error::StepUpRequired { .. } | Error::SecondFactorRequired) => {
                redirect(&format!("/admin/{org}/partner/customers/{customer}/manage"));
            }
            Err(other) => return Err(other),
        }
        Ok(())
    })
    .await
}

/// The viewer after the proof of the form, where one was asked for.
#[cfg(feature = "ssr")]
pub(crate) async fn proved(
    cx: &crate::wire::Cx,
    asked: bool,
    password: &str,
    code: &str,
) -> Result<kontor::kernel::actor::Viewer, kontor::Error> {
    let mut viewer = cx.viewer.clone();
    if asked {
        kontor::account::service::step_up(&cx.kontor, &viewer, password, code).await?;
        if let Some(session) = &mut viewer.session {
            session.fresh_at = cx.kontor.now();
            session.fresh_by_factor = !code.trim().is_empty();
        }
    }
    Ok(viewer)
}

/// *Leave*: ends the stay in a customer's console.
#[server(prefix = "/api/admin", endpoint = "leave", client = Api, protocol = Call)]
pub async fn leave(org: OrgId) -> Result<(), ApiError> {
    use kontor::kernel::right::OrgKind;
    serve(|cx| async move {
        match delegation::leave(&cx.kontor, &cx.viewer, org).await? {
            Some((_, OrgKind::Vendor)) => redirect("/vendor/customers"),
            Some((partner, _)) => redirect(&format!("/admin/{partner}/partner/customers")),
            None => redirect("/admin"),
        }
        Ok(())
    })
    .await
}

/// A customer's trial.
#[server(prefix = "/api/admin", endpoint = "trial", client = Api, protocol = Call)]
pub async fn trial(org: OrgId, customer: OrgId) -> Result<TrialView, ApiError> {
    serve(|cx| async move {
        kontor::subscription::service::trial_of(&cx.kontor, &cx.actor(org).await?, customer).await
    })
    .await
}

/// Extends a customer's trial from the end that `request_key` names.
#[server(name = ExtendTrialCall, prefix = "/api/admin", endpoint = "extend_trial", client = Api, protocol = Call)]
pub async fn extend_trial(org: OrgId, customer: OrgId, request_key: String) -> Result<TrialView, ApiError> {
    serve(|cx| async move {
        let input = ExtendTrial { org: customer, request_key };
        let trial = subscription::extend_trial(&cx.kontor, &cx.actor(org).await?, input).await?;
        cx.done("trial_extended");
        Ok(trial)
    })
    .await
}

/// The form of *Add organisation*: the call its input is kept under.
pub const ADD_FORM: &str = "/api/admin/add_organisation";

/// What the form of *Add organisation* begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrganisation {
    /// The partner.
    pub org: OrgId,
    /// Days of a trial.
    pub trial_days: i32,
    /// Most people on the free plan.
    pub free_users: i64,
    /// The paid plans on sale.
    pub plans: Vec<Plan>,
    /// Fields of the draft left behind, by name.
    pub draft: Vec<(String, String)>,
    /// Key of a new form.
    pub request_key: String,
}

/// The beginning, or the draft, of *Add organisation*.
#[server(name = NewOrganisationCall, prefix = "/api/admin", endpoint = "new_organisation", client = Api, protocol = Call)]
pub async fn new_organisation(org: OrgId) -> Result<NewOrganisation, ApiError> {
    use kontor::kernel::right::Feature;
    serve(|cx| async move {
        cx.actor(org).await?.require(Feature::CustomersAdd)?;
        let db = cx.kontor.db.read();
        let policy = kontor::setting::service::policy(&cx.kontor, db).await?;
        let plans = kontor::catalogue::service::plans_on_sale(db, cx.kontor.now().day()).await?;
        let draft = kontor::account::service::draft(&cx.kontor, &cx.viewer, ADD_FORM).await?;
        let draft = draft.and_then(|content| serde_json::from_str::<Kept>(&content).ok());
        // Somebody of two partners does not carry one's draft into the other's form.
        let own = draft.filter(|d| d.values.iter().any(|(n, v)| n == "org" && *v == org.to_string()));
        Ok(NewOrganisation {
            org,
            trial_days: policy.trial_days,
            free_users: policy.free_users_max,
            plans,
            draft: own.map(|d| d.values).unwrap_or_default(),
            request_key: cx.kontor.token(),
        })
    })
    .await
}

/// *Add organisation*, step by step: checks the fields of `step`, keeps everything as a draft and leads to the next
/// step (or, with `go` = `back`, to the one before); the last step adds the organisation.
#[server(name = AddOrganisationCall, prefix = "/api/admin", endpoint = "add_organisation", client = Api, protocol = Call)]
pub async fn add_organisation(
    org: OrgId,
    step: String,
    #[server(default)] go: String,
    #[server(default)] organisation: String,
    #[server(default)] domain: String,
    #[server(default)] admin_first_name: String,
    #[server(default)] admin_last_name: String,
    #[server(default)] admin_email: String,
    #[server(default)] contact_email: String,
    #[server(default)] country: String,
    #[server(default)] plan: String,
    #[server(default)] seats: String,
    #[server(default)] term: String,
    #[server(default)] request_key: String,
) -> Result<(), ApiError> {
    use kontor::{Error, account::service as account, kernel::right::Feature, organisation::service};
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::CustomersAdd)?;
        let here = ADD_STEPS.iter().position(|s| *s == step).ok_or(Error::BadRequest)?;
        let input = AddOrganisation {
            organisation,
            domain,
            admin_first_name,
            admin_last_name,
            admin_email,
            contact_email,
            country,
            plan,
            seats,
            term,
            request_key,
        };
        let address = format!("/admin/{org}/partner/customers/new");
        let last = here + 1 == ADD_STEPS.len();
        let back = go == "back";
        if last && !back {
            service::add_organisation(&cx.kontor, &actor, input).await?;
            account::drop_draft(&cx.kontor, &cx.viewer, ADD_FORM).await?;
            cx.done("organisation_added");
            redirect(&format!("/admin/{org}/partner/customers?sort=newest"));
            return Ok(());
        }
        if !back {
            service::check_step(&cx.kontor, &actor, &input, &step).await?;
        }
        let mut values = fields(&input);
        values.push(("org".into(), org.to_string()));
        let draft = Kept { form: ADD_FORM.into(), values, error: None };
        let content = serde_json::to_string(&draft).map_err(kontor::kernel::error::internal)?;
        account::keep_draft(&cx.kontor, &cx.viewer, ADD_FORM, content).await?;
        let there = if back { here.saturating_sub(1) } else { here + 1 };
        redirect(&format!("{address}?step={}", ADD_STEPS.get(there).copied().unwrap_or_default()));
        Ok(())
    })
    .await
}

/// The fields of the form, by name.
#[cfg(feature = "ssr")]
fn fields(input: &AddOrganisation) -> Vec<(String, String)> {
    let value = serde_json::to_value(input).unwrap_or_default();
    let object = value.as_object().cloned().unwrap_or_default();
    object.into_iter().filter_map(|(name, v)| Some((name, v.as_str()?.to_owned()))).collect()
}

/// To whom the organisation's invoices are made out.
#[server(name = BillingCall, prefix = "/api/admin", endpoint = "billing", client = Api, protocol = Call)]
pub async fn billing(org: OrgId) -> Result<BillingView, ApiError> {
    serve(|cx| async move { kontor::catalogue::service::billing(&cx.kontor, &cx.actor(org).await?).await })
        .await
}

/// Changes to whom they are made out.
#[server(name = SaveBillingCall, prefix = "/api/admin", endpoint = "save_billing", client = Api, protocol = Call)]
pub async fn save_billing(
    org: OrgId,
    version: i64,
    #[server(flatten)] form: BillingForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        kontor::catalogue::service::save_profile(&cx.kontor, &actor, version, &form).await?;
        cx.done("saved");
        redirect(&format!("/admin/{org}/billing"));
        Ok(())
    })
    .await
}

/// The organisation's providers of single sign-on.
#[server(name = ProvidersCall, prefix = "/api/admin", endpoint = "providers", client = Api, protocol = Call)]
pub async fn providers(org: OrgId) -> Result<(OrgId, Providers), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        Ok((org, identity::providers(&cx.kontor, &actor, false).await?))
    })
    .await
}

/// Sets one up, or changes one.
#[server(name = SaveProviderCall, prefix = "/api/admin", endpoint = "save_provider", client = Api, protocol = Call)]
pub async fn save_provider(
    org: OrgId,
    version: i64,
    #[server(flatten)] form: ProviderForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        identity::save_provider(&cx.kontor, &cx.viewer, &actor, false, version, &form).await?;
        cx.done("provider_saved");
        redirect(&format!("/admin/{org}/sign-in"));
        Ok(())
    })
    .await
}

/// Takes one away.
#[server(name = RemoveProviderCall, prefix = "/api/admin", endpoint = "remove_provider", client = Api, protocol = Call)]
pub async fn remove_provider(org: OrgId, provider: IdentityProviderId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        identity::remove_provider(&cx.kontor, &cx.viewer, &actor, false, provider, version).await?;
        cx.done("provider_removed");
        redirect(&format!("/admin/{org}/sign-in"));
        Ok(())
    })
    .await
}
