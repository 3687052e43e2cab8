use super::*;
use kontor::{
    invoice::{
        Content, InvoiceKind, InvoiceStatus, Issuer, LineText, Party, Sale, Settlement, Tax, TaxRule, Totals,
    },
    kernel::{
        id::{Id, InvoiceId},
        instant::Day,
        money::{Currency, share},
    },
    subscription::{Term, change::Item},
};
use lopdf::{Document, Object};

fn vendor() -> Issuer {
    let party = Party {
        name: "Kontor Software GmbH".into(),
        street: "Speicherstraße 12".into(),
        postal_code: "20457".into(),
        city: "Hamburg".into(),
        country: "DE".into(),
        vat_id: "DE123456789".into(),
        email: "rechnung@vendor.test".into(),
        ..Party::default()
    };
    Issuer { party, iban: "DE89370400440532013000".into(), bic: "COBADEFFXXX".into() }
}

fn line(item: Item, sale: Sale, quantity: i64, unit_price: i64, days: Option<(i32, i32)>) -> InvoiceLine {
    let list = days.map_or(quantity * unit_price, |(n, d)| share(quantity * unit_price, n.into(), d.into()));
    let discount = share(list, 20, 100);
    let from = Day::from_civil(2026, 3, 2).unwrap();
    InvoiceLine {
        text: LineText {
            item,
            sale,
            term: Term::Yearly,
            was: (sale == Sale::Upgrade).then_some(Item::Standard),
        },
        quantity,
        unit_price,
        from,
        until: from.plus(days.map_or(364, |(n, _)| n - 1)),
        days,
        list,
        discount,
        net: list - discount,
    }
}

/// What a reseller gets: two lines, discount, domestic tax, transfer.
fn sample() -> InvoiceView {
    let debtor = Party {
        name: "Nordlicht IT Systemhaus GmbH & Co. KG".into(),
        street: "Große Elbstraße 145".into(),
        street2: "Aufgang C, 3. Stock".into(),
        postal_code: "22767".into(),
        city: "Hamburg".into(),
        country: "DE".into(),
        vat_id: "DE987654321".into(),
        email: "buchhaltung@nordlicht.test".into(),
        ..Party::default()
    };
    let lines = vec![
        line(Item::Professional, Sale::Upgrade, 10, 3_600, Some((275, 365))),
        line(Item::ExtraStorage, Sale::Added, 2, 1_000, Some((275, 365))),
    ];
    let tax = Tax { rule: TaxRule::Domestic, bp: 1900 };
    InvoiceView {
        id: InvoiceId::from_uuid(uuid::Uuid::from_u128(7)),
        kind: InvoiceKind::Invoice,
        number: "DE-2026-000123".into(),
        totals: Totals::of(&lines, tax),
        content: Content {
            issuer: vendor(),
            debtor,
            customer: Some("Bäckerei Müßiggang".into()),
            lines,
            credits: None,
            settlement: Settlement::Transfer,
            from_account: 0,
            reference: "PO-4711".into(),
            note: "Ihre Bestellnummer: 4711/B".into(),
        },
        currency: Currency::Eur,
        tax,
        issued_on: Day::from_civil(2026, 3, 2).unwrap(),
        due_on: Day::from_civil(2026, 3, 16).unwrap(),
        status: InvoiceStatus::Issued,
        paid: 0,
    }
}

/// A Greek company in reverse charge, and every field as long as it may be.
fn abroad() -> InvoiceView {
    let mut view = sample();
    view.content.debtor = Party {
        name: "Αθηναϊκή Εταιρεία Πληροφορικής και Τηλεπικοινωνιών Ανώνυμη Εταιρεία Περιορισμένης Ευθύνης"
            .into(),
        street: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsweg 1"
            .into(),
        street2: "ООО «Газпром экспорт», Южно-Сахалинск".into(),
        postal_code: "105 57".into(),
        city: "Αθήνα".into(),
        country: "GR".into(),
        vat_id: "EL123456789".into(),
        ..Party::default()
    };
    view.content.customer = Some("東京 & \u{202e}Søren's <b>Țară</b> Žižka Ğ\u{1}\u{2028}".into());
    view.content.settlement = Settlement::Paid { brand: "Visa".into(), last4: "4242".into() };
    view.content.note = "Überlang ".repeat(120);
    view.tax = Tax { rule: TaxRule::ReverseCharge, bp: 0 };
    view.totals = Totals::of(&view.content.lines, view.tax);
    view
}

