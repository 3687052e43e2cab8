//! Server functions of commission: for the partner its own, for the vendor's finance any partner's.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
#[cfg(feature = "ssr")]
use kontor::{
    Error,
    commission::service,
    kernel::{Kontor, actor::Actor, right::Feature},
};
use kontor::{
    commission::{AdjustCommission, Earned, LineQuery, LineView, StatementPage, WhatIf, Worked},
    kernel::id::{CommissionId, OrgId},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
async fn earned(
    kontor: &Kontor,
    actor: &Actor,
    partner: OrgId,
    query: &LineQuery,
    before: &str,
) -> Result<Earned, Error> {
    let (statements, earlier) = service::statements(kontor, actor, partner, before.parse().ok()).await?;
    Ok(Earned {
        balances: service::balance(kontor, actor, partner).await?,
        lines: service::lines(kontor, actor, partner, query).await?,
        statements,
        earlier,
    })
}

#[cfg(feature = "ssr")]
async fn closed(
    kontor: &Kontor,
    actor: &Actor,
    partner: OrgId,
    (month, after, check): (String, String, bool),
) -> Result<Option<StatementPage>, Error> {
    let Ok(month) = month.parse() else { return Ok(None) };
    let after = after.parse::<CommissionId>().ok();
    match service::statement(kontor, actor, partner, month, after, check).await {
        Err(Error::NotFound) => Ok(None),
        found => found.map(Some),
    }
}

/// What a partner has, its lines and its statements; `before` is the month the page of statements begins behind.
#[server(name = CommissionsCall, prefix = "/api/store", endpoint = "commissions", client = Api, protocol = Call)]
pub async fn commissions(
    org: OrgId,
    #[server(default)] query: LineQuery,
    #[server(default)] before: String,
) -> Result<Earned, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::CommissionView)?;
        earned(&cx.kontor, &actor, org, &query, &before).await
    })
    .await
}

/// The same of any partner, for the vendor's finance.
#[server(name = VendorCommissions, prefix = "/api/vendor", endpoint = "commissions", client = Api, protocol = Call)]
pub async fn vendor_commissions(
    partner: OrgId,
    #[server(default)] query: LineQuery,
    #[server(default)] before: String,
) -> Result<Earned, ApiError> {
    serve(|cx| async move {
        let staff = finance(&cx.kontor, cx.staff().await?, partner).await?;
        earned(&cx.kontor, &staff, partner, &query, &before).await
    })
    .await
}

/// The vendor's finance, if the partner it asks for is one.
#[cfg(feature = "ssr")]
async fn finance(kontor: &Kontor, staff: Actor, partner: OrgId) -> Result<Actor, Error> {
    service::may_look(kontor, &staff, partner).await?;
    Ok(staff)
}

/// A line and why it is what it is.
#[server(prefix = "/api/store", endpoint = "commission_line", client = Api, protocol = Call)]
pub async fn commission_line(org: OrgId, line: CommissionId) -> Result<LineView, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::CommissionView)?;
        service::line(&cx.kontor, &actor, org, line).await
    })
    .await
}

/// The same for the vendor's finance, with a key for one adjustment.
#[server(name = VendorCommissionLine, prefix = "/api/vendor", endpoint = "commission_line", client = Api, protocol = Call)]
pub async fn vendor_commission_line(
    partner: OrgId,
    line: CommissionId,
) -> Result<(LineView, String), ApiError> {
    serve(|cx| async move {
        let staff = cx.staff().await?;
        staff.require(Feature::FinanceManage)?;
        Ok((service::line(&cx.kontor, &staff, partner, line).await?, cx.kontor.token()))
    })
    .await
}

/// Gives or takes an amount beside a line, with a reason.
#[server(name = VendorAdjust, prefix = "/api/vendor", endpoint = "adjust_commission", client = Api, protocol = Call)]
pub async fn adjust_commission(
    partner: OrgId,
    line: CommissionId,
    #[server(flatten)] form: AdjustCommission,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::adjust(&cx.kontor, &cx.staff().await?, partner, line, &form).await?;
        cx.done("commission_adjusted");
        redirect(&format!("/vendor/commissions/{partner}"));
        Ok(())
    })
    .await
}

/// A closed month with a page of its lines, counted again if asked to; none if it is not closed, or nothing was owed or
/// earned in it.
#[server(prefix = "/api/store", endpoint = "statement", client = Api, protocol = Call)]
pub async fn statement(
    org: OrgId,
    #[server(default)] month: String,
    #[server(default)] after: String,
    #[server(default)] check: bool,
) -> Result<Option<StatementPage>, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::CommissionView)?;
        closed(&cx.kontor, &actor, org, (month, after, check)).await
    })
    .await
}

/// The same of any partner, for the vendor's finance.
#[server(name = VendorStatement, prefix = "/api/vendor", endpoint = "statement", client = Api, protocol = Call)]
pub async fn vendor_statement(
    partner: OrgId,
    #[server(default)] month: String,
    #[server(default)] after: String,
    #[server(default)] check: bool,
) -> Result<Option<StatementPage>, ApiError> {
    serve(|cx| async move {
        let staff = finance(&cx.kontor, cx.staff().await?, partner).await?;
        closed(&cx.kontor, &staff, partner, (month, after, check)).await
    })
    .await
}

/// What a sale would earn.
#[server(name = WhatIfCall, prefix = "/api/store", endpoint = "what_if", client = Api, protocol = Call)]
pub async fn what_if(org: OrgId, #[server(default)] form: WhatIf) -> Result<Worked, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::CommissionView)?;
        service::imagine(&cx.kontor, &actor, org, &form).await
    })
    .await
}
