//! CSV: a list's own address with `format=csv` (design.md section 4). Streamed batch by batch.

use super::{Host, headers::plain_error};
use app::{
    admin::access::parties::csv as parties_csv,
    i18n::{self, with_locale},
    parts::customers::words,
    t,
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
    kernel::{actor::Viewer, id::OrgId, locale::Locale, right::Feature},
    mapping::{CustomerCard, CustomerQuery, csv_line, service::all_customers},
    organisation::service::{actor_in, actor_in_vendor},
};

/// Answers a list's address with `format=csv`; everything else goes on to the pages.
pub async fn csv(State(host): State<Host>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or("");
    let wants_csv = request.method() == Method::GET
        && url::form_urlencoded::parse(query.as_bytes()).any(|(k, v)| k == "format" && v == "csv");
    let Some(list) = List::at(request.uri().path()).filter(|_| wants_csv) else {
        return next.run(request).await;
    };
    let Some(viewer) = request.extensions().get::<Viewer>().cloned() else {
        return plain_error(StatusCode::UNAUTHORIZED);
    };
    match export(&host, &viewer, list, CustomerQuery::from_query(query)).await {
        Ok(response) => response,
        Err(error) => {
            plain_error(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}

/// A list of customers that can be exported.
enum List {
    /// A partner's; a malformed id is nobody's.
    Partner(Option<OrgId>),
    /// Everybody's.
    All,
    /// Everybody who can touch an organisation.
    Parties(Option<OrgId>),
}

impl List {
    fn at(path: &str) -> Option<Self> {
        if path == "/vendor/customers" {
            return Some(List::All);
        }
        let access = || path.strip_prefix("/admin/")?.strip_suffix("/partner-access");
        if let Some(org) = access() {
            return Some(List::Parties(org.parse().ok()));
        }
        let console = || path.strip_prefix("/admin/")?.strip_suffix("/partner/customers");
        let store = || path.strip_prefix("/store/")?.strip_suffix("/customers");
        let org = console().or_else(store)?;
        Some(List::Partner(org.parse().ok()))
    }
}

async fn export(host: &Host, viewer: &Viewer, list: List, query: CustomerQuery) -> Result<Response, Error> {
    let kontor = &host.kontor;
    let actor = match list {
        List::Partner(org) => {
            let actor = actor_in(kontor, viewer, org.ok_or(Error::NotFound)?).await?;
            actor.require(Feature::CustomersView)?;
            actor
        }
        List::All => actor_in_vendor(kontor, viewer).await?,
        List::Parties(org) => return parties(host, viewer, org.ok_or(Error::NotFound)?).await,
    };
    let of_all = matches!(list, List::All);
    let locale = viewer.locale;
    let name = format!("attachment; filename=\"customers-{}.csv\"", kontor.now().day());
    let batches = all_customers(kontor.clone(), actor, query.first()).await?;
    // The mark at the beginning tells spreadsheets that this is UTF-8.
    let head = stream::once(async move { Ok(format!("\u{feff}{}", heading(locale, of_all))) });
    let lines = head.chain(batches.map_ok(move |cards| lines(locale, of_all, cards)));
    Ok(file(name, Body::from_stream(lines)))
}

fn file(name: String, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body).into_response()
}

/// *Who can touch us*, as the page shows it.
async fn parties(host: &Host, viewer: &Viewer, org: OrgId) -> Result<Response, Error> {
    let kontor = &host.kontor;
    let actor = actor_in(kontor, viewer, org).await?;
    let overview = kontor::delegation::service::access_overview(kontor, &actor).await?;
    let name = format!("attachment; filename=\"access-{}.csv\"", kontor.now().day());
    let text = with_locale(viewer.locale, || parties_csv(&overview.parties));
    Ok(file(name, Body::from(format!("\u{feff}{text}"))))
}

fn heading(locale: Locale, of_all: bool) -> String {
    with_locale(locale, || {
        let partner = of_all.then(t::customers::partner);
        let columns = [
            t::customers::organisation(),
            t::customers::domain(),
            t::customers::verified(),
            t::customers::super_admin(),
            t::customers::plan(),
            t::customers::status(),
            t::customers::licences_used(),
            t::customers::licences(),
            t::customers::term(),
            t::customers::renewal_date(),
            t::customers::added_on(),
        ];
        csv_line(partner.into_iter().chain(columns))
    })
}

fn lines(locale: Locale, of_all: bool, cards: Vec<CustomerCard>) -> String {
    let line = |card: CustomerCard| {
        let partner = card.partner.as_ref().map_or("", |(_, name)| name.as_str());
        let (status, _) = words::status(card.status);
        let cells = [
            card.name.as_str(),
            &card.domains.join(" "),
            if card.verified { t::customers::yes() } else { t::customers::no() },
            &card.admin_email,
            card.plan.name(),
            status,
            &card.seats_used.to_string(),
            &card.seats_total.to_string(),
            words::term(card.term),
            &card.ends_on.map(i18n::date).unwrap_or_default(),
            &i18n::date(card.created_on),
        ];
        csv_line(of_all.then_some(partner).into_iter().chain(cells))
    };
    with_locale(locale, || cards.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lists_are_exported() {
        assert!(matches!(List::at("/vendor/customers"), Some(List::All)));
        assert!(matches!(List::at("/admin/nonsense/partner/customers"), Some(List::Partner(None))));
        let org = format!("org_{}", "0".repeat(26));
        let at = List::at(&format!("/store/{org}/customers"));
        assert!(matches!(at, Some(List::Partner(Some(of))) if of.to_string() == org));
        assert!(List::at("/store/org_x/users").is_none());
        assert!(List::at("/admin/org_x/users").is_none());
    }

    #[test]
    fn headings_are_in_the_readers_language() {
        assert!(heading(Locale::De, false).starts_with("\"Organisation\",\"Domain\""));
        assert!(heading(Locale::En, true).contains("\"Renewal date\""));
    }
}
