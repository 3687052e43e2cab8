//! The use cases of this room, on both databases with a clock that moves.

use super::*;
use crate::{
    Error, Issue, Refusal,
    account::{LinkKind, rows::session},
    kernel::{
        Kontor,
        actor::Viewer,
        id::{Id, SessionId},
        locale::Locale,
        secret::hash_token,
        testing::Bench,
    },
    notification::{Mail, rows::mail, service::compose_key},
};
use sea_orm::EntityTrait;

pub(super) const PASSWORD: &str = "a long enough one";

pub(super) fn nobody() -> Viewer {
    Viewer {
        session: None,
        ip: "192.0.2.7".into(),
        user_agent: "test".into(),
        locale: Locale::De,
        anonymous: Some(hash_token("browser")),
    }
}

/// The viewer that a session's token makes.
pub(super) async fn viewer(bench: &Bench, token: &str) -> Viewer {
    let resolved = resolve(&bench.kontor, token).await.unwrap();
    Viewer { session: resolved.and_then(|r| r.session), ..nobody() }
}

/// Makes an account and signs in to it: the session's token.
pub(super) async fn signed_up(kontor: &Kontor, email: &str) -> String {
    sign_up(kontor, &nobody(), email, PASSWORD).await.unwrap().unwrap();
    sign_in(kontor, &nobody(), email, PASSWORD).await.unwrap().token
}

/// The contents of all mails to an address, oldest first.
pub(super) async fn mails(bench: &Bench, to: &str) -> Vec<Mail> {
    #[expect(clippy::disallowed_methods, reason = "a test looks at everything")]
    let rows = mail::Entity::find().all(bench.kontor.db.read()).await.unwrap();
    let mut rows: Vec<_> = rows.into_iter().filter(|m| m.recipient == to).collect();
    // Ids of one millisecond have no order: the tests move the clock between mails.
    rows.sort_by_key(|m| m.id.uuid());
    rows.iter()
        .map(|m| {
            let plain = bench.kontor.secrets.open(&compose_key(m.id), m.content.as_ref().unwrap()).unwrap();
            serde_json::from_slice(&plain).unwrap()
        })
        .collect()
}

pub(super) fn token_of(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn an_account_is_made_confirmed_and_used() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let token = signed_up(kontor, " Ada@Example.org ").await;
        let me = viewer(&bench, &token).await;
        assert!(!me.signed_in().unwrap().confirmed, "{}", bench.name);
        let Some(Mail::ConfirmEmail { link }) = mails(&bench, "Ada@example.org").await.pop() else {
            panic!()
        };
        assert!(link.starts_with("http://127.0.0.1:3000/confirm/"));
        assert_eq!(confirm(kontor, &me, token_of(&link)).await, Ok(None));
        assert!(viewer(&bench, &token).await.signed_in().unwrap().confirmed);
        // A link works once.
        assert_eq!(confirm(kontor, &me, token_of(&link)).await, Err(Refusal::LinkInvalid.into()));
        // The address is found however it is written.
        let again = sign_in(kontor, &nobody(), "ADA@EXAMPLE.ORG", PASSWORD).await.unwrap();
        assert!(!again.code_needed && again.token != token);
    }
}

#[tokio::test]
async fn opening_the_link_signs_in_whoever_is_not() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        sign_up(kontor, &nobody(), "ada@example.org", PASSWORD).await.unwrap();
        let Some(Mail::ConfirmEmail { link }) = mails(&bench, "ada@example.org").await.pop() else {
            panic!()
        };
        let token = confirm(kontor, &nobody(), token_of(&link)).await.unwrap().unwrap();
        assert!(viewer(&bench, &token).await.signed_in().unwrap().confirmed);
    }
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        signed_up(kontor, "ada@example.org").await;
        bench.clock.move_ms(1);
        assert!(sign_up(kontor, &nobody(), "Ada@example.org", "another good one").await.unwrap().is_none());
        assert!(matches!(mails(&bench, "ada@example.org").await.pop(), Some(Mail::AlreadyRegistered { .. })));
        let wrong = sign_in(kontor, &nobody(), "ada@example.org", "another good one").await.unwrap_err();
        let unknown = sign_in(kontor, &nobody(), "bob@example.org", PASSWORD).await.unwrap_err();
        assert_eq!(wrong, unknown);
        assert_eq!(request_reset(kontor, "bob@example.org").await, Ok(()));
        assert_eq!(request_reset(kontor, "ada@example.org").await, Ok(()));
        assert!(mails(&bench, "bob@example.org").await.is_empty());
    }
}

#[tokio::test]
async fn every_problem_of_a_sign_up_is_told_at_once() {
    for bench in Bench::all().await {
        let error = sign_up(&bench.kontor, &nobody(), "nonsense", "short").await.unwrap_err();
        let Error::Invalid(fields) = error else { panic!() };
        assert_eq!(fields.len(), 2);
        assert_eq!(fields[0].issue, Issue::BadEmail);
        assert_eq!(fields[1].issue, Issue::TooShort { min: 10 });
    }
}

