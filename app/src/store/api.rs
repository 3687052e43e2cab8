//! Server functions of the Partner Store.
#![allow(clippy::too_many_arguments, reason = "the fields of a form, one argument each, for plain forms")]

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{optional, redirect, serve};
use kontor::{
    catalogue::StoreCatalogue,
    delegation::{Ending, HeldAccess},
    kernel::id::{AccessRequestId, DisputeId, GrantId, MappingRequestId, MemberId, OrgId, StoreRoleId},
    mapping::{DisputeView, Greeting, MapPage, Notice},
    organisation::{Frame, Place},
    partner::StorePeople,
};
#[cfg(feature = "ssr")]
use kontor::{
    delegation::{AskAccess, TermsForm, service as delegation},
    mapping::{Ask, service as mapping},
    organisation::{AddUser, UsersQuery},
    partner::{RoleForm, service as partner},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The reader's partners; leads on if there is only one.
#[server(prefix = "/api/store", endpoint = "places", client = Api, protocol = Call)]
pub async fn places() -> Result<Vec<Place>, ApiError> {
    use kontor::kernel::right::OrgKind;
    serve(|cx| async move {
        let mut places = kontor::organisation::service::my_organisations(&cx.kontor, &cx.viewer).await?;
        places.retain(|p| p.kind == OrgKind::Partner);
        if let [only] = places.as_slice() {
            redirect(&super::frame::landing(only));
        }
        Ok(places)
    })
    .await
}

/// What stands around every page of the store.
#[server(name = FrameCall, prefix = "/api/store", endpoint = "frame", client = Api, protocol = Call)]
pub async fn frame(org: OrgId) -> Result<Frame, ApiError> {
    serve(|cx| async move { kontor::organisation::service::frame(&cx.kontor, &cx.actor(org).await?).await })
        .await
}

/// What greets a partner.
#[server(name = GreetingCall, prefix = "/api/store", endpoint = "greeting", client = Api, protocol = Call)]
pub async fn greeting(org: OrgId) -> Result<Greeting, ApiError> {
    serve(|cx| async move { kontor::mapping::service::greeting(&cx.kontor, &cx.actor(org).await?).await })
        .await
}

/// What is on sale in a currency, by its code; in the partner's own if there is no such one.
#[server(name = ServicesCall, prefix = "/api/store", endpoint = "services", client = Api, protocol = Call)]
pub async fn services(org: OrgId, #[server(default)] currency: String) -> Result<StoreCatalogue, ApiError> {
    use kontor::kernel::money::Currency;
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        kontor::catalogue::service::store(&cx.kontor, &actor, Currency::from_key(&currency)).await
    })
    .await
}

/// A page of the store's people, with its roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// The partner.
    pub org: OrgId,
    /// What was searched for.
    pub q: String,
    /// The people and the roles.
    pub people: StorePeople,
    /// Key of the form that adds somebody.
    pub request_key: String,
}

/// A page of the store's people, with its roles.
#[server(name = PeopleCall, prefix = "/api/store", endpoint = "people", client = Api, protocol = Call)]
pub async fn people(
    org: OrgId,
    #[server(default)] q: String,
    #[server(default)] after: Option<MemberId>,
    #[server(default)] before: Option<MemberId>,
) -> Result<Store, ApiError> {
    serve(|cx| async move {
        let query = UsersQuery { q: q.clone(), group: None, after, before };
        let people = partner::people(&cx.kontor, &cx.actor(org).await?, query).await?;
        Ok(Store { org, q, people, request_key: cx.kontor.token() })
    })
    .await
}

/// Where the calls of the page lead back to.
#[cfg(feature = "ssr")]
fn back(org: OrgId) {
    redirect(&format!("/store/{org}/users"));
}

