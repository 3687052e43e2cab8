//! Credit notes: an invoice is never changed, it is corrected by another paper (R9.3).

use super::{Bill, issue, owed::tax_between, paid::about};
use crate::{
    Error,
    invoice::{
        Content, InvoiceKind, InvoiceLine, InvoiceStatus, LineText, Sale, Settlement, Tax,
        rows::{invoice, invoice_state},
    },
    kernel::{
        Kontor,
        error::internal,
        id::Id,
        money::{Money, ratio},
    },
    ledger::{Account, Cause, Draft, EVERYBODY, Posting},
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Credits all of an invoice that is not credited yet, or `gross` of it (minor units, tax included, positive). Answers
/// the credit note, whose total is `gross` to within a minor unit, for tax is taken on whole minor units, and what is to
/// be posted of it: the caller does so as the last thing of its transaction, together with what moved besides.
pub async fn credit(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &invoice::Model,
    gross: Option<i64>,
    settlement: Settlement,
    note: &str,
) -> Result<(invoice::Model, Posting), Error> {
    let mut state = invoice_state::locked(tx, row.id).await?.ok_or(Error::NotFound)?;
    let content: Content = serde_json::from_str(&row.content).map_err(internal)?;
    let offset = settlement == Settlement::Offset;
    let left = row.total - state.credited;
    let whole = gross.is_none_or(|gross| gross >= left) && state.credited == 0;
    let lines = match whole {
        true => content.lines.iter().map(negated).collect(),
        false => vec![part(&content.lines, row, gross.unwrap_or(left).min(left))?],
    };
    let bill = Bill {
        kind: InvoiceKind::CreditNote,
        entity: row.entity.clone(),
        issuer: content.issuer,
        debtor: row.debtor_id,
        debtor_party: content.debtor,
        org: row.org_id,
        customer: content.customer.unwrap_or_default(),
        partner: row.partner_id,
        subscription: row.subscription_id,
        change: row.change_id,
        payer: row.payer,
        lines,
        currency: row.currency,
        tax: Tax { rule: row.tax_rule, bp: row.tax_bp },
        credits: Some(row.id),
        due_on: kontor.now().day(),
        settlement,
        from_account: false,
        reference: content.reference,
        note: note.to_owned(),
    };
    let note = issue(kontor, tx, bill).await?;
    state.credited -= note.total;
    // What a bank took back of it is revenue no more: there is nothing of it to take back again.
    let anew = if offset { state.taken_back.min(-note.total) } else { 0 };
    state.taken_back -= anew;
    let tax = tax_between(row, state.taken_back, state.taken_back + anew);
    let all = state.credited >= row.total;
    let next = match (all, state.paid > 0) {
        (true, true) => InvoiceStatus::Refunded,
        (true, false) => InvoiceStatus::Void,
        (false, _) => InvoiceStatus::PartiallyRefunded,
    };
    if state.status.may_become(next) {
        state.status = next;
    }
    state.version += 1;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    let owner = row.partner_id.unwrap_or(EVERYBODY);
    let money = |minor| Money::new(minor, row.currency);
    // What was sold is less by the net; a partner's discount on it was never income.
    let posting = about(Draft::new(Cause::CreditNote, note.id.uuid(), &row.entity, kontor.now()), row)
        .debit(Account::Refunds, owner, money(-note.net))
        .debit(Account::Tax, owner, money(-note.tax))
        .credit(Account::Receivable, owner, money(-note.total - anew))
        .credit(Account::Chargebacks, owner, money(anew - tax))
        .credit(Account::Tax, owner, money(tax))
        .build()
        .map_err(internal)?;
    Ok((note, posting))
}

fn negated(line: &InvoiceLine) -> InvoiceLine {
    let text = LineText { sale: Sale::Refund, ..line.text };
    InvoiceLine { text, list: -line.list, discount: -line.discount, net: -line.net, ..line.clone() }
}

/// A single line for a part of an invoice.
fn part(lines: &[InvoiceLine], row: &invoice::Model, gross: i64) -> Result<InvoiceLine, Error> {
    let first = lines.first().ok_or_else(|| internal("an invoice without lines"))?;
    let net = ratio(i128::from(gross) * 10_000, i128::from(10_000 + row.tax_bp)).min(row.net);
    Ok(InvoiceLine {
        text: LineText { sale: Sale::Refund, ..first.text },
        quantity: 1,
        unit_price: net,
        days: None,
        list: -net,
        discount: 0,
        net: -net,
        ..first.clone()
    })
}
