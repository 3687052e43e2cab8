//! Server functions of the settings.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{Cx, redirect, serve};
#[cfg(feature = "ssr")]
use kontor::{
    Error,
    catalogue::service as catalogues,
    identity::service as identity,
    kernel::{actor::Actor, money::Currency, right::Feature},
    organisation::{AddUser, UsersQuery, service as organisation},
    setting::service,
};
use kontor::{
    catalogue::{BillingEntity, Catalogue, EntityForm, LimitsForm, PriceForm},
    identity::{ProviderForm, Providers},
    kernel::id::{IdentityProviderId, MemberId, PriceId},
    organisation::UsersPage,
    setting::{ChangeSetting, SettingRow},
    subscription::Plan,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Every policy.
#[server(prefix = "/api/settings", endpoint = "settings", client = Api, protocol = Call)]
pub async fn settings() -> Result<Vec<SettingRow>, ApiError> {
    serve(|cx| async move { service::list(&cx.kontor, &cx.staff().await?).await }).await
}

/// Changes a policy.
#[server(name = ChangeSettingCall, prefix = "/api/settings", endpoint = "change_setting", client = Api, protocol = Call)]
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
#[server(name = StaffCall, prefix = "/api/settings", endpoint = "staff", client = Api, protocol = Call)]
pub async fn staff(
    #[server(default)] q: String,
    #[server(default)] after: Option<MemberId>,
    #[server(default)] before: Option<MemberId>,
) -> Result<Staff, ApiError> {
    serve(|cx| async move {
        let query = UsersQuery { q: q.clone(), group: None, after, before };
        let page = organisation::users(&cx.kontor, &manager(&cx).await?, query).await?;
        Ok(Staff { q, page, request_key: cx.kontor.token() })
    })
    .await
}

/// Makes somebody one of the staff.
#[server(prefix = "/api/settings", endpoint = "add_staff", client = Api, protocol = Call)]
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
#[server(prefix = "/api/settings", endpoint = "suspend_staff", client = Api, protocol = Call)]
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
#[server(prefix = "/api/settings", endpoint = "restore_staff", client = Api, protocol = Call)]
pub async fn restore_staff(user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        organisation::restore_user(&cx.kontor, &manager(&cx).await?, user, version).await?;
        cx.done("user_restored");
        redirect("/settings/staff");
        Ok(())
    })
    .await
}

/// The catalogue in a currency, by its code; in the first entity's if there is no such one.
#[server(name = CatalogueCall, prefix = "/api/settings", endpoint = "catalogue", client = Api, protocol = Call)]
pub async fn catalogue(#[server(default)] currency: String) -> Result<Catalogue, ApiError> {
    serve(|cx| async move {
        let currency = Currency::from_key(&currency);
        catalogues::catalogue(&cx.kontor, &cx.staff().await?, currency).await
    })
    .await
}

/// Leads back to the catalogue in a currency.
#[cfg(feature = "ssr")]
fn to_catalogue(currency: &str) {
    redirect(&crate::parts::address::address("/settings/catalogue", vec![("currency", currency.to_owned())]));
}

/// Sets a price from a day on.
#[server(name = SetPriceCall, prefix = "/api/settings", endpoint = "set_price", client = Api, protocol = Call)]
pub async fn set_price(#[server(flatten)] form: PriceForm) -> Result<(), ApiError> {
    serve(|cx| async move {
        catalogues::set_price(&cx.kontor, &cx.staff().await?, &form).await?;
        cx.done("price_set");
        to_catalogue(&form.currency);
        Ok(())
    })
    .await
}

/// Takes back an announced price.
#[server(name = WithdrawPriceCall, prefix = "/api/settings", endpoint = "withdraw_price", client = Api, protocol = Call)]
pub async fn withdraw_price(price: PriceId) -> Result<(), ApiError> {
    serve(|cx| async move {
        let currency = catalogues::withdraw_price(&cx.kontor, &cx.staff().await?, price).await?;
        cx.done("price_withdrawn");
        to_catalogue(currency.key());
        Ok(())
    })
    .await
}

/// Sets a plan's limits from a day on.
#[server(name = SetLimitsCall, prefix = "/api/settings", endpoint = "set_limits", client = Api, protocol = Call)]
pub async fn set_limits(#[server(flatten)] form: LimitsForm) -> Result<(), ApiError> {
    serve(|cx| async move {
        catalogues::set_limits(&cx.kontor, &cx.staff().await?, &form).await?;
        cx.done("limits_set");
        redirect("/settings/catalogue");
        Ok(())
    })
    .await
}

/// Takes back announced limits.
#[server(name = WithdrawLimitsCall, prefix = "/api/settings", endpoint = "withdraw_limits", client = Api, protocol = Call)]
pub async fn withdraw_limits(plan: Plan, valid_from: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        // What is no day is none that begins anything.
        let day: kontor::kernel::instant::Day = valid_from.parse().map_err(|_| Error::StaleVersion)?;
        catalogues::withdraw_limits(&cx.kontor, &actor, plan, day).await?;
        cx.done("limits_withdrawn");
        redirect("/settings/catalogue");
        Ok(())
    })
    .await
}

/// The vendor's entities that bill.
#[server(name = EntitiesCall, prefix = "/api/settings", endpoint = "entities", client = Api, protocol = Call)]
pub async fn entities() -> Result<Vec<BillingEntity>, ApiError> {
    serve(|cx| async move { catalogues::list_entities(&cx.kontor, &cx.staff().await?).await }).await
}

/// Makes an entity, or changes one.
#[server(name = SaveEntityCall, prefix = "/api/settings", endpoint = "save_entity", client = Api, protocol = Call)]
pub async fn save_entity(version: i64, #[server(flatten)] form: EntityForm) -> Result<(), ApiError> {
    serve(|cx| async move {
        catalogues::save_entity(&cx.kontor, &cx.staff().await?, version, &form).await?;
        cx.done("entity_saved");
        redirect("/settings/entities");
        Ok(())
    })
    .await
}

/// The programme's providers of single sign-on.
#[server(name = ProvidersCall, prefix = "/api/settings", endpoint = "providers", client = Api, protocol = Call)]
pub async fn providers() -> Result<Providers, ApiError> {
    serve(|cx| async move { identity::providers(&cx.kontor, &cx.staff().await?, true).await }).await
}

/// Sets one up, or changes one.
#[server(name = SaveProviderCall, prefix = "/api/settings", endpoint = "save_provider", client = Api, protocol = Call)]
pub async fn save_provider(version: i64, #[server(flatten)] form: ProviderForm) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        identity::save_provider(&cx.kontor, &cx.viewer, &actor, true, version, &form).await?;
        cx.done("provider_saved");
        redirect("/settings/sign-in");
        Ok(())
    })
    .await
}

/// Takes one away.
#[server(name = RemoveProviderCall, prefix = "/api/settings", endpoint = "remove_provider", client = Api, protocol = Call)]
pub async fn remove_provider(provider: IdentityProviderId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        identity::remove_provider(&cx.kontor, &cx.viewer, &actor, true, provider, version).await?;
        cx.done("provider_removed");
        redirect("/settings/sign-in");
        Ok(())
    })
    .await
}