/// Asks somebody into the store.
#[server(prefix = "/api/store", endpoint = "add_person", client = Api, protocol = Call)]
pub async fn add_person(
    org: OrgId,
    #[server(default)] email: String,
    #[server(default)] first_name: String,
    #[server(default)] last_name: String,
    #[server(default)] role: String,
    #[server(default)] request_key: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let input = AddUser { email, first_name, last_name, role, request_key };
        partner::add_person(&cx.kontor, &cx.actor(org).await?, input).await?;
        cx.done("person_added");
        back(org);
        Ok(())
    })
    .await
}

/// Gives somebody another role.
#[server(prefix = "/api/store", endpoint = "change_person", client = Api, protocol = Call)]
pub async fn change_person(
    org: OrgId,
    user: MemberId,
    version: i64,
    #[server(default)] role: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        partner::change_person(&cx.kontor, &cx.actor(org).await?, user, version, &role).await?;
        cx.done("person_changed");
        back(org);
        Ok(())
    })
    .await
}

/// Suspends somebody.
#[server(prefix = "/api/store", endpoint = "suspend_person", client = Api, protocol = Call)]
pub async fn suspend_person(org: OrgId, user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        partner::suspend_person(&cx.kontor, &cx.actor(org).await?, user, version).await?;
        cx.done("user_suspended");
        back(org);
        Ok(())
    })
    .await
}

/// Lets somebody in again.
#[server(prefix = "/api/store", endpoint = "restore_person", client = Api, protocol = Call)]
pub async fn restore_person(org: OrgId, user: MemberId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        partner::restore_person(&cx.kontor, &cx.actor(org).await?, user, version).await?;
        cx.done("user_restored");
        back(org);
        Ok(())
    })
    .await
}

/// Makes a role of the partner's own.
#[server(prefix = "/api/store", endpoint = "create_role", client = Api, protocol = Call)]
pub async fn create_role(
    org: OrgId,
    #[server(default)] name: String,
    #[server(default)] description: String,
    #[server(default)] features: Vec<String>,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let form = RoleForm { name, description, features };
        partner::create_role(&cx.kontor, &cx.actor(org).await?, &form).await?;
        cx.done("role_created");
        back(org);
        Ok(())
    })
    .await
}

/// Changes a role of the partner's own.
#[server(prefix = "/api/store", endpoint = "edit_role", client = Api, protocol = Call)]
pub async fn edit_role(
    org: OrgId,
    role: StoreRoleId,
    version: i64,
    #[server(default)] name: String,
    #[server(default)] description: String,
    #[server(default)] features: Vec<String>,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let form = RoleForm { name, description, features };
        partner::edit_role(&cx.kontor, &cx.actor(org).await?, role, version, &form).await?;
        cx.done("role_changed");
        back(org);
        Ok(())
    })
    .await
}

/// Deletes a role of the partner's own that nobody has.
#[server(prefix = "/api/store", endpoint = "delete_role", client = Api, protocol = Call)]
pub async fn delete_role(org: OrgId, role: StoreRoleId) -> Result<(), ApiError> {
    serve(|cx| async move {
        partner::delete_role(&cx.kontor, &cx.actor(org).await?, role).await?;
        cx.done("role_deleted");
        back(org);
        Ok(())
    })
    .await
}

/// The partner's code and its requests, behind one.
#[server(name = MapPageCall, prefix = "/api/store", endpoint = "map_page", client = Api, protocol = Call)]
pub async fn map_page(
    org: OrgId,
    #[server(default)] before: Option<MappingRequestId>,
) -> Result<MapPage, ApiError> {
    serve(|cx| async move { mapping::map_page(&cx.kontor, &cx.actor(org).await?, before).await }).await
}

/// Where the calls of the page *Map customer* lead back to.
#[cfg(feature = "ssr")]
fn to_mapping(org: OrgId) {
    redirect(&format!("/store/{org}/mapping"));
}

