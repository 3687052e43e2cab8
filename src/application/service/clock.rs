//! The clock of an application: reminders for reviewers, the end of silent ones.

use super::{
    parts::{clock_state, set_clock, tell_reviewers, trail, vendor, write},
    withdraw::close,
};
use crate::{
    Error,
    application::{
        clock::{REMINDED_OVERDUE, REMINDED_SOON, Strike, strike},
        rows::application,
    },
    job::service::{Job, finish},
    kernel::{Kontor, actor::Actor, id::ApplicationId, right::OrgKind},
    notification::Mail,
};

/// Does what is due for the application of a [`crate::job::JobKind::ApplicationClock`] job and sets the clock anew.
/// Finishes the job itself; running it twice does nothing more.
pub async fn clock(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let id: Option<ApplicationId> =
        job.payload.get("application").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
    let tx = kontor.db.begin().await?;
    if !finish(kontor, &tx, job).await? {
        // Somebody else has the job, or it was set anew meanwhile: nothing of ours may stand.
        return Ok(());
    }
    let row = match id {
        Some(id) => application::for_review_locked(&tx, id).await?,
        None => None,
    };
    let Some(mut row) = row else {
        tx.commit().await?;
        return Ok(());
    };
    let vendor = vendor(&tx).await?;
    let policy = crate::setting::service::policy(kontor, &tx).await?;
    let (struck, _) = strike(clock_state(&row), policy.application_silence_days, kontor.now());
    let actor = Actor::system(vendor, OrgKind::Vendor, "application clock");
    match struck {
        Some(Strike::Silent) => {
            close(kontor, &tx, vendor, &actor, "application.closed", row, &policy).await?;
        }
        Some(reminder) => {
            row.reminded = if reminder == Strike::Overdue { REMINDED_OVERDUE } else { REMINDED_SOON };
            // A reminder is nothing a reviewer could overwrite: the version stays.
            write(&tx, &row).await?;
            set_clock(kontor, &tx, &row, &policy).await?;
            let mail = Mail::ReviewDue {
                company: row.company_name.clone(),
                due: row.due_at.unwrap_or(kontor.now()).day(),
                link: kontor.url(&format!("/review/{}", row.id)),
            };
            tell_reviewers(kontor, &tx, vendor, &row, &mail).await?;
            let detail = serde_json::json!({ "overdue": reminder == Strike::Overdue });
            trail(kontor, &tx, vendor, &actor, "application.reminded", &row, detail).await?;
        }
        None => set_clock(kontor, &tx, &row, &policy).await?,
    }
    tx.commit().await?;
    kontor.hub.tell(vendor, "application");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::bench::Desk;
    use crate::{
        application::{
            ApplicationStatus,
            service::{Assignee, answer, ask, assign},
        },
        kernel::testing::Bench,
    };

    #[tokio::test]
    async fn reviewers_are_reminded_twice_and_no_more() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let (_, version, token) = desk.submitted("nordwind.test").await;
            desk.pass(4).await;
            assert!(desk.mailed("review_due").await.is_empty(), "{}", bench.name);
            desk.pass(1).await;
            assert_eq!(desk.mailed("review_due").await, ["ada@vendor.test", "bob@vendor.test"]);
            desk.pass(1).await;
            assert_eq!(desk.mailed("review_due").await.len(), 2);
            desk.pass(1).await;
            assert_eq!(desk.mailed("review_due").await.len(), 4);
            desk.pass(30).await;
            assert_eq!(desk.mailed("review_due").await.len(), 4);
            assert_eq!(desk.row(&token).await.version, version, "a reminder makes no open page stale");
        }
    }

    #[tokio::test]
    async fn after_a_downtime_only_the_last_reminder_goes_out_and_to_whoever_has_it() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let (id, version, _) = desk.submitted("nordwind.test").await;
            assign(&bench.kontor, &desk.bob, id, version, Assignee::Me).await.unwrap();
            desk.pass(20).await;
            assert_eq!(desk.mailed("review_due").await, ["bob@vendor.test"]);
            assert_eq!(desk.trail(id).await.last().map(String::as_str), Some("application.reminded"));
        }
    }

    #[tokio::test]
    async fn a_question_nobody_answers_closes_the_application() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let (id, version, token) = desk.submitted("nordwind.test").await;
            ask(&bench.kontor, &desk.ada, id, version, "Which towns?").await.unwrap();
            desk.pass(29).await;
            assert_eq!(desk.row(&token).await.status, ApplicationStatus::WaitingForAnswer);
            assert!(desk.mailed("review_due").await.is_empty(), "reviewers do not wait for themselves");
            desk.pass(1).await;
            assert_eq!(desk.row(&token).await.status, ApplicationStatus::Withdrawn);
            assert_eq!(desk.mailed("application_withdrawn").await, ["owner@nordwind.test"]);
            assert_eq!(desk.trail(id).await.last().map(String::as_str), Some("application.closed"));
        }
    }

    #[tokio::test]
    async fn an_answer_starts_the_reminders_again() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let (id, version, token) = desk.submitted("nordwind.test").await;
            ask(&bench.kontor, &desk.ada, id, version, "Which towns?").await.unwrap();
            desk.pass(10).await;
            answer(&bench.kontor, &token, "", "Kiel").await.unwrap();
            desk.pass(0).await;
            assert_eq!(desk.mailed("review_due").await, ["ada@vendor.test"]);
            desk.pass(40).await;
            assert_eq!(desk.row(&token).await.status, ApplicationStatus::InReview);
        }
    }
}
