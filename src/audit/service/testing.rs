//! What the tests of this room play on, and how they look at what they did.

use super::*;
use crate::{
    audit::{ChainReport, FaultKind, FileReport, NoTrail, rows::audit_head, trail::FileCheck},
    kernel::{Kontor, actor::Actor, id::OrgId, testing::Bench},
    organisation::service::stage::{actor, customer, partner, super_admin},
    partner::PartnerType,
};
use sea_orm::ConnectionTrait;

/// A customer with a chain of some events of its own, its partner's and the programme's.
pub struct Scene<'a> {
    pub kontor: &'a Kontor,
    pub org: OrgId,
    pub boss: Actor,
    pub partner: Actor,
}

impl<'a> Scene<'a> {
    pub async fn set(bench: &'a Bench) -> Self {
        let kontor = &bench.kontor;
        let (nordlicht, owner) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
        let there = actor(bench, &owner, nordlicht).await;
        let org = customer(bench, &there, "kunde.example").await;
        let boss = super_admin(bench, org).await;
        let boss = actor(bench, &boss, org).await;
        let scene = Self { kontor, org, boss, partner: there };
        for n in 0..5 {
            scene.add(&scene.boss, "user.added", &format!("user{n}@kunde.example")).await;
            scene.add(&scene.partner, "trial.extended", "Kunde").await;
        }
        scene
    }

    pub async fn add(&self, by: &Actor, action: &'static str, target: &str) {
        let tx = self.kontor.db.begin().await.unwrap();
        let event = Event::new(action, target).with(serde_json::json!({ "of": target }));
        append(self.kontor, &tx, self.org, by, event).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn head(&self) -> audit_head::Model {
        audit_head::of(self.kontor.db.read(), self.org).await.unwrap()
    }

    pub async fn checked(&self) -> ChainReport {
        let one = verify(self.kontor, self.org).await.unwrap();
        // The check of all chains says the same of this one, and that the others are whole.
        let mut told = Vec::new();
        let all = verify_all(self.kontor, |report| told.push(report.clone())).await.unwrap();
        let broken: Vec<_> = std::iter::once(&one).filter(|one| !one.is_whole()).cloned().collect();
        assert_eq!(told, broken);
        assert_eq!(all.broken as usize, broken.len());
        one
    }

    /// Lets somebody who has the database itself do what the program never does.
    pub async fn by_force(&self, statements: &[String]) {
        let db = self.kontor.db.writer();
        let (off, on) = match self.kontor.db.is_postgres() {
            true => (
                vec!["ALTER TABLE audit_event DISABLE TRIGGER USER".to_owned()],
                vec!["ALTER TABLE audit_event ENABLE TRIGGER USER".to_owned()],
            ),
            false => {
                let rows = db
                    .query_all_raw(sea_orm::Statement::from_string(
                        db.get_database_backend(),
                        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'",
                    ))
                    .await
                    .unwrap();
                let of = |column: &str| {
                    rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect::<Vec<_>>()
                };
                (of("name").into_iter().map(|name| format!("DROP TRIGGER {name}")).collect(), of("sql"))
            }
        };
        for statement in off.iter().chain(statements).chain(&on) {
            db.execute_unprepared(statement).await.unwrap();
        }
    }

    /// The condition that names one event.
    pub fn at(&self, seq: i64) -> String {
        use crate::kernel::id::Id;
        match self.kontor.db.is_postgres() {
            true => format!("org_id = '{}' AND seq = {seq}", self.org.uuid()),
            false => format!("org_id = x'{}' AND seq = {seq}", self.org.uuid().simple()),
        }
    }

    pub async fn file(&self, by: &Actor, customer: Option<OrgId>) -> String {
        let mut trail = download(self.kontor, by, customer).await.unwrap();
        let mut text = String::new();
        while let Some(piece) = trail.next().await.unwrap() {
            text.push_str(&piece);
        }
        text
    }
}

/// Checks a file, in pieces of some size.
pub fn read(text: &str, piece: usize) -> Result<FileReport, NoTrail> {
    let mut check = FileCheck::default();
    for bytes in text.as_bytes().chunks(piece) {
        check.feed(bytes)?;
    }
    check.finish()
}

pub fn faults(text: &str) -> Vec<(i64, FaultKind)> {
    let report = read(text, 1_000).unwrap();
    report.chain.faults.iter().map(|fault| (fault.seq, fault.kind)).collect()
}

/// The file's lines, header and all, changed.
pub fn with(text: &str, change: impl FnOnce(&mut Vec<String>)) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    lines.join("\n") + "\n"
}

pub fn kinds(report: &ChainReport) -> Vec<(i64, FaultKind)> {
    report.faults.iter().map(|fault| (fault.seq, fault.kind)).collect()
}
