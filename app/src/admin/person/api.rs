//! Server functions of a person's page.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::{
    admin::api::proved,
    wire::{Cx, redirect, serve},
};
#[cfg(feature = "ssr")]
use kontor::{Error, organisation::service};
use kontor::{
    kernel::id::{MemberId, OrgId},
    organisation::{FactorRule, PersonView},
};
use leptos::prelude::*;

/// A person of the organisation.
#[server(name = PersonCall, prefix = "/api/admin", endpoint = "person", client = Api, protocol = Call)]
pub async fn person(org: OrgId, user: MemberId) -> Result<PersonView, ApiError> {
    serve(|cx| async move { service::person(&cx.kontor, &cx.viewer, &cx.actor(org).await?, user).await })
        .await
}

/// Says what was done, on the list of people or on the person's page.
#[cfg(feature = "ssr")]
fn to(cx: &Cx, org: OrgId, user: Option<MemberId>, done: &'static str) -> Result<(), Error> {
    cx.done(done);
    redirect(&match user {
        Some(user) => format!("/admin/{org}/users/{user}"),
        None => format!("/admin/{org}/users"),
    });
    Ok(())
}

/// Makes a plain user an admin, or the other way round.
#[server(prefix = "/api/admin", endpoint = "change_role", client = Api, protocol = Call)]
pub async fn change_role(
    org: OrgId,
    user: MemberId,
    version: i64,
    #[server(default)] role: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::change_role(&cx.kontor, &cx.actor(org).await?, user, &role, version).await?;
        to(&cx, org, Some(user), "role_changed")
    })
    .await
}

/// Hands the super admin's role to a person.
#[server(prefix = "/api/admin", endpoint = "hand_over", client = Api, protocol = Call)]
pub async fn hand_over(
    org: OrgId,
    user: MemberId,
    version: i64,
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] asked: bool,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        let viewer = proved(&cx, asked, &password, &code).await?;
        service::hand_over(&cx.kontor, &viewer, &actor, user, version).await?;
        to(&cx, org, None, "handed_over")
    })
    .await
}

/// Sends a person a link to set a new password.
#[server(prefix = "/api/admin", endpoint = "reset_user_password", client = Api, protocol = Call)]
pub async fn reset_user_password(org: OrgId, user: MemberId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::reset_password(&cx.kontor, &cx.actor(org).await?, user).await?;
        to(&cx, org, Some(user), "reset_sent")
    })
    .await
}

/// Deletes a person.
#[server(prefix = "/api/admin", endpoint = "delete_user", client = Api, protocol = Call)]
pub async fn delete_user(org: OrgId, user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::delete_user(&cx.kontor, &cx.actor(org).await?, user, version).await?;
        to(&cx, org, None, "user_deleted")
    })
    .await
}

/// Gives a person a further address.
#[server(prefix = "/api/admin", endpoint = "add_alias", client = Api, protocol = Call)]
pub async fn add_alias(org: OrgId, user: MemberId, #[server(default)] alias: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::add_alias(&cx.kontor, &cx.actor(org).await?, user, &alias).await?;
        to(&cx, org, Some(user), "alias_added")
    })
    .await
}

/// Takes a further address from a person.
#[server(prefix = "/api/admin", endpoint = "remove_alias", client = Api, protocol = Call)]
pub async fn remove_alias(
    org: OrgId,
    user: MemberId,
    #[server(default)] alias: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::remove_alias(&cx.kontor, &cx.actor(org).await?, user, &alias).await?;
        to(&cx, org, Some(user), "alias_removed")
    })
    .await
}

/// Gives a person a licence.
#[server(prefix = "/api/admin", endpoint = "give_licence", client = Api, protocol = Call)]
pub async fn give_licence(org: OrgId, user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::give_licence(&cx.kontor, &cx.actor(org).await?, user, version).await?;
        to(&cx, org, Some(user), "licence_given")
    })
    .await
}

/// Takes a person's licence.
#[server(prefix = "/api/admin", endpoint = "take_licence", client = Api, protocol = Call)]
pub async fn take_licence(org: OrgId, user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::take_licence(&cx.kontor, &cx.actor(org).await?, user, version).await?;
        to(&cx, org, Some(user), "licence_taken")
    })
    .await
}

/// Whether the organisation asks a second factor of everybody.
#[server(name = FactorRuleCall, prefix = "/api/admin", endpoint = "factor_rule", client = Api, protocol = Call)]
pub async fn factor_rule(org: OrgId) -> Result<FactorRule, ApiError> {
    serve(|cx| async move { service::factor_rule(&cx.kontor, &cx.viewer, &cx.actor(org).await?).await }).await
}

/// Asks a second factor of everybody, or no longer.
#[server(prefix = "/api/admin", endpoint = "require_second_factor", client = Api, protocol = Call)]
pub async fn require_second_factor(org: OrgId, #[server(default)] required: bool) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        service::require_second_factor(&cx.kontor, &cx.viewer, &actor, required).await?;
        to(&cx, org, None, if required { "factor_required" } else { "factor_optional" })
    })
    .await
}
