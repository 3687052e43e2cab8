//! The rules of the four lamps.

use super::*;
use LampHint::*;
use LampState::{Differs, Missing, NoAnswer, Right};

fn wanted() -> Wanted {
    Wanted {
        mx: vec![(10, "mx1.suite.test".into()), (20, "mx2.suite.test".into())],
        include: "spf.suite.test".into(),
        selector: "kontor".into(),
        dmarc: DmarcPolicy::None,
    }
}

fn seen(values: &[&str]) -> Seen {
    Seen::Records(values.iter().map(|v| (*v).to_owned()).collect())
}

fn said(look: Look) -> (LampState, Option<LampHint>) {
    (look.state, look.hint)
}

fn answer(authoritative: bool, outcome: DnsOutcome) -> DnsAnswer {
    DnsAnswer { server: "ns".into(), authoritative, outcome }
}

#[test]
fn an_outage_is_no_missing_record() {
    let (records, fail) = (DnsOutcome::Records(vec!["a".into()]), DnsOutcome::ServFail);
    assert_eq!(Seen::of(&[]), Seen::Nothing);
    assert_eq!(Seen::of(&[answer(true, fail.clone()), answer(false, DnsOutcome::Timeout)]), Seen::Nothing);
    assert_eq!(Seen::of(&[answer(true, fail.clone()), answer(false, DnsOutcome::NxDomain)]), seen(&[]));
    assert_eq!(Seen::of(&[answer(true, fail), answer(false, records.clone())]), seen(&["a"]));
    // The domain's own servers decide; one that is behind counts less than one that has the record.
    assert_eq!(Seen::of(&[answer(true, DnsOutcome::NoRecords), answer(false, records.clone())]), seen(&[]));
    assert_eq!(Seen::of(&[answer(true, DnsOutcome::NoRecords), answer(true, records)]), seen(&["a"]));
    let wanted = wanted();
    let looks = [
        mx(&Seen::Nothing, &wanted),
        spf(&Seen::Nothing, &wanted),
        dkim(&Seen::Nothing, "AAAA", None),
        dmarc(&Seen::Nothing, &wanted),
    ];
    assert!(looks.iter().all(|look| look.state == NoAnswer && look.found.is_empty()));
}

#[test]
fn mail_goes_to_the_suites_servers_first() {
    let mx = |values: &[&str]| said(mx(&seen(values), &wanted()));
    assert_eq!(mx(&[]), (Missing, None));
    assert_eq!(mx(&["10 MX1.suite.test.", "20 mx2.suite.test"]), (Right, None));
    // The numbers are the domain's own matter as long as the order is right.
    assert_eq!(mx(&["1 mx1.suite.test", "1 mx2.suite.test", "90 old.example"]), (Right, None));
    assert_eq!(mx(&["10 mx1.suite.test", "20 mx2.suite.test", "15 old.example"]), (Right, None));
    assert_eq!(
        mx(&["10 mx1.suite.test", "20 mx2.suite.test", "5 old.example"]),
        (Differs, Some(MxElsewhere))
    );
    assert_eq!(
        mx(&["10 mx1.suite.test", "20 mx2.suite.test", "10 old.example"]),
        (Differs, Some(MxElsewhere))
    );
    assert_eq!(mx(&["10 mx1.suite.test"]), (Differs, Some(MxIncomplete)));
    assert_eq!(mx(&["10 old.example"]), (Differs, Some(MxElsewhere)));
    // No mail at all (RFC 7505).
    assert_eq!(mx(&["0 "]), (Differs, Some(MxElsewhere)));
    assert_eq!(mx(&["10 mx1.suite.test.evil.example", "20 mx2.suite.test"]), (Differs, Some(MxElsewhere)));
}

#[test]
fn one_spf_record_names_the_suite_and_is_closed() {
    let spf = |values: &[&str]| said(spf(&seen(values), &wanted()));
    assert_eq!(spf(&["other=1"]), (Missing, None));
    assert_eq!(spf(&["v=spf1 include:spf.suite.test ~all"]), (Right, None));
    assert_eq!(spf(&["other=1", "V=SPF1  ip4:192.0.2.1 +include:SPF.suite.test.  -all"]), (Right, None));
    let two = ["v=spf1 include:spf.suite.test ~all", "v=spf1 -all"];
    assert_eq!(spf(&two), (Differs, Some(SpfSeveral)));
    assert_eq!(spf(&["v=spf1 -all"]), (Differs, Some(SpfNoInclude)));
    assert_eq!(spf(&["v=spf1"]), (Differs, Some(SpfNoInclude)));
    assert_eq!(spf(&["v=spf1 include:spf.suite.test.evil.example ~all"]), (Differs, Some(SpfNoInclude)));
    assert_eq!(spf(&["v=spf1 ?include:spf.suite.test ~all"]), (Differs, Some(SpfNoInclude)));
    assert_eq!(spf(&["v=spf1 ~all include:spf.suite.test"]), (Differs, Some(SpfNoInclude)));
    for open in ["", " ?all", " +all", " all", " redirect=spf.suite.test"] {
        let record = format!("v=spf1 include:spf.suite.test{open}");
        assert_eq!(spf(&[&record]), (Differs, Some(SpfOpen)), "{record}");
    }
    // Another version of another thing.
    assert_eq!(spf(&["v=spf10 include:spf.suite.test ~all"]), (Missing, None));
}

