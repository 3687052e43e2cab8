//! Random walks against a model of who may do what: whatever customer, partner and clock do, the partner's person may do what the last
//! consent says, and nothing when there is none.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Give(usize, i64),
    Change(usize, Option<i64>),
    Restore,
    Revoke,
    Ask(usize, i64),
    Answer(Option<usize>),
    Renew,
    GiveUp,
    Enter,
    Minutes(u8),
    Days(u8),
}

/// The terms that walks choose from.
const CHOICES: [(&str, &str); 4] =
    [("helpdesk", "customer"), ("users", "partner"), ("subscription", "partner"), ("full", "customer")];

fn choice(index: usize, days: Option<i64>) -> TermsForm {
    let (template, renewal) = CHOICES[index % CHOICES.len()];
    let days = days.map(|days| days.to_string()).unwrap_or_default();
    TermsForm { renewal: renewal.into(), ..terms(template, &days) }
}

fn step() -> impl Strategy<Value = Step> {
    let days = || prop_oneof![Just(2i64), Just(20), Just(365)];
    prop_oneof![
        (0..4usize, days()).prop_map(|(which, days)| Step::Give(which, days)),
        (0..4usize, proptest::option::of(days())).prop_map(|(which, days)| Step::Change(which, days)),
        Just(Step::Restore),
        Just(Step::Revoke),
        (0..4usize, days()).prop_map(|(which, days)| Step::Ask(which, days)),
        proptest::option::of(0..5usize).prop_map(Step::Answer),
        Just(Step::Renew),
        Just(Step::GiveUp),
        Just(Step::Enter),
        (0u8..10).prop_map(Step::Minutes),
        (1u8..25).prop_map(Step::Days),
    ]
}

/// What the customer has agreed to, as somebody would note it down who reads only what succeeded.
#[derive(Debug, Default, Clone)]
struct Model {
    /// Capabilities, end, days agreed, who may renew.
    grant: Option<(Features, i64, i64, RenewBy)>,
    /// The last terms there were.
    last: Option<(Features, i64, RenewBy)>,
    /// What is asked for, if an answer is awaited.
    asked: Option<(Features, i64, RenewBy)>,
    /// When the stay ends for lack of use, and when at the latest.
    stay: Option<(i64, i64)>,
}

#[test]
fn any_path_leaves_the_partner_with_what_was_last_consented_to() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    runner
        .run(&proptest::collection::vec(step(), 6..24), |steps| {
            runtime.block_on(walk(&steps));
            Ok(())
        })
        .unwrap();
}

fn read(form: &TermsForm, asked: Option<(Features, i64, RenewBy)>) -> (Features, i64, RenewBy) {
    let renewal = RenewBy::from_key(&form.renewal).unwrap();
    let capabilities = match form.template.as_str() {
        "asked" => asked.unwrap().0,
        key => Template::from_key(key).unwrap().capabilities(),
    };
    (capabilities, form.days.parse().unwrap_or_default(), renewal)
}

async fn walk(steps: &[Step]) {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let first = play.grant().await;
        let full = Template::Full.capabilities();
        let mut model = Model {
            grant: Some((full, first.until_at.0, 365, RenewBy::Customer)),
            last: Some((full, 365, RenewBy::Customer)),
            ..Model::default()
        };
        for step in steps {
            one(&play, &mut model, step).await;
            bench.clock.set(kontor.now().plus_ms(1));
            let now = kontor.now().0;
            if model.grant.is_some_and(|grant| grant.1 <= now) {
                model.grant = None;
            }
            if model.stay.is_some_and(|(idle, end)| idle.min(end) <= now) {
                model.stay = None;
            }
            let may = play.may().await.ok();
            let expected = model.stay.and(model.grant).map(|grant| grant.0);
            assert_eq!(may, expected, "{}: {step:?} of {steps:?}: {model:?}", bench.name);
            match model.grant {
                // Looking is use.
                Some(_) => {
                    let used = now + 30 * 60_000;
                    model.stay =
                        model.stay.map(|(idle, end)| (if used - idle >= 60_000 { used } else { idle }, end));
                }
                // Whoever is shown out is out, even if access is given again.
                None => model.stay = None,
            }
            let held = held(kontor, &play.north, play.org).await.unwrap();
            assert_eq!(held.status == Some(GrantStatus::Active), model.grant.is_some(), "{steps:?}");
            assert_eq!(held.asked.is_some(), model.asked.is_some(), "{}: {step:?} of {steps:?}", bench.name);
        }
        assert!(verify_counters(kontor).await.unwrap().is_clean(), "{}: {steps:?}", bench.name);
    }
}

