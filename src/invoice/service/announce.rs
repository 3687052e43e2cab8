//! The debtor is told of an invoice or credit note (domain.md section 9: an automatic invoice by mail).

use crate::{
    Error,
    invoice::{Content, InvoiceKind, rows::invoice},
    kernel::{Kontor, money::Money, right::OrgKind},
    notification::{
        Mail,
        service::{Recipient, write_all},
    },
    organisation::service::last_words_of_all,
};
use sea_orm::DatabaseTransaction;

/// Writes to those with the debtors' last word, and to the addresses their billing details name.
pub(super) async fn announce(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    issued: &[(invoice::Model, Content)],
) -> Result<(), Error> {
    let side = |row: &invoice::Model| match row.debtor_id == row.org_id {
        true => OrgKind::Customer,
        false => OrgKind::Partner,
    };
    let debtors: Vec<_> = issued.iter().map(|(row, _)| (row.debtor_id, side(row))).collect();
    let people = last_words_of_all(tx, &debtors).await?;
    let mut mails = Vec::new();
    for (row, content) in issued {
        let mut to = people.get(&row.debtor_id).cloned().unwrap_or_default();
        let office = content.debtor.email.as_str();
        if !office.is_empty() && to.iter().all(|one| !one.email.eq_ignore_ascii_case(office)) {
            let locale = to.first().map(|one| one.locale).unwrap_or_default();
            to.push(Recipient { email: office.to_owned(), locale });
        }
        mails.push((to, mail(row, content, kontor.url(&row.page()))));
    }
    let letters = mails.iter().flat_map(|(to, mail)| to.iter().map(move |one| (one.clone(), mail)));
    write_all(kontor, tx, letters.collect()).await
}

fn mail(row: &invoice::Model, content: &Content, link: String) -> Mail {
    let organisation = content.customer.clone().unwrap_or_else(|| content.debtor.name.clone());
    let number = row.number.clone();
    match row.kind {
        InvoiceKind::Invoice => Mail::InvoiceIssued {
            organisation,
            number,
            amount: Money::new(row.total - content.from_account, row.currency),
            due_on: row.due_on,
            settlement: content.settlement.clone(),
            link,
        },
        InvoiceKind::CreditNote => {
            let amount = Money::new(-row.total, row.currency);
            Mail::CreditNoteIssued { organisation, number, amount, link }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        invoice::{
            Settlement,
            service::{Bill, stage::*},
        },
        kernel::testing::Bench,
        organisation::service::stage::{actor, customer, mails, partner},
        partner::PartnerType,
        subscription::change::Payer,
    };

    #[tokio::test]
    async fn the_debtor_alone_is_told_and_so_is_its_office() {
        for bench in Bench::all().await {
            let (north, owner) = partner(&bench, "Nord", PartnerType::Reseller).await;
            let owner = actor(&bench, &owner, north).await;
            let org = customer(&bench, &owner, "kunde.example").await;
            // Mails of one millisecond have no order: the clock tells the papers apart.
            let before = mails(&bench).await.len();
            bench.clock.move_ms(1);
            let told = async || -> Vec<_> {
                let mut told = mails(&bench).await.split_off(before);
                told.sort_by(|a, b| a.0.cmp(&b.0));
                told
            };
            let to = |debtor, payer| {
                let mut bill = Bill { debtor, org, payer, partner: Some(north), ..bill(&bench) };
                bill.debtor_party.email = "office@nord.test".into();
                bill
            };
            let row = issued(&bench, to(north, Payer::Partner)).await;
            let link = format!("http://127.0.0.1:3000/store/{north}/invoices/{}", row.id);
            let expected = Mail::InvoiceIssued {
                organisation: "Kunde GmbH".into(),
                number: row.number.clone(),
                amount: Money::new(25_821, row.currency),
                due_on: row.due_on,
                settlement: Settlement::Transfer,
                link,
            };
            let people = ["office@nord.test", "owner@nord.test"];
            assert_eq!(
                told().await,
                people.map(|to| (to.to_owned(), expected.clone())),
                "{}: the customer learns nothing of what its partner pays",
                bench.name
            );

            let before = mails(&bench).await.len();
            bench.clock.move_ms(1);
            let note = issued(&bench, credit_note(&row)).await;
            let told = mails(&bench).await.split_off(before);
            assert_eq!(told.len(), 2);
            for (_, mail) in told {
                let Mail::CreditNoteIssued { number, amount, .. } = mail else { panic!("{mail:?}") };
                assert_eq!((number, amount.minor), (note.number.clone(), 25_821));
            }

            // The customer's own invoice leads to its console; one address is written to once.
            let before = mails(&bench).await.len();
            bench.clock.move_ms(1);
            let mut own = to(org, Payer::Customer);
            own.debtor_party.email = "ADMIN@kunde.example".into();
            let row = issued(&bench, own).await;
            let told = mails(&bench).await.split_off(before);
            let link = format!("http://127.0.0.1:3000/admin/{org}/invoices/{}", row.id);
            assert!(!told.is_empty(), "{}", bench.name);
            for (to, mail) in &told {
                let Mail::InvoiceIssued { link: found, .. } = mail else { panic!("{mail:?}") };
                assert_eq!(found, &link, "{to}");
            }
            let mut addresses: Vec<_> = told.iter().map(|(to, _)| to.to_lowercase()).collect();
            addresses.sort();
            addresses.dedup();
            assert_eq!(addresses.len(), told.len(), "{}", bench.name);
        }
    }
}
