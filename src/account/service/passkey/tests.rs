//! Passkeys, shown by others' browser and authenticator (1Password's), on both databases with a clock that moves.

use super::*;
use crate::{
    Issue,
    account::{
        PasskeyAnswer,
        rows::passkey,
        service::{
            begin_second_factor, confirm, confirm_second_factor, drop_second_factor, forget_factors,
            own_sessions, resolve, sign_in, step_up,
            tests::{PASSWORD, mails, nobody, signed_up, token_of, viewer},
        },
    },
    domain::{DomainStatus, rows::domain},
    identity::rows::identity_provider,
    kernel::{right::OrgKind, testing::Bench},
    notification::Mail,
    organisation::service::stage::organisation,
};
use ::passkey::{
    authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod},
    client::{Client, DefaultClientData},
    crypto::rust_crypto::RustCryptoBackend,
};
use passkey_types::{
    Passkey as Key,
    ctap2::{Aaguid, Ctap2Error},
    webauthn::{
        CredentialCreationOptions, CredentialRequestOptions, PublicKeyCredentialCreationOptions,
        PublicKeyCredentialRequestOptions, UserVerificationRequirement,
    },
};
use sea_orm::{ActiveValue::Set, QueryTrait};

const HOME: &str = "https://kontor.example.org";
const ADA: &str = "ada@example.org";

/// The person at the device.
struct Hand {
    /// Whether the device checks who it is.
    verified: bool,
}

#[async_trait::async_trait]
impl UserValidationMethod for Hand {
    type PasskeyItem = Key;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Key>,
        presence: bool,
        _: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification: self.verified })
    }
    fn is_presence_enabled(&self) -> bool {
        true
    }
    fn is_verification_enabled(&self) -> Option<bool> {
        Some(self.verified)
    }
}

/// A device that holds one passkey, and the browser in front of it.
#[derive(Clone, Default)]
struct Device(Option<Key>);

impl Device {
    fn parts(&self, verified: bool) -> Authenticator<Option<Key>, Hand, RustCryptoBackend> {
        let mut parts =
            Authenticator::new(Aaguid::new_empty(), self.0.clone(), Hand { verified }, RustCryptoBackend);
        parts.set_make_credentials_with_signature_counter(true);
        parts
    }

    /// Makes a passkey, if it has none that is excluded.
    async fn make(&mut self, question: &PasskeyQuestion) -> Option<PasskeyAnswer> {
        let public_key: PublicKeyCredentialCreationOptions = serde_json::from_str(&question.options).unwrap();
        let mut client = Client::new(self.parts(true));
        let origin = Url::parse(HOME).unwrap();
        let made =
            client.register(&origin, CredentialCreationOptions { public_key }, DefaultClientData).await;
        self.0 = client.authenticator().store().clone();
        let credential = serde_json::to_string(&made.ok()?).unwrap();
        Some(PasskeyAnswer { token: question.token.clone(), credential })
    }

    /// Shows it.
    async fn show(&mut self, question: &PasskeyQuestion) -> PasskeyAnswer {
        self.show_as(question, HOME, true, |_| ()).await
    }

    /// Shows it at `origin`, after the browser has changed what it was asked.
    async fn show_as(
        &mut self,
        question: &PasskeyQuestion,
        origin: &str,
        verified: bool,
        change: impl FnOnce(&mut PublicKeyCredentialRequestOptions),
    ) -> PasskeyAnswer {
        let mut public_key: PublicKeyCredentialRequestOptions =
            serde_json::from_str(&question.options).unwrap();
        // As browsers do: no list means whatever is there.
        public_key.allow_credentials = public_key.allow_credentials.filter(|list| !list.is_empty());
        change(&mut public_key);
        let mut client = Client::new(self.parts(verified));
        let origin = Url::parse(origin).unwrap();
        let request = CredentialRequestOptions { public_key };
        let shown = client.authenticate(&origin, request, DefaultClientData).await.unwrap();
        self.0 = client.authenticator().store().clone();
        PasskeyAnswer { token: question.token.clone(), credential: serde_json::to_string(&shown).unwrap() }
    }
}

fn why(fault: PasskeyFault) -> Error {
    Refusal::Passkey { why: fault }.into()
}

