//! What the tests of this room play on: a bill, and what is made of it.

use super::{Bill, issue};
use crate::{
    invoice::{
        Content, InvoiceKind, InvoiceLine, Issuer, LineText, Party, Sale, Settlement, Tax, TaxRule,
        rows::invoice,
    },
    kernel::{instant::Day, money::Currency, testing::Bench},
    subscription::{
        Term,
        change::{Item, Payer},
    },
};

/// Domain.md section 7, example A, paid by a partner with 20 % discount.
pub fn bill(bench: &Bench) -> Bill {
    let party = |name: &str| Party { name: name.into(), country: "DE".into(), ..Party::default() };
    let from = bench.kontor.now().day();
    let line = InvoiceLine {
        text: LineText {
            item: Item::Professional,
            sale: Sale::Upgrade,
            term: Term::Yearly,
            was: Some(Item::Standard),
        },
        quantity: 10,
        unit_price: 3600,
        from,
        until: from.plus(274),
        days: Some((275, 365)),
        list: 27_123,
        discount: 5_425,
        net: 21_698,
    };
    Bill {
        kind: InvoiceKind::Invoice,
        entity: "de".into(),
        issuer: Issuer { party: party("Vendor"), iban: String::new(), bic: String::new() },
        debtor: bench.kontor.id(),
        debtor_party: party("Nordlicht IT"),
        org: bench.kontor.id(),
        customer: "Kunde GmbH".into(),
        partner: None,
        subscription: bench.kontor.id(),
        change: None,
        payer: Payer::Partner,
        lines: vec![line],
        currency: Currency::Eur,
        tax: Tax { rule: TaxRule::Domestic, bp: 1900 },
        credits: None,
        due_on: Day(from.0 + 14),
        settlement: Settlement::Transfer,
        from_account: false,
        reference: String::new(),
        note: String::new(),
    }
}

/// Takes all of an invoice back.
pub fn credit_note(row: &invoice::Model) -> Bill {
    let content: Content = serde_json::from_str(&row.content).unwrap();
    let back = |line: InvoiceLine| InvoiceLine {
        text: LineText { sale: Sale::Refund, ..line.text },
        list: -line.list,
        discount: -line.discount,
        net: -line.net,
        ..line
    };
    Bill {
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
        lines: content.lines.into_iter().map(back).collect(),
        currency: row.currency,
        tax: Tax { rule: row.tax_rule, bp: row.tax_bp },
        credits: Some(row.id),
        due_on: row.due_on,
        settlement: Settlement::Offset,
        from_account: false,
        reference: String::new(),
        note: String::new(),
    }
}

/// Issues it in a transaction of its own.
pub async fn issued(bench: &Bench, bill: Bill) -> invoice::Model {
    let tx = bench.kontor.db.begin().await.unwrap();
    let row = issue(&bench.kontor, &tx, bill).await.unwrap();
    tx.commit().await.unwrap();
    row
}
