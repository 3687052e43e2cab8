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
    domain::{
        DomainView, Method, Proof,
        mail::{
            MailFlow,
            settings::{MailForm, MailPage},
        },
    },
    kernel::id::{DomainId, OrgId},
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

/// A domain of the organisation and the records its mail needs.
#[server(name = MailFlowCall, prefix = "/api/admin", endpoint = "mail_flow", client = Api, protocol = Call)]
pub async fn mail_flow(org: OrgId, domain: DomainId) -> Result<MailFlow, ApiError> {
    serve(|cx| async move { service::mail_flow(&cx.kontor, &cx.actor(org).await?, domain).await }).await
}

/// Makes a domain the organisation's primary one.
#[server(prefix = "/api/admin", endpoint = "make_primary", client = Api, protocol = Call)]
pub async fn make_primary(org: OrgId, domain: DomainId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::make_primary(&cx.kontor, &cx.actor(org).await?, domain).await?;
        cx.done("domain_primary");
        redirect(&format!("/admin/{org}/domains"));
        Ok(())
    })
    .await
}

/// Looks at the mail of a domain now.
#[server(prefix = "/api/admin", endpoint = "check_mail", client = Api, protocol = Call)]
pub async fn check_mail(org: OrgId, domain: DomainId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::check_mail(&cx.kontor, &cx.actor(org).await?, domain).await?;
        cx.done("mail_checked");
        redirect(&format!("/admin/{org}/domains/{domain}"));
        Ok(())
    })
    .await
}

/// Replaces the key that a domain's mail is signed with.
#[server(prefix = "/api/admin", endpoint = "new_mail_key", client = Api, protocol = Call)]
pub async fn new_mail_key(org: OrgId, domain: DomainId, version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::new_mail_key(&cx.kontor, &cx.actor(org).await?, domain, version).await?;
        cx.done("mail_key_made");
        redirect(&format!("/admin/{org}/domains/{domain}"));
        Ok(())
    })
    .await
}

/// The organisation's settings of mail, and the lamps of its domains.
#[server(prefix = "/api/admin", endpoint = "mail_settings", client = Api, protocol = Call)]
pub async fn mail_settings(org: OrgId) -> Result<MailPage, ApiError> {
    serve(|cx| async move { service::mail_page(&cx.kontor, &cx.actor(org).await?).await }).await
}

/// Changes the organisation's settings of mail.
#[server(prefix = "/api/admin", endpoint = "save_mail", client = Api, protocol = Call)]
pub async fn save_mail(org: OrgId, version: i64, #[server(flatten)] form: MailForm) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::save_mail(&cx.kontor, &cx.actor(org).await?, version, &form).await?;
        cx.done("saved");
        redirect(&format!("/admin/{org}/mail"));
        Ok(())
    })
    .await
}