/// A person with a confirmed address, signed in by password: the session's token.
async fn confirmed(bench: &Bench, email: &str) -> String {
    let token = signed_up(&bench.kontor, email).await;
    let me = viewer(bench, &token).await;
    let Some(Mail::ConfirmEmail { link }) = mails(bench, email).await.pop() else { panic!() };
    confirm(&bench.kontor, &me, token_of(&link)).await.unwrap();
    token
}

/// Adds a passkey in a session that is fresh.
async fn added(kontor: &Kontor, me: &Viewer, name: &str) -> Device {
    let mut device = Device::default();
    let question = begin_passkey(kontor, me, name).await.unwrap();
    let answer = device.make(&question).await.unwrap();
    add_passkey(kontor, me, &answer).await.unwrap();
    device
}

/// Signs in by a passkey alone.
async fn enters(kontor: &Kontor, device: &mut Device) -> Result<Option<String>, Error> {
    let question = ask_passkey(kontor, &nobody(), None, PasskeyUse::SignIn).await?;
    let answer = device.show(&question).await;
    show_passkey(kontor, &nobody(), None, &answer).await
}

#[tokio::test]
async fn a_passkey_is_password_and_second_factor_in_one() {
    for bench in Bench::all().await {
        let kontor = &bench.at(HOME);
        let token = confirmed(&bench, ADA).await;
        let me = viewer(&bench, &token).await;
        bench.clock.move_ms(1_000);
        let nameless = begin_passkey(kontor, &me, " ").await;
        assert_eq!(nameless, Err(Error::field("passkey_name", Issue::Required)));
        let mut device = added(kontor, &me, " Laptop ").await;
        let mail = Mail::PasskeyAdded { name: "Laptop".into(), link: format!("{HOME}/account") };
        assert_eq!(mails(&bench, ADA).await.pop(), Some(mail), "{}", bench.name);
        let own = own_passkeys(kontor, &me).await.unwrap();
        assert_eq!((own.len(), own[0].name.as_str(), own[0].used_at), (1, "Laptop", None));

        bench.clock.move_ms(60_000);
        let question = ask_passkey(kontor, &nobody(), None, PasskeyUse::SignIn).await.unwrap();
        assert!(question.options.contains("\"allowCredentials\":[]"), "it would tell who has one");
        let entered = enters(kontor, &mut device).await.unwrap().unwrap();
        let by_passkey = viewer(&bench, &entered).await;
        let session = by_passkey.signed_in().unwrap();
        assert!(session.second_factor && session.fresh_by_factor && session.fresh_at == kontor.now());
        assert_eq!(own_passkeys(kontor, &me).await.unwrap()[0].used_at, Some(kontor.now()));
        // The session is another one than the password's, and that one has shown no second factor.
        assert_eq!(own_sessions(kontor, &by_passkey).await.unwrap().len(), 2);
        assert!(!viewer(&bench, &token).await.signed_in().unwrap().second_factor);
        assert!(enters(kontor, &mut device).await.is_ok(), "and again, counted further");
    }
}

#[tokio::test]
async fn the_password_alone_opens_nothing_a_passkey_guards() {
    for bench in Bench::all().await {
        let kontor = &bench.at(HOME);
        let me = viewer(&bench, &confirmed(&bench, ADA).await).await;
        let mut device = added(kontor, &me, "Laptop").await;
        let id = own_passkeys(kontor, &me).await.unwrap()[0].id;
        let thief = sign_in(kontor, &nobody(), ADA, PASSWORD).await.unwrap();
        assert!(!thief.code_needed);
        let me = viewer(&bench, &thief.token).await;
        let ask = Error::StepUpRequired { second_factor: true };
        assert_eq!(passkey_ready(kontor, &me).await, Err(ask.clone()), "{}", bench.name);
        assert_eq!(begin_passkey(kontor, &me, "Another").await, Err(ask.clone()));
        assert_eq!(remove_passkey(kontor, &me, id).await, Err(ask.clone()));
        assert_eq!(begin_second_factor(kontor, &me).await, Err(ask.clone()));
        assert_eq!(confirm_second_factor(kontor, &me, "123456").await, Err(ask.clone()));
        step_up(kontor, &me, PASSWORD, "").await.unwrap();
        let me = viewer(&bench, &thief.token).await;
        assert_eq!(begin_second_factor(kontor, &me).await, Err(ask.clone()));

        // With the passkey all of it is possible, for as long as it is fresh.
        let question = ask_passkey(kontor, &me, None, PasskeyUse::StepUp).await.unwrap();
        let answer = device.show(&question).await;
        assert_eq!(show_passkey(kontor, &me, None, &answer).await, Ok(None));
        let me = viewer(&bench, &thief.token).await;
        assert!(me.signed_in().unwrap().second_factor && me.signed_in().unwrap().fresh_by_factor);
        assert_eq!(passkey_ready(kontor, &me).await, Ok(()));
        assert!(begin_second_factor(kontor, &me).await.is_ok());
        bench.clock.move_ms(16 * 60_000);
        assert_eq!(remove_passkey(kontor, &me, id).await, Err(ask));
    }
}

