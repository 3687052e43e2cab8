//! Server functions of the page *Partner access*.
#![allow(clippy::too_many_arguments, reason = "the fields of a form, one argument each, for plain forms")]

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{optional, redirect, serve};
use kontor::{
    delegation::AccessOverview,
    kernel::id::{AccessRequestId, GrantId, MappingId, MappingRequestId, MappingTokenId, OrgId},
    mapping::{Consents, Found},
    organisation::Place,
};
#[cfg(feature = "ssr")]
use kontor::{
    delegation::{AccessAnswer, TermsForm, service as delegation},
    mapping::{Answer, service},
    organisation::service as organisation,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The page *Partner access*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerAccess {
    /// The partner, and who may act on the organisation's behalf.
    pub overview: AccessOverview,
    /// What waits for an answer, and tokens.
    pub consents: Consents,
    /// The code that was entered.
    pub typed: String,
    /// The partner that has it.
    pub found: Option<Found>,
    /// What is wrong with it.
    pub wrong: Option<ApiError>,
}

/// Who may act on the organisation's behalf, and what it decides about partners.
#[server(name = PartnerAccessCall, prefix = "/api/admin", endpoint = "partner_access", client = Api, protocol = Call)]
pub async fn partner_access(
    org: OrgId,
    #[server(default)] partner_code: String,
    #[server(default)] token: Option<MappingTokenId>,
) -> Result<PartnerAccess, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        let overview = delegation::access_overview(&cx.kontor, &actor).await?;
        let consents = service::consents(&cx.kontor, &actor, token).await?;
        let (found, wrong) = match partner_code.trim().is_empty() || !consents.may {
            true => (None, None),
            false => match service::by_code(&cx.kontor, &actor, &partner_code).await {
                Ok(found) => (Some(found), None),
                Err(error) => (None, Some(ApiError(error))),
            },
        };
        Ok(PartnerAccess { overview, consents, typed: partner_code, found, wrong })
    })
    .await
}

/// Answers a partner's request: `map` or `deny`.
#[server(prefix = "/api/admin", endpoint = "answer_partner", client = Api, protocol = Call)]
pub async fn answer_partner(
    org: OrgId,
    request: MappingRequestId,
    #[server(default)] answer: String,
    #[server(default)] access: Option<String>,
    #[server(default)] template: String,
    #[server(default)] capabilities: Vec<String>,
    #[server(default)] days: String,
    #[server(default)] renewal: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let access = access.map(|_| TermsForm { template, capabilities, days, renewal });
        let (said, done) = match answer.as_str() {
            "map" => (Answer::Map { access }, "partner_mapped"),
            "deny" => (Answer::Deny, "mapping_denied"),
            _ => return Err(kontor::Error::BadRequest),
        };
        service::answer(&cx.kontor, &cx.actor(org).await?, request, &said).await?;
        cx.done(done);
        redirect(&format!("/admin/{org}/partner-access"));
        Ok(())
    })
    .await
}

/// Chooses the partner that has a code.
#[server(prefix = "/api/admin", endpoint = "choose_partner", client = Api, protocol = Call)]
pub async fn choose_partner(
    org: OrgId,
    partner: OrgId,
    #[server(default)] partner_code: String,
    #[server(default)] access: Option<String>,
    #[server(default)] template: String,
    #[server(default)] capabilities: Vec<String>,
    #[server(default)] days: String,
    #[server(default)] renewal: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let access = access.map(|_| TermsForm { template, capabilities, days, renewal });
        let actor = cx.actor(org).await?;
        service::map_by_code(&cx.kontor, &actor, &partner_code, partner, access.as_ref()).await?;
        cx.done("partner_mapped");
        redirect(&format!("/admin/{org}/partner-access"));
        Ok(())
    })
    .await
}

/// Makes a token for a partner.
#[server(prefix = "/api/admin", endpoint = "make_token", client = Api, protocol = Call)]
pub async fn make_token(
    org: OrgId,
    #[server(default)] access: Option<String>,
    #[server(default)] template: String,
    #[server(default)] capabilities: Vec<String>,
    #[server(default)] days: String,
    #[server(default)] renewal: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let access = access.map(|_| TermsForm { template, capabilities, days, renewal });
        let id = service::make_token(&cx.kontor, &cx.actor(org).await?, access.as_ref()).await?;
        redirect(&format!("/admin/{org}/partner-access?token={id}#new-token"));
        Ok(())
    })
    .await
}

/// Takes a token for a partner back.
#[server(prefix = "/api/admin", endpoint = "withdraw_token", client = Api, protocol = Call)]
pub async fn withdraw_token(org: OrgId, token: MappingTokenId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::withdraw_token(&cx.kontor, &cx.actor(org).await?, token).await?;
        cx.done("token_withdrawn");
        redirect(&format!("/admin/{org}/partner-access"));
        Ok(())
    })
    .await
}

