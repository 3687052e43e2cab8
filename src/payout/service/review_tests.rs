use super::{
    account_tests::form,
    request_tests::{ask, with_account},
    *,
};
use crate::{
    Error, Issue, Refusal,
    commission::{LineState::*, Month, service as commission, service::stage::Stage},
    kernel::{
        Kontor,
        id::PayoutId,
        money::{Currency, Money},
        testing::Bench,
    },
    ledger::{self, Account},
    notification::Mail,
    organisation::service::stage::mails,
    payout::{AccountForm, Chosen, Decision, PayoutQuery, PayoutRow, PayoutStatus, UploadInvoice},
};
use sea_orm::ConnectionTrait;

pub(super) fn invoice(stage: &Stage<'_>, number: &str) -> UploadInvoice {
    UploadInvoice {
        number: number.into(),
        issued_on: stage.today().to_string(),
        amount: "200,00".into(),
        currency: "EUR".into(),
        file_name: "C:\\Rechnungen\\re-1.pdf".into(),
        content: b"%PDF-1.7 invoice".to_vec(),
    }
}

pub(super) async fn row(stage: &Stage<'_>, id: PayoutId) -> PayoutRow {
    payout(&stage.bench.kontor, &stage.finance, id).await.unwrap()
}

/// The whole way to the bank.
pub(super) async fn pay(stage: &Stage<'_>, id: PayoutId) {
    let (kontor, finance) = (&stage.bench.kontor, &stage.finance);
    upload_invoice(kontor, &stage.owner, id, &invoice(stage, "RE-0")).await.unwrap();
    review(kontor, finance, id, row(stage, id).await.version, &Decision::Approve).await.unwrap();
    mark_sent(kontor, finance, id, row(stage, id).await.version, "bank 1").await.unwrap();
    let moved = mark_paid(kontor, finance, id, row(stage, id).await.version).await.unwrap();
    assert_eq!((moved.from, moved.to), (Some(Locked), Paid));
}

/// What payouts left in the ledger.
pub(super) async fn booked(stage: &Stage<'_>) -> Vec<(Account, i64)> {
    let db = stage.bench.kontor.db.read();
    let all = ledger::service::balances_of(db, stage.partner, Account::ALL).await.unwrap();
    assert!(ledger::service::verify_ledger(&stage.bench.kontor).await.unwrap().is_clean());
    let mut left: Vec<_> =
        all.iter().map(|b| (b.account, b.amount.minor)).filter(|(_, minor)| *minor != 0).collect();
    left.sort_by_key(|(account, _)| account.key());
    left
}

async fn vendor_account(kontor: &Kontor, key: &str, iban: &str) {
    let sql = format!(
        "INSERT INTO billing_entity (key, name, street, postal_code, city, country, vat_id, email, currency, iban, \
         bic, tax_bp, countries, position, version) VALUES ('{key}', 'Vendor & Söhne', '', '', '', 'DE', '', '', \
         'EUR', '{iban}', '', 1900, '', 1, 1) ON CONFLICT (key) DO UPDATE SET iban = excluded.iban"
    );
    kontor.db.writer().execute_unprepared(&sql).await.unwrap();
}

