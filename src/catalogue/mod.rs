//! What is sold and by whom: plans' limits, prices with their history, the vendor's entities that bill, and to whom an
//! organisation's invoices are made out (domain.md sections 7, 9 and 10).

pub mod bank;
pub mod billing;
pub mod dated;
pub mod entity;
pub mod offer;
pub mod price;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

pub use billing::{BillingForm, BillingProfile, BillingView};
pub use entity::{BillingEntity, EntityForm};
pub use offer::{AddOnOffer, Offered, PlanOffer, StoreCatalogue};
pub use price::{Catalogue, LimitsForm, LimitsRow, PlanLimits, PriceForm, PriceRow};

use crate::subscription::{Plan, Term, change::Item};

/// The plan whose licence an item is; nothing for an add-on.
pub fn plan_of(item: Item) -> Option<Plan> {
    Plan::ALL.iter().copied().find(|plan| Item::of(*plan) == Some(item))
}

/// The terms an item can be bought for: its plan's, and an add-on's with every plan's.
pub fn terms_of(item: Item) -> &'static [Term] {
    plan_of(item).map_or(&[Term::Monthly, Term::Yearly], Plan::terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_paid_plan_is_one_item_and_add_ons_are_none() {
        for plan in Plan::ALL.iter().copied() {
            assert_eq!(Item::of(plan).is_some(), plan.is_paid(), "{plan}");
            assert_eq!(Item::of(plan).and_then(plan_of), Some(plan).filter(|p| p.is_paid()));
        }
        assert_eq!(plan_of(Item::ExtraStorage), None);
        assert_eq!(terms_of(Item::MailLite), [Term::Yearly]);
        assert_eq!(terms_of(Item::ExtraStorage), [Term::Monthly, Term::Yearly]);
    }
}
