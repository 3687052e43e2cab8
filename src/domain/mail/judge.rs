//! What answers from the DNS say about a domain's mail. Pure. An outage is never taken for a missing record.

use super::{DmarcPolicy, Lamp, LampHint, LampState, Look, shown, wanted::Wanted};
use crate::kernel::port::{DnsAnswer, DnsOutcome};

/// What is known of a name's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// These; none at all if there is no such record or name.
    Records(Vec<String>),
    /// Nobody answered.
    Nothing,
}

impl Seen {
    /// Weighs answers: the domain's own servers decide, those first that have records; the resolver counts where none of
    /// them could be asked.
    pub fn of(answers: &[DnsAnswer]) -> Self {
        let rank = |answer: &&DnsAnswer| match (&answer.outcome, answer.authoritative) {
            (DnsOutcome::Records(_), true) => 0,
            (DnsOutcome::NoRecords | DnsOutcome::NxDomain, true) => 1,
            (DnsOutcome::Records(_), false) => 2,
            (DnsOutcome::NoRecords | DnsOutcome::NxDomain, false) => 3,
            (DnsOutcome::ServFail | DnsOutcome::Timeout, _) => 4,
        };
        match answers.iter().min_by_key(rank).map(|answer| &answer.outcome) {
            Some(DnsOutcome::Records(values)) => Seen::Records(values.clone()),
            Some(DnsOutcome::NoRecords | DnsOutcome::NxDomain) => Seen::Records(Vec::new()),
            Some(DnsOutcome::ServFail | DnsOutcome::Timeout) | None => Seen::Nothing,
        }
    }

    /// Judges the records, if anybody answered. `meant` are those that are about this at all: they are what is shown.
    fn judge(&self, lamp: Lamp, meant: fn(&str) -> bool, rule: impl FnOnce(&[&str]) -> Verdict) -> Look {
        let Seen::Records(all) = self else {
            return Look { lamp, state: LampState::NoAnswer, hint: None, found: Vec::new() };
        };
        let ours: Vec<&str> = all.iter().map(|value| value.trim()).filter(|value| meant(value)).collect();
        let verdict = if ours.is_empty() { Verdict::Missing } else { rule(&ours) };
        let (state, hint) = match verdict {
            Verdict::Missing => (LampState::Missing, None),
            Verdict::Right(hint) => (LampState::Right, hint),
            Verdict::Differs(hint) => (LampState::Differs, Some(hint)),
        };
        Look { lamp, state, hint, found: shown(ours.into_iter()) }
    }
}

enum Verdict {
    Missing,
    Right(Option<LampHint>),
    Differs(LampHint),
}

fn only_if(fine: bool, hint: LampHint) -> Verdict {
    if fine { Verdict::Right(None) } else { Verdict::Differs(hint) }
}

/// Right if the suite's servers are all there and no other one comes before them: the lowest number is asked first, and
/// of two with the same number either (RFC 5321 section 5.1). Others behind the suite's first one do no harm.
pub fn mx(seen: &Seen, wanted: &Wanted) -> Look {
    seen.judge(
        Lamp::Mx,
        |_| true,
        |records| {
            let read = |value: &&str| {
                let (priority, name) = value.split_once(' ').unwrap_or((value, ""));
                (priority.parse::<u16>().unwrap_or_default(), name.trim_end_matches('.').to_ascii_lowercase())
            };
            let all: Vec<(u16, String)> = records.iter().map(read).collect();
            let ours = |name: &String| wanted.mx.iter().any(|(_, server)| server == name);
            let first = |own: bool| {
                let of_kind = all.iter().filter(|(_, name)| ours(name) == own);
                of_kind.map(|(priority, _)| *priority).min()
            };
            let complete = wanted.mx.iter().all(|(_, server)| all.iter().any(|(_, name)| name == server));
            match (first(true), first(false)) {
                (None, _) => Verdict::Differs(LampHint::MxElsewhere),
                (Some(own), Some(other)) if other <= own => Verdict::Differs(LampHint::MxElsewhere),
                _ => only_if(complete, LampHint::MxIncomplete),
            }
        },
    )
}

