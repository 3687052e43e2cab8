//! Files: a partner's invoice for a payout comes in and goes out, approved payouts go to the bank as SEPA `pain.001`, and
//! invoices as PDF.

use super::{
    Host,
    asks::{ask_many, import_users, open_dispute},
    forms::{keep, see, with_state},
    headers::plain_error,
    logo, trail,
    viewer::DONE,
};
use app::{
    admin::{LOGO, person::IMPORT},
    home::VERIFY,
    parts::payouts::{EXPORT, UPLOAD},
    store::{ASK_MANY, OPEN_DISPUTE},
    wire::{Kept, cookie},
};
use axum::{
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kontor::{
    Error, Issue, Refusal,
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        id::{InvoiceId, PayoutId},
        instant::Day,
        money::Currency,
        right::Feature,
    },
    organisation::service::{actor_in, actor_in_vendor},
    payout::{Chosen, File, PayoutQuery, PayoutStatus, UploadInvoice, service as payouts},
};

/// Bytes of a body that carries a file: ten megabytes, and the fields around them.
pub const UPLOAD_LIMIT: usize = 10 * 1024 * 1024 + 64 * 1024;

/// Answers the addresses of files; everything else goes on to the pages.
pub async fn files(State(host): State<Host>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let Some(viewer) = request.extensions().get::<Viewer>().cloned() else {
        return next.run(request).await;
    };
    if request.method() == Method::POST && path == UPLOAD {
        return upload(&host, &viewer, request).await;
    }
    if request.method() == Method::POST && path == OPEN_DISPUTE {
        return open_dispute(&host, &viewer, request).await;
    }
    if request.method() == Method::POST && path == ASK_MANY {
        return ask_many(&host, &viewer, request).await;
    }
    if request.method() == Method::POST && path == IMPORT {
        return import_users(&host, &viewer, request).await;
    }
    if request.method() == Method::POST && path == LOGO {
        return logo::set(&host, &viewer, request).await;
    }
    if request.method() == Method::POST && path == VERIFY {
        return trail::verify(&host, &viewer, request).await;
    }
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let query = request.uri().query().unwrap_or("").to_owned();
    let wants = |format: &str| {
        url::form_urlencoded::parse(query.as_bytes()).any(|(k, v)| k == "format" && v == format)
    };
    let found = match Asked::at(&path) {
        Some(Asked::PayoutInvoice(org, payout)) => {
            let earlier = url::form_urlencoded::parse(query.as_bytes()).find(|(k, _)| k == "invoice");
            let earlier = earlier.map(|(_, id)| id.into_owned());
            payout_invoice(&host, &viewer, org, (&payout, earlier)).await
        }
        Some(Asked::Invoice(org, right, invoice)) if wants("pdf") => {
            invoice_pdf(&host, &viewer, (org, right), &invoice).await
        }
        Some(Asked::Trail(org, customer)) if wants("trail") => {
            return trail::download(&host, &viewer, org, customer).await;
        }
        Some(Asked::Logo(org)) => {
            let known = request.headers().get(header::IF_NONE_MATCH).cloned();
            return logo::show(&host, &viewer, org, known).await;
        }
        Some(Asked::Evidence(dispute)) => evidence(&host, &viewer, &dispute).await,
        Some(Asked::Payouts) if wants("pain001") => {
            let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            return match pain001(&host, &viewer, &pairs).await {
                Ok(file) => attachment(file),
                Err(error) => no_file(&host, &viewer, pairs, error).await,
            };
        }
        _ => return next.run(request).await,
    };
    match found {
        Ok(file) => attachment(file),
        Err(error) => plain_error(status_of(&error)),
    }
}

/// The parameters of an address.
type Pairs = Vec<(String, String)>;

/// In whose name a file is asked for: an organisation's by its id as the address says it, or the vendor's.
type Place = Option<String>;

/// A file an address names.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// A partner's invoice for a payout.
    PayoutInvoice(Place, String),
    /// An invoice or credit note, and the right its page asks for.
    Invoice(Place, Feature, String),
    /// Approved payouts.
    Payouts,
    /// What is shown for a dispute.
    Evidence(String),
    /// An organisation's logo.
    Logo(String),
    /// An organisation's trail, or of its customer.
    Trail(String, Option<String>),
}

impl Asked {
    fn at(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let owned = |text: &str| text.to_owned();
        Some(match parts.as_slice() {
            ["store", org, "payouts", payout, "invoice"] => {
                Asked::PayoutInvoice(Some(owned(org)), owned(payout))
            }
            ["vendor", "payouts", payout, "invoice"] => Asked::PayoutInvoice(None, owned(payout)),
            ["store", org, "invoices", invoice] => {
                Asked::Invoice(Some(owned(org)), Feature::PaymentsView, owned(invoice))
            }
            ["admin", org, "invoices", invoice] => {
                Asked::Invoice(Some(owned(org)), Feature::SubscriptionView, owned(invoice))
            }
            ["vendor", "invoices", invoice] => Asked::Invoice(None, Feature::FinanceManage, owned(invoice)),
            ["vendor", "disputes", dispute, "evidence"] => Asked::Evidence(owned(dispute)),
            ["admin", org, "logo"] => Asked::Logo(owned(org)),
            ["vendor", "payouts"] => Asked::Payouts,
            ["admin", org, "activity"] => Asked::Trail(owned(org), None),
            ["store", org, "customers", customer] => Asked::Trail(owned(org), Some(owned(customer))),
            _ => return None,
        })
    }
}