#[tokio::test]
async fn a_passkey_stands_in_for_the_code() {
    for bench in Bench::all().await {
        let kontor = &bench.at(HOME);
        let me = viewer(&bench, &confirmed(&bench, ADA).await).await;
        let setup = begin_second_factor(kontor, &me).await.unwrap();
        let secret = data_encoding::BASE32_NOPAD.decode(setup.secret.as_bytes()).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("x").build_noncompliant();
        let code = totp.generate(u64::try_from(kontor.now().0).unwrap() / 1000).to_string();
        confirm_second_factor(kontor, &me, &code).await.unwrap();
        let me = Viewer {
            session: resolve(kontor, &sign_in_past(kontor, &setup.recovery[0]).await)
                .await
                .unwrap()
                .unwrap()
                .session,
            ..nobody()
        };
        let mut device = added(kontor, &me, "Laptop").await;
        let eve = viewer(&bench, &confirmed(&bench, "eve@example.org").await).await;
        let mut others = added(kontor, &eve, "Eve's").await;

        let waiting = sign_in(kontor, &nobody(), ADA, PASSWORD).await.unwrap();
        assert!(waiting.code_needed);
        let resolved = resolve(kontor, &waiting.token).await.unwrap().unwrap();
        assert!(resolved.session.is_none(), "{}", bench.name);
        let held = Some((resolved.id, resolved.account.id));
        let none = ask_passkey(kontor, &nobody(), None, PasskeyUse::SecondStep).await;
        assert_eq!(none, Err(Error::Unauthenticated));

        // Another's does not do, though it is a good one.
        let question = ask_passkey(kontor, &nobody(), held, PasskeyUse::SecondStep).await.unwrap();
        let answer = others.show_as(&question, HOME, true, |q| q.allow_credentials = None).await;
        let shown = show_passkey(kontor, &nobody(), held, &answer).await;
        assert_eq!(shown, Err(why(PasskeyFault::Unknown)));
        assert!(resolve(kontor, &waiting.token).await.unwrap().unwrap().session.is_none());

        let question = ask_passkey(kontor, &nobody(), held, PasskeyUse::SecondStep).await.unwrap();
        let answer = device.show(&question).await;
        assert_eq!(show_passkey(kontor, &nobody(), held, &answer).await, Ok(None));
        let session = viewer(&bench, &waiting.token).await.session.unwrap();
        assert!(session.second_factor && session.fresh_by_factor);
    }
}

/// Signs Ada in with password and recovery code: the session's token.
async fn sign_in_past(kontor: &Kontor, recovery: &str) -> String {
    let token = sign_in(kontor, &nobody(), ADA, PASSWORD).await.unwrap().token;
    let waiting = resolve(kontor, &token).await.unwrap().unwrap();
    crate::account::service::pass_second_factor(kontor, waiting.id, waiting.account.id, recovery)
        .await
        .unwrap();
    token
}