#[tokio::test]
async fn a_payout_goes_from_its_invoice_to_the_bank_and_onto_the_statement() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let (kontor, finance) = (&bench.kontor, &stage.finance);
        with_account(&stage).await;
        stage.available(100_000).await;
        let id = ask(&stage, "request-1").await.unwrap().id;
        let early = review(kontor, finance, id, 1, &Decision::Approve).await;
        assert_eq!(early, Err(Refusal::PayoutNoInvoice.into()), "{}", bench.name);
        pay(&stage, id).await;
        assert_eq!(stage.states().await, [(20_000, Paid)]);
        // Requested, then paid: out of what was available, through the payout, out of the bank.
        let moved = [(Account::Bank, -20_000), (Account::CommissionAvailable, 20_000)];
        assert_eq!(booked(&stage).await, moved, "{}", bench.name);
        let paid = row(&stage, id).await;
        assert_eq!((paid.status, paid.reference.as_str()), (PayoutStatus::Paid, "bank 1"));
        let uploaded = paid.invoice.unwrap();
        assert_eq!((uploaded.number.as_str(), uploaded.file_name.as_str()), ("RE-0", "re-1.pdf"));
        let file = invoice_file(kontor, finance, id, None).await.unwrap();
        assert_eq!((file.media_type.as_str(), file.content.len()), ("application/pdf", 16));
        assert!(mails(&bench).await.iter().any(|(_, mail)| matches!(mail, Mail::PayoutPaid { .. })));
        let again = mark_paid(kontor, finance, id, paid.version).await;
        assert_eq!(again, Err(Refusal::PayoutClosed.into()));

        let march = Month::of(stage.today());
        bench.clock.set(march.end().plus_days(1));
        commission::close_month(kontor, march, None).await.unwrap();
        let figures = commission::statements(kontor, &stage.owner, stage.partner, None)
            .await
            .unwrap()
            .0
            .remove(0)
            .figures;
        assert_eq!((figures.earned, figures.paid, figures.closing), (20_000, 20_000, 0));
    }
}

#[tokio::test]
async fn an_invoice_must_be_what_the_payout_is() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let (kontor, owner) = (&bench.kontor, &stage.owner);
        with_account(&stage).await;
        stage.available(100_000).await;
        let id = ask(&stage, "request-1").await.unwrap().id;
        let right = invoice(&stage, "RE-1");
        let expected = Money::new(20_000, Currency::Eur);
        let cases = [
            (
                UploadInvoice { amount: "200.01".into(), ..right.clone() },
                Refusal::InvoiceMismatch { expected },
            ),
            (
                UploadInvoice { currency: "USD".into(), ..right.clone() },
                Refusal::InvoiceMismatch { expected },
            ),
            (UploadInvoice { content: b"<html>".to_vec(), ..right.clone() }, Refusal::UploadType),
            (UploadInvoice { content: vec![b'%'; 10_000_001], ..right.clone() }, Refusal::UploadTooLarge),
        ];
        for (form, refusal) in cases {
            let refused = upload_invoice(kontor, owner, id, &form).await;
            assert_eq!(refused, Err(refusal.into()), "{}", bench.name);
        }
        for (days, taken) in [(1, false), (-61, false), (-60, true)] {
            let form = UploadInvoice { issued_on: stage.today().plus(days).to_string(), ..right.clone() };
            let answer = upload_invoice(kontor, owner, id, &form).await;
            let expected = if taken { Ok(()) } else { Err(Error::field("issued_on", Issue::BadDate)) };
            assert_eq!(answer, expected, "{days}");
        }
        // Another one instead, under its own number again; and that number for no other payout.
        upload_invoice(kontor, owner, id, &right).await.unwrap();
        stage.available(100_000).await;
        let second = ask(&stage, "request-2").await.unwrap().id;
        let duplicate = upload_invoice(kontor, owner, second, &right).await;
        assert_eq!(duplicate, Err(Refusal::InvoiceDuplicate.into()));
        let version = row(&stage, id).await.version;
        review(kontor, &stage.finance, id, version, &Decision::Approve).await.unwrap();
        let late = upload_invoice(kontor, owner, id, &right).await;
        assert_eq!(late, Err(Refusal::PayoutClosed.into()));
    }
}

