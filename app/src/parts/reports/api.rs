//! Server functions of reports. A report's address is passed on as it is, so that one address is one report.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
use kontor::{
    kernel::{id::OrgId, money::Money},
    ledger::LinePage,
    partner::StoreSettings,
    report::{CustomerEventPage, RenewalPage, Report, SalesPage},
};
#[cfg(feature = "ssr")]
use kontor::{
    partner::service::{set_zone, store_settings},
    report::{ReportQuery, service},
};
use leptos::prelude::*;

use super::{EventsAsked, LinesAsked, RenewalsAsked};

/// A partner's report.
#[server(name = StoreReport, prefix = "/api/store", endpoint = "report", client = Api, protocol = Call)]
pub async fn store_report(org: OrgId, #[server(default)] query: String) -> Result<Report, ApiError> {
    serve(|cx| async move {
        let query = ReportQuery::from_query(&query);
        service::report(&cx.kontor, &cx.actor(org).await?, Some(org), &query).await
    })
    .await
}

/// The report of all partners, or of one.
#[server(name = VendorReport, prefix = "/api/vendor", endpoint = "report", client = Api, protocol = Call)]
pub async fn vendor_report(
    #[server(default)] partner: Option<OrgId>,
    #[server(default)] query: String,
) -> Result<Report, ApiError> {
    serve(|cx| async move {
        let query = ReportQuery::from_query(&query);
        service::report(&cx.kontor, &cx.staff().await?, partner, &query).await
    })
    .await
}

/// The lines behind a figure of a partner's report, and their sum.
#[server(name = StoreLines, prefix = "/api/store", endpoint = "report_lines", client = Api, protocol = Call)]
pub async fn store_lines(
    org: OrgId,
    #[server(flatten)] asked: LinesAsked,
) -> Result<(LinePage, Money), ApiError> {
    serve(|cx| async move { asked.answer(&cx.kontor, &cx.actor(org).await?, Some(org)).await }).await
}

/// The same of all partners, or of one.
#[server(name = VendorLines, prefix = "/api/vendor", endpoint = "report_lines", client = Api, protocol = Call)]
pub async fn vendor_lines(
    #[server(default)] partner: Option<OrgId>,
    #[server(flatten)] asked: LinesAsked,
) -> Result<(LinePage, Money), ApiError> {
    serve(|cx| async move { asked.answer(&cx.kontor, &cx.staff().await?, partner).await }).await
}

/// Sales and commission by customer of a partner.
#[server(name = StoreSales, prefix = "/api/store", endpoint = "report_sales", client = Api, protocol = Call)]
pub async fn store_sales(
    org: OrgId,
    #[server(default)] query: String,
    #[server(default)] after: String,
) -> Result<SalesPage, ApiError> {
    serve(|cx| async move {
        let query = ReportQuery::from_query(&query);
        service::sales(&cx.kontor, &cx.actor(org).await?, Some(org), &query, after.parse().ok()).await
    })
    .await
}

/// The same by partner, or of one partner by customer.
#[server(name = VendorSales, prefix = "/api/vendor", endpoint = "report_sales", client = Api, protocol = Call)]
pub async fn vendor_sales(
    #[server(default)] partner: Option<OrgId>,
    #[server(default)] query: String,
    #[server(default)] after: String,
) -> Result<SalesPage, ApiError> {
    serve(|cx| async move {
        let query = ReportQuery::from_query(&query);
        service::sales(&cx.kontor, &cx.staff().await?, partner, &query, after.parse().ok()).await
    })
    .await
}

/// What renews next of a partner's.
#[server(name = StoreRenewals, prefix = "/api/store", endpoint = "report_renewals", client = Api, protocol = Call)]
pub async fn store_renewals(
    org: OrgId,
    #[server(flatten)] asked: RenewalsAsked,
) -> Result<RenewalPage, ApiError> {
    serve(|cx| async move { asked.answer(&cx.kontor, &cx.actor(org).await?, Some(org)).await }).await
}

/// What renews next of all partners', or of one's.
#[server(name = VendorRenewals, prefix = "/api/vendor", endpoint = "report_renewals", client = Api, protocol = Call)]
pub async fn vendor_renewals(
    #[server(default)] partner: Option<OrgId>,
    #[server(flatten)] asked: RenewalsAsked,
) -> Result<RenewalPage, ApiError> {
    serve(|cx| async move { asked.answer(&cx.kontor, &cx.staff().await?, partner).await }).await
}

/// What happened to a partner's customers.
#[server(name = StoreEvents, prefix = "/api/store", endpoint = "report_customers", client = Api, protocol = Call)]
pub async fn store_events(
    org: OrgId,
    #[server(flatten)] asked: EventsAsked,
) -> Result<CustomerEventPage, ApiError> {
    serve(|cx| async move { asked.answer(&cx.kontor, &cx.actor(org).await?, Some(org)).await }).await
}

/// What happened to all customers, or to one partner's.
#[server(name = VendorEvents, prefix = "/api/vendor", endpoint = "report_customers", client = Api, protocol = Call)]
pub async fn vendor_events(
    #[server(default)] partner: Option<OrgId>,
    #[server(flatten)] asked: EventsAsked,
) -> Result<CustomerEventPage, ApiError> {
    serve(|cx| async move { asked.answer(&cx.kontor, &cx.staff().await?, partner).await }).await
}

/// What a partner sets for its store.
#[server(prefix = "/api/store", endpoint = "settings", client = Api, protocol = Call)]
pub async fn settings(org: OrgId) -> Result<StoreSettings, ApiError> {
    serve(|cx| async move { store_settings(&cx.kontor, &cx.actor(org).await?).await }).await
}

/// Sets the zone a partner's days are counted in.
#[server(prefix = "/api/store", endpoint = "save_settings", client = Api, protocol = Call)]
pub async fn save_settings(
    org: OrgId,
    #[server(default)] time_zone: String,
    version: i64,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        set_zone(&cx.kontor, &cx.actor(org).await?, &time_zone, version).await?;
        cx.done("store_settings_saved");
        redirect(&format!("/store/{org}/settings"));
        Ok(())
    })
    .await
}