#[tokio::test]
async fn a_forgotten_password_is_reset_and_old_sessions_end() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let token = signed_up(kontor, "ada@example.org").await;
        bench.clock.move_ms(1);
        request_reset(kontor, "ada@example.org").await.unwrap();
        let Some(Mail::ResetPassword { link: first }) = mails(&bench, "ada@example.org").await.pop() else {
            panic!()
        };
        bench.clock.move_ms(1);
        request_reset(kontor, "ada@example.org").await.unwrap();
        let Some(Mail::ResetPassword { link }) = mails(&bench, "ada@example.org").await.pop() else {
            panic!()
        };
        // The newer link makes the older worthless.
        let refused = reset_password(kontor, token_of(&first), "the next good one").await;
        assert_eq!(refused, Err(Refusal::LinkInvalid.into()), "{}", bench.name);
        bench.clock.move_ms(59 * 60_000);
        reset_password(kontor, token_of(&link), "the next good one").await.unwrap();
        assert!(resolve(kontor, &token).await.unwrap().is_none());
        assert!(sign_in(kontor, &nobody(), "ada@example.org", PASSWORD).await.is_err());
        sign_in(kontor, &nobody(), "ada@example.org", "the next good one").await.unwrap();
        // An hour is the longest a link works.
        bench.clock.move_ms(1);
        request_reset(kontor, "ada@example.org").await.unwrap();
        let Some(Mail::ResetPassword { link }) = mails(&bench, "ada@example.org").await.pop() else {
            panic!()
        };
        bench.clock.move_ms(60 * 60_000);
        let late = reset_password(kontor, token_of(&link), "yet another one").await;
        assert_eq!(late, Err(Refusal::LinkInvalid.into()));
    }
}

#[tokio::test]
async fn sessions_end_by_their_owner_by_idleness_and_by_age() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let first = signed_up(kontor, "ada@example.org").await;
        let second = sign_in(kontor, &nobody(), "ada@example.org", PASSWORD).await.unwrap().token;
        let me = viewer(&bench, &second).await;
        let all = own_sessions(kontor, &me).await.unwrap();
        assert_eq!(all.len(), 2);
        let other = all.iter().find(|s| !s.current).unwrap().id;
        // Somebody else's session is not found, and neither is one that never was.
        let stranger = signed_up(kontor, "bob@example.org").await;
        let stranger = viewer(&bench, &stranger).await;
        assert_eq!(end_session(kontor, &stranger, other).await, Err(Error::NotFound));
        let never: SessionId = SessionId::from_uuid(uuid::Uuid::nil());
        assert_eq!(end_session(kontor, &me, never).await, Err(Error::NotFound));
        end_session(kontor, &me, other).await.unwrap();
        assert!(resolve(kontor, &first).await.unwrap().is_none(), "{}", bench.name);
        // Used every ten days it lives until the ninetieth.
        for _ in 0..8 {
            bench.clock.move_ms(10 * 86_400_000);
            assert!(resolve(kontor, &second).await.unwrap().is_some());
        }
        bench.clock.move_ms(10 * 86_400_000);
        assert!(resolve(kontor, &second).await.unwrap().is_none());
        let third = sign_in(kontor, &nobody(), "ada@example.org", PASSWORD).await.unwrap().token;
        bench.clock.move_ms(14 * 86_400_000);
        assert!(resolve(kontor, &third).await.unwrap().is_none());
    }
}

/// The code an authenticator app shows now.
fn code(secret: &str, now_ms: i64) -> String {
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_step_duration(30).build_noncompliant();
    totp.generate((now_ms / 1000) as u64).to_string()
}

