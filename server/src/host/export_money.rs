//! CSV of payments, reports, commission, payouts and changes of many subscriptions: the page's own address with
//! `format=csv` (design.md section 4).

use super::{
    Host,
    export_lists::{self, List},
    headers::plain_error,
};
use app::{
    i18n::{self, with_locale},
    parts::{bulk::csv as bulk_csv, payments::csv as payments_csv, reports::csv as report_csv},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::{StreamExt, TryStreamExt, stream};
use kontor::{
    Error,
    audit::TrailQuery,
    bulk::{self, BulkQuery},
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        right::Feature,
    },
    organisation::service::{actor_in, actor_in_vendor},
    payment::{
        PaymentQuery, PaymentRow,
        service::{all_payments, payments},
    },
    report::service::report,
};

/// Answers what [`Asked`] knows with `format=csv`; everything else goes on to the pages.
pub async fn csv(State(host): State<Host>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or("").to_owned();
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let wants_csv = request.method() == Method::GET && pairs.iter().any(|(k, v)| k == "format" && v == "csv");
    let Some(asked) = Asked::at(request.uri().path()).filter(|_| wants_csv) else {
        return next.run(request).await;
    };
    let Some(viewer) = request.extensions().get::<Viewer>().cloned() else {
        return plain_error(StatusCode::UNAUTHORIZED);
    };
    match answer(&host.kontor, &viewer, asked, &pairs).await {
        Ok(response) => response,
        Err(error) => {
            plain_error(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}

/// What an address asks for, and in whose name: an organisation's as the address says it, or the vendor's.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// Payments.
    Payments(Option<String>),
    /// A report.
    Report(Option<String>),
    /// A list behind a figure, or of commission or payouts: by its page's last parts.
    List(Option<String>, List),
    /// A partner's change of many subscriptions.
    Bulk(String, String),
    /// An organisation's trail.
    Activity(String),
}

impl Asked {
    fn at(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        Some(match parts.as_slice() {
            ["store", org, "payments"] | ["admin", org, "partner", "payments"] => {
                Asked::Payments(Some((*org).to_owned()))
            }
            ["vendor", "payments"] => Asked::Payments(None),
            ["store", org, "reports"] => Asked::Report(Some((*org).to_owned())),
            ["vendor", "reports"] => Asked::Report(None),
            ["store", org, "reports", list] => Asked::List(Some((*org).to_owned()), List::report(list)?),
            ["vendor", "reports", list] => Asked::List(None, List::report(list)?),
            ["store", org, "commissions"] => {
                Asked::List(Some((*org).to_owned()), List::Commissions((*org).to_owned()))
            }
            ["vendor", "commissions", partner] => Asked::List(None, List::Commissions((*partner).to_owned())),
            ["store", org, "payouts"] => Asked::List(Some((*org).to_owned()), List::Payouts),
            ["vendor", "payouts"] => Asked::List(None, List::Payouts),
            ["admin", org, "activity"] => Asked::Activity((*org).to_owned()),
            ["store", org, "customers", "bulk", run] => Asked::Bulk((*org).to_owned(), (*run).to_owned()),
            _ => return None,
        })
    }
    fn org(&self) -> Option<&str> {
        match self {
            Asked::Payments(org) | Asked::Report(org) | Asked::List(org, _) => org.as_deref(),
            Asked::Bulk(org, _) | Asked::Activity(org) => Some(org),
        }
    }
}

async fn answer(
    kontor: &Kontor,
    viewer: &Viewer,
    asked: Asked,
    pairs: &[(String, String)],
) -> Result<Response, Error> {
    let actor = match asked.org() {
        Some(org) => actor_in(kontor, viewer, org.parse().map_err(|_| Error::NotFound)?).await?,
        None => actor_in_vendor(kontor, viewer).await?,
    };
    let locale = viewer.locale;
    let day = kontor.now().day();
    match asked {
        Asked::Report(_) => {
            let query = export_lists::report_query(pairs)?;
            let found = report(kontor, &actor, export_lists::owner(&actor, pairs), &query).await?;
            let text = with_locale(locale, || report_csv(&found));
            Ok(file(format!("report-{day}.csv"), Body::from(text)))
        }
        Asked::List(_, list) => {
            let name = list.name();
            let body = export_lists::body(kontor, actor, locale, list, pairs).await?;
            Ok(file(format!("{name}-{day}.csv"), body))
        }
        Asked::Bulk(_, run) => {
            actor.require(Feature::SubsChange)?;
            let id = run.parse().map_err(|_| Error::NotFound)?;
            let query = BulkQuery::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())));
            let found = bulk::service::run(kontor, &actor, id, query).await?;
            let started = found.run.status.is_started();
            let head = with_locale(locale, bulk_csv::heading);
            let all = bulk::service::all_lines(kontor.clone(), &actor, id, query.state).await?;
            let line = move |row: &bulk::BulkLine| bulk_csv::line(row, started);
            let lines =
                all.map_ok(move |rows| with_locale(locale, || rows.iter().map(line).collect::<String>()));
            let body = stream::once(async move { Ok(head) }).chain(lines);
            Ok(file(format!("bulk-{day}.csv"), Body::from_stream(body)))
        }
        Asked::Activity(_) => {
            let query = TrailQuery::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())));
            let body = export_lists::activity(kontor, actor, locale, query).await?;
            Ok(file(format!("activity-{day}.csv"), body))
        }
        Asked::Payments(_) => {
            let of_all = actor.kind == kontor::kernel::right::OrgKind::Vendor;
            actor.require(if of_all { Feature::FinanceManage } else { Feature::PaymentsView })?;
            let query = PaymentQuery::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())));
            let head = with_locale(locale, payments_csv::heading);
            let pages = pages(kontor.clone(), actor, PaymentQuery { after: None, ..query });
            let line = move |row: &PaymentRow| payments_csv::line(row, i18n::date);
            let lines =
                pages.map_ok(move |rows| with_locale(locale, || rows.iter().map(line).collect::<String>()));
            let body = stream::once(async move { Ok(head) }).chain(lines);
            Ok(file(format!("payments-{day}.csv"), Body::from_stream(body)))
        }
    }
}