fn long(lines: usize) -> InvoiceView {
    let mut view = sample();
    let sales = [Sale::New, Sale::Renewal, Sale::Upgrade, Sale::TermChange];
    let nth = |n: usize| line(Item::Professional, sales[n % 4], 1 + n as i64 * 37, 7_200, None);
    view.content.lines = (0..lines).map(nth).collect();
    view.totals = Totals::of(&view.content.lines, view.tax);
    view
}

fn credit_note() -> InvoiceView {
    let mut view = sample();
    view.kind = InvoiceKind::CreditNote;
    view.content.credits = Some(std::mem::replace(&mut view.number, "DE-C-2026-000007".into()));
    view.content.settlement = Settlement::Paid { brand: "Visa".into(), last4: "4242".into() };
    for line in &mut view.content.lines {
        line.text.sale = Sale::Refund;
        (line.list, line.discount, line.net) = (-line.list, -line.discount, -line.net);
    }
    view.totals = Totals::of(&view.content.lines, view.tax);
    view
}

/// The text of each page, blanks of all kinds made plain.
fn pages(view: &InvoiceView, locale: Locale) -> Vec<String> {
    let bytes = render(view, locale).unwrap();
    if let Some(folder) = std::env::var_os("KONTOR_TEST_PDF") {
        let (number, lines) = (&view.number, view.content.lines.len());
        let name = format!("{number}-{lines}-{}-{}-{}.pdf", view.tax.rule, view.currency, locale.key());
        std::fs::write(std::path::Path::new(&folder).join(name), &bytes).unwrap();
    }
    let document = Document::load_mem(&bytes).unwrap();
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    let plain = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    numbers.into_iter().map(|n| plain(document.extract_text(&[n]).unwrap())).collect()
}

fn holds(text: &str, all: &[&str]) {
    for one in all {
        assert!(text.contains(one), "{one:?} is not in {text}");
    }
}

#[test]
fn it_says_number_parties_sums_and_where_to_pay() {
    let german = pages(&sample(), Locale::De);
    assert_eq!(german.len(), 1);
    holds(
        &german[0],
        &[
            "Rechnung DE-2026-000123",
            "Nordlicht IT Systemhaus GmbH & Co. KG",
            "Große Elbstraße 145",
            "Leistungen für Bäckerei Müßiggang",
            "Wechsel von Workplace Standard zu Workplace Professional",
            "02.03.2026 – 01.12.2026 (275 von 365 Tagen)",
            "271,23 €",
            "286,30 €",
            "−57,26 €",
            "229,04 €",
            "Umsatzsteuer 19 %",
            "43,52 €",
            "272,56 €",
            "DE89 3704 0044 0532 0130 00",
            "DE987654321",
            "16.03.2026",
            "Ihre Bestellnummer: 4711/B",
            "Seite 1 von 1",
        ],
    );
    let english = pages(&sample(), Locale::En);
    holds(&english[0], &["Invoice DE-2026-000123", "€272.56", "VAT 19%", "2 Mar 2026", "Page 1 of 1"]);
}

#[test]
fn the_reverse_charge_is_named_as_the_law_asks() {
    let german = pages(&abroad(), Locale::De).join(" ");
    holds(
        &german,
        &[
            "Steuerschuldnerschaft des Leistungsempfängers",
            "EL123456789",
            "DE123456789",
            "Umsatzsteuer 0 %",
            "Αθηναϊκή",
            "Южно-Сахалинск",
            "GRIECHENLAND",
            "Endziffern 4242",
        ],
    );
    assert!(!german.contains("Zahlbar bis"), "nothing is left to be transferred");
}

