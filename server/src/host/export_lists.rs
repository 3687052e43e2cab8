//! The lists behind figures, commission and payouts as CSV, page by page: nothing is held that is not on its way.

use app::{
    admin::activity_csv,
    i18n::with_locale,
    parts::{
        commission::{lines_csv as commission_csv, statements_csv},
        payouts::csv as payouts_csv,
        reports::{EventsAsked, LinesAsked, RenewalsAsked, events_csv, lines_csv, renewals_csv, sales_csv},
    },
};
use axum::body::Body;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use kontor::{
    Error,
    audit::TrailQuery,
    commission::{self, LineQuery},
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        locale::Locale,
        right::{Feature, OrgKind},
    },
    payout::{PayoutQuery, service as payouts},
    report::{ReportQuery, service::all_sales},
};

/// A list that is written into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum List {
    /// Entries of the ledger behind a figure.
    Lines,
    /// What renews next.
    Renewals,
    /// What happened to customers.
    Events,
    /// Sales by customer or partner.
    Sales,
    /// Lines of a partner's commission, or with `list=statements` its statements.
    Commissions(String),
    /// Payouts.
    Payouts,
}

impl List {
    /// The list of a report's page.
    pub fn report(page: &str) -> Option<Self> {
        Some(match page {
            "lines" => List::Lines,
            "renewals" => List::Renewals,
            "customers" => List::Events,
            "sales" => List::Sales,
            _ => return None,
        })
    }
    /// What its file is called.
    pub fn name(&self) -> &'static str {
        match self {
            List::Lines => "entries",
            List::Renewals => "renewals",
            List::Events => "customers",
            List::Sales => "sales",
            List::Commissions(_) => "commission",
            List::Payouts => "payouts",
        }
    }
}

type Pairs = [(String, String)];