#[tokio::test]
async fn what_does_not_hold_is_refused_and_counts_once() {
    for bench in Bench::all().await {
        let kontor = &bench.at(HOME);
        let me = viewer(&bench, &confirmed(&bench, ADA).await).await;
        let mut device = added(kontor, &me, "Laptop").await;
        let asked = || async { ask_passkey(kontor, &nobody(), None, PasskeyUse::SignIn).await.unwrap() };
        let tried = |answer: PasskeyAnswer| async move {
            show_passkey(kontor, &nobody(), None, &answer).await.map(drop)
        };

        // Once only.
        let answer = device.show(&asked().await).await;
        assert_eq!(tried(answer.clone()).await, Ok(()), "{}", bench.name);
        assert_eq!(tried(answer.clone()).await, Err(why(PasskeyFault::Over)));
        // What was signed for one question is no answer to another.
        let other = PasskeyAnswer { token: asked().await.token, ..answer };
        assert_eq!(tried(other).await, Err(why(PasskeyFault::BadAnswer)));
        // Five minutes.
        let answer = device.show(&asked().await).await;
        bench.clock.move_ms(5 * 60_000);
        assert_eq!(tried(answer).await, Err(why(PasskeyFault::Over)));
        // In another browser, or one without cookies.
        let answer = device.show(&asked().await).await;
        let elsewhere = Viewer { anonymous: Some(hash_token("another")), ..nobody() };
        let shown = show_passkey(kontor, &elsewhere, None, &answer).await;
        assert_eq!(shown, Err(why(PasskeyFault::Over)));
        let none = Viewer { anonymous: None, ..nobody() };
        let shown = ask_passkey(kontor, &none, None, PasskeyUse::SignIn).await;
        assert_eq!(shown, Err(why(PasskeyFault::Over)));
        // Another site that looks like this one.
        let near = "https://login.kontor.example.org";
        let answer = device.show_as(&asked().await, near, true, |_| ()).await;
        assert_eq!(tried(answer).await, Err(why(PasskeyFault::BadAnswer)));
        let wider = |q: &mut PublicKeyCredentialRequestOptions| q.rp_id = Some("example.org".into());
        let answer = device.show_as(&asked().await, HOME, true, wider).await;
        assert_eq!(tried(answer).await, Err(why(PasskeyFault::BadAnswer)));
        // The device was only touched.
        let lax = |q: &mut PublicKeyCredentialRequestOptions| {
            q.user_verification = UserVerificationRequirement::Discouraged;
        };
        let answer = device.show_as(&asked().await, HOME, false, lax).await;
        assert_eq!(tried(answer).await, Err(why(PasskeyFault::Unverified)));
        // One nobody has here.
        let mut unknown = device.clone();
        unknown.0.as_mut().unwrap().credential_id = vec![7; 16].into();
        let answer = unknown.show(&asked().await).await;
        assert_eq!(tried(answer).await, Err(why(PasskeyFault::Unknown)));
        // It does not say whose it is, or says it is another's.
        for handle in [None, Some(vec![7; 16].into())] {
            let mut nobodys = device.clone();
            nobodys.0.as_mut().unwrap().user_handle = handle;
            let answer = nobodys.show(&asked().await).await;
            assert_eq!(tried(answer).await, Err(why(PasskeyFault::Unknown)));
        }
        // Somebody else's key under this one's name.
        let eve = viewer(&bench, &confirmed(&bench, "eve@example.org").await).await;
        let (mut forged, own) = (added(kontor, &eve, "Eve's").await, device.0.clone().unwrap());
        let key = forged.0.as_mut().unwrap();
        (key.credential_id, key.user_handle, key.counter) = (own.credential_id, own.user_handle, Some(1_000));
        let answer = forged.show(&asked().await).await;
        assert_eq!(tried(answer).await, Err(why(PasskeyFault::BadAnswer)));
        // Two devices that count apart.
        let mut clone = device.clone();
        assert!(enters(kontor, &mut device).await.is_ok());
        assert_eq!(enters(kontor, &mut clone).await, Err(why(PasskeyFault::Cloned)));
        // Nonsense, in every place.
        for credential in ["", "{}", "null", "[]", "\u{0}", &"x".repeat(20_000), "{\"id\":\"x\"}"] {
            let answer = PasskeyAnswer { token: asked().await.token, credential: credential.into() };
            assert_eq!(tried(answer).await, Err(why(PasskeyFault::BadAnswer)), "{credential:.20}");
        }
        for token in ["", "x", "\u{0}"] {
            let answer = PasskeyAnswer { token: token.into(), credential: "{}".into() };
            assert_eq!(tried(answer).await, Err(why(PasskeyFault::Over)));
        }
        assert!(enters(kontor, &mut device).await.is_ok(), "all that harmed nobody");
    }
}