#[tokio::test]
async fn the_second_factor_guards_the_sign_in_and_each_code_works_once() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let token = signed_up(kontor, "ada@example.org").await;
        let me = viewer(&bench, &token).await;
        let setup = begin_second_factor(kontor, &me).await.unwrap();
        assert_eq!(setup, begin_second_factor(kontor, &me).await.unwrap(), "a reload shows the same");
        assert_eq!(setup.recovery.len(), 10);
        let wrong = confirm_second_factor(kontor, &me, "000000").await;
        assert_eq!(wrong, Err(Error::field("code", Issue::WrongCode)));
        confirm_second_factor(kontor, &me, &code(&setup.secret, kontor.now().0)).await.unwrap();

        let signed_in = sign_in(kontor, &nobody(), "ada@example.org", PASSWORD).await.unwrap();
        assert!(signed_in.code_needed);
        let waiting = resolve(kontor, &signed_in.token).await.unwrap().unwrap();
        assert!(waiting.session.is_none(), "{}: not signed in before the code", bench.name);
        let now_code = code(&setup.secret, kontor.now().0);
        let replay = pass_second_factor(kontor, waiting.id, waiting.account.id, &now_code).await;
        assert_eq!(replay, Err(Error::field("code", Issue::WrongCode)), "used at set-up already");
        bench.clock.move_ms(30_000);
        let next = code(&setup.secret, kontor.now().0);
        pass_second_factor(kontor, waiting.id, waiting.account.id, &next).await.unwrap();
        assert!(viewer(&bench, &signed_in.token).await.session.is_some());

        // A recovery code stands in once, also written in capitals.
        let again = sign_in(kontor, &nobody(), "ada@example.org", PASSWORD).await.unwrap();
        let waiting = resolve(kontor, &again.token).await.unwrap().unwrap();
        let recovery = setup.recovery[3].to_uppercase();
        pass_second_factor(kontor, waiting.id, waiting.account.id, &recovery).await.unwrap();
        let used = pass_second_factor(kontor, waiting.id, waiting.account.id, &recovery).await;
        assert_eq!(used, Err(Error::field("code", Issue::WrongCode)));

        // Taking it away needs the password.
        let me = viewer(&bench, &token).await;
        assert!(drop_second_factor(kontor, &me, "not mine at all").await.is_err());
        drop_second_factor(kontor, &me, PASSWORD).await.unwrap();
        assert!(!sign_in(kontor, &nobody(), "ada@example.org", PASSWORD).await.unwrap().code_needed);
    }
}

#[tokio::test]
async fn showing_again_who_one_is_makes_the_session_fresh() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let token = signed_up(kontor, "ada@example.org").await;
        bench.clock.move_ms(3_600_000);
        let me = viewer(&bench, &token).await;
        assert_eq!(
            step_up(kontor, &me, "wrong", "").await,
            Err(Error::field("password", Issue::WrongPassword))
        );
        step_up(kontor, &me, PASSWORD, "").await.unwrap();
        let me = viewer(&bench, &token).await;
        assert_eq!(me.signed_in().unwrap().fresh_at, kontor.now());
        assert!(!me.signed_in().unwrap().fresh_by_factor);
    }
}

#[tokio::test]
async fn only_hashes_of_tokens_are_stored() {
    for bench in Bench::all().await {
        let token = signed_up(&bench.kontor, "ada@example.org").await;
        let (row, person) =
            session::by_token(bench.kontor.db.read(), &hash_token(&token)).await.unwrap().unwrap();
        assert_ne!(row.token_hash, token);
        assert!(person.password_hash.unwrap().starts_with("$argon2id$"));
    }
}

#[tokio::test]
async fn an_invited_person_sets_the_password_themselves() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let person = NewPerson {
            email: "eve@example.org".into(),
            first_name: "Eve".into(),
            last_name: "Moss".into(),
            locale: Locale::En,
        };
        let tx = kontor.db.begin().await.unwrap();
        let (id, link) = invite(kontor, &tx, person).await.unwrap();
        tx.commit().await.unwrap();
        let link = link.unwrap();
        assert!(sign_in(kontor, &nobody(), "eve@example.org", "").await.is_err());
        assert_eq!(peek_link(kontor, LinkKind::Activate, token_of(&link)).await.unwrap().id, id);
        bench.clock.move_ms(71 * 3_600_000);
        let token = activate(kontor, &nobody(), token_of(&link), PASSWORD).await.unwrap();
        assert!(viewer(&bench, &token).await.signed_in().unwrap().confirmed);
        let twice = activate(kontor, &nobody(), token_of(&link), PASSWORD).await;
        assert_eq!(twice, Err(Refusal::LinkInvalid.into()));
    }
}

#[tokio::test]
async fn kept_input_is_its_writers_only_and_for_an_hour() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let token = keep_input(kontor, &nobody(), "/api/x", "content".into()).await.unwrap().unwrap();
        let other = Viewer { anonymous: Some(hash_token("another")), ..nobody() };
        assert_eq!(kept_input(kontor, &other, &token).await.unwrap(), None);
        let kept = kept_input(kontor, &nobody(), &token).await.unwrap();
        assert_eq!(kept, Some(("/api/x".into(), "content".into())));
        bench.clock.move_ms(3_600_000);
        assert_eq!(kept_input(kontor, &nobody(), &token).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_draft_survives_signing_in_and_ends_with_sending() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        keep_draft(kontor, &nobody(), "/api/apply/submit", "one".into()).await.unwrap();
        keep_draft(kontor, &nobody(), "/api/apply/submit", "two".into()).await.unwrap();
        let token = signed_up(kontor, "ada@example.org").await;
        let me = viewer(&bench, &token).await;
        assert_eq!(draft(kontor, &me, "/api/apply/submit").await.unwrap().as_deref(), Some("two"));
        drop_draft(kontor, &me, "/api/apply/submit").await.unwrap();
        assert_eq!(draft(kontor, &nobody(), "/api/apply/submit").await.unwrap(), None);
    }
}
