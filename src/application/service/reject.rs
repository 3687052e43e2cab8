//! Rejects an application.

use super::parts::{four_eyes, open_for_review, save, tell_applicant, trail};
use crate::{
    Error, Issue, Problems, Refusal,
    application::{
        ApplicationStatus, RejectReason,
        detail::RejectForm,
        form::{choice, optional_text},
        rows::application,
        standing::MESSAGE_MAX,
    },
    kernel::{Kontor, actor::Actor, id::ApplicationId, instant::Day, right::Feature},
    notification::Mail,
};

/// Rejects an application with a reason, a note for the applicant and the day from which they may apply again.
pub async fn reject(
    kontor: &Kontor,
    actor: &Actor,
    id: ApplicationId,
    version: i64,
    form: &RejectForm,
) -> Result<(), Error> {
    actor.require(Feature::ApplicationsDecide)?;
    let mut problems = Problems::new();
    let reason = problems.take("reason", choice(&form.reason, RejectReason::from_key).map(Some));
    let note = problems.take("note", optional_text(&form.note, MESSAGE_MAX));
    let reapply_on = problems.take("reapply_on", day_ahead(&form.reapply_on, kontor.now().day()));
    let checked = problems.finish();
    let tx = kontor.db.begin().await?;
    let row = open_for_review(&tx, id, version).await?;
    let policy = crate::setting::service::policy(kontor, &tx).await?;
    if four_eyes(&policy, actor, &row) {
        return Err(Refusal::FourEyes.into());
    }
    checked?;
    let reason = reason.ok_or(Error::BadRequest)?;
    let row = application::Model {
        status: ApplicationStatus::Rejected,
        decided_by: actor.account(),
        decided_at: Some(kontor.now()),
        waiting_since: None,
        reject_reason: Some(reason),
        reject_note: note.clone(),
        reapply_on,
        ..row
    };
    let row = save(kontor, &tx, row, &policy).await?;
    let detail = serde_json::json!({ "reason": reason, "reapply_on": reapply_on.map(|day| day.to_string()) });
    trail(kontor, &tx, actor.org, actor, "application.rejected", &row, detail).await?;
    let mail = Mail::ApplicationRejected {
        company: row.company_name.clone(),
        reason,
        note: note.unwrap_or_default(),
        reapply_on,
    };
    tell_applicant(kontor, &tx, &row, &mail).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "application");
    Ok(())
}

/// An optional day that must lie ahead, and within ten years: anything later is a slip of the hand.
fn day_ahead(text: &str, today: Day) -> Result<Option<Day>, Issue> {
    match text.trim() {
        "" => Ok(None),
        text => {
            let day: Day = text.parse().map_err(|_| Issue::BadDate)?;
            match day.since(today) {
                1..=3660 => Ok(Some(day)),
                ..=0 => Err(Issue::DateNotAhead),
                _ => Err(Issue::BadDate),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::Desk;
    use super::*;
    use crate::{
        application::service::{reject, standing},
        kernel::testing::Bench,
    };

    #[tokio::test]
    async fn a_rejection_is_told_with_reason_note_and_day() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let (id, version, token) = desk.submitted("nordwind.test").await;
            bench.clock.move_ms(1000);
            let form = RejectForm {
                reason: "region".into(),
                note: " Not yet\r\nin <b>Hamburg</b> 🎉 ".into(),
                reapply_on: "2026-06-01".into(),
            };
            reject(&bench.kontor, &desk.ada, id, version, &form).await.unwrap();
            let day = "2026-06-01".parse().unwrap();
            let seen = standing(&bench.kontor, &token).await.unwrap();
            assert_eq!((seen.status, seen.reapply_on), (ApplicationStatus::Rejected, Some(day)));
            assert_eq!(seen.reject_note.as_deref(), Some("Not yet\nin <b>Hamburg</b> 🎉"));
            let mail = Mail::ApplicationRejected {
                company: "nordwind GmbH".into(),
                reason: RejectReason::Region,
                note: "Not yet\nin <b>Hamburg</b> 🎉".into(),
                reapply_on: Some(day),
            };
            assert_eq!(desk.mails().await.last().map(|(_, mail)| mail.clone()), Some(mail));
            let again = reject(&bench.kontor, &desk.ada, id, version, &form).await;
            assert_eq!(again, Err(Refusal::AlreadyDecided.into()));
        }
    }

    #[tokio::test]
    async fn bad_input_is_refused_field_by_field() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let (id, version, token) = desk.submitted("nordwind.test").await;
            let good = || RejectForm { reason: "other".into(), ..Default::default() };
            let today = bench.kontor.now().day().to_string();
            for (field, form, issue) in [
                ("reason", RejectForm::default(), Issue::Required),
                ("reason", RejectForm { reason: "Other".into(), ..good() }, Issue::NotAChoice),
                ("note", RejectForm { note: "x".repeat(2001), ..good() }, Issue::TooLong { max: 2000 }),
                ("note", RejectForm { note: "a\u{0}b".into(), ..good() }, Issue::ForbiddenCharacters),
                ("note", RejectForm { note: "a\u{202E}b".into(), ..good() }, Issue::ForbiddenCharacters),
                ("reapply_on", RejectForm { reapply_on: today, ..good() }, Issue::DateNotAhead),
                ("reapply_on", RejectForm { reapply_on: "2026-02-30".into(), ..good() }, Issue::BadDate),
                ("reapply_on", RejectForm { reapply_on: "99999999-01-01".into(), ..good() }, Issue::BadDate),
                ("reapply_on", RejectForm { reapply_on: "soon".into(), ..good() }, Issue::BadDate),
            ] {
                let refused = reject(&bench.kontor, &desk.ada, id, version, &form).await;
                assert_eq!(refused, Err(Error::field(field, issue)), "{form:?}");
            }
            assert_eq!(desk.row(&token).await.version, version);
        }
    }
}
