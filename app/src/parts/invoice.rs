//! An invoice on a page, made to be printed as well. [`words`] says the same in the PDF.

mod own;
mod page;
mod pay;
pub mod words;

pub use own::OwnInvoicesPart;
pub use page::InvoicePage;

use crate::{
    i18n::number,
    t::invoice as i,
    ui::{Badge, DataTable, Fact, Facts, Tone},
};
use kontor::invoice::{InvoiceLine, InvoiceStatus, InvoiceView, Party};
use leptos::prelude::*;

/// How good or bad a state is.
pub fn tone(status: InvoiceStatus) -> Tone {
    match status {
        InvoiceStatus::Paid => Tone::Success,
        InvoiceStatus::Issued | InvoiceStatus::PartiallyPaid => Tone::Info,
        InvoiceStatus::PastDue => Tone::Warning,
        InvoiceStatus::Uncollectible => Tone::Danger,
        InvoiceStatus::Void | InvoiceStatus::Refunded | InvoiceStatus::PartiallyRefunded => Tone::Neutral,
    }
}

/// An invoice or credit note as a sheet: who, to whom, what for, how much, how to pay. Its heading is the page's: the
/// page around it has none of its own. The state is for the screen only, for a print outlives it.
#[component]
pub fn InvoiceSheet(
    /// What to show.
    invoice: InvoiceView,
) -> impl IntoView {
    let issuer = &invoice.content.issuer;
    let home = issuer.party.country.clone();
    let facts = words::facts(&invoice)
        .into_iter()
        .map(|(name, value)| view! { <Fact name>{value}</Fact> })
        .collect_view();
    let lines = invoice.content.lines.iter().enumerate();
    let lines = lines.map(|(at, line)| row(&invoice, at, line)).collect_view();
    let sums = words::sums(&invoice)
        .into_iter()
        .map(|(name, value)| view! { <tr><th scope="row" colspan="4">{name}</th><td class="num">{value}</td></tr> })
        .collect_view();
    let (total_name, total) = (words::total_name(&invoice), words::amount(&invoice, invoice.totals.total));
    let (status, kind, subject) = (invoice.status, invoice.kind, words::subject(&invoice));
    let payment = words::payment_note(&invoice);
    let account = words::account(&invoice);
    let account = (!account.is_empty()).then(|| view! { <Facts>{pairs(account)}</Facts> });
    let services = invoice.content.customer.clone().map(|name| view! { <p>{i::services_for(name)}</p> });
    let note = (!invoice.content.note.is_empty())
        .then(|| view! { <p class="keep-lines">{invoice.content.note.clone()}</p> });
    let tax_note = words::tax_note(&invoice).map(|text| view! { <p>{text}</p> });
    let foot = words::bank(&issuer.iban, &issuer.bic).into_iter().chain(
        (!issuer.party.vat_id.is_empty()).then(|| (words::tax_id_name(&home), issuer.party.vat_id.clone())),
    );
    let from = party(i::from(), &issuer.party, &home);
    let to = party(i::to(), &invoice.content.debtor, &home);
    let sender = words::sender_line(&issuer.party);
    let foot = pairs(foot.collect());
    view! {
        <article class="invoice" aria-labelledby="invoice-subject">
            <header class="invoice-head">
                {from}
                {to}
                <Facts>{facts}</Facts>
            </header>
            <div class="row invoice-subject">
                <h1 id="invoice-subject">{subject}</h1>
                <span class="print-hide"><Badge label=words::status(status) tone=tone(status)/></span>
            </div>
            {services}
            <DataTable caption=words::kind(kind) caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col" class="num">{i::position()}</th>
                        <th scope="col">{i::description()}</th>
                        <th scope="col" class="num">{i::quantity()}</th>
                        <th scope="col" class="num">{i::unit_price()}</th>
                        <th scope="col" class="num">{i::amount()}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
                <tfoot>
                    {sums}
                    <tr class="invoice-total">
                        <th scope="row" colspan="4">{total_name}</th>
                        <td class="num">{total}</td>
                    </tr>
                </tfoot>
            </DataTable>
            <div class="invoice-notes">
                {tax_note}
                <p>{payment}</p>
                {account}
                {note}
            </div>
            <footer class="invoice-foot small muted">
                <p>{sender}</p>
                <Facts>{foot}</Facts>
            </footer>
        </article>
    }
}

