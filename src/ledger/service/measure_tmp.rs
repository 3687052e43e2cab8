use super::{testing::*, *};
use crate::{
    kernel::{
        id::OrgId,
        money::{Currency, Money},
        testing::Bench,
    },
    ledger::{Account, Cause, Draft},
};
#[tokio::test]
async fn ledger_measure() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let owners: Vec<OrgId> = (0..1000).map(|_| kontor.id()).collect();
        for size in [1usize, 10, 100, 500, 1000] {
            let total = if size == 1 { 2_000 } else { 10_000 };
            let postings: Vec<_> = (0..total)
                .map(|n| {
                    let o = owners[n % 1000];
                    let m = |v| Money::new(v, Currency::Eur);
                    Draft::new(Cause::Invoice, new_id(kontor), "de", kontor.now())
                        .org(o)
                        .partner(o)
                        .debit(Account::Receivable, o, m(119))
                        .credit(Account::Sales, o, m(120))
                        .debit(Account::Discount, o, m(20))
                        .credit(Account::Tax, o, m(19))
                        .build()
                        .unwrap()
                })
                .collect();
            let begin = std::time::Instant::now();
            for chunk in postings.chunks(size) {
                posted_now(kontor, chunk).await;
            }
            let secs = begin.elapsed().as_secs_f64();
            eprintln!("MEASURE {} batch {size}: {:.0} transactions/s", bench.name, total as f64 / secs);
        }
        let begin = std::time::Instant::now();
        assert!(verify_ledger(kontor).await.unwrap().is_clean());
        eprintln!("MEASURE {} verify 42,000x4: {:.2} s", bench.name, begin.elapsed().as_secs_f64());
    }
}
