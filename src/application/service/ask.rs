//! A reviewer asks for more.

use super::parts::{open_for_review, save, say, status_link, tell_applicant, trail};
use crate::{
    Error,
    application::{ApplicationStatus, MessageKind, rows::people, standing::MESSAGE_MAX},
    kernel::{Kontor, actor::Actor, id::ApplicationId, right::Feature, text::paragraph},
    notification::Mail,
};

/// Sends the applicant a question of 1 to 2,000 characters with a link to answer it. An application that nobody has
/// becomes the asker's. A further question may follow before the first is answered.
pub async fn ask(
    kontor: &Kontor,
    actor: &Actor,
    id: ApplicationId,
    version: i64,
    question: &str,
) -> Result<(), Error> {
    actor.require(Feature::ApplicationsDecide)?;
    let checked = paragraph(question, 1, MESSAGE_MAX);
    let tx = kontor.db.begin().await?;
    let mut row = open_for_review(&tx, id, version).await?;
    let question = checked.map_err(|issue| Error::field("question", issue))?;
    row.status = ApplicationStatus::WaitingForAnswer;
    row.waiting_since = Some(kontor.now());
    row.assigned_to = row.assigned_to.or(actor.account());
    let policy = crate::setting::service::policy(kontor, &tx).await?;
    let row = save(kontor, &tx, row, &policy).await?;
    let me = people::accounts(&tx, actor.account().into_iter().collect()).await?;
    let name = me.first().map_or_else(|| actor.label(), |row| people::person(row).name);
    say(kontor, &tx, id, MessageKind::Question, (actor.account(), name), question.clone()).await?;
    trail(kontor, &tx, actor.org, actor, "application.asked", &row, serde_json::json!({})).await?;
    let mail = Mail::ApplicationQuestion {
        company: row.company_name.clone(),
        question,
        link: status_link(kontor, row.id),
    };
    tell_applicant(kontor, &tx, &row, &mail).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "application");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::bench::Desk;
    use super::*;
    use crate::{
        Issue, Refusal,
        application::service::{Assignee, answer, assign, detail, note, standing, withdraw},
        kernel::testing::Bench,
    };

    #[tokio::test]
    async fn a_question_goes_out_and_its_answer_comes_back_to_the_asker() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let (id, version, token) = desk.submitted("nordwind.test").await;
            assert_eq!(answer(kontor, &token, "", "Hello?").await, Err(Error::StaleVersion));
            bench.clock.move_ms(1000);
            note(kontor, &desk.bob, id, "Looks odd").await.unwrap();
            bench.clock.move_ms(1000);
            ask(kontor, &desk.ada, id, version, "Which\r\ntowns?").await.unwrap();
            let seen = standing(kontor, &token).await.unwrap();
            assert!(seen.can_answer() && seen.can_withdraw());
            let thread: Vec<_> = seen.thread.iter().map(|m| (m.body.as_str(), m.author.clone())).collect();
            assert_eq!(
                thread,
                [("Which\ntowns?", None)],
                "neither notes nor reviewers' names: {}",
                bench.name
            );
            let link = kontor.url(&format!("/apply/status/{token}"));
            let (to, mail) = desk.mails().await.pop().unwrap();
            let question = "Which\ntowns?".into();
            assert_eq!(mail, Mail::ApplicationQuestion { company: "nordwind GmbH".into(), question, link });
            assert_eq!(to, "owner@nordwind.test");
            assert_eq!(answer(kontor, "other", "", "x").await, Err(Error::NotFound));
            for (body, issue) in [
                ("", Issue::Required),
                (&"x".repeat(2001), Issue::TooLong { max: 2000 }),
                ("\u{7}", Issue::ForbiddenCharacters),
            ] {
                assert_eq!(answer(kontor, &token, "", body).await, Err(Error::field("answer", issue)));
            }
            bench.clock.move_ms(1000);
            answer(kontor, &token, "192.0.2.9", "<b>Kiel</b>").await.unwrap();
            let seen = detail(kontor, &desk.bob, id).await.unwrap();
            assert_eq!(seen.status, ApplicationStatus::InReview);
            assert_eq!(seen.assigned_to.map(|p| p.name).as_deref(), Some("ada@vendor.test"));
            let thread: Vec<_> = seen.messages.iter().map(|m| m.body.as_str()).collect();
            assert_eq!(thread, ["Looks odd", "Which\ntowns?", "<b>Kiel</b>"]);
            assert_eq!(desk.mailed("application_answered").await, ["ada@vendor.test"]);
            let trail = desk.trail(id).await;
            assert_eq!(trail[2..], ["application.noted", "application.asked", "application.answered"]);
            // A double click changes nothing; another answer is told that none is asked for any more.
            assert_eq!(answer(kontor, &token, "", "<b>Kiel</b>").await, Ok(()));
            assert_eq!(answer(kontor, &token, "", "Kiel").await, Err(Error::StaleVersion));
            assert_eq!(detail(kontor, &desk.bob, id).await.unwrap().messages.len(), 3);
        }
    }

    #[tokio::test]
    async fn assigning_and_giving_back() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let (id, version, token) = desk.submitted("nordwind.test").await;
            assert_eq!(assign(kontor, &desk.support, id, version, Assignee::Me).await, Err(Error::Forbidden));
            assign(kontor, &desk.ada, id, version, Assignee::Me).await.unwrap();
            assert_eq!(desk.row(&token).await.status, ApplicationStatus::InReview);
            assert_eq!(assign(kontor, &desk.bob, id, version, Assignee::Me).await, Err(Error::StaleVersion));
            let bob = desk.bob.account().unwrap();
            assign(kontor, &desk.ada, id, version + 1, Assignee::Other(bob)).await.unwrap();
            assert!(detail(kontor, &desk.bob, id).await.unwrap().mine);
            let support = desk.support.account().unwrap();
            let refused = assign(kontor, &desk.ada, id, version + 2, Assignee::Other(support)).await;
            assert_eq!(refused, Err(Error::field("assignee", Issue::NotAChoice)));
            assign(kontor, &desk.bob, id, version + 2, Assignee::Nobody).await.unwrap();
            assert_eq!(desk.row(&token).await.status, ApplicationStatus::Submitted);
        }
    }

    #[tokio::test]
    async fn a_withdrawn_application_stays_withdrawn() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let (id, version, token) = desk.submitted("nordwind.test").await;
            withdraw(kontor, &token, "192.0.2.9").await.unwrap();
            withdraw(kontor, &token, "192.0.2.9").await.unwrap();
            assert_eq!(withdraw(kontor, "nonsense", "").await, Err(Error::NotFound));
            assert_eq!(desk.mailed("application_withdrawn").await.len(), 1);
            let late = ask(kontor, &desk.ada, id, version, "Why?").await;
            assert_eq!(late, Err(Refusal::ApplicationClosed.into()));
            assert_eq!(desk.trail(id).await.last().map(String::as_str), Some("application.withdrawn"));
            assert!(note(kontor, &desk.ada, id, "Pity").await.is_ok());
            assert_eq!(note(kontor, &desk.support, id, "x").await, Err(Error::Forbidden));
            assert_eq!(note(kontor, &desk.ada, id, " ").await, Err(Error::field("body", Issue::Required)));
        }
    }
}
