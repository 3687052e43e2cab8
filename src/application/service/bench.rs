//! What the tests of this room share: a vendor with reviewers, applicants, and their mails.
#![allow(clippy::disallowed_methods, reason = "tests look at rows directly")]

use super::{clock, submit};
use crate::{
    account::rows::account,
    application::{ApplicationForm, form::tests::good, rows::application, standing::Receipt},
    job::{self, JobKind},
    kernel::{
        actor::{Actor, SessionInfo, Standing, Viewer},
        id::{AccountId, ApplicationId, OrgId},
        instant::DAY_MS,
        locale::{Locale, Theme},
        right::{OrgKind, Role},
        secret::hash_token,
        testing::Bench,
        text::email_key,
    },
    notification::{Mail, rows::mail, service::compose_key},
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder};

/// A programme with a vendor, two reviewers, and a person who only looks things up.
pub struct Desk<'b> {
    pub bench: &'b Bench,
    pub vendor: OrgId,
    pub ada: Actor,
    pub bob: Actor,
    pub support: Actor,
}

impl<'b> Desk<'b> {
    pub async fn open(bench: &'b Bench) -> Self {
        let vendor: OrgId = bench.kontor.id();
        let row = organisation::Model {
            id: vendor,
            kind: OrgKind::Vendor,
            name: "Vendor".into(),
            country: "DE".into(),
            status: OrgStatus::Active,
            created_at: bench.kontor.now(),
            second_factor_required: false,
            version: 1,
        };
        let tx = bench.kontor.db.begin().await.unwrap();
        organisation::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let ada = staff(bench, vendor, "ada@vendor.test", Role::Reviewer).await;
        let bob = staff(bench, vendor, "bob@vendor.test", Role::VendorAdmin).await;
        let support = staff(bench, vendor, "help@vendor.test", Role::Support).await;
        Self { bench, vendor, ada, bob, support }
    }

    /// The first reviewer, in another role.
    pub fn with_role(&self, as_role: Role) -> Actor {
        let mut actor = self.ada.clone();
        if let Standing::Member { role, features, .. } = &mut actor.standing {
            (*role, *features) = (as_role, as_role.features());
        }
        actor
    }

    /// A person with a confirmed address or not.
    pub async fn applicant(&self, email: &str, confirmed: bool) -> Viewer {
        let id = person(self.bench, email, confirmed).await;
        Viewer {
            session: Some(SessionInfo {
                id: self.bench.kontor.id(),
                account: id,
                email: email.into(),
                name: String::new(),
                confirmed,
                second_factor: false,
                fresh_at: self.bench.kontor.now(),
                fresh_by_factor: false,
            }),
            ip: "192.0.2.7".into(),
            user_agent: "test".into(),
            locale: Locale::De,
            anonymous: None,
        }
    }

    /// Sends an application for a website, from an address on the same domain.
    pub async fn sent(&self, domain: &str, confirmed: bool) -> Receipt {
        let viewer = self.applicant(&format!("owner@{domain}"), confirmed).await;
        submit(&self.bench.kontor, &viewer, form(domain)).await.unwrap()
    }

    /// The row behind a receipt.
    pub async fn row(&self, token: &str) -> application::Model {
        application::by_token(self.bench.kontor.db.read(), &hash_token(token)).await.unwrap().unwrap()
    }

    /// A submitted application: id and version.
    pub async fn submitted(&self, domain: &str) -> (ApplicationId, i64, String) {
        let receipt = self.sent(domain, true).await;
        let row = self.row(&receipt.token).await;
        (row.id, row.version, receipt.token)
    }

    /// All mails so far, the oldest first.
    pub async fn mails(&self) -> Vec<(String, Mail)> {
        let kontor = &self.bench.kontor;
        let rows = mail::Entity::find().order_by_asc(mail::Column::Id).all(kontor.db.read()).await.unwrap();
        let open = |row: mail::Model| {
            let plain = kontor.secrets.open(&compose_key(row.id), &row.content.unwrap()).unwrap();
            (row.recipient, serde_json::from_slice(&plain).unwrap())
        };
        rows.into_iter().map(open).collect()
    }

