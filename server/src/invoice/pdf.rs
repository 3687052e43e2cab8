//! The PDF of an invoice, laid out as a business letter after DIN 5008 (form B): sender's line and address in the window,
//! facts beside it, subject, table, sums, notes, and the entity's facts at the foot of every page.
//!
//! It says what was fixed on the day of issue and nothing that changes later, such as whether it is paid: the same invoice
//! is the same bytes whenever it is asked for.

use super::{
    font::{Fonts, Run, Weight},
    sheet::{Ink, Sheets, Style},
};
use app::{
    i18n::{date, number, with_locale},
    parts::invoice::words,
    t::invoice as i,
};
use kontor::{
    invoice::{InvoiceLine, InvoiceView},
    kernel::locale::Locale,
};
use krilla::metadata::{DateTime, Metadata};

/// Why there is no PDF. Neither depends on the invoice.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The fonts compiled in cannot be read.
    #[error("the fonts cannot be read")]
    Fonts,
    /// The document could not be written.
    #[error("the document cannot be written: {0}")]
    Write(String),
}

const LEFT: f32 = 25.0;
const RIGHT: f32 = 190.0;
/// Where the facts beside the address begin (DIN 5008: 125 mm).
const FACTS: f32 = 125.0;
/// Where columns of figures end.
const QUANTITY: f32 = 118.0;
const UNIT_PRICE: f32 = 151.0;
/// Where descriptions begin, and how wide they are.
const DESCRIPTION: f32 = 34.0;
const DESCRIPTION_WIDTH: f32 = 68.0;
/// Where the names of sums begin.
const SUMS: f32 = 110.0;
/// The last baseline above the foot.
const BOTTOM: f32 = 258.0;
/// The first baseline of a further page.
const TOP: f32 = 32.0;

const fn style(weight: Weight, size: f32, ink: Ink, leading: f32) -> Style {
    Style { weight, size, ink, leading }
}
const BODY: Style = style(Weight::Regular, 9.5, Ink::Text, 4.8);
const STRONG: Style = style(Weight::SemiBold, 9.5, Ink::Text, 4.8);
const ADDRESS: Style = style(Weight::Regular, 10.0, Ink::Text, 4.7);
const SMALL: Style = style(Weight::Regular, 8.0, Ink::Muted, 4.1);
const COLUMN: Style = style(Weight::SemiBold, 8.0, Ink::Muted, 4.1);
const SENDER: Style = style(Weight::Regular, 6.8, Ink::Muted, 3.0);
const FOOT: Style = style(Weight::Regular, 7.2, Ink::Muted, 3.5);
const NAME: Style = style(Weight::SemiBold, 15.0, Ink::Text, 6.4);
const SUBJECT: Style = style(Weight::SemiBold, 14.0, Ink::Text, 6.4);
const TOTAL: Style = style(Weight::SemiBold, 11.5, Ink::Text, 5.4);

/// The invoice as PDF in the reader's language.
pub fn render(view: &InvoiceView, locale: Locale) -> Result<Vec<u8>, PdfError> {
    let fonts = Fonts::get().ok_or(PdfError::Fonts)?;
    with_locale(locale, || {
        let mut paper = Paper { view, sheets: Sheets::new(fonts), y: 0.0 };
        paper.head();
        paper.table();
        paper.sums();
        paper.notes();
        paper.sheets.each(|sheets, page, pages| foot(view, sheets, page, pages));
        let (year, month, day) = view.issued_on.civil();
        let issued = DateTime::new(u16::try_from(year).unwrap_or_default()).month(month).day(day);
        let metadata = Metadata::new()
            .title(words::subject(view))
            .authors(vec![view.content.issuer.party.name.clone()])
            .language(locale.key().to_owned())
            .creator("Kontor".to_owned())
            .creation_date(issued)
            .document_id(view.number.clone());
        paper.sheets.write(metadata).map_err(|error| PdfError::Write(error.to_string()))
    })
}

