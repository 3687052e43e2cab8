//! An invoice, for those it concerns.

use crate::{
    Error,
    invoice::{
        InvoiceView, Tax, Totals,
        rows::{invoice, invoice_state},
    },
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        error::internal,
        id::InvoiceId,
        right::{Feature, OrgKind},
    },
    mapping::rows::mapping,
    subscription::Service,
};
use std::collections::HashMap;

/// One invoice or credit note. It is shown to the debtor's own people (a customer's with `SubscriptionView` or
/// `BillingEdit`, a partner's with `PaymentsView`), to the partner it was issued with as long as the customer is mapped
/// to it (`PaymentsView`), and to vendor staff with `FinanceManage`; to everybody else, the customer of a partner who
/// pays included (domain.md section 20, point 4), there is none: `NotFound`.
pub async fn view(kontor: &Kontor, actor: &Actor, id: InvoiceId) -> Result<InvoiceView, Error> {
    let row = invoice::by_id(kontor.db.read(), id).await?.ok_or(Error::NotFound)?;
    if !concerns(kontor, actor, &row).await? {
        return Err(Error::NotFound);
    }
    let state = invoice_state::of(kontor.db.read(), id).await?.ok_or(Error::NotFound)?;
    Ok(InvoiceView {
        id,
        kind: row.kind,
        content: serde_json::from_str(&row.content).map_err(internal)?,
        number: row.number,
        currency: row.currency,
        totals: Totals {
            list: row.list_amount,
            discount: row.discount,
            net: row.net,
            tax: row.tax,
            total: row.total,
        },
        tax: Tax { rule: row.tax_rule, bp: row.tax_bp },
        issued_on: row.issued_on,
        due_on: row.due_on,
        status: state.status,
        paid: state.paid,
    })
}

/// The numbers of those of the invoices that [`view`] would show to the actor.
pub(crate) async fn numbers(
    kontor: &Kontor,
    actor: &Actor,
    ids: Vec<InvoiceId>,
) -> Result<HashMap<InvoiceId, String>, Error> {
    let mut shown = HashMap::new();
    for row in invoice::by_ids(kontor.db.read(), ids).await? {
        if concerns(kontor, actor, &row).await? {
            shown.insert(row.id, row.number);
        }
    }
    Ok(shown)
}

async fn concerns(kontor: &Kontor, actor: &Actor, row: &invoice::Model) -> Result<bool, Error> {
    // Billing is never part of a grant: who acts for a customer does not read its invoices in its name.
    if matches!(actor.standing, Standing::Acting { .. }) {
        return Ok(false);
    }
    let debtor = row.debtor_id == actor.org;
    Ok(match actor.kind {
        OrgKind::Vendor => actor.may(Feature::FinanceManage),
        OrgKind::Customer => {
            debtor && (actor.may(Feature::SubscriptionView) || actor.may(Feature::BillingEdit))
        }
        OrgKind::Partner if !actor.may(Feature::PaymentsView) => false,
        OrgKind::Partner if debtor => true,
        OrgKind::Partner => {
            row.partner_id == Some(actor.org)
                && mapping::between(kontor.db.read(), actor.org, row.org_id, Service::Workplace)
                    .await?
                    .is_some()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        invoice::{
            InvoiceStatus,
            service::{Bill, stage::*},
        },
        kernel::{
            right::{Features, Role},
            testing::Bench,
        },
        mapping::{MappingStatus, rows::mapping},
        organisation::service::stage::{actor, customer, organisation, partner, person, super_admin},
        partner::PartnerType,
        subscription::change::Payer,
    };
    use sea_orm::{EntityTrait, sea_query::Expr};

    #[tokio::test]
    async fn those_it_concerns_see_it_and_nobody_else_learns_of_it() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let (north, owner) = partner(&bench, "Nord", PartnerType::Reseller).await;
            let (south, rival) = partner(&bench, "Sued", PartnerType::Reseller).await;
            let owner = actor(&bench, &owner, north).await;
            let rival = actor(&bench, &rival, south).await;
            let sales = person(&bench, north, Role::PartnerSales, "sales@nord.test").await;
            let sales = actor(&bench, &sales, north).await;
            let org = customer(&bench, &owner, "kunde.example").await;
            let admin = super_admin(&bench, org).await;
            let admin = actor(&bench, &admin, org).await;
            let user = person(&bench, org, Role::User, "user@kunde.example").await;
            let user = actor(&bench, &user, org).await;
            let vendor = organisation(&bench, OrgKind::Vendor, "Vendor").await;
            let staff = |role, email| {
                let bench = &bench;
                async move { actor(bench, &person(bench, vendor, role, email).await, vendor).await }
            };
            let finance = staff(Role::VendorFinance, "finance@vendor.test").await;
            let reviewer = staff(Role::Reviewer, "reviewer@vendor.test").await;
            let acting = Actor {
                standing: Standing::Acting {
                    account: owner.account().unwrap(),
                    email: "owner@nord.test".into(),
                    partner: north,
                    grant: kontor.id(),
                    acting: kontor.id(),
                    allowed: Features::of(&crate::kernel::right::DELEGABLE),
                    session: kontor.id(),
                },
                ..admin.clone()
            };

            let to = |debtor, payer| Bill { debtor, org, payer, partner: Some(north), ..bill(&bench) };
            let theirs = issued(&bench, to(org, Payer::Customer)).await;
            let ours = issued(&bench, to(north, Payer::Partner)).await;
            let sees = |who: &Actor, id| {
                let who = who.clone();
                async move {
                    match view(kontor, &who, id).await {
                        Ok(view) => {
                            assert_eq!((view.id, view.status), (id, InvoiceStatus::Issued));
                            true
                        }
                        Err(error) => {
                            assert_eq!(error, Error::NotFound);
                            false
                        }
                    }
                }
            };
            for (name, who, customers, partners) in [
                ("super admin", &admin, true, false),
                ("user", &user, false, false),
                ("acting", &acting, false, false),
                ("partner", &owner, true, true),
                ("partner's sales", &sales, false, false),
                ("another partner", &rival, false, false),
                ("vendor's finance", &finance, true, true),
                ("reviewer", &reviewer, false, false),
            ] {
                let found = (sees(who, theirs.id).await, sees(who, ours.id).await);
                assert_eq!(found, (customers, partners), "{name} on {}", bench.name);
            }
            assert!(!sees(&finance, kontor.id()).await);
            // The customer's name is on what the partner pays, and only there.
            let named = |view: InvoiceView| view.content.customer;
            assert_eq!(named(view(kontor, &owner, ours.id).await.unwrap()), Some("Kunde GmbH".into()));
            assert_eq!(named(view(kontor, &admin, theirs.id).await.unwrap()), None);

            // The customer leaves: what the partner owes stays the partner's to see, the rest does not.
            let ended = mapping::Entity::update_many()
                .col_expr(mapping::Column::Status, Expr::value(MappingStatus::Ended.key()));
            ended.exec(kontor.db.writer()).await.unwrap();
            assert!(!sees(&owner, theirs.id).await && sees(&owner, ours.id).await, "{}", bench.name);
        }
    }
}
