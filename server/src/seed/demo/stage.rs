//! The demo's stage: the programme with a clock that is moved, and the people on it.

use super::{PASSWORD, customers::Customer};
use crate::{config::Checked, seed::catalogue, start};
use kontor::{
    Error,
    account::{
        password,
        rows::account,
        service::{find_by_email, preset_second_factor},
    },
    application, bulk,
    catalogue::{BillingForm, service::save_profile},
    delegation,
    domain::{
        mail::{Lamp, MailFlow},
        service::{check_mail, list, recheck},
    },
    job::{
        JobKind, JobStatus, Kinds,
        rows::job,
        service::{any_due, claim_of},
    },
    kernel::{
        Kontor, Parts, Programme,
        actor::{Actor, SessionInfo, Viewer},
        clock::{Clock as _, MovedClock, SystemClock, SystemRandom},
        db::Db,
        error::internal,
        hub::Hub,
        id::{AccountId, OrgId},
        instant::{DAY_MS, Instant, MINUTE_MS},
        locale::Locale,
        port::{DnsOutcome, RecordKind},
        right::Role,
        secret::Secrets,
        testing::{Outside, payments},
    },
    notification::{MailStatus, rows::mail},
    organisation::{
        rows::organisation,
        service::{NewStaff, actor_in, create_staff, joined},
    },
    payment, subscription,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use std::{collections::HashMap, sync::Arc};

/// The staff: address, first and last name, role.
const STAFF: [(&str, &str, &str, Role); 4] = [
    ("admin@vendor.test", "Viola", "Adler", Role::VendorAdmin),
    ("reviewer@vendor.test", "Rolf", "Reimann", Role::Reviewer),
    ("finance@vendor.test", "Frieda", "Finkel", Role::VendorFinance),
    ("support@vendor.test", "Sami", "Sommer", Role::Support),
];

/// Kinds of job that ask the world outside. They wait until the end.
const OUTSIDE: Kinds = Kinds::Except(&[JobKind::Mail, JobKind::DomainCheck, JobKind::MailCheck]);

/// Customers whose mail was looked at, by number, and the lamp that is not right.
const MAIL: [(u8, Option<Lamp>); 3] = [(1, None), (9, Some(Lamp::Spf)), (3, Some(Lamp::Dmarc))];

/// The stage.
pub struct Stage {
    pub kontor: Kontor,
    pub outside: Arc<Outside>,
    clock: Arc<MovedClock>,
    now: Instant,
    hash: String,
    /// Partners and customers made so far, by the address of who has the last word.
    pub orgs: HashMap<String, OrgId>,
    /// Tokens of the status pages, by the applicant's address.
    pub tokens: HashMap<&'static str, String>,
}

impl Stage {
    /// The programme of this installation, with demo defaults, in the past and cut off from the world outside.
    pub async fn build(config: &Checked, db: Db) -> Result<Self, Error> {
        let now = SystemClock.now();
        let clock = Arc::new(MovedClock::at(now));
        let outside = Arc::new(Outside::default());
        let kontor = Kontor::new(Parts {
            db,
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
            secrets: Secrets::new(start::secret(&config.raw.secret_file).map_err(internal)?),
            programme: Programme {
                public_url: config.public_url(config.listen),
                support_email: config.raw.support_email.clone(),
                verify_host: config.verify_host(config.listen),
                demo: true,
                argon2: (config.raw.argon2_memory_kib, config.raw.argon2_passes),
            },
            dns: outside.clone(),
            web: outside.clone(),
            mail: outside.clone(),
            payments: payments(&outside),
            identity: outside.clone(),
            hub: Hub::default(),
            demo: None,
        });
        let hash = password::hash(&kontor, PASSWORD).await?;
        Ok(Self { kontor, outside, clock, now, hash, orgs: HashMap::new(), tokens: HashMap::new() })
    }

    /// SQLite need not wait for the disk with every step: whoever loses the power here starts again from nothing.
    pub async fn hurry(&self, on: bool) -> Result<(), Error> {
        if self.kontor.db.is_postgres() {
            return Ok(());
        }
        let mode = if on { "OFF" } else { "FULL" };
        self.kontor.db.writer().execute_unprepared(&format!("PRAGMA synchronous = {mode}")).await?;
        Ok(())
    }

    /// Moves the clock to a minute of a day so many days ago; never beyond the present.
    pub fn set(&self, days_ago: i32, minute: i64) {
        let at = self.now.day().plus(-days_ago).start().plus_ms(minute * MINUTE_MS);
        self.clock.set(at.min(self.now));
    }

    /// Does what is due on the morning of a day: reminders, ends of trials, silent applications.
    pub async fn clocks(&self, days_ago: i32) -> Result<(), Error> {
        self.set(days_ago, 6 * 60);
        let kontor = &self.kontor;
        while any_due(kontor, OUTSIDE).await? {
            for job in claim_of(kontor, OUTSIDE, 100).await? {
                match job.kind {
                    JobKind::TrialClock => subscription::service::trial_clock(kontor, &job).await?,
                    JobKind::ApplicationClock => application::service::clock(kontor, &job).await?,
                    JobKind::GrantClock => delegation::service::grant_clock(kontor, &job).await?,
                    JobKind::AccessRenewal => delegation::service::renew_one(kontor, &job).await?,
                    JobKind::AccessRequest => delegation::service::request_clock(kontor, &job).await?,
                    JobKind::MappingRequest => kontor::mapping::service::request_clock(kontor, &job).await?,
                    JobKind::MappingNotice => kontor::mapping::service::notice_over(kontor, &job).await?,
                    JobKind::HandOver => subscription::service::remind_of_hand_over(kontor, &job).await?,
                    JobKind::Payment => payment::service::watch_payment(kontor, &job).await?,
                    JobKind::Refund => payment::service::watch_refund(kontor, &job).await?,
                    JobKind::ForgetCard => payment::service::forget_card(kontor, &job).await?,
                    JobKind::Billing => subscription::service::billing(kontor, &job).await?,
                    JobKind::Dunning => subscription::service::dunning(kontor, &job).await?,
                    JobKind::Bulk => bulk::service::bulk(kontor, &job).await?,
                    JobKind::Mail
                    | JobKind::DomainCheck
                    | JobKind::MailCheck
                    | JobKind::Proof
                    | JobKind::Housekeeping => {}
                }
            }
        }
        Ok(())
    }

    /// Makes the vendor and its staff.
    pub async fn staff(&self) -> Result<(), Error> {
        for (email, first_name, last_name, role) in STAFF {
            let new = NewStaff {
                email: email.into(),
                first_name: first_name.into(),
                last_name: last_name.into(),
                role,
                organisation: "Vendor".into(),
                country: "DE".into(),
            };
            let staff = create_staff(&self.kontor, new).await?;
            self.settle(staff.account, Locale::En).await?;
        }
        Ok(())
    }

    /// The person uses the link they were sent: password set, address confirmed, invitations taken.
    pub async fn settle(&self, id: AccountId, locale: Locale) -> Result<(), Error> {
        let tx = self.kontor.db.begin().await?;
        let change = account::ActiveModel {
            id: Set(id),
            password_hash: Set(Some(self.hash.clone())),
            confirmed_at: Set(Some(self.kontor.now())),
            locale: Set(locale),
            ..Default::default()
        };
        account::Entity::update(change).exec(&tx).await?;
        joined(&self.kontor, &tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// The person has set a password and not yet confirmed the address.
    pub async fn set_password(&self, id: AccountId) -> Result<(), Error> {
        let hash = Set(Some(self.hash.clone()));
        let change = account::ActiveModel { id: Set(id), password_hash: hash, ..Default::default() };
        account::Entity::update(change).exec(self.kontor.db.writer()).await?;
        Ok(())
    }

    /// The second factor of the demo's one person who has it.
    pub async fn second_factor(&self, id: AccountId) -> Result<(), Error> {
        let secret = data_encoding::BASE32_NOPAD.decode(b"JBSWY3DPEHPK3PXP").map_err(internal)?;
        let tx = self.kontor.db.begin().await?;
        preset_second_factor(&self.kontor, &tx, id, &secret).await?;
        Ok(tx.commit().await?)
    }

    /// A person, signed in at their own desk a moment ago.
    pub async fn viewer(&self, email: &str) -> Result<Viewer, Error> {
        let person = find_by_email(self.kontor.db.read(), email).await?.ok_or(Error::NotFound)?;
        Ok(Viewer {
            session: Some(SessionInfo {
                id: self.kontor.id(),
                account: person.id,
                name: format!("{} {}", person.first_name, person.last_name).trim().to_owned(),
                email: person.email,
                confirmed: person.confirmed_at.is_some(),
                second_factor: true,
                fresh_at: self.kontor.now(),
                fresh_by_factor: true,
            }),
            ip: "192.0.2.10".into(),
            user_agent: "Demo".into(),
            locale: person.locale,
            anonymous: None,
        })
    }

    /// A person's standing in an organisation.
    pub async fn actor(&self, email: &str, org: OrgId) -> Result<Actor, Error> {
        actor_in(&self.kontor, &self.viewer(email).await?, org).await
    }

    /// The vendor's admin.
    pub async fn admin(&self) -> Result<Actor, Error> {
        let vendor = organisation::vendor(self.kontor.db.read()).await?.ok_or(Error::NotFound)?;
        self.actor(STAFF[0].0, vendor.id).await
    }

    /// The vendor announces prices.
    pub async fn prices(&self, change: catalogue::Change) -> Result<(), Error> {
        catalogue::announce(&self.kontor, &self.admin().await?, change).await
    }

    /// Somebody says to whom their organisation's invoices are made out.
    pub async fn billing(&self, email: &str, org: OrgId, form: BillingForm) -> Result<(), Error> {
        let form = BillingForm { street: "Marktplatz 1".into(), billing_email: email.into(), ..form };
        save_profile(&self.kontor, &self.actor(email, org).await?, 0, &form).await
    }

    /// An organisation made before.
    pub fn org(&self, owner: &str) -> Result<OrgId, Error> {
        self.orgs.get(owner).copied().ok_or_else(|| internal(format!("the demo has not made {owner} yet")))
    }

    /// The partner a customer belongs to, as its owner acts in it.
    pub async fn partner_of(&self, customer: &Customer) -> Result<Actor, Error> {
        let owner = customer.partner;
        self.actor(owner, self.org(owner)?).await
    }

    /// Comes back to the present: domains are looked at, mails of the past count as sent.
    pub async fn finish(&self) -> Result<(), Error> {
        for (at, lose) in [(self.now.plus_ms(-DAY_MS - MINUTE_MS), true), (self.now, false)] {
            self.clock.set(at);
            if lose {
                self.lose_proofs();
            }
            self.check_domains().await?;
        }
        self.look_at_mail().await?;
        let now = self.now;
        let tx = self.kontor.db.begin().await?;
        mail::Entity::update_many()
            .col_expr(mail::Column::Status, Expr::value(MailStatus::Sent.key()))
            .col_expr(mail::Column::SentAt, Expr::col(mail::Column::CreatedAt))
            .col_expr(mail::Column::Content, Expr::value(None::<Vec<u8>>))
            .exec(&tx)
            .await?;
        job::Entity::update_many()
            .col_expr(job::Column::Status, Expr::value(JobStatus::Done.key()))
            .col_expr(job::Column::DoneAt, Expr::value(now.0))
            .filter(job::Column::Kind.eq(JobKind::Mail.key()))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn check_domains(&self) -> Result<(), Error> {
        let checks = Kinds::Only(&[JobKind::DomainCheck]);
        while any_due(&self.kontor, checks).await? {
            for job in claim_of(&self.kontor, checks, 100).await? {
                recheck(&self.kontor, &job).await?;
            }
        }
        Ok(())
    }

    /// Some customers have had the mail of their domain looked at. That of all others is looked at from tomorrow on: a key
    /// for each of them takes its time.
    async fn look_at_mail(&self) -> Result<(), Error> {
        job::Entity::update_many()
            .col_expr(job::Column::DueAt, Expr::value(self.now.plus_days(1).0))
            .filter(job::Column::Kind.eq(JobKind::MailCheck.key()))
            .filter(job::Column::Status.eq(JobStatus::Waiting.key()))
            .exec(self.kontor.db.writer())
            .await?;
        for (number, broken) in MAIL {
            let Some(customer) = super::CUSTOMERS.iter().find(|c| c.number == number) else { continue };
            let admin = self.actor(&customer.admin(), self.org(&customer.admin())?).await?;
            let Some(domain) = list(&self.kontor, &admin).await?.into_iter().find(|d| d.status.is_held())
            else {
                continue;
            };
            let flow = check_mail(&self.kontor, &admin, domain.id).await?;
            self.publish_mail(&flow, broken);
            check_mail(&self.kontor, &admin, domain.id).await?;
        }
        Ok(())
    }

    /// Publishes what a domain's page asks for, but for what is broken: its SPF record lets nobody send.
    fn publish_mail(&self, flow: &MailFlow, broken: Option<Lamp>) {
        let mut dns = self.outside.dns.lock().unwrap_or_else(|e| e.into_inner());
        for lamp in &flow.lamps {
            for record in &lamp.records {
                let spoilt = broken == Some(lamp.look.lamp);
                let (kind, value) = match record.priority {
                    Some(priority) => (RecordKind::Mx, format!("{priority} {}", record.value)),
                    None if spoilt && lamp.look.lamp == Lamp::Spf => {
                        (RecordKind::Txt, "v=spf1 -all".to_owned())
                    }
                    None if spoilt => continue,
                    None => (RecordKind::Txt, record.value.clone()),
                };
                let there = dns.entry((record.host_full.clone(), kind)).or_insert(DnsOutcome::NoRecords);
                match there {
                    DnsOutcome::Records(values) => values.push(value),
                    other => *other = DnsOutcome::Records(vec![value]),
                }
            }
        }
    }

    /// The customers whose proof has gone since it was shown.
    fn lose_proofs(&self) {
        let mut dns = self.outside.dns.lock().unwrap_or_else(|e| e.into_inner());
        for customer in super::CUSTOMERS.iter().filter(|c| c.lost) {
            dns.retain(|(name, _), _| *name != customer.domain());
        }
    }
}