fn text(pairs: &Pairs, key: &str) -> String {
    pairs.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// What a report is asked for; wrong dates are an error here, too.
pub fn report_query(pairs: &Pairs) -> Result<ReportQuery, Error> {
    let get = |key: &str| Some(text(pairs, key)).filter(|value| !value.is_empty());
    let faults = ReportQuery::faults(get);
    if faults.is_empty() { Ok(ReportQuery::from_pairs(get)) } else { Err(Error::Invalid(faults)) }
}

/// Whose figures the vendor's finance asks for; a partner's people see their own.
pub fn owner(actor: &Actor, pairs: &Pairs) -> Option<OrgId> {
    text(pairs, "partner").parse().ok().filter(|_| actor.kind == OrgKind::Vendor)
}

/// Pages from a function that answers one and where the next begins.
fn pages<T, P, F>(next: impl Fn(Option<P>) -> F) -> impl Stream<Item = Result<T, Error>>
where
    F: Future<Output = Result<(T, Option<P>), Error>>,
{
    stream::try_unfold(Some(None), move |place: Option<Option<P>>| {
        let page = place.map(&next);
        async move {
            let Some(page) = page else { return Ok(None) };
            let (rows, next) = page.await?;
            Ok(Some((rows, next.map(Some))))
        }
    })
}

/// A heading and what follows it.
fn written(head: String, rows: impl Stream<Item = Result<String, Error>> + Send + 'static) -> Body {
    Body::from_stream(stream::once(async move { Ok(head) }).chain(rows))
}

/// The file of a trail.
pub async fn activity(
    kontor: &Kontor,
    actor: Actor,
    locale: Locale,
    query: TrailQuery,
) -> Result<Body, Error> {
    actor.require(Feature::ActivityView)?;
    let kontor = kontor.clone();
    let query = TrailQuery { before: None, ..query };
    let rows = pages(move |before| {
        let (kontor, actor) = (kontor.clone(), actor.clone());
        let query = TrailQuery { before, ..query.clone() };
        async move {
            let page = kontor::organisation::service::activity(&kontor, &actor, &query).await?;
            Ok((page.rows, page.before))
        }
    });
    let line = move |rows: Vec<_>| with_locale(locale, || rows.iter().map(activity_csv::line).collect());
    Ok(written(with_locale(locale, activity_csv::heading), rows.map_ok(line)))
}

/// The file of a list.
pub async fn body(
    kontor: &Kontor,
    actor: Actor,
    locale: Locale,
    list: List,
    pairs: &Pairs,
) -> Result<Body, Error> {
    let (kontor, of) = (kontor.clone(), owner(&actor, pairs));
    let field = |key: &str| text(pairs, key);
    Ok(match list {
        List::Lines => {
            let asked = LinesAsked {
                figure: field("figure"),
                currency: field("currency"),
                from: field("from"),
                to: field("to"),
                after: String::new(),
            };
            let sign = asked.figure().sign();
            // The first page proves the right before anything is written.
            asked.answer(&kontor, &actor, of).await?;
            let rows = pages(move |after: Option<String>| {
                let (kontor, actor) = (kontor.clone(), actor.clone());
                let asked = LinesAsked { after: after.unwrap_or_default(), ..asked.clone() };
                async move {
                    let (page, _) = asked.answer(&kontor, &actor, of).await?;
                    Ok((page.lines, page.next.map(|place| place.to_string())))
                }
            });
            let line = move |lines: Vec<_>| with_locale(locale, || lines_csv(Some((&lines, sign))));
            written(with_locale(locale, || lines_csv(None)), rows.map_ok(line))
        }
        List::Renewals => {
            let asked = RenewalsAsked {
                within: field("within"),
                payer: field("payer"),
                currency: field("currency"),
                after: String::new(),
            };
            asked.answer(&kontor, &actor, of).await?;
            let rows = pages(move |after: Option<String>| {
                let (kontor, actor) = (kontor.clone(), actor.clone());
                let asked = RenewalsAsked { after: after.unwrap_or_default(), ..asked.clone() };
                async move {
                    let page = asked.answer(&kontor, &actor, of).await?;
                    Ok((page.rows, page.next.map(|(day, row)| format!("{day}.{row}"))))
                }
            });
            let line = move |rows: Vec<_>| with_locale(locale, || renewals_csv(Some(&rows)));
            written(with_locale(locale, || renewals_csv(None)), rows.map_ok(line))
        }
        List::Events => {
            let asked = EventsAsked {
                kind: field("kind"),
                from: field("from"),
                to: field("to"),
                after: String::new(),
            };
            let kind = asked.kind();
            asked.answer(&kontor, &actor, of).await?;
            let rows = pages(move |after: Option<String>| {
                let (kontor, actor) = (kontor.clone(), actor.clone());
                let asked = EventsAsked { after: after.unwrap_or_default(), ..asked.clone() };
                async move {
                    let page = asked.answer(&kontor, &actor, of).await?;
                    Ok((page.rows, page.next.map(|(day, event)| format!("{day}.{event}"))))
                }
            });
            let line = move |rows: Vec<_>| with_locale(locale, || events_csv(kind, Some(&rows)));
            written(with_locale(locale, || events_csv(kind, None)), rows.map_ok(line))
        }
        List::Sales => {
            let query = report_query(pairs)?;
            kontor::report::service::sales(&kontor, &actor, of, &query, None).await?;
            let of_partners = of.is_none() && actor.kind == OrgKind::Vendor;
            let line = move |rows: Vec<_>| with_locale(locale, || sales_csv(of_partners, Some(&rows)));
            let head = with_locale(locale, || sales_csv(of_partners, None));
            written(head, all_sales(kontor, actor, of, query).map_ok(line))
        }
        List::Commissions(partner) => {
            let partner: OrgId = partner.parse().map_err(|_| Error::NotFound)?;
            match actor.kind {
                OrgKind::Vendor => commission::service::may_look(&kontor, &actor, partner).await?,
                _ => drop(commission::service::balance(&kontor, &actor, partner).await?),
            }
            if field("list") == "statements" {
                let rows = pages(move |before| {
                    let (kontor, actor) = (kontor.clone(), actor.clone());
                    async move { commission::service::statements(&kontor, &actor, partner, before).await }
                });
                let line = move |rows: Vec<_>| with_locale(locale, || statements_csv(Some(&rows)));
                return Ok(written(with_locale(locale, || statements_csv(None)), rows.map_ok(line)));
            }
            let query = LineQuery::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())));
            let rows = pages(move |after| {
                let (kontor, actor) = (kontor.clone(), actor.clone());
                let query = LineQuery { after, ..query.clone() };
                async move {
                    let page = commission::service::lines(&kontor, &actor, partner, &query).await?;
                    Ok((page.rows, page.next))
                }
            });
            let line = move |rows: Vec<_>| with_locale(locale, || commission_csv(Some(&rows)));
            written(with_locale(locale, || commission_csv(None)), rows.map_ok(line))
        }
        List::Payouts => {
            let of_all = actor.kind == OrgKind::Vendor;
            actor.require(if of_all { Feature::FinanceManage } else { Feature::CommissionView })?;
            let query = PayoutQuery::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())));
            let rows = pages(move |after| {
                let (kontor, actor) = (kontor.clone(), actor.clone());
                let query = PayoutQuery { after, ..query.clone() };
                async move {
                    let page = payouts::list(&kontor, &actor, &query).await?;
                    Ok((page.rows, page.next))
                }
            });
            let line = move |rows: Vec<_>| with_locale(locale, || payouts_csv(Some(&rows)));
            written(with_locale(locale, || payouts_csv(None)), rows.map_ok(line))
        }
    })
}
