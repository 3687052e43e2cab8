//! The reviewers' queue.

use crate::{
    Error,
    application::{
        ApplicationStatus, Expertise,
        review::{PAGE, Place, QueueCounts, QueuePage, QueueQuery, QueueRow, Stage, age_days, ageing},
        rows::{
            application::Column,
            people,
            queue::{self, Along, Lean},
        },
    },
    kernel::{Kontor, actor::Actor, id::AccountId, instant::Instant, right::Feature},
};

/// One page of the queue, with counts for the filters.
pub async fn queue(kontor: &Kontor, actor: &Actor, query: &QueueQuery) -> Result<QueuePage, Error> {
    actor.require(Feature::ApplicationsView)?;
    let (db, me, now) = (kontor.db.read(), actor.account(), kontor.now());
    let mut rows = queue::page(db, query, me, now).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let backward = query.after.is_none() && query.before.is_some();
    if backward {
        rows.reverse();
    }
    let place = |row: Option<&Lean>| row.and_then(|r| Some(Place { due_at: r.due_at?, id: r.id }));
    let has_next = if backward { true } else { more };
    let has_previous = if backward { more } else { query.after.is_some() };
    let next = place(rows.last()).filter(|_| has_next);
    let previous = place(rows.first()).filter(|_| has_previous);
    let names = people::accounts(db, rows.iter().filter_map(|r| r.assigned_to).collect()).await?;
    let name = |id: AccountId| names.iter().find(|row| row.id == id).map(|row| people::person(row).name);
    let rows = rows.into_iter().map(|row| shown(row, now, name)).collect();
    Ok(QueuePage { rows, counts: counts(kontor, me, query).await?, next, previous })
}

fn shown(row: Lean, now: Instant, name: impl Fn(AccountId) -> Option<String>) -> QueueRow {
    let open = row.status.is_open();
    // Reviewers see only submitted applications; both times are set together.
    let submitted_at = row.submitted_at.unwrap_or(now);
    let due_at = row.due_at.unwrap_or(now);
    QueueRow {
        id: row.id,
        applicant: format!("{} {}", row.first_name, row.last_name),
        company_name: row.company_name,
        company_domain: row.company_domain,
        country: row.country,
        expertise: row.expertise,
        status: row.status,
        submitted_at,
        due: due_at.day(),
        age_days: age_days(submitted_at, now),
        ageing: open.then(|| ageing(submitted_at, now)),
        overdue: open && due_at <= now,
        assigned_to: row.assigned_to.and_then(name),
    }
}

