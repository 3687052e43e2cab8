//! Server functions of the vendor surface.

#[cfg(feature = "ssr")]
use crate::wire::serve;
use crate::wire::{Api, ApiError};
use kontor::partner::{PartnerChange, PartnerPage, PartnerQuery};
#[cfg(feature = "ssr")]
use kontor::{kernel::id::OrgId, partner::service};
use leptos::prelude::*;

/// A page of all partners, for the query of an address, and whether the reader may change them.
#[server(prefix = "/api/vendor", endpoint = "partners", client = Api)]
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
#[server(prefix = "/api/vendor", endpoint = "change_partner", client = Api)]
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
