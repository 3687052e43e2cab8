//! The report itself: a handful of statements over summaries, however much lies behind them.

use super::{readable, waiting::waiting};
use crate::{
    Error,
    commission::service::discount_rates,
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        instant::Day,
        money::{Currency, Money},
        zone::Zone,
    },
    ledger::{
        Account, Balance, DaySum, EVERYBODY,
        service::{balances_of, days},
    },
    mapping::{
        CustomerEventKind, CustomerStatus,
        rows::{
            count,
            customer::{self, RenewingOf},
        },
    },
    partner::{Tier, service::zone_of},
    report::{
        Bucket, Calendar, CustomerFlow, CustomerReport, Figure, MoneyReport, RENEWALS_WITHIN, Recurring,
        RenewalSum, Report, ReportQuery, Revenue, Span,
    },
    setting::service::policy,
    subscription::Plan,
};
use sea_orm::ConnectionTrait;
use std::cmp::Reverse;

/// The accounts whose days a report sums.
const MOVING: [Account; 6] = [
    Account::Sales,
    Account::Discount,
    Account::Refunds,
    Account::Chargebacks,
    Account::Commission,
    Account::Bank,
];

/// The accounts of which a report says what stands in them.
const STANDING: [Account; 4] = [
    Account::CommissionPending,
    Account::CommissionAvailable,
    Account::CommissionLocked,
    Account::Receivable,
];

/// A report over the days of a query: the actor's own partner, or for the vendor's finance any partner or all.
pub async fn report(
    kontor: &Kontor,
    actor: &Actor,
    owner: Option<OrgId>,
    query: &ReportQuery,
) -> Result<Report, Error> {
    let db = kontor.db.read();
    let owner = readable(db, actor, owner).await?;
    let now = kontor.now();
    let (zone, calendar) = match owner {
        EVERYBODY => (Zone::utc(), Calendar::of_everybody(&Zone::utc(), now)),
        partner => {
            let zone = zone_of(db, partner).await?;
            let today = zone.day_of(now);
            (zone, Calendar::of_partner(today))
        }
    };
    let (span, previous) = (query.span(calendar), query.previous(calendar));
    let buckets = query.buckets(calendar);
    let counted =
        count::of_owner(db, owner, (calendar.today, calendar.today), (calendar.today, calendar.today));
    let counted = counted.await?;
    let moved = days(db, owner, &MOVING, span.from, span.last()).await?;
    let before = days(db, owner, &MOVING, previous.from, previous.last()).await?;
    let stands = balances_of(db, owner, &STANDING).await?;
    let contracted = count::contracted(&counted);
    let money =
        Currency::ALL.iter().filter(|c| query.currency.is_none_or(|only| only == **c)).filter_map(|c| {
            let recurring = contracted.iter().filter(|(currency, ..)| currency == c);
            let recurring =
                recurring.fold(Recurring::default(), |sum, (_, term, value)| sum.with(*value, *term));
            of_currency(*c, &buckets, (&moved, &before), &stands, recurring)
        });
    let in_facet = |facet: &'static str| counted.iter().filter(move |c| c.facet == facet && c.n > 0);
    let present: i64 = in_facet("all").chain(in_facet("withdrawn")).map(|c| c.n).sum();
    let mut customers = customers(db, owner, span, &buckets, calendar.today, present).await?;
    customers.by_plan = in_facet("plan").filter_map(|c| Some((Plan::from_key(&c.value)?, c.n))).collect();
    customers.by_plan.sort_by_key(|(plan, n)| (Reverse(*n), *plan));
    customers.by_country = in_facet("country").map(|c| (c.value.clone(), c.n)).collect();
    customers.by_country.sort_by_key(|(country, n)| (Reverse(*n), country.clone()));
    customers.withdrawn = in_facet("withdrawn").map(|c| c.n).sum();
    let unpaid = in_facet("status").filter(|c| c.value == CustomerStatus::Unpaid.key()).map(|c| c.n).sum();
    Ok(Report {
        span,
        previous,
        group: query.group(calendar),
        money: money.collect(),
        customers,
        renewals: upcoming(kontor, db, owner, calendar.today).await?,
        unpaid,
        waiting: waiting(kontor, owner).await?,
        // Partners ahead of the vendor's zone book on tomorrow already.
        latest: calendar.today.plus(i32::from(owner == EVERYBODY)),
        time_zone: zone.name().to_owned(),
        buckets,
    })
}

