//! Looks for the proof outside. No transaction is open meanwhile (design.md section 3, rule 2).

use crate::{
    domain::{
        Check, Hint, Method, Outcome,
        judge::{Expected, FILE_PATH},
    },
    kernel::Kontor,
};

/// Checks one method.
pub async fn look(kontor: &Kontor, expected: Expected<'_>, method: Method) -> Check {
    let Some((name, kind)) = expected.question(method) else {
        let answers = kontor.web.fetch_proof(expected.domain, FILE_PATH).await;
        return expected.judge_web(&answers, kontor.now());
    };
    let answers = kontor.dns.look_up(&name, kind).await;
    let mut check = expected.judge_dns(method, &answers, kontor.now());
    if matches!(check.outcome, Outcome::RecordMissing | Outcome::NxDomain)
        && let Some((doubled, kind)) = expected.doubled(method)
    {
        let answers = kontor.dns.look_up(&doubled, kind).await;
        let there = expected.judge_dns(method, &answers, kontor.now());
        check.hint = (there.outcome == Outcome::Verified).then_some(Hint::HostDuplicated);
    }
    check
}

/// Checks all methods at once, for a check nobody asked for: any of them proves the domain. Without proof the answer
/// is that of `first`, the method people tried last.
pub async fn look_everywhere(kontor: &Kontor, expected: Expected<'_>, first: Method) -> Check {
    let checks = futures::future::join_all(Method::ALL.iter().map(|m| look(kontor, expected, *m))).await;
    let proven = checks.iter().position(|c| c.outcome == Outcome::Verified);
    let chosen = proven.or_else(|| checks.iter().position(|c| c.method == first)).unwrap_or(0);
    checks.into_iter().nth(chosen).unwrap_or_else(|| expected.judge_dns(first, &[], kontor.now()))
}
