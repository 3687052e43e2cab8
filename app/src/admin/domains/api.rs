//! Server functions of domains.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
#[cfg(feature = "ssr")]
use kontor::{
    domain::{AddInput, DomainInput, VerifyInput, service},
    kernel::right::Feature,
};
use kontor::{
    domain::{DomainView, Method, Proof},
    kernel::id::OrgId,
};
use leptos::prelude::*;

/// The organisation's domains.
#[server(prefix = "/api/admin", endpoint = "domains", client = Api, protocol = Call)]
pub async fn domains(org: OrgId) -> Result<Vec<DomainView>, ApiError> {
    serve(|cx| async move { service::list(&cx.kontor, &cx.actor(org).await?).await }).await
}

/// Adds a domain and leads to its proof.
#[server(prefix = "/api/admin", endpoint = "add_domain", client = Api, protocol = Call)]
pub async fn add_domain(org: OrgId, domain: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        let added = service::add(&cx.kontor, &cx.actor(org).await?, AddInput { domain }).await?;
        cx.done("domain_added");
        redirect(&format!("/admin/{org}/domains?verify={}", added.name.ascii));
        Ok(())
    })
    .await
}

/// Removes an unproven domain.
#[server(prefix = "/api/admin", endpoint = "remove_domain", client = Api, protocol = Call)]
pub async fn remove_domain(org: OrgId, domain: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::remove(&cx.kontor, &cx.actor(org).await?, &domain).await?;
        cx.done("domain_removed");
        redirect(&format!("/admin/{org}/domains"));
        Ok(())
    })
    .await
}

/// What proves a domain of the organisation.
#[server(prefix = "/api/admin", endpoint = "domain_proof", client = Api, protocol = Call)]
pub async fn domain_proof(org: OrgId, domain: String) -> Result<Proof, ApiError> {
    serve(|cx| async move {
        service::proof(&cx.kontor, &cx.actor(org).await?, DomainInput { org, domain }).await
    })
    .await
}

/// Checks a domain of the organisation now.
#[server(prefix = "/api/admin", endpoint = "verify_domain", client = Api, protocol = Call)]
pub async fn verify_domain(org: OrgId, domain: String, method: Method) -> Result<Proof, ApiError> {
    serve(|cx| async move {
        service::verify(&cx.kontor, &cx.actor(org).await?, VerifyInput { org, domain, method }).await
    })
    .await
}

/// What proves a domain of a customer, for the partner it is mapped to.
#[server(prefix = "/api/admin", endpoint = "customer_domain_proof", client = Api, protocol = Call)]
pub async fn customer_domain_proof(org: OrgId, customer: OrgId, domain: String) -> Result<Proof, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        // Its own domains have calls of their own.
        actor.require(Feature::CustomersView)?;
        service::proof(&cx.kontor, &actor, DomainInput { org: customer, domain }).await
    })
    .await
}

/// Checks a domain of a customer now, for the partner it is mapped to.
#[server(prefix = "/api/admin", endpoint = "verify_customer_domain", client = Api, protocol = Call)]
pub async fn verify_customer_domain(
    org: OrgId,
    customer: OrgId,
    domain: String,
    method: Method,
) -> Result<Proof, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::CustomersVerify)?;
        service::verify(&cx.kontor, &actor, VerifyInput { org: customer, domain, method }).await
    })
    .await
}