/// The figures of a currency; none if nothing ever moved in it.
fn of_currency(
    currency: Currency,
    buckets: &[Bucket],
    (moved, before): (&[DaySum], &[DaySum]),
    stands: &[Balance],
    recurring: Recurring,
) -> Option<MoneyReport> {
    let own =
        |days: &'_ [DaySum]| days.iter().filter(|d| d.currency == currency).cloned().collect::<Vec<_>>();
    let (moved, before) = (own(moved), own(before));
    let stands: Vec<&Balance> = stands.iter().filter(|b| b.amount.currency == currency).collect();
    if moved.is_empty() && before.is_empty() && stands.is_empty() && recurring == Recurring::default() {
        return None;
    }
    let all = |days: &[DaySum], figure: Figure| sum(days.iter(), figure);
    let within = |bucket: &Bucket| {
        let span = bucket.span();
        moved.iter().filter(move |d| span.contains(d.day)).cloned().collect::<Vec<_>>()
    };
    let held = |figure: Figure| {
        let here = stands.iter().filter(|b| figure.accounts().contains(&b.account));
        here.map(|b| b.amount.minor * figure.sign()).sum()
    };
    Some(MoneyReport {
        currency,
        revenue: buckets.iter().map(|b| revenue(&within(b))).collect(),
        total: revenue(&moved),
        before: revenue(&before),
        commission: buckets.iter().map(|b| all(&within(b), Figure::Commission)).collect(),
        earned: all(&moved, Figure::Commission),
        paid_out: all(&moved, Figure::PaidOut),
        pending: held(Figure::Pending),
        available: held(Figure::Available),
        locked: held(Figure::Locked),
        owed: held(Figure::Owed),
        recurring,
    })
}

/// A figure of some days.
fn sum<'a>(days: impl Iterator<Item = &'a DaySum>, figure: Figure) -> i64 {
    let accounts = figure.accounts();
    let net = days.filter(|d| accounts.contains(&d.account)).map(|d| d.debit - d.credit);
    net.fold(0i64, i64::saturating_add) * figure.sign()
}

fn revenue(days: &[DaySum]) -> Revenue {
    Revenue {
        list: sum(days.iter(), Figure::List),
        charged: sum(days.iter(), Figure::Gross),
        refunded: sum(days.iter(), Figure::Refunds),
        charged_back: sum(days.iter(), Figure::Chargebacks),
    }
}

/// Who came and went. How many there were is reckoned back from how many there are.
async fn customers(
    db: &impl ConnectionTrait,
    owner: OrgId,
    span: Span,
    buckets: &[Bucket],
    today: Day,
    present: i64,
) -> Result<CustomerReport, Error> {
    use CustomerEventKind::{Lost, New};
    let events = count::events(db, owner, span.from).await?;
    let sum = |kind: CustomerEventKind, within: &dyn Fn(Day) -> bool| -> i64 {
        events.iter().filter(|(k, day, _)| *k == kind && within(*day)).map(|(_, _, n)| n).sum()
    };
    let flow = |b: &Bucket| {
        let span = b.span();
        CustomerFlow { new: sum(New, &|d| span.contains(d)), lost: sum(Lost, &|d| span.contains(d)) }
    };
    let at_end = |b: &Bucket| {
        let since = sum(New, &|d| d >= b.until) - sum(Lost, &|d| d >= b.until);
        (b.from <= today).then_some(present - since)
    };
    Ok(CustomerReport {
        flow: buckets.iter().map(flow).collect(),
        present: buckets.iter().map(at_end).collect(),
        events: CustomerEventKind::ALL.iter().map(|k| (*k, sum(*k, &|d| span.contains(d)))).collect(),
        by_plan: Vec::new(),
        by_country: Vec::new(),
        withdrawn: 0,
    })
}

/// Whose renewals an owner's report tells, at what discounts.
async fn renewing_of(kontor: &Kontor, db: &impl ConnectionTrait, owner: OrgId) -> Result<RenewingOf, Error> {
    let policy = policy(kontor, db).await?;
    if owner == EVERYBODY {
        let rate = |tier: Tier| policy.tier_rate(tier).unwrap_or(policy.commission_rate_bp);
        return Ok(RenewingOf::Everybody(Tier::ALL.iter().map(|tier| (*tier, rate(*tier))).collect()));
    }
    let rates = discount_rates(db, Plan::ALL.iter().map(|plan| (owner, *plan)), &policy).await?;
    let mut plans: Vec<(Plan, i64)> = rates.into_iter().map(|((_, plan), bp)| (plan, bp)).collect();
    plans.sort_unstable();
    Ok(RenewingOf::Partner(owner, plans))
}

/// What renews within each of the distances, by payer and currency.
async fn upcoming(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    owner: OrgId,
    today: Day,
) -> Result<Vec<RenewalSum>, Error> {
    let farthest = RENEWALS_WITHIN.into_iter().max().unwrap_or(0);
    let of = renewing_of(kontor, db, owner).await?;
    let rows = customer::renewing(db, &of, (today, today.plus(farthest))).await?;
    let mut sums: Vec<RenewalSum> = Vec::new();
    for within in RENEWALS_WITHIN {
        for row in rows.iter().filter(|row| row.ends_key <= today.plus(within)) {
            let list = Money::new(row.value, row.currency);
            let same = |s: &&mut RenewalSum| {
                (s.within, s.payer, s.list.currency) == (within, row.payer, row.currency)
            };
            match sums.iter_mut().find(same) {
                Some(sum) => {
                    sum.count += row.n;
                    sum.list.minor = sum.list.minor.saturating_add(list.minor);
                    sum.discount = sum.discount.saturating_add(row.discount);
                }
                None => sums.push(RenewalSum {
                    within,
                    payer: row.payer,
                    count: row.n,
                    list,
                    discount: row.discount,
                }),
            }
        }
    }
    Ok(sums)
}