#[tokio::test]
async fn a_question_is_answered_for_its_purpose_and_session_only() {
    for bench in Bench::all().await {
        let kontor = &bench.at(HOME);
        let token = confirmed(&bench, ADA).await;
        let me = viewer(&bench, &token).await;
        let over = || Err(why(PasskeyFault::Over));
        // Making a passkey: in the session that asked, and for nothing else.
        let question = begin_passkey(kontor, &me, "Laptop").await.unwrap();
        let made = Device::default().make(&question).await.unwrap();
        let other = viewer(&bench, &sign_in(kontor, &nobody(), ADA, PASSWORD).await.unwrap().token).await;
        assert_eq!(add_passkey(kontor, &other, &made).await, over(), "{}", bench.name);
        assert_eq!(add_passkey(kontor, &me, &made).await, over(), "it was tried");
        let question = begin_passkey(kontor, &me, "Laptop").await.unwrap();
        let made = Device::default().make(&question).await.unwrap();
        assert_eq!(show_passkey(kontor, &me, None, &made).await, Err(Error::BadRequest));
        assert_eq!(ask_passkey(kontor, &me, None, PasskeyUse::Add).await, Err(Error::BadRequest));
        assert!(own_passkeys(kontor, &me).await.unwrap().is_empty());

        let mut device = added(kontor, &me, "Laptop").await;
        // A sign-in's answer adds nothing.
        let question = ask_passkey(kontor, &nobody(), None, PasskeyUse::SignIn).await.unwrap();
        let answer = device.show(&question).await;
        let me = viewer(&bench, &enters(kontor, &mut device).await.unwrap().unwrap()).await;
        assert_eq!(add_passkey(kontor, &me, &answer).await, over());
        // What makes one session fresh makes no other fresh.
        let question = ask_passkey(kontor, &me, None, PasskeyUse::StepUp).await.unwrap();
        let answer = device.show(&question).await;
        assert_eq!(show_passkey(kontor, &other, None, &answer).await.map(drop), over());
        let question = ask_passkey(kontor, &me, None, PasskeyUse::StepUp).await.unwrap();
        let answer = device.show(&question).await;
        let out = show_passkey(kontor, &nobody(), None, &answer).await;
        assert_eq!(out, Err(Error::Unauthenticated));
        assert_eq!(
            ask_passkey(kontor, &nobody(), None, PasskeyUse::StepUp).await,
            Err(Error::Unauthenticated)
        );
    }
}