struct Paper<'a> {
    view: &'a InvoiceView,
    sheets: Sheets,
    /// The next baseline, in millimetres from the top.
    y: f32,
}

impl Paper<'_> {
    /// Everything above the table.
    fn head(&mut self) {
        let view = self.view;
        let issuer = &view.content.issuer.party;
        let sheets = &mut self.sheets;
        sheets.paragraph(LEFT, 24.0, RIGHT - LEFT, &issuer.name, NAME);
        for y in [105.0, 148.5, 210.0] {
            // Where to fold, and the middle for the punch.
            sheets.rule((5.0, y), (if y == 148.5 { 10.0 } else { 8.5 }, y), 0.4, Ink::Line);
        }

        // The window is 85 mm wide with 5 mm of margin; the sender's line is cut rather than broken.
        let sender = sheets.wrapped(&words::sender_line(issuer), SENDER, 80.0);
        sheets.lines(LEFT, 49.5, sender.into_iter().take(1).collect(), SENDER);
        sheets.rule((LEFT, 51.0), (LEFT + 80.0, 51.0), 0.3, Ink::Line);
        let address = words::address(&view.content.debtor, &issuer.country);
        let lines: Vec<Run> = address.iter().flat_map(|line| sheets.wrapped(line, ADDRESS, 80.0)).collect();
        let addressed = sheets.lines(LEFT, 57.0, lines, ADDRESS);

        let mut y = 50.0;
        for (name, value) in words::facts(view) {
            sheets.text(FACTS, y, name, SMALL);
            y = sheets.paragraph(FACTS + 29.0, y, RIGHT - FACTS - 29.0, &value, BODY).max(y + BODY.leading);
        }

        // A long address or many facts push the subject down; else it is where a letter has it.
        let y = (y.max(addressed) + 6.0).max(104.0);
        let y = sheets.paragraph(LEFT, y, RIGHT - LEFT, &words::subject(view), SUBJECT);
        self.y = y + 1.0;
        if let Some(customer) = &view.content.customer {
            let text = i::services_for(customer);
            self.y = self.sheets.paragraph(LEFT, self.y, RIGHT - LEFT, &text, BODY);
        }
        self.y += 4.0;
    }

    /// A new page if fewer than so many millimetres are left.
    fn room(&mut self, height: f32) -> bool {
        let full = self.y + height > BOTTOM;
        if full {
            self.sheets.add();
            let subject = format!("{} · {}", words::subject(self.view), date(self.view.issued_on));
            self.sheets.text(LEFT, 20.0, &subject, SMALL);
            self.y = TOP;
        }
        full
    }

    fn columns(&mut self) {
        let y = self.y;
        self.sheets.text(LEFT, y, i::position(), COLUMN);
        self.sheets.text(DESCRIPTION, y, i::description(), COLUMN);
        self.sheets.text_to(QUANTITY, y, i::quantity(), COLUMN);
        self.sheets.text_to(UNIT_PRICE, y, i::unit_price(), COLUMN);
        self.sheets.text_to(RIGHT, y, i::amount(), COLUMN);
        self.sheets.rule((LEFT, y + 2.0), (RIGHT, y + 2.0), 0.8, Ink::Muted);
        self.y = y + 7.0;
    }

    fn table(&mut self) {
        self.columns();
        for (at, line) in self.view.content.lines.iter().enumerate() {
            self.line(at, line);
        }
    }

    fn line(&mut self, at: usize, line: &InvoiceLine) {
        let title = self.sheets.wrapped(&words::line_title(&line.text), BODY, DESCRIPTION_WIDTH);
        let period = self.sheets.wrapped(&words::line_period(line), SMALL, DESCRIPTION_WIDTH);
        let height = title.len() as f32 * BODY.leading + period.len() as f32 * SMALL.leading;
        // The sums never stand on a page without a line.
        let last = at + 1 == self.view.content.lines.len();
        let below = if last { 5.0 + self.sums_height() } else { 0.0 };
        if self.room(height + below) {
            self.columns();
        }
        let (view, y) = (self.view, self.y);
        self.sheets.text(LEFT, y, &number(at as i64 + 1), BODY);
        self.sheets.text_to(QUANTITY, y, &number(line.quantity), BODY);
        self.sheets.text_to(UNIT_PRICE, y, &words::amount(view, line.unit_price), BODY);
        self.sheets.text_to(RIGHT, y, &words::amount(view, line.list), BODY);
        let y = self.sheets.lines(DESCRIPTION, y, title, BODY);
        let y = self.sheets.lines(DESCRIPTION, y - 0.4, period, SMALL);
        self.sheets.rule((LEFT, y - 1.6), (RIGHT, y - 1.6), 0.4, Ink::Line);
        self.y = y + 3.4;
    }

    fn sums_height(&self) -> f32 {
        words::sums(self.view).len() as f32 * (BODY.leading + 0.4) + 5.0
    }

    /// The sums, for which the last line has kept room.
    fn sums(&mut self) {
        let view = self.view;
        self.y += 1.5;
        for (name, value) in words::sums(view) {
            self.sheets.text(SUMS, self.y, &name, BODY);
            self.sheets.text_to(RIGHT, self.y, &value, BODY);
            self.y += BODY.leading + 0.4;
        }
        self.sheets.rule((SUMS, self.y - 2.6), (RIGHT, self.y - 2.6), 0.8, Ink::Text);
        self.y += 3.0;
        self.sheets.text(SUMS, self.y, words::total_name(view), TOTAL);
        self.sheets.text_to(RIGHT, self.y, &words::amount(view, view.totals.total), TOTAL);
        self.y += 12.0;
    }

    fn notes(&mut self) {
        let view = self.view;
        if let Some(text) = words::tax_note(view) {
            self.note(text, BODY);
        }
        let account = words::account(view);
        self.room(account.len() as f32 * BODY.leading + 10.0);
        self.note(&words::payment_note(view), BODY);
        if !account.is_empty() {
            self.y -= 1.5;
            for (name, value) in account {
                self.sheets.text(LEFT, self.y, name, SMALL);
                self.sheets.text(LEFT + 12.0, self.y, &value, STRONG);
                self.y += BODY.leading;
            }
            self.y += 2.5;
        }
        self.note(&view.content.note, BODY);
    }

    fn note(&mut self, text: &str, style: Style) {
        for run in self.sheets.wrapped(text, style, RIGHT - LEFT) {
            self.room(style.leading);
            self.y = self.sheets.lines(LEFT, self.y, vec![run], style);
        }
        self.y += 2.5;
    }
}