#[test]
fn the_key_at_the_selector_is_ours() {
    let dkim = |values: &[&str]| said(dkim(&seen(values), "MIIBabc+/=", None));
    assert_eq!(dkim(&["some text"]), (Missing, None));
    assert_eq!(dkim(&["v=DKIM1; k=rsa; p=MIIBabc+/="]), (Right, None));
    // Spaces within the key, no version, no kind: as some providers keep it.
    assert_eq!(dkim(&["p=MIIB abc\t+/=;"]), (Right, None));
    assert_eq!(dkim(&["v=DKIM1;h=sha1:sha256;s=email;t=s;p=MIIBabc+/="]), (Right, None));
    for other in
        ["p=MIIBabc+/", "v=DKIM2; p=MIIBabc+/=", "k=rsa; v=DKIM1; p=MIIBabc+/=", "k=ed25519; p=MIIBabc+/="]
    {
        assert_eq!(dkim(&[other]), (Differs, Some(DkimOther)), "{other}");
    }
    for useless in ["h=sha1; p=MIIBabc+/=", "s=tlsrpt; p=MIIBabc+/="] {
        assert_eq!(dkim(&[useless]), (Differs, Some(DkimOther)), "{useless}");
    }
    assert_eq!(dkim(&["v=DKIM1; p="]), (Differs, Some(DkimRevoked)));
    assert_eq!(dkim(&["p=MIIBabc+/=", "p=other"]), (Differs, Some(DkimSeveral)));
}

#[test]
fn the_key_before_counts_until_the_new_one_is_seen() {
    let (none, old, new) = (seen(&[]), seen(&["p=OLD"]), seen(&["p=NEW"]));
    assert_eq!(said(dkim(&none, "NEW", Some((&old, "OLD")))), (Right, Some(DkimOld)));
    assert_eq!(said(dkim(&new, "NEW", Some((&old, "OLD")))), (Right, None));
    assert_eq!(said(dkim(&none, "NEW", Some((&none, "OLD")))), (Missing, None));
    assert_eq!(said(dkim(&Seen::Nothing, "NEW", Some((&old, "OLD")))), (Right, Some(DkimOld)));
    assert_eq!(said(dkim(&Seen::Nothing, "NEW", Some((&Seen::Nothing, "OLD")))), (NoAnswer, None));
}

#[test]
fn one_dmarc_record_says_what_becomes_of_other_mail() {
    let dmarc = |values: &[&str], least| said(dmarc(&seen(values), &Wanted { dmarc: least, ..wanted() }));
    use DmarcPolicy::{None as Nothing, Quarantine, Reject};
    assert_eq!(dmarc(&["v=spf1 -all"], Nothing), (Missing, None));
    assert_eq!(dmarc(&["v=DMARC1; p=none"], Nothing), (Right, None));
    assert_eq!(dmarc(&["v = DMARC1;rua=mailto:a@b.test; P=Reject;"], Quarantine), (Right, None));
    assert_eq!(dmarc(&["v=DMARC1; p=none"], Quarantine), (Differs, Some(DmarcWeak)));
    assert_eq!(dmarc(&["v=DMARC1; p=quarantine"], Reject), (Differs, Some(DmarcWeak)));
    assert_eq!(dmarc(&["v=DMARC1; sp=reject"], Nothing), (Differs, Some(DmarcNoPolicy)));
    assert_eq!(dmarc(&["v=DMARC1; p=strict"], Nothing), (Differs, Some(DmarcNoPolicy)));
    assert_eq!(dmarc(&["v=DMARC1; p=none", "v=DMARC1; p=reject"], Nothing), (Differs, Some(DmarcSeveral)));
    // The version comes first, in this very spelling.
    for none in ["p=none; v=DMARC1", "v=dmarc1; p=none", "v=DMARC10; p=none"] {
        assert_eq!(dmarc(&[none], Nothing), (Missing, None), "{none}");
    }
}

#[test]
fn what_is_shown_is_bounded_and_about_the_matter() {
    let long = format!("v=spf1 {}", "x".repeat(500));
    let many: Vec<&str> = std::iter::repeat_n(long.as_str(), 9).chain(["secret=1"]).collect();
    let look = spf(&seen(&many), &wanted());
    assert_eq!(look.found.len(), 5);
    assert!(look.found.iter().all(|f| f.chars().count() == 200));
}

proptest::proptest! {
    #[test]
    fn no_answer_breaks_a_rule(values in proptest::collection::vec("[ -~äß=;:]{0,40}|v=spf1 .{0,20}|v=DMARC1;.{0,20}|p=.{0,9}", 0..5)) {
        let all: Vec<&str> = values.iter().map(String::as_str).collect();
        let (all, wanted) = (seen(&all), wanted());
        for look in [mx(&all, &wanted), spf(&all, &wanted), dkim(&all, "AAAA", Some((&all, "BBBB"))), dmarc(&all, &wanted)] {
            proptest::prop_assert!(look.found.len() <= 5);
            proptest::prop_assert!(look.state != LampState::Unknown && look.state != LampState::NoAnswer);
        }
    }
}
