//! Server functions of groups.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
#[cfg(feature = "ssr")]
use kontor::organisation::service;
use kontor::{
    kernel::id::{GroupId, MemberId, OrgId},
    organisation::{GroupForm, GroupView, GroupsPage},
};
use leptos::prelude::*;

/// All groups of the organisation.
#[server(name = GroupsCall, prefix = "/api/admin", endpoint = "groups", client = Api, protocol = Call)]
pub async fn groups(org: OrgId) -> Result<GroupsPage, ApiError> {
    serve(|cx| async move { service::groups(&cx.kontor, &cx.actor(org).await?).await }).await
}

/// A group and a page of its people.
#[server(name = GroupCall, prefix = "/api/admin", endpoint = "group", client = Api, protocol = Call)]
pub async fn group(
    org: OrgId,
    group: GroupId,
    #[server(default)] after: Option<MemberId>,
    #[server(default)] before: Option<MemberId>,
) -> Result<GroupView, ApiError> {
    serve(|cx| async move { service::group(&cx.kontor, &cx.actor(org).await?, group, (after, before)).await })
        .await
}

/// Makes a group.
#[server(prefix = "/api/admin", endpoint = "make_group", client = Api, protocol = Call)]
pub async fn make_group(
    org: OrgId,
    #[server(default)] request_key: String,
    #[server(flatten)] form: GroupForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let made = service::make_group(&cx.kontor, &cx.actor(org).await?, &form, &request_key).await?;
        cx.done("group_made");
        redirect(&format!("/admin/{org}/groups/{made}"));
        Ok(())
    })
    .await
}

/// Changes a group.
#[server(prefix = "/api/admin", endpoint = "edit_group", client = Api, protocol = Call)]
pub async fn edit_group(
    org: OrgId,
    group: GroupId,
    version: i64,
    #[server(flatten)] form: GroupForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::edit_group(&cx.kontor, &cx.actor(org).await?, group, &form, version).await?;
        cx.done("saved");
        redirect(&format!("/admin/{org}/groups/{group}"));
        Ok(())
    })
    .await
}

/// Deletes a group.
#[server(prefix = "/api/admin", endpoint = "delete_group", client = Api, protocol = Call)]
pub async fn delete_group(org: OrgId, group: GroupId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::delete_group(&cx.kontor, &cx.actor(org).await?, group).await?;
        cx.done("group_deleted");
        redirect(&format!("/admin/{org}/groups"));
        Ok(())
    })
    .await
}

/// Takes people into a group.
#[server(prefix = "/api/admin", endpoint = "join_group", client = Api, protocol = Call)]
pub async fn join_group(
    org: OrgId,
    group: GroupId,
    #[server(default)] people: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::join_group(&cx.kontor, &cx.actor(org).await?, group, &people).await?;
        cx.done("group_joined");
        redirect(&format!("/admin/{org}/groups/{group}"));
        Ok(())
    })
    .await
}

/// Takes a person out of a group.
#[server(prefix = "/api/admin", endpoint = "leave_group", client = Api, protocol = Call)]
pub async fn leave_group(org: OrgId, group: GroupId, user: MemberId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::leave_group(&cx.kontor, &cx.actor(org).await?, group, user).await?;
        cx.done("group_left");
        redirect(&format!("/admin/{org}/groups/{group}"));
        Ok(())
    })
    .await
}
