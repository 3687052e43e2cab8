//! Everything a change of a subscription rests on, read once: who asks, whose it is, what runs, what is open.

use crate::{
    Error, Refusal,
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        id::OrgId,
        right::{Feature, OrgKind},
    },
    mapping::rows::mapping,
    organisation::{OrgStatus, rows::organisation},
    partner::{
        rows::partner::{self},
        service::in_business,
    },
    setting::{Policy, service::policy},
    subscription::{
        ChangeStatus, Service, SubscriptionStatus, Term,
        authority::{ChangeMode, Side},
        change::{Contract, Payer, Terms},
        rows::{change_rule, subscription, subscription_change},
    },
};
use sea_orm::ConnectionTrait;

/// What a change rests on.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    /// The customer.
    pub org: organisation::Model,
    /// Its subscription.
    pub row: subscription::Model,
    /// The partner it is mapped to.
    pub partner: Option<partner::Model>,
    /// What the partner laid down for this customer.
    pub rule: Option<change_rule::Model>,
    /// On whose side the actor stands.
    pub side: Side,
    /// Proposed, being paid for, or scheduled.
    pub open: Vec<subscription_change::Model>,
    /// The policies.
    pub policy: Policy,
}

/// Whether a desk is opened to look, or to change: then the subscription is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// To look.
    Looking,
    /// To see what a change would cost.
    Wishing,
    /// To change.
    Changing,
}

impl Desk {
    /// Opens the desk of `org`'s subscription for an actor of the organisation itself or of its partner; `NotFound`
    /// for everybody else, `NotSubscribed` for an organisation that never had one.
    pub async fn open(
        kontor: &Kontor,
        db: &impl ConnectionTrait,
        actor: &Actor,
        org: OrgId,
        why: For,
    ) -> Result<Self, Error> {
        let policy = policy(kontor, db).await?;
        let partner_id = mapping::partner_of(db, org, Service::Workplace).await?;
        let side = match (&actor.standing, actor.org == org) {
            (Standing::System(_), _) => Side::Programme,
            (_, true) => {
                actor.require(if why == For::Looking {
                    Feature::SubscriptionView
                } else {
                    Feature::SubscriptionEdit
                })?;
                Side::Customer
            }
            (_, false) => {
                let looks = why == For::Looking;
                actor.require(if looks { Feature::CustomersView } else { Feature::SubsChange })?;
                if actor.kind != OrgKind::Partner || partner_id != Some(actor.org) {
                    return Err(Error::NotFound);
                }
                if !looks {
                    in_business(db, actor.org).await?;
                }
                Side::Partner
            }
        };
        let customer = organisation::by_id(db, org).await?.filter(|o| o.status != OrgStatus::Closed);
        let customer = customer.ok_or(Error::NotFound)?;
        let row = match why {
            For::Looking | For::Wishing => subscription::of(db, org, Service::Workplace).await?,
            For::Changing => subscription::locked(db, org, Service::Workplace).await?,
        };
        // An organisation's own page says that nothing was bought; of another's nothing is said.
        let missing = if side == Side::Customer { Refusal::NotSubscribed.into() } else { Error::NotFound };
        let row = row.ok_or(missing)?;
        let partner = match partner_id {
            Some(id) => partner::by_org(db, id).await?,
            None => None,
        };
        let rule = match &partner {
            Some(partner) => change_rule::between(db, org, partner.org_id).await?,
            None => None,
        };
        let open = subscription_change::open(db, row.id).await?;
        Ok(Self { org: customer, row, partner, rule, side, open, policy })
    }

    /// How freely the customer changes the subscription: as its partner laid down, or else as the programme has it.
    pub fn mode(&self) -> ChangeMode {
        let asks = self.policy.customer_can_change_partner_paid && payer_of(&self.row) == Payer::Partner;
        let usual = if asks { ChangeMode::Ask } else { ChangeMode::Partner };
        self.rule.as_ref().map_or(usual, |rule| rule.mode)
    }

