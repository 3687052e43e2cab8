//! Who is written to when something happens to a subscription.

use super::{apply::sides, content::Content, desk::Desk};
use crate::{
    Error,
    invoice::rows::invoice,
    kernel::{Kontor, id::OrgId, money::Money, right::OrgKind},
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::last_words},
    subscription::{ChangeKind, authority::Side, rows::subscription_change},
};
use sea_orm::DatabaseTransaction;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// The other side is asked.
    Proposed,
    /// It said yes.
    Approved,
    /// It said no.
    Declined,
    /// It is planned for the renewal.
    Scheduled,
    /// It is in effect.
    Changed,
    /// It was paid for and is in effect.
    Paid,
    /// The next term was paid for before its day.
    Renewed,
    /// It could not be paid.
    NotPaid,
    /// The customer pays now what its partner did not.
    TakenOver,
    /// It was taken back.
    Undone,
    /// Its price was given back: it is in effect no more.
    GivenBack,
}

/// Where a side finds the subscription.
pub(super) fn link(kontor: &Kontor, side: OrgId, kind: OrgKind, org: OrgId) -> String {
    match kind {
        OrgKind::Partner => kontor.url(&format!("/store/{side}/customers/{org}")),
        _ => kontor.url(&format!("/admin/{org}/subscription")),
    }
}

/// Where a debtor pays an invoice.
pub(super) fn invoice_link(kontor: &Kontor, bill: &invoice::Model) -> String {
    kontor.url(&format!("{}#pay-heading", bill.page()))
}

/// Where a customer takes over what its partner does not pay.
pub(super) fn take_over_link(kontor: &Kontor, org: OrgId) -> String {
    kontor.url(&format!("/admin/{org}/subscription#take-over-heading"))
}

/// Writes to those who did not do it: the customer is told what its partner does, and the partner what the customer
/// does.
pub(super) async fn tell_other_side(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    desk: &Desk,
    change: &subscription_change::Model,
    told: Told,
) -> Result<(), Error> {
    let partner = desk.partner.as_ref().map(|p| p.org_id);
    let skip = match desk.side {
        Side::Partner => Some(OrgKind::Partner),
        Side::Customer => Some(OrgKind::Customer),
        Side::Programme => None,
    };
    tell(kontor, tx, &desk.org, partner, change, told, skip).await
}

/// Writes to both sides.
pub(super) async fn tell_of(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: &organisation::Model,
    partner: Option<OrgId>,
    change: &subscription_change::Model,
    told: Told,
) -> Result<(), Error> {
    tell(kontor, tx, org, partner, change, told, None).await
}

async fn tell(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: &organisation::Model,
    partner: Option<OrgId>,
    change: &subscription_change::Model,
    told: Told,
    skip: Option<OrgKind>,
) -> Result<(), Error> {
    let wish = Content::of(change)?.wish;
    let total = Money::new(change.total, change.currency);
    for (side, kind) in sides(org.id, partner) {
        let Some(side) = side.filter(|_| Some(kind) != skip) else { continue };
        let link = link(kontor, side, kind, org.id);
        let (organisation, plan, seats) = (org.name.clone(), wish.plan, wish.seats);
        let mail = match told {
            Told::Proposed if change.kind == ChangeKind::Payer => {
                Mail::PayerProposed { organisation, payer: change.payer, on: change.effective_on, link }
            }
            Told::Renewed => Mail::RenewedEarly { organisation, on: change.effective_on, link },
            Told::Proposed => Mail::ChangeProposed { organisation, plan, seats, total, link },
            Told::Declined => Mail::ChangeDeclined { organisation, reason: change.reason.clone(), link },
            Told::Scheduled => {
                Mail::ChangeScheduled { organisation, plan, seats, on: change.effective_on, link }
            }
            Told::Undone => Mail::ChangeUndone { organisation, link },
            Told::NotPaid => Mail::ChangeNotPaid { organisation, plan, seats, total, link },
            Told::TakenOver => Mail::TakenOver { organisation, link },
            Told::GivenBack => Mail::ChangeGivenBack { organisation, link },
            Told::Approved | Told::Changed | Told::Paid => {
                Mail::SubscriptionChanged { organisation, plan, seats, link }
            }
        };
        for to in last_words(tx, side, kind).await? {
            write(kontor, tx, to, &mail).await?;
        }
    }
    Ok(())
}
