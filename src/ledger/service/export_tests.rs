//! `hledger` reads the journal and comes to our balances, to the cent.

use super::{export::account_name, testing::*, *};
use crate::{
    kernel::{
        Kontor,
        id::OrgId,
        instant::Day,
        money::{Currency, Money},
        right::OrgKind,
        testing::Bench,
    },
    ledger::{Account, Balance, EVERYBODY},
    organisation::service::stage::organisation,
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

async fn journal(kontor: &Kontor, until: Option<Day>) -> String {
    let mut journal = Journal::begin(kontor, until).await.unwrap();
    let mut text = String::new();
    while let Some(piece) = journal.next().await.unwrap() {
        text.push_str(&piece);
    }
    text
}

/// What `hledger` answers (Debian package hledger).
fn hledger(journal: &str, arguments: &[&str]) -> String {
    let mut child = Command::new("hledger")
        .args(["--file", "-"])
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("hledger is installed (Debian package hledger)");
    let mut stdin = child.stdin.take().unwrap();
    let text = journal.to_owned();
    let feed = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap().unwrap();
    assert!(output.status.success(), "hledger takes the journal");
    String::from_utf8(output.stdout).unwrap()
}

/// Balances by account name and currency, as `hledger` reckons them.
fn reckoned(journal: &str) -> BTreeMap<(String, String), String> {
    let options = ["balance", "--flat", "--no-total", "--output-format", "csv", "--layout", "bare"];
    let csv = hledger(journal, &options);
    let row = |line: &str| {
        let fields: Vec<String> = line.trim_matches('"').split("\",\"").map(str::to_owned).collect();
        ((fields[0].clone(), fields[1].clone()), fields[2].clone())
    };
    csv.lines().skip(1).map(row).collect()
}

/// A partner by id and name; nobody stands for all.
type Whose<'a> = Option<(OrgId, &'a str)>;

/// The same from our balances; where partners are owed to, per partner.
fn kept(balances: Vec<(Whose<'_>, Vec<Balance>)>) -> BTreeMap<(String, String), String> {
    let mut sums: BTreeMap<(String, Currency), i64> = BTreeMap::new();
    for (owner, balances) in balances {
        let (owner, name) = owner.map_or((EVERYBODY, None), |(owner, name)| (owner, Some(name)));
        for Balance { account, entity, amount } in balances {
            let name = account_name(account, &entity, owner, name);
            *sums.entry((name, amount.currency)).or_default() += amount.minor;
        }
    }
    let plain = |((account, currency), minor): ((String, Currency), i64)| {
        ((account, currency.to_string()), Money::new(minor, currency).plain())
    };
    sums.into_iter().filter(|(_, minor)| *minor != 0).map(plain).collect()
}

#[tokio::test]
async fn hledger_reckons_our_balances_to_the_cent() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let names = ["Nordlicht; IT: \"Süd\"  & Söhne | (GmbH) [2020-01-01]", "* 日本\u{b}#1, tag:x"];
        let mut owners = vec![];
        for name in names {
            owners.push(organisation(&bench, OrgKind::Partner, name).await);
        }
        let customer = organisation(&bench, OrgKind::Customer, "! (x) Kunde ; \n2020-01-01 x | = y").await;
        let mut runner = TestRunner::deterministic();
        let thrown = any_thrown(2);
        let mut next = |n: usize| {
            let thrown = thrown.new_tree(&mut runner).unwrap().current();
            thrown.posting(kontor, &owners, n.is_multiple_of(2).then_some(customer))
        };
        // More than two pages of the export.
        let postings: Vec<_> = (0..1_300).filter_map(&mut next).collect();
        assert!(postings.len() > 1_100);
        posted_now(kontor, &postings).await;

        let until = FIRST.plus(5);
        for until in [None, Some(until)] {
            let text = journal(kontor, until).await;
            let mut expected = Vec::new();
            for (owner, name) in [(EVERYBODY, ""), (owners[0], names[0]), (owners[1], names[1])] {
                let owed = |b: &Balance| b.account.is_owed_to_partners() == (owner != EVERYBODY);
                let last = until.unwrap_or(Day(99_999));
                let days = days(kontor.db.read(), owner, Account::ALL, Day(0), last).await.unwrap();
                let sums = days.into_iter().map(|d| Balance {
                    account: d.account,
                    amount: d.net(),
                    entity: d.entity,
                });
                expected.push(((owner != EVERYBODY).then_some((owner, name)), sums.filter(owed).collect()));
            }
            let (reckoned, kept) = (reckoned(&text), kept(expected));
            assert!(kept.keys().any(|(_, currency)| currency == "JPY") && kept.len() > 100);
            assert_eq!(reckoned, kept, "{} until {until:?}", bench.name);
        }
        let text = journal(kontor, None).await;
        let stats = hledger(&text, &["stats"]);
        let line = stats.lines().find(|l| l.starts_with("Transactions  ")).unwrap();
        assert!(line.contains(&format!(": {} ", postings.len())), "{line}");
    }
}