#[tokio::test]
async fn a_rejected_payout_frees_its_lines_and_says_why() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let (kontor, finance) = (&bench.kontor, &stage.finance);
        with_account(&stage).await;
        stage.available(100_000).await;
        let id = ask(&stage, "request-1").await.unwrap().id;
        upload_invoice(kontor, &stage.owner, id, &invoice(&stage, "RE-1")).await.unwrap();
        let reject = Decision::Reject { reason: "The VAT number is missing".into() };
        assert_eq!(
            review(kontor, &stage.owner, id, 2, &reject).await,
            Err(Error::NotFound),
            "{}",
            bench.name
        );
        assert_eq!(review(kontor, finance, id, 1, &reject).await, Err(Error::StaleVersion));
        let silent = Decision::Reject { reason: " ".into() };
        let refused = review(kontor, finance, id, 2, &silent).await;
        assert_eq!(refused, Err(Error::field("reason", Issue::Required)));
        let moved = review(kontor, finance, id, 2, &reject).await.unwrap().unwrap();
        assert_eq!((moved.from, moved.to, moved.amount.minor), (Some(Locked), Available, 20_000));
        assert_eq!(stage.states().await, [(20_000, Available)]);
        assert_eq!(booked(&stage).await, [], "{}", bench.name);
        let why = |mail: &Mail| matches!(mail, Mail::PayoutRejected { reason, .. } if reason.contains("VAT"));
        assert!(mails(&bench).await.iter().any(|(_, mail)| why(mail)));
        // The next request may use the same invoice.
        let second = ask(&stage, "request-2").await.unwrap().id;
        upload_invoice(kontor, &stage.owner, second, &invoice(&stage, "RE-1")).await.unwrap();
        let query = PayoutQuery { status: Some(PayoutStatus::UnderReview), ..Default::default() };
        let queue = list(kontor, finance, &query).await.unwrap();
        assert_eq!(queue.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [second]);
    }
}

#[tokio::test]
async fn a_payout_the_bank_gave_back_goes_to_the_account_in_force() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let (kontor, finance) = (&bench.kontor, &stage.finance);
        with_account(&stage).await;
        stage.available(100_000).await;
        let id = ask(&stage, "request-1").await.unwrap().id;
        upload_invoice(kontor, &stage.owner, id, &invoice(&stage, "RE-1")).await.unwrap();
        review(kontor, finance, id, 2, &Decision::Approve).await.unwrap();
        mark_sent(kontor, finance, id, 3, "").await.unwrap();
        mark_failed(kontor, finance, id, 4, "Account closed").await.unwrap();
        assert_eq!(stage.states().await, [(20_000, Locked)], "{}", bench.name);
        let other = AccountForm { iban: "NL91ABNA0417164300".into(), ..form() };
        let mut viewer = stage.owner_person.viewer.clone();
        viewer.session.as_mut().unwrap().fresh_at = kontor.now();
        let view = set_account(kontor, &viewer, &stage.owner, &other).await.unwrap();
        let held = review(kontor, finance, id, 5, &Decision::Approve).await;
        assert_eq!(held, Err(Refusal::PayoutHold { until: view.usable_at }.into()));
        stage.days(3);
        review(kontor, finance, id, 5, &Decision::Approve).await.unwrap();
        assert_eq!(row(&stage, id).await.account_last4, "4300");
    }
}

