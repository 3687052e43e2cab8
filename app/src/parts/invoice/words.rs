//! An invoice in the reader's words: the same for the page, its print and the PDF, which only lay them out.

use crate::{
    i18n::{date, money, number, percent},
    parts::choice,
    t::{self, invoice as i},
};
use kontor::{
    invoice::{
        InvoiceKind, InvoiceLine, InvoiceStatus, InvoiceView, LineText, Party, Sale, Settlement, TaxRule,
        tax::in_eu,
    },
    kernel::money::Money,
    subscription::{Plan, Term, change::Item},
};

/// `Invoice` or `Credit note`.
pub fn kind(kind: InvoiceKind) -> &'static str {
    match kind {
        InvoiceKind::Invoice => i::invoice(),
        InvoiceKind::CreditNote => i::credit_note(),
    }
}

/// The heading: kind and number, and the invoice that a credit note corrects.
pub fn subject(view: &InvoiceView) -> String {
    match &view.content.credits {
        Some(original) => i::subject_credit_note(&view.number, original),
        None => i::subject_invoice(&view.number),
    }
}

/// Where it stands.
pub fn status(status: InvoiceStatus) -> &'static str {
    match status {
        InvoiceStatus::Issued => i::status_issued(),
        InvoiceStatus::Paid => i::status_paid(),
        InvoiceStatus::PartiallyPaid => i::status_partially_paid(),
        InvoiceStatus::PastDue => i::status_past_due(),
        InvoiceStatus::Uncollectible => i::status_uncollectible(),
        InvoiceStatus::Void => i::status_void(),
        InvoiceStatus::Refunded => i::status_refunded(),
        InvoiceStatus::PartiallyRefunded => i::status_partially_refunded(),
    }
}

/// Name and address, a line each; the country only for mail that crosses a border from `sender`, in capitals as the post
/// asks for.
pub fn address(party: &Party, sender: &str) -> Vec<String> {
    let place = match party.country.as_str() {
        "US" | "CA" | "AU" => joined(&[&party.city, &joined(&[&party.state, &party.postal_code], " ")], ", "),
        _ => joined(&[&party.postal_code, &party.city], " "),
    };
    let state = match party.country.as_str() {
        "US" | "CA" | "AU" => "",
        _ => party.state.as_str(),
    };
    let country = match party.country == sender {
        true => String::new(),
        false => choice::country(&party.country).to_uppercase(),
    };
    let lines = [party.name.as_str(), party.street.as_str(), party.street2.as_str(), &place, state, &country];
    lines.into_iter().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

/// The sender in one line, above the address in the window.
pub fn sender_line(party: &Party) -> String {
    joined(&[&party.name, &party.street, &joined(&[&party.postal_code, &party.city], " ")], " · ")
}

fn joined(parts: &[&str], with: &str) -> String {
    parts.iter().copied().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(with)
}

/// What a tax number of the country is called.
pub fn tax_id_name(country: &str) -> &'static str {
    if has_vat(country) { i::vat_id() } else { i::tax_id() }
}

fn has_vat(country: &str) -> bool {
    in_eu(country) || matches!(country, "CH" | "GB" | "NO")
}

/// The facts beside the address: name and value.
pub fn facts(view: &InvoiceView) -> Vec<(&'static str, String)> {
    let content = &view.content;
    let mut facts = vec![(i::number(), view.number.clone())];
    facts.extend(content.credits.clone().map(|original| (i::original(), original)));
    facts.push((i::date(), date(view.issued_on)));
    if view.kind == InvoiceKind::Invoice && matches!(content.settlement, Settlement::Transfer) {
        facts.push((i::due(), date(view.due_on)));
    }
    facts.extend(content.customer.clone().map(|customer| (i::customer(), customer)));
    if !content.reference.is_empty() {
        facts.push((i::your_reference(), content.reference.clone()));
    }
    let ids = [
        (&content.debtor, i::your_vat_id(), i::your_tax_id()),
        (&content.issuer.party, i::our_vat_id(), i::our_tax_id()),
    ];
    for (party, vat, other) in ids {
        if !party.vat_id.is_empty() {
            facts.push((if has_vat(&party.country) { vat } else { other }, party.vat_id.clone()));
        }
    }
    facts
}

/// The name of what is sold: a product name in every language, or a text.
pub fn item(item: Item) -> &'static str {
    match item {
        Item::MailLite => Plan::MailLite.name(),
        Item::MailLite10 => Plan::MailLite10.name(),
        Item::MailPremium => Plan::MailPremium.name(),
        Item::Standard => Plan::Standard.name(),
        Item::Professional => Plan::Professional.name(),
        Item::ExtraStorage => i::extra_storage(),
    }
}

