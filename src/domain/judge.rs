//! The proof, and what answers from outside say about it (R5.2, R5.3, R5.8). Pure.

use super::{Check, FileProof, Method, Outcome, RecordProof, mail::shown, name::relative};
use crate::kernel::{
    instant::Instant,
    port::{DnsAnswer, DnsOutcome, RecordKind, WebAnswer, WebOutcome},
};

/// What stands before the token in a TXT record.
const TXT_PREFIX: &str = "kontor-verification=";
/// Where the file lies.
pub const FILE_PATH: &str = "/.well-known/kontor-verification.txt";

/// What proves one domain of one organisation.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The domain, as A-labels.
    pub domain: &'a str,
    /// The organisation's token for it.
    pub token: &'a str,
    /// Where the CNAME record points.
    pub verify_host: &'a str,
}

impl Expected<'_> {
    /// The TXT record.
    pub fn txt(&self) -> RecordProof {
        let host = match relative(self.domain) {
            "" => "@".to_owned(),
            rest => rest.to_owned(),
        };
        RecordProof { host, host_full: self.domain.into(), value: format!("{TXT_PREFIX}{}", self.token) }
    }

    /// The CNAME record.
    pub fn cname(&self) -> RecordProof {
        let host = match relative(self.domain) {
            "" => self.token.to_owned(),
            rest => format!("{}.{rest}", self.token),
        };
        RecordProof {
            host,
            host_full: format!("{}.{}", self.token, self.domain),
            value: self.verify_host.to_owned(),
        }
    }

    /// The file.
    pub fn html(&self) -> FileProof {
        FileProof {
            path: FILE_PATH.into(),
            url: format!("https://{}{FILE_PATH}", self.domain),
            value: self.token.to_owned(),
        }
    }

    /// The name and kind of record to look up; nothing for the file.
    pub fn question(&self, method: Method) -> Option<(String, RecordKind)> {
        match method {
            Method::Txt => Some((self.txt().host_full, RecordKind::Txt)),
            Method::Cname => Some((self.cname().host_full, RecordKind::Cname)),
            Method::Html => None,
        }
    }

    /// Where the record lies if the provider appended the domain once more (domain.md section 5, failure causes).
    pub fn doubled(&self, method: Method) -> Option<(String, RecordKind)> {
        let (name, kind) = self.question(method)?;
        Some((format!("{name}.{}", psl::domain_str(self.domain).unwrap_or(self.domain)), kind))
    }

    /// Weighs DNS answers. The domain's own servers decide; the resolver counts where none of them could be asked.
    pub fn judge_dns(&self, method: Method, answers: &[DnsAnswer], at: Instant) -> Check {
        let seen: Vec<(Outcome, &DnsAnswer)> =
            answers.iter().map(|a| (self.read_dns(method, &a.outcome), a)).collect();
        let rank = |outcome: Outcome| match outcome {
            Outcome::Verified => 0,
            Outcome::ValueMismatch => 1,
            Outcome::RecordMissing => 2,
            Outcome::NxDomain => 3,
            Outcome::ServFail => 4,
            _ => 5,
        };
        let best = |own: bool| {
            let of_kind = seen.iter().filter(|(_, a)| a.authoritative == own);
            of_kind.min_by_key(|(o, _)| rank(*o)).copied()
        };
        let (outcome, answer) = match (best(true), best(false)) {
            (Some((own, _)), Some((Outcome::Verified, resolver)))
                if own != Outcome::Verified && own.is_loss() =>
            {
                (Outcome::WrongNameserver, Some(resolver))
            }
            (Some((own, a)), _) if own == Outcome::Verified || own.is_loss() => (own, Some(a)),
            (_, Some((outcome, a))) => (outcome, Some(a)),
            (Some((own, a)), None) => (own, Some(a)),
            (None, None) => (Outcome::Timeout, None),
        };
        let found = match answer.map(|a| &a.outcome) {
            Some(DnsOutcome::Records(values)) => shown(values.iter().map(String::as_str)),
            _ => Vec::new(),
        };
        let server = answer.map(|a| a.server.clone()).unwrap_or_default();
        Check { method, outcome, found, status: None, server, hint: None, at }
    }

    /// Weighs the web server's answers: the one over HTTPS, and the one over HTTP if there is one.
    pub fn judge_web(&self, answers: &[WebAnswer], at: Instant) -> Check {
        let rank = |outcome: Outcome| match outcome {
            Outcome::Verified => 0,
            Outcome::ValueMismatch => 1,
            Outcome::HttpStatus => 2,
            Outcome::RedirectOffsite => 3,
            Outcome::TooLarge => 4,
            Outcome::PrivateAddress => 5,
            Outcome::Timeout => 6,
            Outcome::Unreachable => 7,
            _ => 8,
        };
        let seen = answers.iter().map(|a| (self.read_web(&a.outcome), a));
        let Some((outcome, answer)) = seen.min_by_key(|(o, _)| rank(*o)) else {
            return Check {
                method: Method::Html,
                outcome: Outcome::Timeout,
                found: Vec::new(),
                status: None,
                server: String::new(),
                hint: None,
                at,
            };
        };
        let (found, status) = match &answer.outcome {
            WebOutcome::Body(body) => (shown([body.trim()].into_iter()), None),
            WebOutcome::OffsiteRedirect(to) => (shown([to.as_str()].into_iter()), None),
            WebOutcome::Status(status) => (Vec::new(), Some(*status)),
            _ => (Vec::new(), None),
        };
        Check { method: Method::Html, outcome, found, status, server: answer.url.clone(), hint: None, at }
    }

    fn read_dns(&self, method: Method, outcome: &DnsOutcome) -> Outcome {
        match outcome {
            DnsOutcome::Records(values) => {
                let proven = values.iter().any(|v| match method {
                    Method::Cname => v.trim_end_matches('.').eq_ignore_ascii_case(self.verify_host),
                    _ => unquoted(v) == self.txt().value,
                });
                let meant = method == Method::Cname || values.iter().any(|v| is_meant(v));
                match (proven, meant && !values.is_empty()) {
                    (true, _) => Outcome::Verified,
                    (_, true) => Outcome::ValueMismatch,
                    (_, false) => Outcome::RecordMissing,
                }
            }
            DnsOutcome::NoRecords => Outcome::RecordMissing,
            // A name below the domain that does not exist says nothing about the domain.
            DnsOutcome::NxDomain if method == Method::Cname => Outcome::RecordMissing,
            DnsOutcome::NxDomain => Outcome::NxDomain,
            DnsOutcome::ServFail => Outcome::ServFail,
            DnsOutcome::Timeout => Outcome::Timeout,
        }
    }

    fn read_web(&self, outcome: &WebOutcome) -> Outcome {
        match outcome {
            WebOutcome::Body(body) => {
                let line = body.strip_suffix('\n').unwrap_or(body);
                match line.strip_suffix('\r').unwrap_or(line) == self.token {
                    true => Outcome::Verified,
                    false => Outcome::ValueMismatch,
                }
            }
            WebOutcome::Status(_) => Outcome::HttpStatus,
            WebOutcome::OffsiteRedirect(_) => Outcome::RedirectOffsite,
            WebOutcome::PrivateAddress => Outcome::PrivateAddress,
            WebOutcome::NoHost => Outcome::NxDomain,
            WebOutcome::Timeout => Outcome::Timeout,
            WebOutcome::Unreachable => Outcome::Unreachable,
            WebOutcome::TooLarge => Outcome::TooLarge,
        }
    }
}