    /// Mails of a template, by recipient.
    pub async fn mailed(&self, template: &str) -> Vec<String> {
        let mails = self.mails().await.into_iter().filter(|(_, mail)| mail.key() == template);
        let mut to: Vec<String> = mails.map(|(to, _)| to).collect();
        to.sort();
        to
    }

    /// Actions of the vendor's trail about an application, the oldest first.
    pub async fn trail(&self, id: ApplicationId) -> Vec<String> {
        let rows = application_history(self, id).await;
        rows.into_iter().rev().collect()
    }

    /// Moves the clock and runs every job about applications that is due.
    pub async fn pass(&self, days: i64) {
        self.bench.clock.move_ms(days * DAY_MS);
        loop {
            let jobs = job::service::claim(&self.bench.kontor, 50).await.unwrap();
            if jobs.is_empty() {
                return;
            }
            for job in jobs.iter().filter(|job| job.kind == JobKind::ApplicationClock) {
                clock(&self.bench.kontor, job).await.unwrap();
            }
        }
    }
}

async fn application_history(desk: &Desk<'_>, id: ApplicationId) -> Vec<String> {
    let db = desk.bench.kontor.db.read();
    let rows = crate::application::rows::people::history(db, desk.vendor, id).await.unwrap();
    rows.into_iter().map(|event| event.action).collect()
}

/// A good form of a company.
pub fn form(domain: &str) -> ApplicationForm {
    let company_name = format!("{} GmbH", domain.split('.').next().unwrap());
    let phone = format!("+4930{}", domain.bytes().map(u32::from).sum::<u32>() + 100_000);
    ApplicationForm { company_name, phone, website: domain.into(), ..good() }
}

/// An account.
pub async fn person(bench: &Bench, email: &str, confirmed: bool) -> AccountId {
    let row = account::Model {
        id: bench.kontor.id(),
        email: email.into(),
        email_key: email_key(email),
        first_name: String::new(),
        last_name: String::new(),
        password_hash: None,
        locale: Locale::En,
        locale_chosen: false,
        theme: Theme::System,
        confirmed_at: confirmed.then(|| bench.kontor.now()),
        totp_secret: None,
        totp_on: false,
        totp_last_step: 0,
        passkeys: 0,
        suspended: false,
        created_at: bench.kontor.now(),
    };
    let id = row.id;
    let tx = bench.kontor.db.begin().await.unwrap();
    account::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Confirms an account's address the way the account room does.
pub async fn confirm(bench: &Bench, viewer: &Viewer) {
    let account = viewer.session.as_ref().unwrap().account;
    let tx = bench.kontor.db.begin().await.unwrap();
    let change = account::ActiveModel {
        id: Set(account),
        confirmed_at: Set(Some(bench.kontor.now())),
        ..Default::default()
    };
    account::Entity::update(change).exec(&tx).await.unwrap();
    super::confirmed(&bench.kontor, &tx, account).await.unwrap();
    tx.commit().await.unwrap();
}

async fn staff(bench: &Bench, vendor: OrgId, email: &str, role: Role) -> Actor {
    let account = person(bench, email, true).await;
    let row = member::Model {
        id: bench.kontor.id(),
        org_id: vendor,
        account_id: account,
        role,
        status: MemberStatus::Active,
        store_role_id: None,
        licensed: true,
        sort_key: email.into(),
        created_at: bench.kontor.now(),
        version: 1,
    };
    let member = row.id;
    let tx = bench.kontor.db.begin().await.unwrap();
    member::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await.unwrap();
    tx.commit().await.unwrap();
    let (features, session) = (role.features(), bench.kontor.id());
    let standing = Standing::Member { account, email: email.into(), member, role, features, session };
    Actor { org: vendor, kind: OrgKind::Vendor, standing, ip: "192.0.2.1".into(), locale: Locale::En }
}