fn pairs(all: Vec<(&'static str, String)>) -> impl IntoView + use<> {
    all.into_iter().map(|(name, value)| view! { <Fact name>{value}</Fact> }).collect_view()
}

fn party(label: &'static str, party: &Party, home: &str) -> impl IntoView + use<> {
    let mut lines = words::address(party, home).into_iter();
    let name = lines.next().unwrap_or_default();
    let rest = lines.map(|line| view! { <br/>{line} }).collect_view();
    let email = (!party.email.is_empty()).then(|| view! { <br/>{party.email.clone()} });
    view! {
        <div>
            <p class="small muted">{label}</p>
            <p class="break"><span class="strong">{name}</span>{rest}{email}</p>
        </div>
    }
}

fn row(invoice: &InvoiceView, at: usize, line: &InvoiceLine) -> impl IntoView + use<> {
    view! {
        <tr>
            <td data-label=i::position() class="num">{at + 1}</td>
            <th scope="row">
                {words::line_title(&line.text)}
                <span class="beneath small">{words::line_period(line)}</span>
            </th>
            <td data-label=i::quantity() class="num">{number(line.quantity)}</td>
            <td data-label=i::unit_price() class="num">{words::amount(invoice, line.unit_price)}</td>
            <td data-label=i::amount() class="num">{words::amount(invoice, line.list)}</td>
        </tr>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::i18n::with_locale;
    use kontor::{
        invoice::{Content, InvoiceKind, Issuer, LineText, Sale, Settlement, Tax, TaxRule, Totals},
        kernel::{
            id::{Id, InvoiceId},
            instant::Day,
            locale::Locale,
            money::Currency,
        },
        subscription::{Term, change::Item},
    };

    fn sheet(locale: Locale, kind: InvoiceKind) -> String {
        let sign = if kind == InvoiceKind::CreditNote { -1 } else { 1 };
        let line = InvoiceLine {
            text: LineText { item: Item::Standard, sale: Sale::New, term: Term::Yearly, was: None },
            quantity: 10,
            unit_price: 3_600,
            from: Day(20_500),
            until: Day(20_864),
            days: None,
            list: sign * 36_000,
            discount: 0,
            net: sign * 36_000,
        };
        let party = |name: &str, country: &str, vat_id: &str| Party {
            name: name.into(),
            street: "Speicherstraße 12".into(),
            postal_code: "20457".into(),
            city: "Hamburg".into(),
            country: country.into(),
            vat_id: vat_id.into(),
            ..Party::default()
        };
        let tax = Tax { rule: TaxRule::ReverseCharge, bp: 0 };
        let invoice = InvoiceView {
            id: InvoiceId::from_uuid(Default::default()),
            kind,
            number: "DE-2026-000123".into(),
            totals: Totals::of(std::slice::from_ref(&line), tax),
            content: Content {
                issuer: Issuer {
                    party: party("Kontor Software GmbH", "DE", "DE123456789"),
                    iban: "DE89370400440532013000".into(),
                    bic: "COBADEFFXXX".into(),
                },
                debtor: party("Müller & <Söhne>", "AT", "ATU12345678"),
                customer: None,
                lines: vec![line],
                credits: (sign < 0).then(|| "DE-2026-000100".into()),
                settlement: Settlement::Transfer,
                from_account: 0,
                reference: String::new(),
                note: String::new(),
            },
            currency: Currency::Eur,
            tax,
            issued_on: Day(20_500),
            due_on: Day(20_514),
            status: InvoiceStatus::PastDue,
            paid: 0,
        };
        with_locale(locale, || Owner::new().with(|| view! { <InvoiceSheet invoice/> }.to_html()))
    }

    #[test]
    fn the_sheet_says_what_the_paper_says() {
        let html = sheet(Locale::De, InvoiceKind::Invoice);
        for text in [
            "Rechnung DE-2026-000123",
            "Müller &amp; &lt;Söhne&gt;",
            "ÖSTERREICH",
            "Workplace Standard, 1\u{a0}Jahr",
            "360,00\u{a0}€",
            "Steuerschuldnerschaft des Leistungsempfängers",
            "DE89 3704 0044 0532 0130 00",
            "Überfällig",
        ] {
            assert!(html.contains(text), "{text:?} is not in {html}");
        }
        assert!(!html.contains("Partnerrabatt"), "a discount nobody has is not spoken of");
        assert_eq!(html.matches("<h1").count(), 1);
    }

    #[test]
    fn a_credit_note_asks_for_nothing() {
        let html = sheet(Locale::En, InvoiceKind::CreditNote);
        assert!(html.contains("Credit note DE-2026-000123 for invoice DE-2026-000100"), "{html}");
        assert!(html.contains("−€360.00") && html.contains("We transfer €360.00"), "{html}");
        assert!(!html.contains("Please transfer") && !html.contains("Payable by"), "{html}");
    }
}