#[test]
fn a_credit_note_names_its_invoice_and_gives_back() {
    let text = pages(&credit_note(), Locale::En).join(" ");
    holds(
        &text,
        &["Credit note DE-C-2026-000007 for invoice DE-2026-000123", "−€272.56", "We return €272.56"],
    );
    assert!(!text.contains("Please transfer"));
}

#[test]
fn many_lines_go_on_with_the_columns_named_again() {
    for (lines, count) in [(1, 1), (4, 1), (60, 5)] {
        let text = pages(&long(lines), Locale::De);
        assert_eq!(text.len(), count, "{lines} lines");
        for (at, page) in text.iter().enumerate() {
            let number = format!("Seite {} von {count}", at + 1);
            holds(page, &[&number, "Kontor Software GmbH", "Einzelpreis", "01.03.2027"]);
        }
        let all = text.join(" ");
        assert_eq!(all.matches("Gesamtbetrag").count(), 1);
        assert_eq!(all.matches("01.03.2027").count(), lines, "every line is there once");
    }
}

#[test]
fn the_same_invoice_is_the_same_bytes_whatever_became_of_it() {
    let issued = sample();
    let paid = InvoiceView { status: InvoiceStatus::Paid, paid: issued.totals.total, ..issued.clone() };
    let bytes = render(&issued, Locale::De).unwrap();
    assert_eq!(bytes, render(&paid, Locale::De).unwrap());
    assert_ne!(bytes, render(&issued, Locale::En).unwrap());
    assert!(bytes.len() < 60_000, "{} bytes: only the glyphs used are in it", bytes.len());
}

#[test]
fn title_and_language_are_in_the_file() {
    let document = Document::load_mem(&render(&sample(), Locale::De).unwrap()).unwrap();
    let language = document.catalog().unwrap().get(b"Lang").unwrap();
    assert_eq!(language.as_str().unwrap(), b"de");
    let info = document.trailer.get(b"Info").and_then(Object::as_reference).unwrap();
    let title = document.get_dictionary(info).unwrap().get(b"Title").unwrap();
    assert_eq!(lopdf::decode_text_string(title).unwrap(), "Rechnung DE-2026-000123");
}

#[test]
fn nothing_runs_into_the_margin() {
    // Every amount as long as amounts get.
    let mut view = sample();
    view.currency = Currency::Inr;
    for line in &mut view.content.lines {
        (line.quantity, line.unit_price) = (100_000, 999_999_999);
        (line.list, line.discount, line.net) = (999_999_999_999, 0, 999_999_999_999);
    }
    view.totals = Totals::of(&view.content.lines, view.tax);
    view.content.settlement = Settlement::Transfer;
    let text = pages(&view, Locale::En).join(" ");
    holds(&text, &["INR 9,999,999,999.99", "INR 9,999,999.99", "100,000"]);
    let fonts = Fonts::get().unwrap();
    let width = |text: &str| fonts.run(text, BODY.weight, BODY.size).width() / 72.0 * 25.4;
    assert!(width("−INR\u{a0}9,999,999,999.99") < RIGHT - UNIT_PRICE);
    assert!(width("INR\u{a0}9,999,999.99") < UNIT_PRICE - QUANTITY);
    assert!(width("100,000") < QUANTITY - DESCRIPTION - DESCRIPTION_WIDTH);
}

#[test]
fn the_sums_stay_with_the_last_line_however_many_there_are() {
    for lines in 1..40 {
        let text = pages(&long(lines), Locale::De);
        let with_total = text.iter().position(|page| page.contains("Gesamtbetrag")).unwrap();
        assert!(text[with_total].contains("01.03.2027"), "{lines} lines");
    }
}