/// Asks a customer.
#[server(prefix = "/api/store", endpoint = "ask_customer", client = Api, protocol = Call)]
pub async fn ask_customer(
    org: OrgId,
    #[server(default)] email: String,
    #[server(default)] message: String,
    #[server(default)] request_key: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let input = Ask { email, note: message, request_key };
        mapping::ask(&cx.kontor, &cx.actor(org).await?, &input).await?;
        cx.done("mapping_asked");
        to_mapping(org);
        Ok(())
    })
    .await
}

/// Takes a request back.
#[server(prefix = "/api/store", endpoint = "take_back_request", client = Api, protocol = Call)]
pub async fn take_back_request(org: OrgId, request: MappingRequestId) -> Result<(), ApiError> {
    serve(|cx| async move {
        mapping::take_back(&cx.kontor, &cx.actor(org).await?, request).await?;
        cx.done("mapping_taken_back");
        to_mapping(org);
        Ok(())
    })
    .await
}

/// Gives the partner another code.
#[server(prefix = "/api/store", endpoint = "change_code", client = Api, protocol = Call)]
pub async fn change_code(
    org: OrgId,
    #[server(default)] partner_code: String,
    version: i64,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        mapping::change_code(&cx.kontor, &cx.actor(org).await?, &partner_code, version).await?;
        cx.done("code_changed");
        to_mapping(org);
        Ok(())
    })
    .await
}

/// Shows a customer's token.
#[server(prefix = "/api/store", endpoint = "use_token", client = Api, protocol = Call)]
pub async fn use_token(org: OrgId, #[server(default)] customer_token: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        let (customer, _) = mapping::use_token(&cx.kontor, &cx.actor(org).await?, &customer_token).await?;
        cx.done("customer_mapped");
        redirect(&format!("/store/{org}/customers/{customer}"));
        Ok(())
    })
    .await
}

/// How the partner's access to a customer stands.
#[server(name = AccessCall, prefix = "/api/store", endpoint = "access", client = Api, protocol = Call)]
pub async fn access(org: OrgId, customer: OrgId) -> Result<HeldAccess, ApiError> {
    serve(|cx| async move { delegation::held(&cx.kontor, &cx.actor(org).await?, customer).await }).await
}

/// Asks a customer for access.
#[server(name = AskAccessCall, prefix = "/api/store", endpoint = "ask_access", client = Api, protocol = Call)]
pub async fn ask_access(
    org: OrgId,
    customer: OrgId,
    #[server(default)] template: String,
    #[server(default)] capabilities: Vec<String>,
    #[server(default)] days: String,
    #[server(default)] renewal: String,
    #[server(default)] message: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let form = AskAccess { terms: TermsForm { template, capabilities, days, renewal }, note: message };
        delegation::ask(&cx.kontor, &cx.actor(org).await?, customer, &form).await?;
        cx.done("access_asked");
        to_customer(org, customer);
        Ok(())
    })
    .await
}

/// Takes a request for access back.
#[server(prefix = "/api/store", endpoint = "withdraw_access", client = Api, protocol = Call)]
pub async fn withdraw_access(org: OrgId, customer: OrgId, request: AccessRequestId) -> Result<(), ApiError> {
    serve(|cx| async move {
        delegation::withdraw(&cx.kontor, &cx.actor(org).await?, customer, request).await?;
        cx.done("access_request_withdrawn");
        to_customer(org, customer);
        Ok(())
    })
    .await
}

/// Renews access where the customer allowed that beforehand.
#[server(prefix = "/api/store", endpoint = "renew_access", client = Api, protocol = Call)]
pub async fn renew_access(org: OrgId, customer: OrgId) -> Result<(), ApiError> {
    serve(|cx| async move {
        delegation::renew(&cx.kontor, &cx.actor(org).await?, customer).await?;
        cx.done("access_renewed");
        to_customer(org, customer);
        Ok(())
    })
    .await
}

/// The partner's access by its end.
#[server(name = EndingCall, prefix = "/api/store", endpoint = "ending_access", client = Api, protocol = Call)]
pub async fn ending(org: OrgId, #[server(default)] after: Option<GrantId>) -> Result<Ending, ApiError> {
    serve(|cx| async move { delegation::ending(&cx.kontor, &cx.actor(org).await?, after).await }).await
}