async fn counts(kontor: &Kontor, me: Option<AccountId>, query: &QueueQuery) -> Result<QueueCounts, Error> {
    let (db, now) = (kontor.db.read(), kontor.now());
    let by_status: Vec<(ApplicationStatus, i64)> =
        queue::count_by(db, query, me, now, Along::Stage, Column::Status).await?;
    let stages = Stage::ALL.iter().map(|stage| {
        let of = |status: &ApplicationStatus| stage.statuses().contains(status);
        (*stage, by_status.iter().filter(|(status, _)| of(status)).map(|(_, n)| *n as u64).sum())
    });
    let mut countries: Vec<(String, i64)> =
        queue::count_by(db, query, me, now, Along::Country, Column::Country).await?;
    countries.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let by_expertise: Vec<(Expertise, i64)> =
        queue::count_by(db, query, me, now, Along::Expertise, Column::Expertise).await?;
    let of = |expertise: Expertise| by_expertise.iter().find(|(e, _)| *e == expertise).map_or(0, |(_, n)| *n);
    Ok(QueueCounts {
        stages: stages.collect(),
        countries: countries.into_iter().map(|(country, n)| (country, n as u64)).collect(),
        expertises: Expertise::ALL.iter().map(|e| (*e, of(*e) as u64)).collect(),
        mine: queue::count(db, query, me, now, Along::Mine).await?,
        overdue: queue::count(db, query, me, now, Along::Overdue).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::bench::{Desk, form};
    use super::*;
    use crate::{
        application::{
            review::Ageing,
            service::{Assignee, assign, detail, submit, withdraw},
        },
        kernel::{
            right::Role,
            testing::{Bench, analyse, plan_of},
        },
    };

    fn names(page: &QueuePage) -> Vec<String> {
        page.rows.iter().map(|row| row.company_domain.clone()).collect()
    }

    #[tokio::test]
    async fn the_most_urgent_come_first_and_look_their_age() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let query = QueueQuery::default();
            assert_eq!(queue(&bench.kontor, &desk.ada, &query).await.unwrap().rows, vec![]);
            for (domain, days) in [("old.test", 4), ("middle.test", 3), ("young.test", 0)] {
                desk.submitted(domain).await;
                desk.pass(days).await;
            }
            desk.sent("unconfirmed.test", false).await;
            let page = queue(&bench.kontor, &desk.support, &query).await.unwrap();
            assert_eq!(names(&page), ["old.test", "middle.test", "young.test"], "{}", bench.name);
            let looks: Vec<_> = page.rows.iter().map(|row| (row.ageing, row.overdue)).collect();
            let expected =
                [(Some(Ageing::Late), true), (Some(Ageing::Waiting), false), (Some(Ageing::Fresh), false)];
            assert_eq!(looks, expected);
            assert_eq!(page.counts.overdue, 1);
            let finance = desk.with_role(Role::VendorFinance);
            assert_eq!(queue(&bench.kontor, &finance, &query).await, Err(Error::Forbidden));
        }
    }

    #[tokio::test]
    async fn search_and_filters_agree_with_their_counts() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let kontor = &bench.kontor;
            let (a, version, _) = desk.submitted("nordwind.test").await;
            assign(kontor, &desk.ada, a, version, Assignee::Me).await.unwrap();
            let viewer = desk.applicant("hans@suedwind.test", true).await;
            let austrian = crate::application::ApplicationForm {
                country: "AT".into(),
                postal_code: "1010".into(),
                vat_id: String::new(),
                company_name: "Größe 100% AG".into(),
                expertise: "crm".into(),
                ..form("suedwind.test")
            };
            submit(kontor, &viewer, austrian).await.unwrap();
            let (_, _, gone) = desk.submitted("weg.test").await;
            withdraw(kontor, &gone, "").await.unwrap();
            let find = async |text: &str| {
                let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
                names(&queue(kontor, &desk.ada, &QueueQuery::from_pairs(pairs)).await.unwrap())
            };
            assert_eq!(find("").await.len(), 2);
            assert_eq!(find("q=GROSSE").await, ["suedwind.test"]);
            assert_eq!(find("q=100%").await, ["suedwind.test"]);
            assert_eq!(find("q=hans@ größe").await, ["suedwind.test"]);
            assert_eq!(find("q=_%\\").await, Vec::<String>::new());
            assert_eq!(find("q='; DROP TABLE application").await, Vec::<String>::new());
            assert_eq!(find("country=AT").await, ["suedwind.test"]);
            assert_eq!(find("expertise=workplace").await, ["nordwind.test"]);
            assert_eq!(find("mine=1").await, ["nordwind.test"]);
            assert_eq!(find("status=withdrawn").await, ["weg.test"]);
            assert_eq!(find("status=in_review&country=AT").await, Vec::<String>::new());
            let counts = queue(kontor, &desk.ada, &QueueQuery::default()).await.unwrap().counts;
            let stages: Vec<u64> = counts.stages.iter().map(|(_, n)| *n).collect();
            assert_eq!(stages, [2, 1, 1, 0, 0, 0, 1]);
            assert_eq!(counts.countries, [("AT".to_owned(), 1), ("DE".to_owned(), 1)]);
            assert_eq!((counts.mine, counts.overdue), (1, 0));
            assert_eq!(counts.expertises[..2], [(Expertise::Workplace, 1), (Expertise::Crm, 1)]);
        }
    }

    #[tokio::test]
    async fn pages_follow_one_another_without_gap_and_back() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            for n in 0..60 {
                desk.submitted(&format!("firma-{n:02}.test")).await;
                if n % 7 == 0 {
                    desk.bench.clock.move_ms(1000);
                }
            }
            let mut query = QueueQuery::default();
            let mut seen = Vec::new();
            let mut backs = Vec::new();
            loop {
                let page = queue(&bench.kontor, &desk.ada, &query).await.unwrap();
                seen.push(names(&page));
                backs.push(page.previous);
                let Some(next) = page.next else { break };
                query.after = Some(next);
            }
            assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [25, 25, 10]);
            let mut all = seen.concat();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 60, "{}", bench.name);
            assert_eq!(backs[0], None);
            let back = QueueQuery { after: None, before: backs[2], ..Default::default() };
            let page = queue(&bench.kontor, &desk.ada, &back).await.unwrap();
            assert_eq!(names(&page), seen[1]);
            let first = QueueQuery { after: None, before: page.previous, ..Default::default() };
            let page = queue(&bench.kontor, &desk.ada, &first).await.unwrap();
            assert_eq!((names(&page), page.previous), (seen[0].clone(), None));
        }
    }

    /// 20,000 applications, most of them decided.
    async fn twenty_thousand(desk: &Desk<'_>) {
        use crate::application::rows::application;
        use sea_orm::{EntityTrait, IntoActiveModel};
        let kontor = &desk.bench.kontor;
        let receipt = desk.sent("first.test", true).await;
        let first = desk.row(&receipt.token).await;
        let rows: Vec<_> = (0..20_000i64)
            .map(|n| {
                let at = Instant(first.created_at.0 + n * 1000);
                let status = match n % 20 {
                    0 => ApplicationStatus::Submitted,
                    1 => ApplicationStatus::InReview,
                    2..=9 => ApplicationStatus::Rejected,
                    _ => ApplicationStatus::Approved,
                };
                application::Model {
                    id: kontor.id(),
                    status_hash: n.to_string(),
                    status,
                    submitted_at: Some(at),
                    due_at: Some(at.plus_days(7)),
                    ..first.clone()
                }
            })
            .collect();
        let tx = kontor.db.begin().await.unwrap();
        for chunk in rows.chunks(500) {
            let active = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
            application::Entity::insert_many(active).exec_without_returning(&tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        analyse(kontor).await;
    }

    #[tokio::test]
    async fn every_page_of_the_queue_walks_its_index() {
        use sea_orm::QueryTrait;
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            twenty_thousand(&desk).await;
            let later = queue(&bench.kontor, &desk.ada, &QueueQuery::default()).await.unwrap().next;
            for stage in Stage::ALL {
                for (after, before) in [(None, None), (later, None), (None, later)] {
                    let query = QueueQuery { stage: *stage, after, before, ..Default::default() };
                    for status in stage.statuses() {
                        let select = queue::part(&query, None, bench.kontor.now(), *status);
                        let plan = plan_of(&bench.kontor, select.build(bench.kontor.db.backend())).await;
                        assert!(plan.contains("application_queue"), "{} {query:?}\n{plan}", bench.name);
                        for bad in ["Seq Scan", "SCAN application", "TEMP B-TREE"] {
                            assert!(!plan.contains(bad), "{} {query:?}: {bad} in\n{plan}", bench.name);
                        }
                    }
                }
            }
        }
    }

    #[tokio::test]
    async fn the_detail_shows_who_may_be_the_same() {
        for bench in Bench::all().await {
            let desk = Desk::open(&bench).await;
            let (_, _, token) = desk.submitted("nordwind.test").await;
            withdraw(&bench.kontor, &token, "").await.unwrap();
            let viewer = desk.applicant("second@nordwind.test", true).await;
            let again = crate::application::ApplicationForm {
                company_name: "NORDWIND AG".into(),
                ..form("nordwind.test")
            };
            let receipt = submit(&bench.kontor, &viewer, again).await.unwrap();
            desk.submitted("andere.test").await;
            let id = desk.row(&receipt.token).await.id;
            let seen = detail(&bench.kontor, &desk.ada, id).await.unwrap();
            assert_eq!(seen.hints.len(), 1, "{:?}", seen.hints);
            assert_eq!(seen.hints[0].kinds, crate::application::detail::HintKind::ALL);
            assert_eq!(seen.hints[0].status, Some(ApplicationStatus::Withdrawn));
            assert_eq!(seen.web.host_resolves, Some(true));
            assert!(seen.web.mail_on_domain && !seen.web.public_mail);
            assert_eq!(seen.facts.company_name, "NORDWIND AG");
            assert_eq!(seen.history.last().map(|e| e.action.as_str()), Some("application.sent"));
        }
    }
}
