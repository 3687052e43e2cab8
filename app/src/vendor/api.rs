//! Server functions of the vendor surface.

#[cfg(feature = "ssr")]
use crate::wire::serve;
use crate::wire::{Api, ApiError, Call};
use kontor::{
    commission::SetRate,
    delegation::BreakGlassView,
    kernel::id::{DisputeId, OrgId},
    mapping::{DisputeDetail, DisputePage, DisputeStatus},
    partner::{PartnerChange, PartnerPage, PartnerQuery},
    subscription::Plan,
};
#[cfg(feature = "ssr")]
use kontor::{delegation::BreakGlassForm, mapping::DecideDispute, partner::service};
use leptos::prelude::*;

/// A page of all partners, for the query of an address, and whether the reader may change them.
#[server(prefix = "/api/vendor", endpoint = "partners", client = Api, protocol = Call)]
pub async fn partners(
    #[server(default)] search: String,
) -> Result<(PartnerQuery, PartnerPage, bool), ApiError> {
    use kontor::kernel::right::Feature;
    serve(|cx| async move {
        let actor = cx.staff().await?;
        let pairs: Vec<_> =
            url::form_urlencoded::parse(search.trim_start_matches('?').as_bytes()).into_owned().collect();
        let query =
            PartnerQuery::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let page = service::list(&cx.kontor, &actor, &query).await?;
        Ok((query, page, actor.may(Feature::PartnersEdit)))
    })
    .await
}

/// Changes tier and rate, suspends or reactivates.
#[server(prefix = "/api/vendor", endpoint = "change_partner", client = Api, protocol = Call)]
pub async fn change_partner(
    partner: String,
    version: i64,
    #[server(flatten)] form: PartnerChange,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        let org: OrgId = partner.parse()?;
        service::change(&cx.kontor, &actor, org, version, &form).await?;
        cx.done("partner_changed");
        crate::wire::redirect("/vendor/partners");
        Ok(())
    })
    .await
}

/// The rates agreed with a partner by plan, in basis points.
#[server(prefix = "/api/vendor", endpoint = "partner_rates", client = Api, protocol = Call)]
pub async fn partner_rates(partner: OrgId) -> Result<Vec<(Plan, i64)>, ApiError> {
    serve(|cx| async move {
        let staff = cx.staff().await?;
        kontor::commission::service::rates(&cx.kontor, &staff, partner).await
    })
    .await
}

/// Agrees with a partner on a rate for a plan, or ends the agreement.
#[server(prefix = "/api/vendor", endpoint = "set_partner_rate", client = Api, protocol = Call)]
pub async fn set_partner_rate(partner: OrgId, #[server(flatten)] form: SetRate) -> Result<(), ApiError> {
    serve(|cx| async move {
        let staff = cx.staff().await?;
        kontor::commission::service::set_rate(&cx.kontor, &staff, partner, &form).await?;
        cx.done("partner_rate_agreed");
        crate::wire::redirect(&format!("/vendor/partners?change={partner}"));
        Ok(())
    })
    .await
}

/// What failed, and how the queue stands.
#[server(prefix = "/api/vendor", endpoint = "jobs", client = Api, protocol = Call)]
pub async fn jobs() -> Result<kontor::job::Troubles, ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        kontor::job::service::troubles(&cx.kontor, &actor).await
    })
    .await
}

/// Tries a given-up job again.
#[server(prefix = "/api/vendor", endpoint = "retry_job", client = Api, protocol = Call)]
pub async fn retry_job(job: kontor::kernel::id::JobId) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        kontor::job::service::retry(&cx.kontor, &actor, job).await?;
        cx.done("job_retried");
        crate::wire::redirect("/vendor/jobs");
        Ok(())
    })
    .await
}

/// Tries everything given up again.
#[server(prefix = "/api/vendor", endpoint = "retry_all_jobs", client = Api, protocol = Call)]
pub async fn retry_all_jobs() -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.staff().await?;
        kontor::job::service::retry_all(&cx.kontor, &actor).await?;
        cx.done("jobs_retried");
        crate::wire::redirect("/vendor/jobs");
        Ok(())
    })
    .await
}

/// The disputes of a status, behind one.
#[server(name = DisputeQueueCall, prefix = "/api/vendor", endpoint = "dispute_queue", client = Api, protocol = Call)]
pub async fn dispute_queue(
    #[server(default)] status: Option<DisputeStatus>,
    #[server(default)] behind: Option<DisputeId>,
) -> Result<DisputePage, ApiError> {
    serve(|cx| async move {
        let status = status.unwrap_or(DisputeStatus::Open);
        kontor::mapping::service::dispute_queue(&cx.kontor, &cx.staff().await?, status, behind).await
    })
    .await
}

/// A dispute as a reviewer decides it.
#[server(name = DisputeCall, prefix = "/api/vendor", endpoint = "dispute", client = Api, protocol = Call)]
pub async fn dispute(dispute: DisputeId) -> Result<DisputeDetail, ApiError> {
    serve(|cx| async move {
        kontor::mapping::service::dispute_detail(&cx.kontor, &cx.staff().await?, dispute).await
    })
    .await
}

/// Decides a dispute: `decision` is the organisation that becomes the claimant's, or `upheld`.
#[server(name = DecideDisputeCall, prefix = "/api/vendor", endpoint = "decide_dispute", client = Api, protocol = Call)]
pub async fn decide_dispute(
    dispute: DisputeId,
    #[server(default)] decision: String,
    #[server(default)] reason: String,
    version: i64,
) -> Result<(), ApiError> {
    use kontor::{Error, Issue};
    serve(|cx| async move {
        let moves = decision != "upheld";
        let org = match decision.as_str() {
            "" => return Err(Error::field("decision", Issue::Required)),
            "upheld" => None,
            id => Some(id.parse().map_err(|_| Error::field("decision", Issue::NotAChoice))?),
        };
        let form = DecideDispute { moves, org, reason, version };
        let staff = cx.staff().await?;
        kontor::mapping::service::decide_dispute(&cx.kontor, &staff, dispute, &form).await?;
        cx.done("dispute_decided");
        crate::wire::redirect(&format!("/vendor/disputes/{dispute}"));
        Ok(())
    })
    .await
}

/// What stands before the way into a customer's console without its consent.
#[server(name = BreakGlassViewCall, prefix = "/api/vendor", endpoint = "break_glass_view", client = Api, protocol = Call)]
pub async fn break_glass_view(customer: OrgId) -> Result<BreakGlassView, ApiError> {
    serve(|cx| async move {
        let staff = cx.staff().await?;
        kontor::delegation::service::break_glass_before(&cx.kontor, &cx.viewer, &staff, customer).await
    })
    .await
}

/// Enters a customer's console without its consent.
#[server(name = BreakGlassCall, prefix = "/api/vendor", endpoint = "break_glass", client = Api, protocol = Call)]
pub async fn break_glass(
    customer: OrgId,
    #[server(default)] reason: String,
    #[server(default)] template: String,
    #[server(default)] minutes: String,
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] asked: bool,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let staff = cx.staff().await?;
        let viewer = crate::admin::api::proved(&cx, asked, &password, &code).await?;
        let form = BreakGlassForm { reason, template, minutes };
        kontor::delegation::service::break_glass(&cx.kontor, &viewer, &staff, customer, &form).await?;
        crate::wire::redirect(&format!("/admin/{customer}"));
        Ok(())
    })
    .await
}
