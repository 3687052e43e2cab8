use super::{stage::Stage, *};
use crate::{
    Issue, Refusal,
    commission::{AdjustCommission, SaleKind},
    kernel::{id::CommissionId, testing::Bench},
    ledger::{
        Account, EVERYBODY,
        service::{balances_of, verify_ledger},
    },
};
use uuid::Uuid;

fn form(amount: &str, key: &str) -> AdjustCommission {
    AdjustCommission { amount: amount.into(), reason: "agreed by telephone".into(), request_key: key.into() }
}

impl Stage<'_> {
    /// A chargeback of the whole sale, and the dispute about it won.
    async fn disputed(&self, sale: &Sale, dispute: u128) {
        self.tick();
        let kontor = &self.bench.kontor;
        let tx = kontor.db.begin().await.unwrap();
        let back = Back {
            invoice: sale.invoice,
            part: sale.deal.base,
            whole: sale.deal.base,
            cause: Uuid::from_u128(dispute),
            kind: SaleKind::Chargeback,
        };
        claw_back(kontor, &tx, &back).await.unwrap();
        tx.commit().await.unwrap();
    }
    async fn won(&self, sale: &Sale, dispute: u128) -> Vec<i64> {
        self.tick();
        let kontor = &self.bench.kontor;
        let tx = kontor.db.begin().await.unwrap();
        let moves = restore(kontor, &tx, sale.invoice, Uuid::from_u128(dispute)).await.unwrap();
        tx.commit().await.unwrap();
        moves.iter().map(|moved| moved.amount.minor).collect()
    }
    async fn held(&self) -> (i64, i64) {
        let all = balance(&self.bench.kontor, &self.owner, self.partner).await.unwrap();
        all.first().map_or((0, 0), |b| (b.pending, b.available))
    }
}

#[tokio::test]
async fn a_dispute_that_was_won_gives_the_commission_again_and_once() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let sale = stage.sale(36_000);
        stage.accrue(&sale).await.unwrap();
        stage.disputed(&sale, 9).await;
        assert_eq!(stage.held().await, (0, 0), "{}", bench.name);
        assert_eq!(stage.won(&sale, 9).await, [7_200]);
        assert_eq!(stage.won(&sale, 9).await, [] as [i64; 0]);
        assert_eq!(stage.held().await, (7_200, 0), "{}: held as the sale is", bench.name);
        // A refund afterwards takes its part of it, where it stands.
        stage.back(&sale, 10_000, 1).await;
        assert_eq!(stage.held().await, (5_200, 0), "{}", bench.name);
        stage.days(45);
        stage.release(1).await;
        stage.release(10).await;
        assert_eq!(stage.held().await, (0, 5_200), "{}", bench.name);
        stage.back(&sale, 26_000, 2).await;
        assert_eq!(stage.held().await, (0, 0), "{}", bench.name);
    }
}

#[tokio::test]
async fn a_dispute_won_after_the_hold_gives_what_can_be_paid_out() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let sale = stage.available(36_000).await;
        stage.disputed(&sale, 9).await;
        assert_eq!(stage.won(&sale, 9).await, [7_200], "{}", bench.name);
        assert_eq!(stage.held().await, (0, 7_200), "{}", bench.name);
        assert_eq!(stage.won(&sale, 8).await, [] as [i64; 0], "another dispute took nothing");
    }
}

#[tokio::test]
async fn a_refund_whose_share_rounds_to_nothing_is_remembered_to_the_last_cent() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        // Three cents earn one: a third of it is nothing, three times.
        let mut sale = stage.sale(3);
        sale.deal.base = 3;
        stage.accrue(&sale).await.unwrap();
        assert_eq!(stage.held().await, (1, 0), "{}", bench.name);
        assert_eq!(stage.back(&sale, 1, 1).await, [], "{}", bench.name);
        assert_eq!(stage.back(&sale, 1, 1).await, [], "the same refund again");
        assert_eq!(stage.back(&sale, 1, 2).await, []);
        assert_eq!(stage.back(&sale, 1, 3).await[0].amount.minor, -1, "{}", bench.name);
        assert_eq!(stage.held().await, (0, 0), "{}", bench.name);
    }
}

#[tokio::test]
async fn finance_puts_a_line_right_with_a_reason_and_it_is_in_the_books() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let sale = stage.available(36_000).await;
        let id = lines(kontor, &stage.owner, stage.partner, &Default::default()).await.unwrap().rows[0].id;
        let stage = &stage;
        let act = async |form| adjust(kontor, &stage.finance, stage.partner, id, &form).await;
        for (wrong, field, issue) in [
            (form("0", "adjust-key-0"), "amount", Issue::Required),
            (
                AdjustCommission { reason: " ".into(), ..form("5", "adjust-key-0") },
                "reason",
                Issue::TooShort { min: 3 },
            ),
        ] {
            let refused = adjust(kontor, &stage.finance, stage.partner, id, &wrong).await;
            let Err(Error::Invalid(fields)) = refused else { panic!("{refused:?}") };
            assert_eq!(fields[0].field, field, "{}", bench.name);
            assert!(fields[0].issue == issue || fields[0].issue == Issue::Required, "{fields:?}");
        }
        for wrong in ["abc", "1.234,567", "", "--5"] {
            assert!(matches!(act(form(wrong, "adjust-key-0")).await, Err(Error::Invalid(_))), "{wrong}");
        }
        let mine = adjust(kontor, &stage.owner, stage.partner, id, &form("5", "adjust-key-0")).await;
        assert_eq!(mine, Err(Error::NotFound), "nobody adjusts their own");
        let nobody = CommissionId(Uuid::from_u128(4));
        let unknown = adjust(kontor, &stage.finance, stage.partner, nobody, &form("5", "adjust-key-0")).await;
        assert_eq!(unknown, Err(Error::NotFound));

        let added = act(form("-12.50", "adjust-key-1")).await.unwrap();
        assert_eq!(act(form("-12.50", "adjust-key-1")).await, Ok(added), "{}: a double click", bench.name);
        assert_eq!(act(form("12.50", "adjust-key-1")).await, Err(Refusal::KeyReused.into()));
        assert_eq!(stage.held().await, (0, 7_200 - 1_250), "{}", bench.name);
        let view = line(kontor, &stage.owner, stage.partner, added).await.unwrap();
        assert_eq!(view.row.kind, SaleKind::Adjustment);
        assert_eq!(view.why.note.as_deref(), Some("agreed by telephone"), "{}", bench.name);
        let books = [Account::CommissionAvailable];
        let balances = balances_of(kontor.db.read(), EVERYBODY, &books).await.unwrap();
        assert_eq!(balances[0].amount.minor, 1_250, "{}: the sale was not posted by this stage", bench.name);
        assert!(verify_ledger(kontor).await.unwrap().is_clean(), "{}", bench.name);
        // All of the sale goes back: so does what was put right beside it.
        stage.back(&sale, 36_000, 1).await;
        assert_eq!(stage.held().await, (0, 0), "{}", bench.name);
    }
}
