//! Server functions of the settings.

use crate::wire::{Api, ApiError};
#[cfg(feature = "ssr")]
use crate::wire::{Cx, redirect, serve};
#[cfg(feature = "ssr")]
use kontor::{
    Error,
    kernel::{actor::Actor, right::Feature},
    organisation::{AddUser, UsersQuery, service as organisation},
    setting::service,
};
use kontor::{
    kernel::id::MemberId,
    organisation::UsersPage,
    setting::{ChangeSetting, SettingRow},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Every policy.
#[server(prefix = "/api/settings", endpoint = "settings", client = Api)]
pub async fn settings() -> Result<Vec<SettingRow>, ApiError> {
    serve(|cx| async move { service::list(&cx.kontor, &cx.staff().await?).await }).await
}

/// Changes a policy.
#[server(name = ChangeSettingCall, prefix = "/api/settings", endpoint = "change_setting", client = Api)]
pub async fn change_setting(#[server(flatten)] form: ChangeSetting) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::change(&cx.kontor, &cx.staff().await?, &form).await?;
        cx.done("setting_changed");
        redirect("/settings");
        Ok(())
    })
    .await
}

/// A page of the vendor's staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// What was searched for.
    pub q: String,
    /// The people.
    pub page: UsersPage,
    /// Key of the form that adds somebody.
    pub request_key: String,
}

/// The vendor's staff, for those who may change it.
#[cfg(feature = "ssr")]
async fn manager(cx: &Cx) -> Result<Actor, Error> {
    let actor = cx.staff().await?;
    actor.require(Feature::StaffManage)?;
    Ok(actor)
}

/// A page of the vendor's staff.
#[server(name = StaffCall, prefix = "/api/settings", endpoint = "staff", client = Api)]
pub async fn staff(
    #[server(default)] q: String,
    #[server(default)] after: Option<MemberId>,
    #[server(default)] before: Option<MemberId>,
) -> Result<Staff, ApiError> {
    serve(|cx| async move {
        let query = UsersQuery { q: q.clone(), after, before };
        let page = organisation::users(&cx.kontor, &manager(&cx).await?, query).await?;
        Ok(Staff { q, page, request_key: cx.kontor.token() })
    })
    .await
}

/// Makes somebody one of the staff.
#[server(prefix = "/api/settings", endpoint = "add_staff", client = Api)]
pub async fn add_staff(
    #[server(default)] email: String,
    #[server(default)] first_name: String,
    #[server(default)] last_name: String,
    #[server(default)] role: String,
    #[server(default)] request_key: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let input = AddUser { email, first_name, last_name, role, request_key };
        organisation::add_user(&cx.kontor, &manager(&cx).await?, input).await?;
        cx.done("staff_added");
        redirect("/settings/staff");
        Ok(())
    })
    .await
}

/// Suspends one of the staff.
#[server(prefix = "/api/settings", endpoint = "suspend_staff", client = Api)]
pub async fn suspend_staff(user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        organisation::suspend_user(&cx.kontor, &manager(&cx).await?, user, version).await?;
        cx.done("user_suspended");
        redirect("/settings/staff");
        Ok(())
    })
    .await
}

/// Lets one of the staff in again.
#[server(prefix = "/api/settings", endpoint = "restore_staff", client = Api)]
pub async fn restore_staff(user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        organisation::restore_user(&cx.kontor, &manager(&cx).await?, user, version).await?;
        cx.done("user_restored");
        redirect("/settings/staff");
        Ok(())
    })
    .await
}
