//! Ways that nobody thought of.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Ask(bool),
    Answer(Option<bool>),
    Code(bool),
    Token(bool, bool),
    Leave,
    Release(bool),
    Days(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        any::<bool>().prop_map(Step::Ask),
        any::<Option<bool>>().prop_map(Step::Answer),
        any::<bool>().prop_map(Step::Code),
        any::<(bool, bool)>().prop_map(|(who, access)| Step::Token(who, access)),
        Just(Step::Leave),
        any::<bool>().prop_map(Step::Release),
        (1u8..9).prop_map(Step::Days),
    ]
}

/// Whatever people do, a customer has one partner at most, nobody has access who is not its partner, and the lists and counters
/// say what the mappings say.
#[test]
fn any_path_leaves_one_partner_and_nobody_else_with_access() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    runner
        .run(&proptest::collection::vec(step(), 4..14), |steps| {
            runtime.block_on(walk(&steps));
            Ok(())
        })
        .unwrap();
}

async fn walk(steps: &[Step]) {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        change_code(kontor, &play.north, "NORD2026", 0).await.unwrap();
        change_code(kontor, &play.alps, "ALPEN2026", 0).await.unwrap();
        for step in steps {
            let who = |first: bool| if first { &play.north } else { &play.alps };
            // What is refused is refused; what must hold holds after each.
            let _ = match step {
                Step::Ask(first) => {
                    let asked = play.ask(who(*first), KIM).await.map(drop);
                    play.work().await;
                    asked
                }
                Step::Answer(yes) => {
                    let open = consents(kontor, &play.boss, None).await.unwrap().questions;
                    let said = yes.map_or(Answer::Deny, |access| Answer::Map { access: access.then(full) });
                    match open.first() {
                        Some(question) => answer(kontor, &play.boss, question.id, &said).await,
                        None => Ok(()),
                    }
                }
                Step::Code(first) => {
                    let code = if *first { "nord2026" } else { "alpen2026" };
                    map_by_code(kontor, &play.boss, code, who(*first).org, Some(&full())).await
                }
                Step::Token(first, access) => {
                    let id = make_token(kontor, &play.boss, access.then(full).as_ref()).await.unwrap();
                    let token = consents(kontor, &play.boss, Some(id)).await.unwrap().new_token.unwrap();
                    use_token(kontor, who(*first), &token.token).await.map(drop)
                }
                Step::Leave => match play.partner().await {
                    Some(_) => leave_partner(kontor, &play.boss, play.mapping().await, None).await,
                    None => Ok(()),
                },
                Step::Release(first) => release_customer(kontor, who(*first), play.org, None).await,
                Step::Days(days) => {
                    play.days(i64::from(*days)).await;
                    Ok(())
                }
            };
            bench.clock.set(kontor.now().plus_ms(1));
            let partner = play.partner().await;
            for one in [&play.north, &play.alps] {
                let access = play.access(one).await == Some(GrantStatus::Active);
                assert!(!access || partner == Some(one.org), "{}: {steps:?}", bench.name);
                let listed = customers(kontor, one, &crate::mapping::CustomerQuery::default()).await.unwrap();
                let listed = listed.cards.iter().any(|card| card.org == play.org);
                let here = partner == Some(one.org);
                assert!(!listed || here, "{}: {steps:?}", bench.name);
            }
            play.sound().await;
        }
        assert_eq!(play.boss.kind, OrgKind::Customer);
    }
}