async fn one(play: &Play<'_>, model: &mut Model, step: &Step) {
    let kontor = &play.bench.kontor;
    let now = kontor.now();
    let end = |days: i64| now.plus_days(days).0;
    match step {
        Step::Give(which, days) => {
            let form = choice(*which, Some(*days));
            let done = give(kontor, &play.boss, play.partner, &form).await.is_ok();
            assert_eq!(done, model.grant.is_none());
            if done {
                let (may, days, by) = read(&form, None);
                (model.grant, model.last) = (Some((may, end(days), days, by)), Some((may, days, by)));
                model.asked = None;
            }
        }
        Step::Change(which, days) => {
            let (row, form) = (play.grant().await, choice(*which, *days));
            let done = change(kontor, &play.boss, row.id, &form, row.version).await.is_ok();
            let Some((_, until, agreed, _)) = model.grant else { return assert!(!done) };
            let (may, _, by) = read(&form, None);
            let until = days.map_or(until, end);
            let most = if may == Template::Subscription.capabilities() { 730 } else { 365 };
            assert_eq!(done, until <= end(most));
            if done {
                let days = days.unwrap_or(agreed).min(most);
                (model.grant, model.last) = (Some((may, until, days, by)), Some((may, days, by)));
            }
        }
        Step::Restore => {
            let row = play.grant().await;
            restore(kontor, &play.boss, row.id).await.unwrap();
            if model.grant.is_none() {
                let (may, days, by) = model.last.unwrap();
                (model.grant, model.asked) = (Some((may, end(days), days, by)), None);
            }
        }
        Step::Revoke => {
            revoke(kontor, &play.boss, play.grant().await.id).await.unwrap();
            model.grant = None;
        }
        Step::Ask(which, days) => {
            let form = choice(*which, Some(*days));
            let wish = AskAccess { terms: form.clone(), note: String::new() };
            let done = ask(kontor, &play.north, play.org, &wish).await.is_ok();
            assert!(!done || model.asked.is_none());
            if done {
                model.asked = Some(read(&form, None));
            }
        }
        Step::Answer(which) => {
            let open = access_overview(kontor, &play.boss).await.unwrap().requests;
            let Some(question) = open.first() else { return assert!(model.asked.is_none()) };
            let asked = model.asked.take();
            let Some(which) = which else {
                return answer(kontor, &play.boss, question.id, &AccessAnswer::Decline).await.unwrap();
            };
            let form = match which {
                4 => TermsForm { template: "asked".into(), ..question.form.clone() },
                which => choice(*which, Some(20)),
            };
            answer(kontor, &play.boss, question.id, &AccessAnswer::Grant(form.clone())).await.unwrap();
            let (may, days, by) = read(&form, asked);
            let most = if may == Template::Subscription.capabilities() { 730 } else { 365 };
            let until = model.grant.map_or(0, |grant| grant.1).max(end(days)).min(end(most));
            (model.grant, model.last) = (Some((may, until, days, by)), Some((may, days, by)));
        }
        Step::Renew => {
            let done = renew(kontor, &play.north, play.org).await.is_ok();
            let may = model.grant.filter(|(_, until, days, by)| {
                *by == RenewBy::Partner && *until <= end(30) && end(days - 1) >= *until
            });
            assert_eq!(done, may.is_some());
            if let Some((may, until, days, by)) = may {
                model.grant = Some((may, until.max(end(days)), days, by));
            }
        }
        Step::GiveUp => {
            give_up(kontor, &play.north, play.org).await.unwrap();
            (model.grant, model.asked) = (None, None);
        }
        Step::Enter => {
            let done = play.enter().await.is_ok();
            assert_eq!(done, model.grant.is_some());
            if done {
                let idle = now.plus_minutes(30).0;
                let open = model.stay.map(|stay| (stay.0.max(idle), stay.1));
                model.stay = Some(open.unwrap_or((idle, now.plus_hours(8).0)));
            }
        }
        Step::Minutes(fives) => {
            play.bench.clock.set(now.plus_minutes(i64::from(*fives) * 5));
        }
        Step::Days(days) => {
            play.days(i64::from(*days)).await;
            let rows = rows::<access_request::Entity>(play.bench).await;
            let open = rows.iter().filter(|row| row.status == AccessRequestStatus::Open);
            let open = open.filter(|row| row.expires_at > kontor.now()).count();
            assert!(open <= 1);
            if open == 0 {
                model.asked = None;
            }
            model.stay = None;
        }
    }
}