/// Some providers store the quotation marks people paste along.
fn unquoted(value: &str) -> &str {
    let value = value.trim();
    value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value).trim()
}

/// Whether a TXT record was meant as the proof. Most domains carry records of other services (`v=spf1 …`,
/// `somebody-site-verification=…`), which are no wrong proofs of ours.
fn is_meant(value: &str) -> bool {
    let value = unquoted(value);
    value.to_ascii_lowercase().starts_with("kontor") || !value.contains(['=', ' ', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: Expected<'static> =
        Expected { domain: "mail.example.co.uk", token: "abc123", verify_host: "verify.vendor.test" };

    fn own(outcome: DnsOutcome) -> DnsAnswer {
        DnsAnswer { server: "ns1 (192.0.2.1)".into(), authoritative: true, outcome }
    }
    fn resolver(outcome: DnsOutcome) -> DnsAnswer {
        DnsAnswer { server: "resolver".into(), authoritative: false, outcome }
    }
    fn records(values: &[&str]) -> DnsOutcome {
        DnsOutcome::Records(values.iter().map(|v| (*v).to_owned()).collect())
    }
    fn txt(answers: &[DnsAnswer]) -> Check {
        EXPECTED.judge_dns(Method::Txt, answers, Instant(1))
    }
    fn web(outcomes: &[WebOutcome]) -> Outcome {
        let answers: Vec<_> =
            outcomes.iter().map(|o| WebAnswer { url: "u".into(), outcome: o.clone() }).collect();
        EXPECTED.judge_web(&answers, Instant(1)).outcome
    }
    const PROOF: &str = "kontor-verification=abc123";

    #[test]
    fn hosts_are_shown_both_ways() {
        assert_eq!(EXPECTED.txt().host, "mail");
        assert_eq!(EXPECTED.txt().host_full, "mail.example.co.uk");
        assert_eq!(EXPECTED.cname().host, "abc123.mail");
        assert_eq!(EXPECTED.cname().host_full, "abc123.mail.example.co.uk");
        assert_eq!(EXPECTED.html().url, "https://mail.example.co.uk/.well-known/kontor-verification.txt");
        let apex = Expected { domain: "example.co.uk", ..EXPECTED };
        assert_eq!((apex.txt().host.as_str(), apex.cname().host.as_str()), ("@", "abc123"));
        assert_eq!(apex.doubled(Method::Txt).unwrap().0, "example.co.uk.example.co.uk");
    }

    #[test]
    fn the_record_is_found_among_others_and_in_quotes() {
        assert_eq!(txt(&[own(records(&["v=spf1 -all", PROOF]))]).outcome, Outcome::Verified);
        assert_eq!(txt(&[own(records(&["\"kontor-verification=abc123\""]))]).outcome, Outcome::Verified);
        assert_eq!(txt(&[own(DnsOutcome::Timeout), resolver(records(&[PROOF]))]).outcome, Outcome::Verified);
    }

    #[test]
    fn a_longer_or_shorter_value_is_another_value() {
        for wrong in [
            "kontor-verification=abc1234",
            "kontor-verification=abc12",
            "Kontor-verification=abc123",
            "abc123",
        ] {
            let check = txt(&[own(records(&[wrong]))]);
            assert_eq!((check.outcome, check.found), (Outcome::ValueMismatch, vec![wrong.to_owned()]));
        }
    }

    #[test]
    fn records_of_other_services_are_no_wrong_proof() {
        let check = txt(&[own(records(&["v=spf1 -all", "other-site-verification=zzz"]))]);
        assert_eq!(check.outcome, Outcome::RecordMissing);
        assert_eq!(check.found.len(), 2);
    }

    #[test]
    fn the_domains_own_servers_decide() {
        let check = txt(&[own(DnsOutcome::NoRecords), resolver(records(&[PROOF]))]);
        assert_eq!((check.outcome, check.server.as_str()), (Outcome::WrongNameserver, "resolver"));
        let check = txt(&[own(records(&[PROOF])), resolver(DnsOutcome::NxDomain)]);
        assert_eq!(check.outcome, Outcome::Verified);
        let check = txt(&[own(DnsOutcome::ServFail), resolver(DnsOutcome::NoRecords)]);
        assert_eq!((check.outcome, check.server.as_str()), (Outcome::RecordMissing, "resolver"));
    }

    #[test]
    fn trouble_keeps_its_name() {
        assert_eq!(
            txt(&[own(DnsOutcome::NxDomain), resolver(DnsOutcome::NxDomain)]).outcome,
            Outcome::NxDomain
        );
        assert_eq!(
            txt(&[own(DnsOutcome::ServFail), resolver(DnsOutcome::ServFail)]).outcome,
            Outcome::ServFail
        );
        assert_eq!(txt(&[own(DnsOutcome::Timeout), resolver(DnsOutcome::Timeout)]).outcome, Outcome::Timeout);
        assert_eq!(txt(&[]).outcome, Outcome::Timeout);
        let cname = EXPECTED.judge_dns(Method::Cname, &[own(DnsOutcome::NxDomain)], Instant(1));
        assert_eq!(cname.outcome, Outcome::RecordMissing);
    }

    #[test]
    fn a_cname_points_to_us_or_elsewhere() {
        let judge = |v: &str| EXPECTED.judge_dns(Method::Cname, &[own(records(&[v]))], Instant(1)).outcome;
        assert_eq!(judge("Verify.Vendor.test."), Outcome::Verified);
        assert_eq!(judge("verify.vendor.test.example.co.uk"), Outcome::ValueMismatch);
    }

    #[test]
    fn the_file_holds_the_token_and_nothing_else() {
        use WebOutcome::*;
        assert_eq!(web(&[Body("abc123\r\n".into())]), Outcome::Verified);
        assert_eq!(web(&[Unreachable, Body("abc123".into())]), Outcome::Verified);
        assert_eq!(web(&[Body("abc123 ".into())]), Outcome::ValueMismatch);
        assert_eq!(web(&[Body("<html>abc123</html>".into())]), Outcome::ValueMismatch);
        assert_eq!(web(&[Status(404), Unreachable]), Outcome::HttpStatus);
        assert_eq!(web(&[OffsiteRedirect("https://other.test/".into()), Timeout]), Outcome::RedirectOffsite);
        assert_eq!(web(&[PrivateAddress, PrivateAddress]), Outcome::PrivateAddress);
        assert_eq!(web(&[NoHost]), Outcome::NxDomain);
        assert_eq!(web(&[TooLarge]), Outcome::TooLarge);
    }

    #[test]
    fn what_is_shown_is_bounded() {
        let long = "kontor".repeat(500);
        let many: Vec<&str> = std::iter::repeat_n(long.as_str(), 40).collect();
        let check = txt(&[own(records(&many))]);
        assert_eq!(check.found.len(), 5);
        assert!(check.found.iter().all(|f| f.chars().count() == 200));
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_the_value_proves(values in proptest::collection::vec("(kontor-verification=)?[\"a-c0-9= ]{0,12}", 0..6)) {
            let exact = values.iter().any(|v| unquoted(v) == PROOF);
            let seen: Vec<&str> = values.iter().map(String::as_str).collect();
            for answers in [vec![own(records(&seen))], vec![own(DnsOutcome::Timeout), resolver(records(&seen))]] {
                proptest::prop_assert_eq!(txt(&answers).outcome == Outcome::Verified, exact);
            }
        }
    }
}