/// The number of the page, and the entity's facts in three columns.
fn foot(view: &InvoiceView, sheets: &mut Sheets, page: usize, pages: usize) {
    sheets.text_to(RIGHT, 266.0, &words::page(page, pages), FOOT);
    sheets.rule((LEFT, 269.0), (RIGHT, 269.0), 0.4, Ink::Line);
    let issuer = &view.content.issuer;
    let party = &issuer.party;
    let named = |(name, value): (&str, String)| format!("{name} {value}");
    let tax_id =
        (!party.vat_id.is_empty()).then(|| (words::tax_id_name(&party.country), party.vat_id.clone()));
    let facts = (!party.email.is_empty()).then(|| party.email.clone()).into_iter();
    let columns = [
        // With its country: debtors abroad read it too.
        words::address(party, ""),
        facts.chain(tax_id.map(named)).collect(),
        words::bank(&issuer.iban, &issuer.bic).into_iter().map(named).collect(),
    ];
    for (lines, (from, to)) in columns.into_iter().zip([(LEFT, 84.0), (88.0, 130.0), (134.0, RIGHT)]) {
        let mut y = 273.5;
        for line in lines {
            y = sheets.paragraph(from, y, to - from, &line, FOOT);
        }
    }
}

#[cfg(test)]
mod tests;