fn attachment(file: File) -> Response {
    // Names come from people: only what every browser takes as it is stays.
    let plain = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' };
    let name: String = file.name.chars().map(plain).collect();
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, file.content).into_response()
}

/// The status an error answers with.
pub(super) fn status_of(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

pub(super) async fn actor(host: &Host, viewer: &Viewer, org: Option<String>) -> Result<Actor, Error> {
    match org {
        Some(org) => actor_in(&host.kontor, viewer, org.parse().map_err(|_| Error::NotFound)?).await,
        None => actor_in_vendor(&host.kontor, viewer).await,
    }
}

/// The invoice of a payout that is in force, or an earlier one that is named.
async fn payout_invoice(
    host: &Host,
    viewer: &Viewer,
    org: Place,
    (payout, earlier): (&str, Option<String>),
) -> Result<File, Error> {
    let actor = actor(host, viewer, org).await?;
    let payout = payout.parse().map_err(|_| Error::NotFound)?;
    let earlier = earlier.map(|id| id.parse().map_err(|_| Error::NotFound)).transpose()?;
    payouts::invoice_file(&host.kontor, &actor, payout, earlier).await
}

async fn evidence(host: &Host, viewer: &Viewer, dispute: &str) -> Result<File, Error> {
    let actor = actor(host, viewer, None).await?;
    let dispute = dispute.parse().map_err(|_| Error::NotFound)?;
    kontor::mapping::service::dispute_file(&host.kontor, &actor, dispute).await
}

async fn invoice_pdf(
    host: &Host,
    viewer: &Viewer,
    (org, right): (Place, Feature),
    invoice: &str,
) -> Result<File, Error> {
    let actor = actor(host, viewer, org).await?;
    actor.require(right)?;
    let invoice: InvoiceId = invoice.parse().map_err(|_| Error::NotFound)?;
    let view = kontor::invoice::service::view(&host.kontor, &actor, invoice).await?;
    let name = format!("{}.pdf", view.number);
    let content = crate::invoice::render(&view, viewer.locale).map_err(kontor::kernel::error::internal)?;
    Ok(File { name, media_type: "application/pdf".into(), content })
}

/// Approved payouts as a file for the bank: the chosen ones if the form says so, otherwise all in euro; to be carried
/// out on the day it names, or tomorrow.
async fn pain001(host: &Host, viewer: &Viewer, pairs: &Pairs) -> Result<File, Error> {
    let kontor = &host.kontor;
    let actor = actor_in_vendor(kontor, viewer).await?;
    actor.require(Feature::FinanceManage)?;
    let values = |name: &'static str| pairs.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.trim());
    let on = match values("on").find(|text| !text.is_empty()) {
        Some(text) => text.parse::<Day>().map_err(|_| Error::field("on", Issue::BadDate))?,
        None => kontor.now().day().plus(1),
    };
    let ids = match values("chosen").next() {
        Some(_) => {
            values("id[]").map(|id| id.parse().map_err(|_| Error::NotFound)).collect::<Result<_, _>>()?
        }
        None => approved(kontor, &actor).await?,
    };
    if ids.is_empty() {
        return Err(Error::field("chosen", Issue::Required));
    }
    let again = values("again").next().is_some();
    payouts::export_pain001(kontor, &actor, &Chosen { ids, again }, on).await
}

/// All approved payouts in euro that are in no file for the bank yet.
async fn approved(kontor: &Kontor, actor: &Actor) -> Result<Vec<PayoutId>, Error> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let query = PayoutQuery { status: Some(PayoutStatus::Approved), after, ..PayoutQuery::default() };
        let page = payouts::list(kontor, actor, &query).await?;
        let euro =
            page.rows.iter().filter(|row| row.amount.currency == Currency::Eur && row.exported.is_none());
        ids.extend(euro.map(|row| row.id));
        after = page.next;
        if after.is_none() {
            return Ok(ids);
        }
    }
}

/// The page of payouts again, saying why there is no file: a payment that is not made must not go unnoticed.
async fn no_file(host: &Host, viewer: &Viewer, pairs: Pairs, error: Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if matches!(error, Error::NotFound | Error::Forbidden | Error::Unauthenticated) {
        return plain_error(status);
    }
    let values = pairs.into_iter().filter(|(name, _)| name == "on").collect();
    let kept = Kept { form: EXPORT.to_owned(), values, error: Some(error) };
    match keep(&host.kontor, viewer, &kept).await {
        Ok(token) => see(&with_state("/vendor/payouts", token.as_deref())),
        Err(_) => plain_error(status),
    }
}