/// Right if there is one SPF record, it lets the suite's servers send, and it ends in `~all` or `-all` (RFC 7208).
pub fn spf(seen: &Seen, wanted: &Wanted) -> Look {
    let is_spf =
        |value: &str| value.split(' ').next().is_some_and(|first| first.eq_ignore_ascii_case("v=spf1"));
    seen.judge(Lamp::Spf, is_spf, |records| {
        let [record] = records else { return Verdict::Differs(LampHint::SpfSeveral) };
        let terms: Vec<String> =
            record.split_ascii_whitespace().skip(1).map(str::to_ascii_lowercase).collect();
        // What stands behind `all` is never looked at (section 5.1).
        let all = terms.iter().position(|term| term.trim_start_matches(['+', '-', '~', '?']) == "all");
        let before = &terms[..all.unwrap_or(terms.len())];
        let include = format!("include:{}", wanted.include);
        let included = before.iter().any(|term| {
            let name = term.strip_prefix('+').unwrap_or(term);
            name.trim_end_matches('.') == include
        });
        let closed = all.is_some_and(|at| terms[at].starts_with(['~', '-']));
        match (included, closed) {
            (false, _) => Verdict::Differs(LampHint::SpfNoInclude),
            (true, closed) => only_if(closed, LampHint::SpfOpen),
        }
    })
}

/// The tags of a record (RFC 6376 section 3.2, RFC 7489 section 6.4), names in lower case.
fn tags<'a>(record: &'a str) -> Vec<(String, &'a str)> {
    let tag = |(name, value): (&'a str, &'a str)| (name.trim().to_ascii_lowercase(), value.trim());
    record.split(';').filter_map(|part| part.split_once('=')).map(tag).collect()
}

fn value<'a>(tags: &[(String, &'a str)], name: &str) -> Option<&'a str> {
    tags.iter().find(|(tag, _)| tag == name).map(|(_, value)| *value)
}

/// Whether a key's record holds this key and lets mail be signed with it: spaces within it do not count.
fn holds(record: &str, public: &str) -> bool {
    let tags = tags(record);
    let has = |name: &str, all: &str, one: &str| {
        value(&tags, name).is_none_or(|list| {
            list.split(':').map(str::trim).any(|part| part == all || part.eq_ignore_ascii_case(one))
        })
    };
    let version = match tags.first() {
        Some((name, version)) if name == "v" => *version == "DKIM1",
        _ => value(&tags, "v").is_none(),
    };
    let kind = value(&tags, "k").is_none_or(|kind| kind.eq_ignore_ascii_case("rsa"));
    let key: String = value(&tags, "p").unwrap_or_default().split_ascii_whitespace().collect();
    version && kind && has("h", "sha256", "sha256") && has("s", "*", "email") && key == public
}

/// Right if the record of the key's selector holds the key, and no other (RFC 6376 section 3.6). Where it does not yet
/// and there is a key before, that one counts: mail is signed with it until the new one is seen.
pub fn dkim(seen: &Seen, public: &str, old: Option<(&Seen, &str)>) -> Look {
    let is_key = |value: &str| tags(value).iter().any(|(name, _)| name == "p");
    let judge = |seen: &Seen, public: &str| {
        seen.judge(Lamp::Dkim, is_key, |records| {
            let [record] = records else { return Verdict::Differs(LampHint::DkimSeveral) };
            let revoked = value(&tags(record), "p").is_some_and(str::is_empty);
            match holds(record, public) {
                true => Verdict::Right(None),
                false if revoked => Verdict::Differs(LampHint::DkimRevoked),
                false => Verdict::Differs(LampHint::DkimOther),
            }
        })
    };
    let new = judge(seen, public);
    let before = old.map(|(seen, public)| judge(seen, public));
    match before.filter(|before| before.state == LampState::Right && new.state != LampState::Right) {
        Some(before) => Look { hint: Some(LampHint::DkimOld), ..before },
        None => new,
    }
}

/// Right if there is one DMARC record and it asks for as much as the programme does, or more (RFC 7489 section 6.3).
pub fn dmarc(seen: &Seen, wanted: &Wanted) -> Look {
    let is_dmarc =
        |value: &str| tags(value).first().is_some_and(|(name, version)| name == "v" && *version == "DMARC1");
    seen.judge(Lamp::Dmarc, is_dmarc, |records| {
        let [record] = records else { return Verdict::Differs(LampHint::DmarcSeveral) };
        match value(&tags(record), "p").and_then(|p| DmarcPolicy::from_key(&p.to_ascii_lowercase())) {
            None => Verdict::Differs(LampHint::DmarcNoPolicy),
            Some(policy) => only_if(policy >= wanted.dmarc, LampHint::DmarcWeak),
        }
    })
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