#[tokio::test]
async fn whoever_may_not_sign_in_may_not_by_passkey() {
    for bench in Bench::all().await {
        let kontor = &bench.at(HOME);
        let me = viewer(&bench, &confirmed(&bench, ADA).await).await;
        let mut device = added(kontor, &me, "Laptop").await;
        let account = me.signed_in().unwrap().account;
        let suspend = |suspended| async move {
            let change =
                account::ActiveModel { id: Set(account), suspended: Set(suspended), ..Default::default() };
            account::Entity::update(change).exec(kontor.db.writer()).await.unwrap();
        };
        suspend(true).await;
        assert_eq!(
            enters(kontor, &mut device).await,
            Err(Refusal::AccountSuspended.into()),
            "{}",
            bench.name
        );
        suspend(false).await;

        // The organisation that holds the address's domain has its people sign in through its own provider.
        let org = organisation(&bench, OrgKind::Customer, "Kunde").await;
        let tx = kontor.db.begin().await.unwrap();
        let held = domain::Model {
            id: kontor.id(),
            org_id: org,
            name: "example.org".into(),
            verified_name: Some("example.org".into()),
            is_primary: true,
            status: DomainStatus::Verified,
            token: "token".into(),
            method: None,
            verified_at: None,
            checked_at: None,
            pending_since: None,
            next_check_at: None,
            lost_at: None,
            last_check: None,
            created_at: kontor.now(),
            version: 1,
        };
        domain::Entity::insert(domain::ActiveModel::from(held)).exec_without_returning(&tx).await.unwrap();
        let provider = identity_provider::Model {
            id: kontor.id(),
            org_id: Some(org),
            name: "Own".into(),
            issuer: "https://idp.example.org".into(),
            client_id: "kontor".into(),
            client_secret: None,
            scopes: String::new(),
            active: true,
            required: true,
            creates_people: false,
            default_role: None,
            role_claim: String::new(),
            role_map: String::new(),
            trusts_factor: false,
            created_at: kontor.now(),
            version: 1,
        };
        let id = provider.id;
        let row = identity_provider::ActiveModel::from(provider);
        identity_provider::Entity::insert(row).exec_without_returning(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let led = enters(kontor, &mut device).await;
        assert_eq!(led, Err(Refusal::ProviderRequired { provider: id }.into()));
    }
}

#[tokio::test]
async fn what_is_removed_opens_nothing_and_its_sessions_end() {
    for bench in Bench::all().await {
        let kontor = &bench.at(HOME);
        let first = confirmed(&bench, ADA).await;
        let mut lost = added(kontor, &viewer(&bench, &first).await, "Lost").await;
        let thief = enters(kontor, &mut lost).await.unwrap().unwrap();
        let by_lost = enters(kontor, &mut lost).await.unwrap().unwrap();
        let me = viewer(&bench, &by_lost).await;
        bench.clock.move_ms(1_000);
        let mut kept = added(kontor, &me, "Kept").await;
        let own = own_passkeys(kontor, &me).await.unwrap();
        assert_eq!(own.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["Lost", "Kept"]);
        // Not another's, though they know its number.
        let eve = viewer(&bench, &confirmed(&bench, "eve@example.org").await).await;
        assert_eq!(remove_passkey(kontor, &eve, own[0].id).await, Err(Error::NotFound), "{}", bench.name);
        let by_kept = enters(kontor, &mut kept).await.unwrap().unwrap();

        remove_passkey(kontor, &me, own[0].id).await.unwrap();
        assert_eq!(enters(kontor, &mut lost).await, Err(why(PasskeyFault::Unknown)));
        assert!(resolve(kontor, &thief).await.unwrap().is_none(), "it opened this session");
        let me = viewer(&bench, &by_lost).await;
        assert!(!me.signed_in().unwrap().second_factor && !me.signed_in().unwrap().fresh_by_factor);
        assert!(resolve(kontor, &first).await.unwrap().is_some());
        let me = viewer(&bench, &by_kept).await;
        assert!(me.signed_in().unwrap().second_factor);

        // The last one: what asks for a second factor now leads to setting one up.
        remove_passkey(kontor, &me, own[1].id).await.unwrap();
        let me = viewer(&bench, &by_kept).await;
        assert!(!me.signed_in().unwrap().second_factor);
        assert!(!resolve(kontor, &by_kept).await.unwrap().unwrap().account.has_factor());
        assert!(begin_second_factor(kontor, &me).await.is_ok());
        assert_eq!(remove_passkey(kontor, &me, own[1].id).await, Err(Error::NotFound));
        // The way back stands open: with the password, as for everybody who has no second factor.
        drop_second_factor(kontor, &me, PASSWORD).await.unwrap();
        assert!(passkey_ready(kontor, &me).await.is_ok());
    }
}

#[tokio::test]
async fn the_operator_helps_whoever_lost_everything() {
    for bench in Bench::all().await {
        let kontor = &bench.at(HOME);
        let token = confirmed(&bench, ADA).await;
        let mut lost = added(kontor, &viewer(&bench, &token).await, "Lost").await;
        bench.clock.move_ms(1_000);
        assert_eq!(forget_factors(kontor, "nobody@example.org").await, Err(Error::NotFound));
        forget_factors(kontor, " Ada@Example.org").await.unwrap();
        assert!(
            matches!(mails(&bench, ADA).await.pop(), Some(Mail::FactorsForgotten { .. })),
            "{}",
            bench.name
        );
        assert!(resolve(kontor, &token).await.unwrap().is_none());
        assert_eq!(enters(kontor, &mut lost).await, Err(why(PasskeyFault::Unknown)));
        let me = viewer(&bench, &sign_in(kontor, &nobody(), ADA, PASSWORD).await.unwrap().token).await;
        assert!(begin_second_factor(kontor, &me).await.is_ok());
        assert_eq!(passkey_ready(kontor, &me).await, Ok(()));
    }
}

#[tokio::test]
async fn passkeys_are_for_confirmed_addresses_under_a_name_and_not_many() {
    for bench in Bench::all().await {
        let kontor = &bench.at(HOME);
        let token = signed_up(kontor, "new@example.org").await;
        let new = viewer(&bench, &token).await;
        assert_eq!(
            passkey_ready(kontor, &new).await,
            Err(Refusal::EmailUnconfirmed.into()),
            "{}",
            bench.name
        );
        let me = viewer(&bench, &confirmed(&bench, ADA).await).await;
        for (address, good) in [
            ("http://127.0.0.1:3000", false),
            ("https://[::1]", false),
            ("http://kontor.example.org", false),
            ("http://localhost:3000", true),
            ("https://kontor.example.org:8443", true),
        ] {
            let ready = passkey_ready(&bench.at(address), &me).await;
            assert_eq!(ready, if good { Ok(()) } else { Err(why(PasskeyFault::NoName)) }, "{address}");
        }
        let none = ask_passkey(&bench.kontor, &nobody(), None, PasskeyUse::SignIn).await;
        assert_eq!(none, Err(why(PasskeyFault::NoName)));

        // A device has one for each account, and no two people have the same.
        let token = enters(kontor, &mut added(kontor, &me, "1").await).await.unwrap().unwrap();
        let me = viewer(&bench, &token).await;
        added(kontor, &me, "2").await;
        let question = begin_passkey(kontor, &me, "3").await.unwrap();
        let options: serde_json::Value = serde_json::from_str(&question.options).unwrap();
        let account = me.signed_in().unwrap().account;
        let own = passkey::of(account).all(kontor.db.read()).await.unwrap();
        let excluded = options["excludeCredentials"].as_array().unwrap().iter();
        let excluded: Vec<_> = excluded.map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(excluded, own.iter().map(|row| row.credential_id.clone()).collect::<Vec<_>>());
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        let question = begin_passkey(kontor, &me, "3").await.unwrap();
        let made = Device::default().make(&question).await.unwrap();
        let row = own[0].clone();
        let called = serde_json::from_str::<serde_json::Value>(&made.credential).unwrap()["id"].clone();
        let copy = passkey::Model {
            id: kontor.id(),
            credential_id: called.as_str().unwrap().into(),
            account_id: new.signed_in().unwrap().account,
            ..row
        };
        let copy = passkey::ActiveModel::from(copy);
        passkey::Entity::insert(copy).exec_without_returning(kontor.db.writer()).await.unwrap();
        assert_eq!(add_passkey(kontor, &me, &made).await, Err(why(PasskeyFault::Known)));

        for n in 3..=20 {
            added(kontor, &me, &n.to_string()).await;
        }
        let full = Err(Refusal::PasskeyLimit { max: 20 }.into());
        assert_eq!(passkey_ready(kontor, &me).await, full);
    }
}

#[expect(clippy::disallowed_methods, reason = "a test looks at the plans of rows.rs")]
#[tokio::test]
async fn passkeys_are_found_by_an_index() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let account = viewer(&bench, &confirmed(&bench, ADA).await).await.session.unwrap().account;
        let tx = kontor.db.begin().await.unwrap();
        for chunk in 0..40 {
            let rows = (0..500).map(|n| {
                passkey::ActiveModel::from(passkey::Model {
                    id: kontor.id(),
                    account_id: account,
                    credential_id: format!("{chunk}-{n}"),
                    name: "x".into(),
                    content: "{}".into(),
                    created_at: kontor.now(),
                    used_at: None,
                })
            });
            passkey::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
            let rows = (0..500).map(|n| {
                passkey_question::ActiveModel::from(passkey_question::Model {
                    token_hash: format!("{chunk}-{n}"),
                    purpose: PasskeyUse::SignIn,
                    owner: "browser:x".into(),
                    name: String::new(),
                    content: "{}".into(),
                    expires_at: kontor.now(),
                })
            });
            passkey_question::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        crate::kernel::testing::analyse(kontor).await;
        let backend = kontor.db.backend();
        for statement in [
            passkey::of(kontor.id()).build(backend),
            passkey::called("3-3").build(backend),
            passkey_question::Entity::find_by_id("3-3").build(backend),
        ] {
            let plan = crate::kernel::testing::plan_of(kontor, statement.clone()).await;
            let walks = plan.contains("Seq Scan") || plan.contains("SCAN ");
            assert!(!walks, "{}: {}\n{plan}", bench.name, statement.sql);
        }
    }
}
