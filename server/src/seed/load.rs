//! `kontor seed load`: very many customers in a few minutes, for measuring (design.md section 4). The same numbers
//! always make the same customers; every row is one the programme could have written itself.

use super::{catalogue, dice::Dice, names};
use kontor::{
    Error,
    account::rows::account,
    delegation::{GrantStatus, rows::grant},
    domain::{DomainStatus, Method, rows::domain},
    kernel::{
        Kontor,
        id::OrgId,
        instant::{DAY_MS, Day, Instant},
        locale::{Locale, Theme},
        right::{DELEGABLE, Features, OrgKind, Role},
        secret::hash_token,
        text::{email_key, fold},
    },
    mapping::{
        Access, MappingSource, MappingStatus,
        rows::{customer, event, facts::Facts, gram, mapping},
        service::rebuild_counters,
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
    partner::{Currency, PartnerStatus, PartnerType, Tier, rows::partner},
    subscription::{Plan, Service, SubscriptionStatus, Term, rows::subscription},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
};

/// Customers written in one transaction.
const BATCH: u64 = 10_000;
/// Rows written by one statement: their values stay below what both databases take.
const ROWS: usize = 1_000;
/// Days over which the customers came.
const DAYS: i64 = 1_100;

/// What to load.
#[derive(Debug, Clone)]
pub struct Load {
    /// So many customers.
    pub customers: u64,
    /// Of so many partners; the first gets a tenth of all customers.
    pub partners: u64,
    /// Password hash of the partners' owners (`owner@partner-0001.test`, …); none leaves them without a password.
    pub password_hash: Option<String>,
}

/// Loads into a database of its own: until it ends, searches there are slow and counters not yet true. Calls
/// `progress` with the number of customers written so far.
pub async fn load(kontor: &Kontor, load: &Load, progress: impl Fn(u64)) -> Result<(), Error> {
    let mut dice = Dice::new(42);
    write_catalogue(kontor, &mut dice).await?;
    let partners = write_partners(kontor, load, &mut dice).await?;
    let shares = Shares::new(&partners);
    let index = gram::suspend(kontor.db.writer()).await?;
    if !kontor.db.is_postgres() {
        // The indexes being written stay in memory, and the log is folded back seldom.
        let room = "PRAGMA cache_size = -600000; PRAGMA wal_autocheckpoint = 100000";
        kontor.db.writer().execute_unprepared(room).await?;
    }
    let mut done = 0;
    while done < load.customers {
        let until = (done + BATCH).min(load.customers);
        let mut batch = Batch::default();
        for number in done..until {
            let partner = shares.pick(&mut dice);
            batch.add(&mut dice, kontor.now(), number, load.customers, partner);
        }
        let tx = kontor.db.begin().await?;
        batch.write(&tx).await?;
        tx.commit().await?;
        done = until;
        progress(done);
    }
    if let Some(made_by) = index {
        kontor.db.writer().execute_unprepared(&made_by).await?;
    }
    event::of_mappings(kontor.db.writer()).await?;
    rebuild_counters(kontor).await?;
    let analyse = match kontor.db.is_postgres() {
        true => "VACUUM ANALYZE",
        false => {
            "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 1000"
        }
    };
    kontor.db.writer().execute_unprepared(analyse).await?;
    Ok(())
}

/// How customers fall to partners: a tenth to the first, the others by a long tail.
struct Shares {
    partners: Vec<OrgId>,
    sums: Vec<u64>,
}

impl Shares {
    fn new(partners: &[OrgId]) -> Self {
        let tail: Vec<u64> = (1..partners.len() as u64).map(|i| 1_000_000 / (i + 20)).collect();
        let first = (tail.iter().sum::<u64>() / 9).max(1);
        let mut sum = 0;
        let sums = std::iter::once(first)
            .chain(tail)
            .map(|share| {
                sum += share;
                sum
            })
            .collect();
        Self { partners: partners.to_vec(), sums }
    }

    fn pick(&self, dice: &mut Dice) -> OrgId {
        let at = dice.below(self.sums.last().copied().unwrap_or(1));
        self.partners[self.sums.partition_point(|s| *s <= at)]
    }
}

fn new_account(
    dice: &mut Dice,
    at: Instant,
    email: String,
    name: (&str, &str),
    hash: Option<String>,
) -> account::Model {
    account::Model {
        id: dice.id(at),
        email_key: email_key(&email),
        email,
        first_name: name.0.to_owned(),
        last_name: name.1.to_owned(),
        confirmed_at: hash.as_ref().map(|_| at),
        password_hash: hash,
        locale: Locale::De,
        locale_chosen: false,
        theme: Theme::System,
        totp_secret: None,
        totp_on: false,
        totp_last_step: 0,
        suspended: false,
        created_at: at,
    }
}

fn new_member(dice: &mut Dice, org: OrgId, account: &account::Model, role: Role) -> member::Model {
    let at = account.created_at;
    let status = if account.confirmed_at.is_some() { MemberStatus::Active } else { MemberStatus::Invited };
    member::Model {
        id: dice.id(at),
        org_id: org,
        account_id: account.id,
        role,
        status,
        store_role_id: None,
        sort_key: fold(&format!("{} {}", account.last_name, account.first_name)),
        created_at: at,
        version: 1,
    }
}

fn new_organisation(dice: &mut Dice, at: Instant, kind: OrgKind, name: String) -> organisation::Model {
    organisation::Model {
        id: dice.id(at),
        kind,
        name,
        country: "DE".into(),
        status: OrgStatus::Active,
        created_at: at,
        version: 1,
    }
}

/// The partners and their owners.
async fn write_partners(kontor: &Kontor, load: &Load, dice: &mut Dice) -> Result<Vec<OrgId>, Error> {
    let at = kontor.now().plus_days(-DAYS - 1);
    let (mut orgs, mut partners, mut accounts, mut members) = (vec![], vec![], vec![], vec![]);
    for number in 1..=load.partners.max(1) {
        let name = format!("Partner {number:04} IT-Systeme");
        let org = new_organisation(dice, at, OrgKind::Partner, name);
        let domain = format!("partner-{number:04}.test");
        let name = names::person(dice);
        let hash = load.password_hash.clone();
        let mut owner = new_account(dice, at, format!("owner@{domain}"), name, hash);
        owner.confirmed_at = Some(at);
        let mut place = new_member(dice, org.id, &owner, Role::PartnerOwner);
        place.status = MemberStatus::Active;
        members.push(place);
        accounts.push(owner);
        partners.push(partner::Model {
            org_id: org.id,
            application_id: None,
            partner_type: PartnerType::Reseller,
            status: PartnerStatus::Active,
            tier: Tier::Authorized,
            rate_bp: Some(2000),
            currency: Currency::Eur,
            manager_id: None,
            company_domain: domain,
            sort_key: fold(&org.name),
            created_at: at,
            version: 1,
            time_zone: "UTC".into(),
        });
        orgs.push(org);
    }
    let ids = orgs.iter().map(|o| o.id).collect();
    let tx = kontor.db.begin().await?;
    insert(&tx, orgs).await?;
    insert(&tx, accounts).await?;
    insert(&tx, members).await?;
    insert(&tx, partners).await?;
    tx.commit().await?;
    Ok(ids)
}

/// What is sold, from before the first customer on.
async fn write_catalogue(kontor: &Kontor, dice: &mut Dice) -> Result<(), Error> {
    let at = kontor.now().plus_days(-DAYS - 1);
    let rows = catalogue::rows(at.day(), at, || dice.id(at))?;
    let tx = kontor.db.begin().await?;
    insert(&tx, rows.entities).await?;
    insert(&tx, rows.limits).await?;
    insert(&tx, rows.prices).await?;
    Ok(tx.commit().await?)
}

/// Rows of many customers.
#[derive(Default)]
struct Batch {
    organisations: Vec<organisation::Model>,
    accounts: Vec<account::Model>,
    members: Vec<member::Model>,
    domains: Vec<domain::Model>,
    subscriptions: Vec<subscription::Model>,
    mappings: Vec<mapping::Model>,
    grants: Vec<grant::Model>,
    customers: Vec<customer::Model>,
}

impl Batch {
    /// Invents the customer of a number, the latest of `all` being the youngest.
    fn add(&mut self, dice: &mut Dice, now: Instant, number: u64, all: u64, partner: OrgId) {
        let age = DAYS * DAY_MS / all.max(1) as i64 * (all - number) as i64;
        let at = now.plus_ms(-age);
        let invented = names::organisation(dice, number);
        let organisation = new_organisation(dice, at, OrgKind::Customer, invented.name);
        let verified = dice.permille(850);
        let subscription = subscription(dice, now.day(), at, organisation.id);

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
        self.customers.push(facts.row());
        self.organisations.push(organisation);
        self.accounts.push(admin);
        self.domains.push(domain);
        self.subscriptions.push(subscription);
        self.mappings.push(mapping);
        self.grants.push(grant);
    }

    async fn write(mut self, tx: &DatabaseTransaction) -> Result<(), Error> {
        insert(tx, self.organisations).await?;
        insert(tx, self.accounts).await?;
        insert(tx, self.members).await?;
        insert(tx, self.domains).await?;
        insert(tx, self.subscriptions).await?;
        insert(tx, self.mappings).await?;
        insert(tx, self.grants).await?;
        // Numbers of our own where the n-gram index is written beside the rows.
        let first = gram::number_rows(tx, &mut self.customers).await?;
        let rows = self.customers.iter().cloned().map(|row| {
            let mut row = row.into_active_model();
            if first.is_none() {
                row.id = NotSet;
            }
            row
        });
        insert_active::<customer::Entity, _>(tx, rows.collect()).await?;
        gram::put_all(tx, &self.customers).await?;
        Ok(())
    }
}

/// A subscription in one of all the states there are, as old as its organisation.
fn subscription(dice: &mut Dice, today: Day, at: Instant, org: OrgId) -> subscription::Model {
    let age = today.since(at.day());
    let paid =
        dice.pick(&[Plan::MailLite, Plan::MailPremium, Plan::Standard, Plan::Standard, Plan::Professional]);
    let throw = dice.below(1000);
    let (status, plan, term, started, ends) = if (age < 15 && throw < 900) || throw < 30 {
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
        let days = if term == Term::Monthly { 30 } else { 365 };
        (SubscriptionStatus::Active, paid, term, None, Some(today.plus(dice.below(days) as i32)))
    };
    let seats = match status {
        SubscriptionStatus::Trial | SubscriptionStatus::TrialExpired => 10,
        SubscriptionStatus::Free => 5,
        _ => 5 + dice.below(120) as i64,
    };
    let on_trial = status == SubscriptionStatus::Trial;
    subscription::Model {
        plan,
        status,
        term,
        intended_plan: on_trial.then_some(paid),
        intended_seats: on_trial.then_some(10),
        intended_term: on_trial.then_some(paid.terms()[0]),
        trial_started: started,
        ends_on: ends,
        ..subscription::Model::free(dice.id(at), org, seats, at)
    }
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
        granted_by: "seed".into(),
        status,
        from_at: from,
        until_at: if in_force { now.plus_days(1 + dice.below(365) as i64) } else { now.plus_days(-1) },
        ended_at: (!in_force).then(|| now.plus_days(-1)),
        ended_by: (!in_force).then(|| "seed".into()),
        version: 1,
    }
}

async fn insert<M>(tx: &DatabaseTransaction, rows: Vec<M>) -> Result<(), Error>
where
    M: sea_orm::ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    insert_active::<M::Entity, _>(tx, rows.into_iter().map(IntoActiveModel::into_active_model).collect())
        .await
}

async fn insert_active<E, A>(tx: &DatabaseTransaction, mut rows: Vec<A>) -> Result<(), Error>
where
    E: EntityTrait,
    A: ActiveModelTrait<Entity = E> + Send,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS));
        E::insert_many(rows).exec_without_returning(tx).await?;
        rows = rest;
    }
    Ok(())
}