/// Takes a partner's invoice. Whose it is stands in the address, so that rights are asked before megabytes are read, and
/// the reader can be told what is wrong however little of the form has come. What was typed stays; a file must be chosen
/// again.
async fn upload(host: &Host, viewer: &Viewer, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let named = |wanted: &str| {
        let found = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let status =
        |error: &Error| StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let actor = async {
        let actor = actor(host, viewer, Some(named("org"))).await?;
        actor.require(Feature::PayoutRequest)?;
        Ok((actor, named("payout").parse::<PayoutId>().map_err(|_| Error::NotFound)?))
    };
    let (actor, payout) = match actor.await {
        Ok(found) => found,
        Err(error) => return plain_error(status(&error)),
    };
    let page = format!("/store/{}/payouts", actor.org);
    let mut sent = Received::default();
    let read = sent.read(request).await;
    let form = UploadInvoice {
        number: sent.field("number"),
        issued_on: sent.field("issued_on"),
        amount: sent.field("amount"),
        currency: sent.field("currency"),
        file_name: sent.file_name,
        content: sent.content,
    };
    let result = match read {
        Ok(()) => payouts::upload_invoice(&host.kontor, &actor, payout, &form).await,
        Err(error) => Err(error),
    };
    let error = match result {
        Ok(()) => {
            let mut answer = see(&page);
            if let Ok(value) =
                HeaderValue::from_str(&cookie::line(DONE, "payout_invoice_uploaded", 60, false))
            {
                answer.headers_mut().append(header::SET_COOKIE, value);
            }
            return answer;
        }
        Err(error @ (Error::NotFound | Error::Forbidden)) => return plain_error(status(&error)),
        Err(error) => error,
    };
    let status = status(&error);
    let values = [
        ("payout", payout.to_string()),
        ("number", form.number),
        ("issued_on", form.issued_on),
        ("amount", form.amount),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let kept = Kept { form: UPLOAD.to_owned(), values, error: Some(error) };
    match keep(&host.kontor, viewer, &kept).await {
        Ok(token) => see(&with_state(&format!("{page}?upload={payout}"), token.as_deref())),
        Err(_) => plain_error(status),
    }
}

/// Why a form could not be read to its end.
fn unreadable(error: &MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::UploadTooLarge.into(),
        _ => Error::BadRequest,
    }
}

/// What came of a form with a file, as far as it came.
#[derive(Default)]
pub(super) struct Received {
    /// The fields, in the order in which they came.
    fields: Pairs,
    /// The file's name.
    pub file_name: String,
    /// The file.
    pub content: Vec<u8>,
}

impl Received {
    /// What a field holds; empty if it has not come.
    pub(super) fn field(&self, name: &str) -> String {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Reads a form as far as it comes.
    pub(super) async fn read(&mut self, request: Request) -> Result<(), Error> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Error::BadRequest)?;
        while let Some(part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                self.file_name = part.file_name().unwrap_or_default().to_owned();
                self.content = part.bytes().await.map_err(|error| unreadable(&error))?.to_vec();
            } else {
                self.fields.push((name, part.text().await.map_err(|error| unreadable(&error))?));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_are_answered_here() {
        let at = |path| Asked::at(path);
        assert_eq!(at("/vendor/payouts"), Some(Asked::Payouts));
        assert_eq!(
            at("/store/o/payouts/p/invoice"),
            Some(Asked::PayoutInvoice(Some("o".into()), "p".into()))
        );
        assert_eq!(at("/vendor/payouts/p/invoice"), Some(Asked::PayoutInvoice(None, "p".into())));
        let invoice =
            |org: Option<&str>, right| Some(Asked::Invoice(org.map(str::to_owned), right, "i".into()));
        assert_eq!(at("/store/o/invoices/i"), invoice(Some("o"), Feature::PaymentsView));
        assert_eq!(at("/admin/o/invoices/i"), invoice(Some("o"), Feature::SubscriptionView));
        assert_eq!(at("/vendor/invoices/i"), invoice(None, Feature::FinanceManage));
        assert_eq!(at("/admin/o/logo"), Some(Asked::Logo("o".into())));
        assert_eq!(at("/admin/o/activity"), Some(Asked::Trail("o".into(), None)));
        assert_eq!(at("/store/o/customers/c"), Some(Asked::Trail("o".into(), Some("c".into()))));
        for other in ["/store/o/payouts", "/store/o/payouts/p", "/x/o/invoices/i", "/"] {
            assert_eq!(at(other), None, "{other}");
        }
    }

    #[test]
    fn a_files_name_cannot_end_its_header() {
        let file =
            File { name: "a\"; x=\r\nß.pdf".into(), media_type: "application/pdf".into(), content: vec![] };
        let answer = attachment(file);
        assert_eq!(answer.headers()[header::CONTENT_DISPOSITION], "attachment; filename=\"a___x____.pdf\"");
    }
}