/// The reader's organisations that may choose a partner; leads on with the code if there is only one.
#[server(prefix = "/api/admin", endpoint = "code_places", client = Api, protocol = Call)]
pub async fn code_places(#[server(default)] partner_code: String) -> Result<Vec<Place>, ApiError> {
    use kontor::kernel::right::{Feature, OrgKind};
    serve(|cx| async move {
        let mut places = organisation::my_organisations(&cx.kontor, &cx.viewer).await?;
        places.retain(|p| p.kind == OrgKind::Customer && p.features.has(Feature::PartnerAccessGrant));
        if let [only] = places.as_slice() {
            let page = format!("/admin/{}/partner-access", only.org);
            let page = crate::parts::address::address(&page, vec![("partner_code", partner_code.clone())]);
            redirect(&format!("{page}#choose"));
        }
        Ok(places)
    })
    .await
}

/// Gives the organisation's partner access.
#[server(prefix = "/api/admin", endpoint = "give_access", client = Api, protocol = Call)]
pub async fn give_access(
    org: OrgId,
    partner: OrgId,
    #[server(default)] template: String,
    #[server(default)] capabilities: Vec<String>,
    #[server(default)] days: String,
    #[server(default)] renewal: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let form = TermsForm { template, capabilities, days, renewal };
        delegation::give(&cx.kontor, &cx.actor(org).await?, partner, &form).await?;
        back(cx, org, "access_given")
    })
    .await
}

/// Changes the terms of an access in force.
#[server(prefix = "/api/admin", endpoint = "change_access", client = Api, protocol = Call)]
pub async fn change_access(
    org: OrgId,
    grant: GrantId,
    version: i64,
    #[server(default)] template: String,
    #[server(default)] capabilities: Vec<String>,
    #[server(default)] days: String,
    #[server(default)] renewal: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let form = TermsForm { template, capabilities, days, renewal };
        delegation::change(&cx.kontor, &cx.actor(org).await?, grant, &form, version).await?;
        back(cx, org, "access_changed")
    })
    .await
}

/// Gives an access that is over again, on the same terms.
#[server(prefix = "/api/admin", endpoint = "restore_access", client = Api, protocol = Call)]
pub async fn restore_access(org: OrgId, grant: GrantId) -> Result<(), ApiError> {
    serve(|cx| async move {
        delegation::restore(&cx.kontor, &cx.actor(org).await?, grant).await?;
        back(cx, org, "access_given")
    })
    .await
}

/// Answers a partner's request for access: `give` or `decline`.
#[server(prefix = "/api/admin", endpoint = "answer_access", client = Api, protocol = Call)]
pub async fn answer_access(
    org: OrgId,
    request: AccessRequestId,
    #[server(default)] answer: String,
    #[server(default)] template: String,
    #[server(default)] capabilities: Vec<String>,
    #[server(default)] days: String,
    #[server(default)] renewal: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let (answer, done) = match answer.as_str() {
            "give" => {
                (AccessAnswer::Grant(TermsForm { template, capabilities, days, renewal }), "access_given")
            }
            "decline" => (AccessAnswer::Decline, "access_declined"),
            _ => return Err(kontor::Error::BadRequest),
        };
        delegation::answer(&cx.kontor, &cx.actor(org).await?, request, &answer).await?;
        back(cx, org, done)
    })
    .await
}

/// Back to the page, which says what was done.
#[cfg(feature = "ssr")]
fn back(cx: crate::wire::Cx, org: OrgId, done: &'static str) -> Result<(), kontor::Error> {
    cx.done(done);
    redirect(&format!("/admin/{org}/partner-access"));
    Ok(())
}

/// Ends a partner's access.
#[server(prefix = "/api/admin", endpoint = "revoke_access", client = Api, protocol = Call)]
pub async fn revoke_access(org: OrgId, grant: GrantId) -> Result<(), ApiError> {
    serve(|cx| async move {
        delegation::revoke(&cx.kontor, &cx.actor(org).await?, grant).await?;
        cx.done("access_revoked");
        redirect(&format!("/admin/{org}/partner-access"));
        Ok(())
    })
    .await
}

/// Leaves a partner.
#[server(prefix = "/api/admin", endpoint = "leave_partner", client = Api, protocol = Call)]
pub async fn leave_partner(
    org: OrgId,
    mapping: MappingId,
    #[server(default)] shown: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        // No day was shown where the partner pays nothing.
        let shown = optional(&shown)?;
        service::leave_partner(&cx.kontor, &cx.actor(org).await?, mapping, shown).await?;
        cx.done("partner_left");
        redirect(&format!("/admin/{org}/partner-access"));
        Ok(())
    })
    .await
}
