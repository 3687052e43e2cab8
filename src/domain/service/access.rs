//! Who may see and check an organisation's domains: its own people, somebody acting under a grant, and the partner it
//! is mapped to, from its Partner Console. The one place that says so.

use crate::{
    Error, Refusal,
    kernel::{
        actor::{Actor, Standing},
        id::OrgId,
        right::{Feature, OrgKind},
    },
    mapping::rows::mapping,
    organisation::rows::organisation,
    partner::rows::partner,
    subscription::Service,
};
use sea_orm::ConnectionTrait;

/// What is to be done with the domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Look at them.
    View,
    /// Check them.
    Verify,
}

/// The organisation, if the actor may do this with its domains; `NotFound` if it is none of the actor's.
pub async fn reach(
    db: &impl ConnectionTrait,
    actor: &Actor,
    org: OrgId,
    act: Act,
) -> Result<organisation::Model, Error> {
    if actor.org == org {
        actor.require(match act {
            Act::View => Feature::DomainsView,
            Act::Verify => Feature::DomainsEdit,
        })?;
    } else {
        reach_customer(db, actor, org, act).await?;
    }
    organisation::by_id(db, org).await?.ok_or(Error::NotFound)
}

async fn reach_customer(db: &impl ConnectionTrait, actor: &Actor, org: OrgId, act: Act) -> Result<(), Error> {
    let from_own_console =
        actor.kind == OrgKind::Partner && !matches!(actor.standing, Standing::Acting { .. });
    let mapped = mapping::partner_of(db, org, Service::Workplace).await? == Some(actor.org);
    if !from_own_console || !mapped {
        return Err(Error::NotFound);
    }
    match act {
        Act::View => actor.require(Feature::CustomersView),
        Act::Verify => {
            actor.require(Feature::CustomersVerify)?;
            let partner = partner::by_org(db, actor.org).await?.ok_or(Error::NotFound)?;
            match partner.status.is_in_business() {
                true => Ok(()),
                false => Err(Refusal::PartnerInactive.into()),
            }
        }
    }
}
