//! The partner's invoice for a payout.

use super::step::{advance, own, told};
use crate::{
    Error, Issue, Problems, Refusal,
    audit::service::Event,
    kernel::{
        Kontor,
        actor::Actor,
        error::is_unique_violation,
        id::PayoutId,
        instant::Day,
        money::{Currency, Money, parse_amount},
        text,
    },
    payout::{
        INVOICE_DAYS, PayoutStatus, UploadInvoice,
        rows::{payout, payout_invoice},
        upload::media_type,
    },
};
use sea_orm::EntityTrait;

/// Takes the partner's invoice for one of its payouts, or another one instead, until finance has decided. The payout
/// then is under review.
///
/// The file is told by its content (`UploadType`, `UploadTooLarge`); amount and currency must be the payout's
/// (`InvoiceMismatch`); the number must be new (`InvoiceDuplicate`); the date must lie within the last 60 days.
pub async fn upload_invoice(
    kontor: &Kontor,
    actor: &Actor,
    id: PayoutId,
    form: &UploadInvoice,
) -> Result<(), Error> {
    let partner = own(actor)?;
    let today = kontor.now().day();
    let mut problems = Problems::new();
    let number = problems.take("number", text::line(&form.number, 1, 40));
    let issued_on = form.issued_on.trim().parse::<Day>().map_err(|_| Issue::BadDate);
    let recent = |day: Day| (0..=INVOICE_DAYS).contains(&today.since(day));
    let issued_on = issued_on.and_then(|day| if recent(day) { Ok(day) } else { Err(Issue::BadDate) });
    let issued_on = problems.take("issued_on", issued_on.map(Some));
    let currency = Currency::from_key(form.currency.trim()).ok_or(Issue::NotAChoice);
    let currency = problems.take("currency", currency.map(Some));
    let amount = parse_amount(&form.amount, currency.unwrap_or(Currency::Eur)).map_err(Issue::from);
    let amount = problems.take("amount", amount);
    let file_name = problems.take("file_name", text::line(base_name(&form.file_name), 1, 200));
    problems.finish()?;
    let (Some(issued_on), Some(currency)) = (issued_on, currency) else { return Err(Error::BadRequest) };
    let media_type = media_type(&form.content)?;
    let now = kontor.now();
    let tx = kontor.db.begin().await?;
    let mut row = payout::locked(&tx, Some(partner), id).await?.ok_or(Error::NotFound)?;
    if !row.status.takes_invoice() {
        return Err(Refusal::PayoutClosed.into());
    }
    if (amount, currency) != (row.amount, row.currency) {
        return Err(Refusal::InvoiceMismatch { expected: Money::new(row.amount, row.currency) }.into());
    }
    payout_invoice::replace(&tx, id, now).await?;
    if payout_invoice::is_known(&tx, partner, &number).await? {
        return Err(Refusal::InvoiceDuplicate.into());
    }
    let invoice = payout_invoice::Model {
        id: kontor.id(),
        payout_id: id,
        partner_id: partner,
        number: number.clone(),
        issued_on,
        amount,
        currency,
        file_name,
        media_type: media_type.into(),
        content: form.content.clone(),
        uploaded_at: now,
        uploaded_by: actor.label(),
        replaced_at: None,
    };
    let insert = payout_invoice::Entity::insert(payout_invoice::ActiveModel::from(invoice));
    match insert.exec_without_returning(&tx).await {
        // The same number for two payouts at the same moment.
        Err(err) if is_unique_violation(&err) => return Err(Refusal::InvoiceDuplicate.into()),
        done => done?,
    };
    if row.status == PayoutStatus::UnderReview {
        let facts = serde_json::json!({ "invoice": number });
        told(kontor, &tx, actor, &row, Event::new("payout.invoice_replaced", &row.number).with(facts))
            .await?;
    } else {
        let to = PayoutStatus::UnderReview;
        advance(kontor, &tx, actor, &mut row, to, "payout.invoice_uploaded", |_| {}).await?;
    }
    tx.commit().await?;
    kontor.hub.tell(partner, "payout");
    Ok(())
}

/// A file's name without the folders some browsers send along.
fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}