/// Renews everything that ends soon, or asks for it.
#[server(prefix = "/api/store", endpoint = "renew_all_access", client = Api, protocol = Call)]
pub async fn renew_all_access(org: OrgId) -> Result<(), ApiError> {
    serve(|cx| async move {
        delegation::renew_many(&cx.kontor, &cx.actor(org).await?).await?;
        cx.done("access_renewing");
        redirect(&format!("/store/{org}/access"));
        Ok(())
    })
    .await
}

/// Gives access to a customer up.
#[server(prefix = "/api/store", endpoint = "give_up_access", client = Api, protocol = Call)]
pub async fn give_up_access(org: OrgId, customer: OrgId) -> Result<(), ApiError> {
    serve(|cx| async move {
        delegation::give_up(&cx.kontor, &cx.actor(org).await?, customer).await?;
        cx.done("access_given_up");
        to_customer(org, customer);
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
fn to_customer(org: OrgId, customer: OrgId) {
    redirect(&format!("/store/{org}/customers/{customer}"));
}

/// Whether the partner has given a customer notice.
#[server(name = NoticeCall, prefix = "/api/store", endpoint = "notice", client = Api, protocol = Call)]
pub async fn notice(org: OrgId, customer: OrgId) -> Result<Notice, ApiError> {
    serve(|cx| async move { mapping::notice(&cx.kontor, &cx.actor(org).await?, customer).await }).await
}

/// Ends the partnership with a customer, or gives notice.
#[server(prefix = "/api/store", endpoint = "release_customer", client = Api, protocol = Call)]
pub async fn release_customer(
    org: OrgId,
    customer: OrgId,
    #[server(default)] shown: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        // No day was shown where it ends at once.
        let shown = optional(&shown)?;
        mapping::release_customer(&cx.kontor, &cx.actor(org).await?, customer, shown).await?;
        cx.done("customer_released");
        redirect(&format!("/admin/{org}/partner/customers"));
        Ok(())
    })
    .await
}

/// Takes notice back.
#[server(prefix = "/api/store", endpoint = "keep_customer", client = Api, protocol = Call)]
pub async fn keep_customer(org: OrgId, customer: OrgId) -> Result<(), ApiError> {
    serve(|cx| async move {
        mapping::keep_customer(&cx.kontor, &cx.actor(org).await?, customer).await?;
        cx.done("customer_kept");
        redirect(&format!("/store/{org}/customers/{customer}"));
        Ok(())
    })
    .await
}

/// A page of the partner's disputes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputes {
    /// The disputes, newest first.
    pub rows: Vec<DisputeView>,
    /// The last one, if there are more.
    pub next: Option<DisputeId>,
    /// Key of the form that opens one.
    pub request_key: String,
}

/// The partner's disputes, behind one.
#[server(name = DisputesCall, prefix = "/api/store", endpoint = "disputes", client = Api, protocol = Call)]
pub async fn disputes(
    org: OrgId,
    #[server(default)] before: Option<DisputeId>,
) -> Result<Disputes, ApiError> {
    serve(|cx| async move {
        let (rows, next) = mapping::disputes(&cx.kontor, &cx.actor(org).await?, before).await?;
        Ok(Disputes { rows, next, request_key: cx.kontor.token() })
    })
    .await
}

/// Takes a dispute back.
#[server(prefix = "/api/store", endpoint = "withdraw_dispute", client = Api, protocol = Call)]
pub async fn withdraw_dispute(org: OrgId, dispute: DisputeId) -> Result<(), ApiError> {
    serve(|cx| async move {
        mapping::withdraw_dispute(&cx.kontor, &cx.actor(org).await?, dispute).await?;
        cx.done("dispute_withdrawn");
        redirect(&format!("/store/{org}/disputes"));
        Ok(())
    })
    .await
}