/// All payments of a query, page by page: nothing is held that is not on its way.
fn pages(
    kontor: Kontor,
    actor: Actor,
    query: PaymentQuery,
) -> impl futures::Stream<Item = Result<Vec<PaymentRow>, Error>> {
    stream::try_unfold(Some(query), move |query| {
        let (kontor, actor) = (kontor.clone(), actor.clone());
        async move {
            let Some(query) = query else { return Ok(None) };
            let page = match actor.kind {
                kontor::kernel::right::OrgKind::Vendor => all_payments(&kontor, &actor, &query).await?,
                _ => payments(&kontor, &actor, &query).await?,
            };
            let next = page.next.map(|after| PaymentQuery { after: Some(after), ..query });
            Ok(Some((page.rows, next)))
        }
    })
}

fn file(name: String, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_lines_of_its_own_is_exported_here() {
        assert_eq!(Asked::at("/vendor/reports"), Some(Asked::Report(None)));
        assert_eq!(Asked::at("/store/o/reports"), Some(Asked::Report(Some("o".into()))));
        assert_eq!(Asked::at("/store/o/payments"), Some(Asked::Payments(Some("o".into()))));
        assert_eq!(Asked::at("/admin/o/partner/payments"), Some(Asked::Payments(Some("o".into()))));
        let bulk = Asked::Bulk("o".into(), "r".into());
        assert_eq!(Asked::at("/store/o/customers/bulk/r"), Some(bulk));
        assert_eq!(Asked::at("/admin/o/activity"), Some(Asked::Activity("o".into())));
        let list = |org: Option<&str>, list| Some(Asked::List(org.map(Into::into), list));
        assert_eq!(Asked::at("/store/o/reports/lines"), list(Some("o"), List::Lines));
        assert_eq!(Asked::at("/vendor/reports/sales"), list(None, List::Sales));
        assert_eq!(Asked::at("/store/o/commissions"), list(Some("o"), List::Commissions("o".into())));
        assert_eq!(Asked::at("/vendor/commissions/p"), list(None, List::Commissions("p".into())));
        assert_eq!(Asked::at("/vendor/payouts"), list(None, List::Payouts));
        for other in
            ["/store/o/reports/other", "/store/o/customers/bulk", "/admin/o/payments", "/vendor/jobs", "/"]
        {
            assert_eq!(Asked::at(other), None, "{other}");
        }
    }
}
