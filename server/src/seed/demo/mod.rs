//! The demo (design.md section 4): a vendor, two partners, customers and applications in every state.
//!
//! It is lived through, not written down: a clock that is moved from the past to the present, people who do what
//! people do, and the jobs that follow from it. Trails, counters and reminders are therefore those of a programme
//! that has been in use for a year. Only what has no service yet (buying) is written directly.

mod applications;
mod customers;
mod stage;

use crate::{config::Checked, seed::catalogue};
use customers::{CUSTOMERS, Customer};
use kontor::{Error, kernel::db::Db};
use stage::Stage;

/// The password of everybody in the demo.
pub const PASSWORD: &str = "kontor-demo";

/// How far back the demo begins, in days.
const BEGIN: i32 = 430;

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// Customers.
    pub customers: usize,
    /// Applications, the partners' own included.
    pub applications: usize,
}

/// Something somebody does.
#[derive(Clone, Copy)]
enum Act {
    /// With a customer.
    Customer(&'static Customer, customers::Step),
    /// With an application.
    Application(&'static applications::Applicant, applications::Step),
    /// With the catalogue.
    Prices(catalogue::Change),
}

/// Days before today, minute of the day, and what happens then.
type Event = (i32, i64, Act);

/// Loads the demo into an empty database.
pub async fn seed(config: &Checked, db: Db) -> Result<Made, Error> {
    let mut stage = Stage::build(config, db).await?;
    stage.hurry(true).await?;
    let made = live(&mut stage).await;
    stage.hurry(false).await?;
    made
}

async fn live(stage: &mut Stage) -> Result<Made, Error> {
    stage.set(BEGIN, 9 * 60);
    stage.staff().await?;
    catalogue::open(&stage.kontor, &stage.admin().await?).await?;
    kontor::subscription::service::begin_billing(&stage.kontor).await?;
    let mut events: Vec<Event> = Vec::new();
    for customer in &CUSTOMERS {
        events.extend(
            customer
                .steps()
                .into_iter()
                .map(|(day, minute, step)| (day, minute, Act::Customer(customer, step))),
        );
    }
    for applicant in &applications::APPLICANTS {
        events.extend(
            applicant
                .steps
                .iter()
                .map(|(day, step)| (*day, applicant.minute, Act::Application(applicant, *step))),
        );
    }
    events.extend(catalogue::CHANGES.iter().map(|(day, change)| (*day, 10 * 60, Act::Prices(*change))));
    // The past first; what happens in the same minute keeps its order.
    events.sort_by_key(|(day, minute, _)| (-day, *minute));
    let mut events = events.into_iter().peekable();
    for day in (0..=BEGIN).rev() {
        stage.clocks(day).await?;
        while let Some((_, minute, act)) = events.next_if(|event| event.0 == day) {
            stage.set(day, minute);
            let (who, done) = match act {
                Act::Customer(customer, step) => (customer.domain(), stage.customer(customer, step).await),
                Act::Application(one, step) => (one.email.to_owned(), stage.application(one, step).await),
                Act::Prices(change) => ("prices".to_owned(), stage.prices(change).await),
            };
            if let Err(error) = done {
                tracing::error!(day, %who, %error, "the demo stops here");
                return Err(error);
            }
        }
    }
    stage.finish().await?;
    Ok(Made { customers: CUSTOMERS.len(), applications: applications::APPLICANTS.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use kontor::{
        catalogue::{rows::billing_entity, service as prices},
        job::{JobKind, JobStatus, rows::job},
        kernel::{actor::Actor, money::Currency::Eur, right::OrgKind, testing::Bench},
        mapping::service::verify_counters,
        notification::{MailStatus, rows::mail},
        organisation::{OrgStatus, rows::organisation},
        partner::rows::partner,
        subscription::{SubscriptionStatus, Term, change::Item, rows::subscription},
    };
    use sea_orm::EntityTrait;
    use std::collections::HashSet;

    #[expect(clippy::disallowed_methods, reason = "the test looks at every row")]
    async fn rows<E: EntityTrait>(bench: &Bench) -> Vec<E::Model> {
        E::find().all(bench.kontor.db.read()).await.unwrap()
    }

    #[tokio::test]
    async fn the_demo_has_customers_in_every_state_and_true_counters() {
        for bench in Bench::all().await {
            let dir = tempfile::tempdir().unwrap();
            let raw = Config {
                secret_file: dir.path().join("secret"),
                argon2_memory_kib: 64,
                argon2_passes: 1,
                ..Config::default()
            };
            // Says where the demo stops, should it.
            let _ =
                tracing_subscriber::fmt().with_test_writer().with_max_level(tracing::Level::ERROR).try_init();
            let made = seed(&raw.check().unwrap(), bench.kontor.db.clone()).await.unwrap();
            assert_eq!(made.customers, 40, "{}", bench.name);
            let statuses: HashSet<SubscriptionStatus> =
                rows::<subscription::Entity>(&bench).await.into_iter().map(|s| s.status).collect();
            use SubscriptionStatus::*;
            for status in [Trial, Active, Free, TrialExpired, Suspended] {
                assert!(statuses.contains(&status), "{}: nobody is {status}", bench.name);
            }
            let orgs = rows::<organisation::Entity>(&bench).await;
            assert_eq!(orgs.iter().filter(|o| o.kind == OrgKind::Partner).count(), 2);
            assert!(orgs.iter().any(|o| o.status == OrgStatus::Suspended));
            assert_eq!(rows::<partner::Entity>(&bench).await.len(), 2);
            let db = bench.kontor.db.read();
            let professional = prices::history(db, Eur, Item::Professional, Term::Yearly).await.unwrap();
            let amounts: Vec<i64> = professional.iter().map(|p| p.amount).collect();
            assert_eq!(amounts, [7_200, 6_600], "{}", bench.name);
            assert_eq!(rows::<billing_entity::Entity>(&bench).await.len(), 2);
            let bought = rows::<subscription::Entity>(&bench)
                .await
                .into_iter()
                .filter(|s| s.plan.is_paid() && s.term != Term::None);
            for subscription in bought {
                let debtor = prices::profile(db, subscription.org_id).await.unwrap();
                assert!(debtor.is_some(), "{}: no billing details", bench.name);
            }
            let report = verify_counters(&bench.kontor).await.unwrap();
            assert!(report.is_clean(), "{}: {report:?}", bench.name);
            // No mail of the past goes out, and nothing is overdue but what the world outside is asked for.
            assert!(rows::<mail::Entity>(&bench).await.iter().all(|m| m.status == MailStatus::Sent));
            let jobs = rows::<job::Entity>(&bench).await;
            assert!(jobs.iter().all(|j| j.status != JobStatus::Failed), "{jobs:?}");
            assert!(!jobs.iter().any(|j| j.kind == JobKind::Mail.key() && j.status != JobStatus::Done));
            let vendor = orgs.iter().find(|o| o.kind == OrgKind::Vendor).unwrap();
            let actor = Actor::system(vendor.id, OrgKind::Vendor, "test");
            let all = kontor::partner::service::list(&bench.kontor, &actor, &Default::default()).await;
            assert_eq!(all.unwrap().rows.len(), 2);
        }
    }
}
