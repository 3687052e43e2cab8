use super::{stage::Stage, *};
use crate::{
    commission::{Month, Statement, rows::statement},
    kernel::{Kontor, testing::Bench},
    organisation::service::stage::{partner, rows},
    partner::PartnerType,
};
use sea_orm::ConnectionTrait;

fn figures(statement: &Statement) -> (i64, i64, i64, i64, i64, i64) {
    let f = &statement.figures;
    (f.opening, f.earned, f.reversed, f.paid, f.closing, f.lines)
}

async fn close_all(kontor: &Kontor, month: Month) {
    let mut after = None;
    while let Some(next) = close_month(kontor, month, after).await.unwrap() {
        after = Some(next);
    }
}

#[tokio::test]
async fn statements_carry_on_from_month_to_month_and_corrections_go_to_the_open_one() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let march = Month::of(stage.today());
        let sale = stage.sale(36_000);
        stage.accrue(&sale).await.unwrap();
        let mut abroad = stage.sale(10_000);
        abroad.entity = "us".into();
        stage.accrue(&abroad).await.unwrap();
        assert_eq!(close_month(kontor, march, None).await, Err(Error::BadRequest), "{}", bench.name);
        bench.clock.set(march.end().plus_minutes(CLOSING_GRACE_MINUTES));
        close_all(kontor, march).await;
        let page = statement(kontor, &stage.owner, stage.partner, march, None, true).await.unwrap();
        assert!(page.checked.len() == 2 && page.checked.iter().all(|c| c.agrees()), "{}", bench.name);
        assert_eq!(page.lines.rows.len(), 2);
        let told: Vec<_> = page.statements.iter().map(|s| (s.entity.as_str(), figures(s))).collect();
        assert_eq!(told, [("de", (0, 7_200, 0, 0, 7_200, 1)), ("us", (0, 2_000, 0, 0, 2_000, 1))]);

        // A refund of March's sale is April's; nothing happens in May; June is closed after a long pause.
        stage.back(&sale, 18_000, 1).await;
        let june = march.next().next().next();
        bench.clock.set(june.end().plus_days(40));
        close_all(kontor, june).await;
        let all = statements(kontor, &stage.finance, stage.partner, None).await.unwrap().0;
        let de: Vec<_> = all.iter().rev().filter(|s| s.entity == "de").map(figures).collect();
        let still = (3_600, 0, 0, 0, 3_600, 0);
        assert_eq!(de, [(0, 7_200, 0, 0, 7_200, 1), (7_200, 0, 3_600, 0, 3_600, 1), still, still]);
        let months: Vec<_> = all.iter().rev().filter(|s| s.entity == "de").map(|s| s.month).collect();
        assert_eq!(months, [march, march.next(), march.next().next(), june]);

        // Closing again changes nothing, and every statement can be counted again.
        close_all(kontor, june).await;
        assert_eq!(statements(kontor, &stage.finance, stage.partner, None).await.unwrap().0, all);
        for one in &all {
            let recount = recompute(kontor, &stage.owner, one.id).await.unwrap();
            assert!(recount.agrees(), "{recount:?}");
        }
    }
}

#[tokio::test]
async fn the_database_keeps_a_statement_and_a_recount_finds_a_forged_line() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let march = Month::of(stage.today());
        stage.accrue(&stage.sale(36_000)).await.unwrap();
        stage.accrue(&stage.sale(10_000)).await.unwrap();
        bench.clock.set(march.end().plus_days(1));
        close_all(kontor, march).await;
        for forgery in ["UPDATE commission_statement SET closing = 0", "DELETE FROM commission_statement"] {
            let refused = kontor.db.writer().execute_unprepared(forgery).await.unwrap_err().to_string();
            assert!(refused.contains("keeps what it holds"), "{}: {refused}", bench.name);
        }
        let one = statements(kontor, &stage.owner, stage.partner, None).await.unwrap().0.remove(0);
        // Two amounts exchanged: the sums stay, the digest does not.
        let exchange = "UPDATE commission_line SET amount = 9200 - amount";
        for forgery in [exchange, "DELETE FROM commission_line"] {
            let refused = kontor.db.writer().execute_unprepared(forgery).await.unwrap_err().to_string();
            assert!(refused.contains("keeps what it holds"), "{}: {refused}", bench.name);
        }
        // Whoever holds the disc does not ask the database.
        let guard = match kontor.db.is_postgres() {
            true => "DROP TRIGGER commission_line_kept ON commission_line",
            false => "DROP TRIGGER commission_line_not_changed",
        };
        assert_eq!(prove_statements(kontor, march).await.unwrap(), [] as [String; 0], "{}", bench.name);
        kontor.db.writer().execute_unprepared(guard).await.unwrap();
        kontor.db.writer().execute_unprepared(exchange).await.unwrap();
        assert_eq!(prove_statements(kontor, march).await.unwrap().len(), 1, "{}", bench.name);
        let recount = recompute(kontor, &stage.owner, one.id).await.unwrap();
        assert_eq!(recount.stated.earned, recount.counted.earned);
        assert!(!recount.agrees());
    }
}

#[tokio::test]
async fn closing_goes_on_where_it_was_broken_off() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let march = Month::of(stage.today());
        let mut partners = vec![stage.partner];
        for n in 0..60 {
            partners.push(partner(&bench, &format!("P{n}"), PartnerType::Reseller).await.0);
        }
        for partner in &partners {
            let mut sale = stage.sale(1_000);
            sale.partner = *partner;
            stage.accrue(&sale).await.unwrap();
        }
        bench.clock.set(march.end().plus_days(1));
        let next = close_month(kontor, march, None).await.unwrap();
        assert!(next.is_some());
        assert_eq!(rows::<statement::Entity>(&bench).await.len(), 50, "{}", bench.name);
        assert_eq!(close_month(kontor, march, next).await, Ok(None));
        assert_eq!(rows::<statement::Entity>(&bench).await.len(), 61);
        close_all(kontor, march).await;
        assert_eq!(rows::<statement::Entity>(&bench).await.len(), 61);
    }
}

#[tokio::test]
async fn statements_are_shown_page_by_page_and_no_month_is_cut() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let first = Month::of(stage.today());
        for entity in ["de", "us", "jp"] {
            let sale = Sale { entity: entity.into(), ..stage.sale(36_000) };
            stage.accrue(&sale).await.unwrap();
        }
        // What is owed is carried on: three statements a month for ten months.
        let last = (0..9).fold(first, |month, _| month.next());
        bench.clock.set(last.end().plus_days(1));
        close_all(kontor, last).await;
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let (page, next) = statements(kontor, &stage.owner, stage.partner, before).await.unwrap();
            assert_eq!(page.len() % 3, 0, "{}: {}", bench.name, page.len());
            seen.extend(page.iter().map(|s| s.month));
            before = next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 30, "{}", bench.name);
        assert!(seen.is_sorted_by(|a, b| a >= b), "{}", bench.name);
    }
}