/// What a line is about.
pub fn line_title(text: &LineText) -> String {
    let name = item(text.item);
    let term = match text.term {
        Term::Monthly => Some(i::term_month()),
        Term::Yearly => Some(i::term_year()),
        Term::None => None,
    };
    match (text.sale, term) {
        (Sale::New, Some(term)) => i::line_new(name, term),
        (Sale::Renewal, Some(term)) => i::line_renewal(name, term),
        (Sale::TermChange, Some(term)) => i::line_term_change(name, term),
        (Sale::Added, _) => i::line_added(name),
        (Sale::Upgrade, _) if text.was.is_some() => i::line_upgrade(name, text.was.map_or("", item)),
        (Sale::Refund, _) => i::line_refund(name),
        _ => name.to_owned(),
    }
}

/// Its period and, where only part of a term is charged, the days of it.
pub fn line_period(line: &InvoiceLine) -> String {
    let period = i::period(date(line.from), date(line.until));
    match line.days {
        Some((charged, whole)) => {
            format!("{period} ({})", i::days(number(charged.into()), number(whole.into())))
        }
        None => period,
    }
}

/// An amount of the invoice.
pub fn amount(view: &InvoiceView, minor: i64) -> String {
    money(Money::new(minor, view.currency))
}

/// The sums above the total: name and amount. List price and discount only where there is a discount.
pub fn sums(view: &InvoiceView) -> Vec<(String, String)> {
    let totals = view.totals;
    let mut sums = Vec::new();
    if totals.discount != 0 {
        sums.push((i::list().to_owned(), amount(view, totals.list)));
        sums.push((i::discount().to_owned(), amount(view, -totals.discount)));
    }
    sums.push((i::net().to_owned(), amount(view, totals.net)));
    let tax = match view.content.issuer.party.country.as_str() {
        "IN" | "AU" | "CA" => i::tax_gst(),
        "US" => i::tax_sales(),
        "JP" => i::tax_consumption(),
        _ => i::tax_vat(),
    };
    sums.push((i::tax_line(percent(view.tax.bp), tax), amount(view, totals.tax)));
    sums
}

/// The total's name.
pub fn total_name(view: &InvoiceView) -> &'static str {
    match view.kind {
        InvoiceKind::Invoice => i::total(),
        InvoiceKind::CreditNote => i::total_credit_note(),
    }
}

/// Why there is no tax, in the words the law asks for.
pub fn tax_note(view: &InvoiceView) -> Option<&'static str> {
    tax_reason(view.tax.rule)
}

/// The same of a rule.
pub fn tax_reason(rule: TaxRule) -> Option<&'static str> {
    match rule {
        TaxRule::ReverseCharge => Some(i::reverse_charge()),
        TaxRule::Export => Some(i::export()),
        TaxRule::Domestic | TaxRule::EuConsumer => None,
    }
}

/// How the amount finds its way.
pub fn payment_note(view: &InvoiceView) -> String {
    let used = view.content.from_account;
    if used > 0 {
        let used = i::from_account(amount(view, used));
        let mut left = view.clone();
        left.totals.total -= left.content.from_account;
        left.content.from_account = 0;
        return format!("{used} {}", payment_note(&left));
    }
    let sum = amount(view, view.totals.total.abs());
    let due = date(view.due_on);
    let number = view.number.as_str();
    if view.totals.total == 0 {
        return i::nothing_to_pay().to_owned();
    }
    match (&view.content.settlement, &view.content.credits) {
        (Settlement::Paid { brand, last4 } | Settlement::Charge { brand, last4 }, Some(_)) => {
            i::return_card(sum, brand, last4)
        }
        (Settlement::Transfer, Some(_)) => i::return_transfer(sum),
        (Settlement::Account, Some(_)) => i::on_account(sum),
        (Settlement::Offset, Some(original)) => i::offset(sum, original),
        (Settlement::Paid { brand, last4 }, None) => i::paid_card(brand, last4),
        (Settlement::Charge { brand, last4 }, None) => i::charge_card(sum, brand, due, last4),
        (Settlement::Transfer, None) if !view.content.issuer.iban.is_empty() => i::transfer(sum, due, number),
        (Settlement::Transfer | Settlement::Offset | Settlement::Account, None) => {
            i::transfer_plain(sum, due, number)
        }
    }
}

/// Where to transfer: name and value; empty where nothing is to be transferred.
pub fn account(view: &InvoiceView) -> Vec<(&'static str, String)> {
    let issuer = &view.content.issuer;
    let wanted = view.kind == InvoiceKind::Invoice
        && view.totals.total != 0
        && matches!(view.content.settlement, Settlement::Transfer);
    match wanted {
        true => bank(&issuer.iban, &issuer.bic),
        false => Vec::new(),
    }
}

/// A bank account: name and value.
pub fn bank(iban: &str, bic: &str) -> Vec<(&'static str, String)> {
    let all = [("IBAN", iban_groups(iban)), ("BIC", bic.to_owned())];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// An IBAN in groups of four, as it is printed.
pub fn iban_groups(iban: &str) -> String {
    let plain: Vec<char> = iban.chars().filter(|c| !c.is_whitespace()).collect();
    plain.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// `Page 1 of 3`.
pub fn page(page: usize, pages: usize) -> String {
    t::invoice::page(page, pages)
}
