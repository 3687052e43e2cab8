//! Sales and commission over all customers of a partner, and over all partners: a table with a row for each. Sums come
//! from the ledger, so that a row is what its lines are, and all rows together what the report says.

use super::readable;
use crate::{
    Error,
    kernel::{Kontor, actor::Actor, id::OrgId, money::Currency, right::OrgKind},
    ledger::{
        Account, DaySum, EVERYBODY,
        service::{days, of_orgs, of_owners},
    },
    mapping::rows::customer,
    partner::{rows::directory, service::zone_of},
    report::{Calendar, ReportQuery, Sales, SalesPage, SalesRow},
};
use std::collections::HashMap;

/// Rows on a page.
const PAGE: usize = 50;

/// What a table of sales sums.
const ACCOUNTS: [Account; 5] =
    [Account::Sales, Account::Discount, Account::Refunds, Account::Chargebacks, Account::Commission];

/// What was sold to each of a partner's customers in the days of a query, and what that earned, by name; `after` is the
/// row behind which the page begins. For the vendor's finance `owner` names the partner; without one each row is a partner.
pub async fn sales(
    kontor: &Kontor,
    actor: &Actor,
    owner: Option<OrgId>,
    query: &ReportQuery,
    after: Option<OrgId>,
) -> Result<SalesPage, Error> {
    let db = kontor.db.read();
    let owner = readable(db, actor, owner).await?;
    let today = match owner {
        EVERYBODY => kontor.now().day(),
        partner => zone_of(db, partner).await?.day_of(kontor.now()),
    };
    let span = query.span(Calendar::of_partner(today));
    let mut total = Sums::default();
    for sum in days(db, owner, &ACCOUNTS, span.from, span.last()).await? {
        total.add(EVERYBODY, sum.account, sum.currency, net(&sum));
    }
    let (names, next) = match owner {
        EVERYBODY => partners(db, after).await?,
        partner => customers(db, partner, after).await?,
    };
    let ids: Vec<OrgId> = names.iter().map(|(org, _)| *org).collect();
    let found = match owner {
        EVERYBODY => of_owners(db, &ids, &ACCOUNTS, span.from, span.last()).await?,
        partner => of_orgs(db, partner, &ids, &ACCOUNTS, span.from, span.last()).await?,
    };
    let mut sums = Sums::default();
    for (org, account, currency, minor) in found {
        sums.add(org, account, currency, minor);
    }
    let row = |(org, name)| SalesRow { org, name, sales: sums.take(org) };
    let rows = names.into_iter().map(row).collect();
    let of_partners = owner == EVERYBODY && actor.kind == OrgKind::Vendor;
    Ok(SalesPage { span, total: total.take(EVERYBODY), rows, next, of_partners })
}

fn net(sum: &DaySum) -> i64 {
    sum.debit - sum.credit
}

/// Sums by organisation and currency.
#[derive(Default)]
struct Sums(HashMap<(OrgId, Currency), Sales>);

impl Sums {
    fn add(&mut self, org: OrgId, account: Account, currency: Currency, minor: i64) {
        let row = self.0.entry((org, currency)).or_insert_with(|| Sales::none(currency));
        match account {
            Account::Sales => row.revenue.list -= minor,
            Account::Refunds => row.revenue.refunded += minor,
            Account::Chargebacks => row.revenue.charged_back += minor,
            Account::Commission => row.commission += minor,
            _ => {}
        }
        if matches!(account, Account::Sales | Account::Discount) {
            row.revenue.charged -= minor;
        }
    }
    fn take(&self, org: OrgId) -> Vec<Sales> {
        Currency::ALL.iter().filter_map(|currency| self.0.get(&(org, *currency)).copied()).collect()
    }
}

type Named = (Vec<(OrgId, String)>, Option<OrgId>);

async fn partners(db: &sea_orm::DatabaseConnection, after: Option<OrgId>) -> Result<Named, Error> {
    let place = match after {
        Some(org) => directory::by_orgs(db, vec![org]).await?.pop().map(|row| (row.sort_key, row.org_id)),
        None => None,
    };
    let mut rows = directory::page("", None, place.as_ref(), None, PAGE as u64).all(db).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let ids: Vec<OrgId> = rows.iter().map(|row| row.org_id).collect();
    let next = ids.last().copied().filter(|_| more);
    let names = directory::names(db, ids.clone()).await?;
    let names: HashMap<OrgId, String> = names.into_iter().map(|org| (org.id, org.name)).collect();
    Ok((ids.into_iter().map(|org| (org, names.get(&org).cloned().unwrap_or_default())).collect(), next))
}

async fn customers(
    db: &sea_orm::DatabaseConnection,
    partner: OrgId,
    after: Option<OrgId>,
) -> Result<Named, Error> {
    let place = match after {
        Some(org) => {
            let rows = customer::of(db, vec![org]).await?;
            rows.into_iter().find(|row| row.partner_id == partner).map(|row| (row.sort_key, row.id))
        }
        None => None,
    };
    let mut rows = customer::by_name_query(partner, place, PAGE as u64 + 1).all(db).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().map(|row| row.org_id).filter(|_| more);
    Ok((rows.into_iter().map(|row| (row.org_id, row.name)).collect(), next))
}

/// All pages of [`sales`], one after the other: for a file.
pub fn all_sales(
    kontor: Kontor,
    actor: Actor,
    owner: Option<OrgId>,
    query: ReportQuery,
) -> impl futures::Stream<Item = Result<Vec<SalesRow>, Error>> {
    futures::stream::try_unfold(Some(None), move |place: Option<Option<OrgId>>| {
        let (kontor, actor) = (kontor.clone(), actor.clone());
        async move {
            let Some(after) = place else { return Ok(None) };
            let page = sales(&kontor, &actor, owner, &query, after).await?;
            Ok(Some((page.rows, page.next.map(Some))))
        }
    })
}