#[tokio::test]
async fn approved_payouts_become_a_file_for_the_bank() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let (kontor, finance) = (&bench.kontor, &stage.finance);
        with_account(&stage).await;
        stage.available(100_000).await;
        let id = ask(&stage, "request-1").await.unwrap().id;
        upload_invoice(kontor, &stage.owner, id, &invoice(&stage, "RE-1")).await.unwrap();
        let chosen = |ids: &[PayoutId]| Chosen { ids: ids.to_vec(), again: false };
        let export = |on| async move { export_pain001(kontor, finance, &chosen(&[id, id]), on).await };
        let on = stage.today().plus(1);
        assert_eq!(export(on).await, Err(Refusal::PayoutClosed.into()), "{}", bench.name);
        review(kontor, finance, id, 2, &Decision::Approve).await.unwrap();
        assert_eq!(export(on).await, Err(Refusal::NoBillingEntity.into()));
        vendor_account(kontor, "de", "").await;
        assert_eq!(export(on).await, Err(Refusal::NoBillingEntity.into()));
        vendor_account(kontor, "de", "DE89370400440532013000").await;
        let gone = export(stage.today().plus(-1)).await;
        assert_eq!(gone, Err(Error::field("on", Issue::DateNotAhead)));
        let file = export(on).await.unwrap();
        let xml = String::from_utf8(file.content).unwrap();
        let number = row(&stage, id).await.number;
        for part in [
            "<InstdAmt Ccy=\"EUR\">200.00</InstdAmt>".to_owned(),
            format!("<EndToEndId>{number}</EndToEndId>"),
            "<Nm>Vendor + Soehne</Nm>".to_owned(),
            "<BICFI>DEUTDEFF</BICFI>".to_owned(),
        ] {
            assert!(xml.contains(&part), "{part} in {xml}");
        }
        // Another of finance's people sees that it was done, and has to say that it is meant.
        let exported = row(&stage, id).await.exported.unwrap();
        assert_eq!(exported.0, kontor.now(), "{}", bench.name);
        assert_eq!(export(on).await, Err(Refusal::PayoutExported { number: number.clone() }.into()));
        let again = Chosen { ids: vec![id], again: true };
        export_pain001(kontor, finance, &again, on).await.unwrap();
        let foreign = export_pain001(kontor, &stage.owner, &chosen(&[id]), on).await;
        assert_eq!(foreign, Err(Error::NotFound));
        assert_eq!(export_pain001(kontor, finance, &chosen(&[]), on).await, Err(Error::BadRequest));
        let unknown = chosen(&[id, kontor.id()]);
        assert_eq!(export_pain001(kontor, finance, &unknown, on).await, Err(Error::NotFound));

        // What the bank took is noted for all of them at once, and once.
        let mine = mark_many(kontor, &stage.owner, &[id], PayoutStatus::Sent).await;
        assert_eq!(mine, Err(Error::NotFound), "{}", bench.name);
        for (to, done) in [
            (PayoutStatus::Paid, 0),
            (PayoutStatus::Sent, 1),
            (PayoutStatus::Sent, 0),
            (PayoutStatus::Paid, 1),
        ] {
            assert_eq!(mark_many(kontor, finance, &[id], to).await, Ok(done), "{}: {to}", bench.name);
        }
        let wrong = mark_many(kontor, finance, &[id], PayoutStatus::Rejected).await;
        assert_eq!(wrong, Err(Error::BadRequest));
        // The lines it paid, and the database keeps them.
        let query = crate::commission::LineQuery { payout: Some(id), ..Default::default() };
        let lines = commission::lines(kontor, &stage.owner, stage.partner, &query).await.unwrap();
        assert_eq!(lines.rows.iter().map(|row| row.amount).sum::<i64>(), 20_000, "{}", bench.name);
        let forgery = "UPDATE commission_line SET state = 'available'";
        let refused = kontor.db.writer().execute_unprepared(forgery).await.unwrap_err().to_string();
        assert!(refused.contains("keeps what it holds"), "{}: {refused}", bench.name);
    }
}

#[tokio::test]
async fn an_invoice_that_was_replaced_can_still_be_fetched() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        with_account(&stage).await;
        stage.available(100_000).await;
        let id = ask(&stage, "request-1").await.unwrap().id;
        let mut first = invoice(&stage, "RE-1");
        first.content = b"%PDF-1.7 the first".to_vec();
        upload_invoice(kontor, &stage.owner, id, &first).await.unwrap();
        stage.tick();
        upload_invoice(kontor, &stage.owner, id, &invoice(&stage, "RE-2")).await.unwrap();
        let seen = row(&stage, id).await;
        assert_eq!(seen.invoice.unwrap().number, "RE-2", "{}", bench.name);
        let before = &seen.earlier[0];
        assert_eq!((seen.earlier.len(), before.number.as_str()), (1, "RE-1"), "{}", bench.name);
        let file = invoice_file(kontor, &stage.owner, id, Some(before.id)).await.unwrap();
        assert_eq!(file.content, first.content, "{}", bench.name);
        let unknown = invoice_file(kontor, &stage.owner, id, Some(kontor.id())).await;
        assert_eq!(unknown, Err(Error::NotFound), "{}", bench.name);
    }
}
