//! The customers as they are today, with everything but their past.

use super::{
    contract::{Bought, contract},
    partners::{new_account, new_member, new_organisation},
};
use crate::seed::{dice::Dice, names};
use kontor::{
    Error,
    account::rows::account,
    catalogue::rows::billing_profile,
    delegation::{GrantKind, GrantStatus, RenewBy, rows::grant},
    domain::{DomainStatus, Method, rows::domain},
    kernel::{
        db::insert_all,
        id::OrgId,
        instant::{DAY_MS, Day, Instant},
        right::{DELEGABLE, Features, OrgKind, Role},
        secret::hash_token,
        text::fold,
    },
    mapping::{
        Access, MappingSource, MappingStatus,
        rows::{customer, facts::Facts, gram, mapping},
    },
    organisation::rows::{member, organisation},
    subscription::{Plan, Service, SubscriptionStatus, Term, rows::subscription},
};
use sea_orm::{ActiveModelTrait, ActiveValue::NotSet, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Rows of many customers.
#[derive(Default)]
pub(super) struct Batch {
    organisations: Vec<organisation::Model>,
    accounts: Vec<account::Model>,
    members: Vec<member::Model>,
    domains: Vec<domain::Model>,
    subscriptions: Vec<subscription::Model>,
    mappings: Vec<mapping::Model>,
    grants: Vec<grant::Model>,
    customers: Vec<customer::Model>,
    profiles: Vec<billing_profile::Model>,
    bought: Vec<Bought>,
}

impl Batch {
    /// Invents the customer of a number, the latest of `all` being the youngest.
    pub(super) fn add(&mut self, dice: &mut Dice, now: Instant, number: u64, all: u64, partner: OrgId) {
        let age = super::DAYS * DAY_MS / all.max(1) as i64 * (all - number) as i64;
        let at = now.plus_ms(-age);
        let invented = names::organisation(dice, number);
        let organisation = new_organisation(dice, at, OrgKind::Customer, invented.name);
        let verified = dice.permille(850);
        let (subscription, first) = subscription(dice, now.day(), at, organisation.id);

        let email = format!("{}.{}@{}", fold(invented.person.0), fold(invented.person.1), invented.domain);
        let admin = new_account(dice, at, email, invented.person, None);
        self.members.push(new_member(dice, organisation.id, &admin, Role::SuperAdmin));
        let mut people = 1;
        if verified && dice.permille(40) {
            for extra in 0..dice.below(4) {
                let name = names::person(dice);
                let email = format!("{}.{}.{extra}@{}", fold(name.0), fold(name.1), invented.domain);
                let account = new_account(dice, at, email, name, None);
                self.members.push(new_member(dice, organisation.id, &account, Role::User));
                self.accounts.push(account);
                people += 1;
            }
        }
        let domain_name = invented.domain.clone();
        let domain = domain::Model {
            id: dice.id(at),
            org_id: organisation.id,
            verified_name: verified.then(|| invented.domain.clone()),
            is_primary: true,
            status: if verified { DomainStatus::Verified } else { DomainStatus::Pending },
            token: hash_token(&invented.domain),
            method: verified.then_some(Method::Txt),
            verified_at: verified.then_some(at),
            checked_at: Some(at),
            last_check: None,
            created_at: at,
            version: 1,
            pending_since: (!verified).then_some(at),
            next_check_at: None,
            lost_at: None,
            name: invented.domain,
        };
        let mapping = mapping::Model {
            id: dice.id(at),
            partner_id: partner,
            org_id: organisation.id,
            service: Service::Workplace,
            status: MappingStatus::Active,
            source: MappingSource::Seed,
            since: at,
            ended_at: None,
            ended_why: None,
            notice_until: None,
            baseline_plan: None,
            baseline_seats: 0,
            baseline_addon_units: 0,
        };
        let grant = grant(dice, now, &mapping);
        let facts = Facts {
            mapping: mapping.clone(),
            organisation: organisation.clone(),
            domains: vec![domain.clone()],
            subscription: Some(subscription.clone()),
            admin_email: admin.email.clone(),
            members: people,
            access: match grant.status {
                GrantStatus::Active => Access::Granted,
                GrantStatus::Revoked => Access::Withdrawn,
                GrantStatus::Expired => Access::Missing,
            },
        };
        if let Some(first) = first {
            let bought = Bought::new(&organisation, &subscription, &mapping, &domain_name, first);
            self.profiles.push(billing_profile::Model::new(organisation.id, bought.profile()));
            self.bought.push(bought);
        }
        self.customers.push(facts.row());
        self.organisations.push(organisation);
        self.accounts.push(admin);
        self.domains.push(domain);
        self.subscriptions.push(subscription);
        self.mappings.push(mapping);
        self.grants.push(grant);
    }

    /// Writes them; answers what was bought.
    pub(super) async fn write(mut self, tx: &DatabaseTransaction) -> Result<Vec<Bought>, Error> {
        insert(tx, self.organisations).await?;
        insert(tx, self.accounts).await?;
        insert(tx, self.members).await?;
        insert(tx, self.domains).await?;
        insert(tx, self.subscriptions).await?;
        insert(tx, self.mappings).await?;
        insert(tx, self.grants).await?;
        insert(tx, self.profiles).await?;
        // Numbers of our own where the n-gram index is written beside the rows.
        let first = gram::number_rows(tx, &mut self.customers).await?;
        let rows = self.customers.iter().cloned().map(|row| {
            let mut row = row.into_active_model();
            if first.is_none() {
                row.id = NotSet;
            }
            row
        });
        insert_all(tx, rows.collect(), None).await?;
        gram::put_all(tx, &self.customers).await?;
        Ok(self.bought)
    }
}

/// A subscription in one of all the states there are, as old as its organisation, and the first day it was paid for if
/// it is.
fn subscription(dice: &mut Dice, today: Day, at: Instant, org: OrgId) -> (subscription::Model, Option<Day>) {
    let age = today.since(at.day());
    let paid =
        dice.pick(&[Plan::MailLite, Plan::MailPremium, Plan::Standard, Plan::Standard, Plan::Professional]);
    let throw = dice.below(1000);
    // Who came yesterday has bought nothing yet.
    let (status, plan, term, started, ends) = if (age < 15 && throw < 900) || throw < 30 || age < 2 {
        let length = 15 * (1 + dice.below(4) as i32);
        let passed = (dice.below(length as u64) as i32).min(age);
        let start = today.plus(-passed);
        (SubscriptionStatus::Trial, Plan::Professional, Term::None, Some(start), Some(start.plus(length - 1)))
    } else if throw < 60 && age > 60 {
        let end = today.plus(-1 - dice.below(15) as i32);
        (SubscriptionStatus::TrialExpired, Plan::Professional, Term::None, Some(end.plus(-14)), Some(end))
    } else if throw < 80 {
        (SubscriptionStatus::Suspended, paid, paid.terms()[0], None, Some(today.plus(dice.below(300) as i32)))
    } else if throw < 350 {
        (SubscriptionStatus::Free, Plan::Free, Term::None, None, None)
    } else {
        let term = dice.pick(paid.terms());
        let row = subscription::Model::free(dice.id(at), org, 0, at);
        let (row, first) = contract(dice, row, (paid, term), today);
        return (row, Some(first));
    };
    let seats = match status {
        SubscriptionStatus::Trial | SubscriptionStatus::TrialExpired => 10,
        SubscriptionStatus::Free => 5,
        _ => 5 + dice.below(120) as i64,
    };
    let on_trial = status == SubscriptionStatus::Trial;
    let row = subscription::Model {
        plan,
        status,
        term,
        intended_plan: on_trial.then_some(paid),
        intended_seats: on_trial.then_some(10),
        intended_term: on_trial.then_some(paid.terms()[0]),
        trial_started: started,
        ends_on: ends,
        ..subscription::Model::free(dice.id(at), org, seats, at)
    };
    (row, None)
}

/// The partner's grant: nine of ten in force, the others withdrawn or run out.
fn grant(dice: &mut Dice, now: Instant, mapping: &mapping::Model) -> grant::Model {
    let status = match dice.below(100) {
        0..2 => GrantStatus::Revoked,
        2..7 => GrantStatus::Expired,
        _ => GrantStatus::Active,
    };
    let from = mapping.since;
    let in_force = status == GrantStatus::Active;
    grant::Model {
        id: dice.id(from),
        org_id: mapping.org_id,
        partner_id: mapping.partner_id,
        capabilities: Features::of(&DELEGABLE).keys(),
        kind: GrantKind::Agreed,
        days: 365,
        renewal: RenewBy::Customer,
        reason: String::new(),
        granted_by: "seed".into(),
        status,
        from_at: from,
        until_at: if in_force { now.plus_days(1 + dice.below(365) as i64) } else { now.plus_days(-1) },
        ended_at: (!in_force).then(|| now.plus_days(-1)),
        ended_by: (!in_force).then(|| "seed".into()),
        version: 1,
    }
}

/// Inserts rows of one table.
pub(super) async fn insert<M>(tx: &DatabaseTransaction, rows: Vec<M>) -> Result<(), Error>
where
    M: sea_orm::ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    Ok(insert_all(tx, rows.into_iter().map(IntoActiveModel::into_active_model).collect(), None).await?)
}