    /// [`Desk::mode`] for a wish: what goes beyond more licences, or beyond as many as the partner left to the customer, is asked for.
    pub fn mode_for(&self, current: Option<&Contract>, wish: &Terms) -> ChangeMode {
        let (mode, cap) = (self.mode(), self.rule.as_ref().map_or(0, |rule| rule.seats));
        let only_seats = current.is_some_and(|now| Terms { seats: wish.seats, ..now.terms } == *wish);
        match mode {
            ChangeMode::Free if !only_seats || wish.seats > cap => ChangeMode::Ask,
            mode => mode,
        }
    }

    /// The contract that runs, if something was bought and is in service.
    pub fn contract(&self) -> Option<Contract> {
        contract_of(&self.row)
    }

    /// `ChangePending` while a change is in this state: only one is paid for, or proposed, at a time.
    pub fn none_is(&self, status: ChangeStatus) -> Result<(), Error> {
        match self.open.iter().any(|change| change.status == status) {
            true => Err(Refusal::ChangePending.into()),
            false => Ok(()),
        }
    }

    /// The contract that runs, or why there is nothing to change.
    pub fn running(&self) -> Result<Contract, Error> {
        self.contract().ok_or_else(|| Refusal::NotSubscribed.into())
    }
}

/// The contract of a subscription that was bought and is in service.
pub(crate) fn contract_of(row: &subscription::Model) -> Option<Contract> {
    contract_behind(row).filter(|_| row.status.is_paid())
}

/// The contract of a row whether it is in service or stopped for a debt; nothing if nothing was bought.
pub(crate) fn contract_behind(row: &subscription::Model) -> Option<Contract> {
    Some(Contract {
        terms: Terms { plan: row.plan, term: row.term, seats: row.seats, addon_units: row.addon_units },
        unit_price: row.unit_price,
        addon_price: row.addon_price,
        currency: row.currency?,
        payer: row.payer?,
        started: row.term_started?,
        ends_on: row.ends_on?,
        term_days: row.term_days?,
        anchor: row.anchor_day.and_then(|day| u8::try_from(day).ok())?,
        carry: row.carry,
    })
}

/// The row of a subscription that runs by this contract, in service. One that is past due stays so: what is owed on it is
/// not paid by changing it.
pub(crate) fn with_contract(row: &subscription::Model, contract: &Contract) -> subscription::Model {
    let owes = row.status.is_paid();
    subscription::Model {
        plan: contract.terms.plan,
        term: contract.terms.term,
        seats: contract.terms.seats,
        addon_units: contract.terms.addon_units,
        status: if owes { row.status } else { SubscriptionStatus::Active },
        unit_price: contract.unit_price,
        addon_price: contract.addon_price,
        currency: Some(contract.currency),
        payer: Some(contract.payer),
        term_started: Some(contract.started),
        ends_on: Some(contract.ends_on),
        term_days: Some(contract.term_days),
        anchor_day: Some(i32::from(contract.anchor)),
        carry: contract.carry,
        first_paid_on: row.first_paid_on.or(Some(contract.started)),
        past_due_since: row.past_due_since.filter(|_| owes),
        intended_plan: None,
        intended_seats: None,
        intended_term: None,
        version: row.version + 1,
        ..row.clone()
    }
}

/// The row of a subscription that has come to its end: the free plan.
pub(crate) fn to_free(row: &subscription::Model, policy: &Policy) -> subscription::Model {
    subscription::Model {
        plan: crate::subscription::Plan::Free,
        status: SubscriptionStatus::Free,
        term: Term::None,
        seats: policy.free_users_max,
        addon_units: 0,
        unit_price: 0,
        addon_price: 0,
        payer: None,
        term_started: None,
        term_days: None,
        anchor_day: None,
        ends_on: None,
        carry: 0,
        auto_renew: true,
        method_id: None,
        past_due_since: None,
        version: row.version + 1,
        ..row.clone()
    }
}

/// Who pays for it, or is meant to before anything is bought.
pub(crate) fn payer_of(row: &subscription::Model) -> Payer {
    row.payer.unwrap_or(Payer::Customer)
}
