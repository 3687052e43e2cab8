//! SEPA credit transfers as a file for the bank: ISO 20022 `pain.001.001.09`, the version banks take since November 2025.
//! Written by hand: some thirty elements whose order the schema fixes; a test validates them against it.

use crate::kernel::{
    instant::{Day, Instant},
    money::Money,
    text::fold,
};

/// Somebody's account at a bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAccount {
    /// Whose.
    pub holder: String,
    /// A valid IBAN without blanks.
    pub iban: String,
    /// BIC; may be empty.
    pub bic: String,
}

/// One transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Carried to the receiver unchanged: at most 35 characters.
    pub end_to_end: String,
    /// To whom.
    pub to: BankAccount,
    /// How much, in euros.
    pub amount: Money,
    /// What for.
    pub text: String,
}

/// Transfers from one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// From whom.
    pub from: BankAccount,
    /// The transfers; at least one.
    pub transfers: Vec<Transfer>,
}

/// A file of transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Unique for the bank: at most 30 characters.
    pub id: String,
    /// When it was made.
    pub at: Instant,
    /// When the bank is to carry it out.
    pub on: Day,
    /// The transfers by account; at least one batch.
    pub batches: Vec<Batch>,
}

/// Writes the file.
pub fn write(message: &Message) -> String {
    let all: Vec<&Transfer> = message.batches.iter().flat_map(|batch| &batch.transfers).collect();
    let sender = message.batches.first().map_or("", |batch| batch.from.holder.as_str());
    let mut xml = Xml::default();
    xml.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.text.push_str(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">\n<CstmrCdtTrfInitn>\n",
    );
    xml.within("GrpHdr", |xml| {
        xml.leaf("MsgId", &sepa_text(&message.id, 35));
        xml.leaf("CreDtTm", &message.at.rfc3339());
        xml.leaf("NbOfTxs", &all.len().to_string());
        xml.leaf("CtrlSum", &sum(&all));
        xml.within("InitgPty", |xml| xml.leaf("Nm", &sepa_text(sender, 70)));
    });
    for (n, batch) in message.batches.iter().enumerate() {
        xml.within("PmtInf", |xml| payment(xml, message, n, batch));
    }
    xml.text.push_str("</CstmrCdtTrfInitn>\n</Document>\n");
    xml.text
}

fn payment(xml: &mut Xml, message: &Message, n: usize, batch: &Batch) {
    let transfers: Vec<&Transfer> = batch.transfers.iter().collect();
    xml.leaf("PmtInfId", &sepa_text(&format!("{}-{}", message.id, n + 1), 35));
    xml.leaf("PmtMtd", "TRF");
    xml.leaf("NbOfTxs", &transfers.len().to_string());
    xml.leaf("CtrlSum", &sum(&transfers));
    xml.within("PmtTpInf", |xml| xml.within("SvcLvl", |xml| xml.leaf("Cd", "SEPA")));
    xml.within("ReqdExctnDt", |xml| xml.leaf("Dt", &message.on.to_string()));
    xml.within("Dbtr", |xml| xml.leaf("Nm", &sepa_text(&batch.from.holder, 70)));
    xml.within("DbtrAcct", |xml| xml.within("Id", |xml| xml.leaf("IBAN", &batch.from.iban)));
    // The schema asks for the sender's bank, the rules of SEPA only for the IBAN.
    xml.within("DbtrAgt", |xml| {
        xml.within("FinInstnId", |xml| match batch.from.bic.as_str() {
            "" => xml.within("Othr", |xml| xml.leaf("Id", "NOTPROVIDED")),
            bic => xml.leaf("BICFI", bic),
        });
    });
    xml.leaf("ChrgBr", "SLEV");
    for transfer in transfers {
        xml.within("CdtTrfTxInf", |xml| {
            xml.within("PmtId", |xml| xml.leaf("EndToEndId", &sepa_text(&transfer.end_to_end, 35)));
            let amount = transfer.amount;
            xml.within("Amt", |xml| {
                let open = format!("<InstdAmt Ccy=\"{}\">", amount.currency);
                xml.text.push_str(&format!("{open}{}</InstdAmt>\n", amount.plain()));
            });
            if !transfer.to.bic.is_empty() {
                let bic = transfer.to.bic.as_str();
                xml.within("CdtrAgt", |xml| xml.within("FinInstnId", |xml| xml.leaf("BICFI", bic)));
            }
            xml.within("Cdtr", |xml| xml.leaf("Nm", &sepa_text(&transfer.to.holder, 70)));
            xml.within("CdtrAcct", |xml| xml.within("Id", |xml| xml.leaf("IBAN", &transfer.to.iban)));
            xml.within("RmtInf", |xml| xml.leaf("Ustrd", &sepa_text(&transfer.text, 140)));
        });
    }
}

fn sum(transfers: &[&Transfer]) -> String {
    let minor = transfers.iter().map(|transfer| transfer.amount.minor).sum();
    Money::new(minor, crate::kernel::money::Currency::Eur).plain()
}

#[derive(Default)]
struct Xml {
    text: String,
}

impl Xml {
    fn leaf(&mut self, name: &str, value: &str) {
        // The characters SEPA allows hold none that XML escapes.
        self.text.push_str(&format!("<{name}>{value}</{name}>\n"));
    }
    fn within(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.text.push_str(&format!("<{name}>\n"));
        inside(self);
        self.text.push_str(&format!("</{name}>\n"));
    }
}

/// A text in the characters every bank in SEPA takes (EPC217-08), at most `max` of them: umlauts are spelt out, marks
/// dropped, everything else becomes a dot; no slash at either end and no two in a row, since those begin a code.
pub fn sepa_text(text: &str, max: usize) -> String {
    let mut out = String::new();
    for c in text.trim().chars() {
        match c {
            'a'..='z'
            | 'A'..='Z'
            | '0'..='9'
            | '-'
            | '?'
            | ':'
            | '('
            | ')'
            | '.'
            | ','
            | '\''
            | '+'
            | ' ' => out.push(c),
            '/' if !out.ends_with('/') => out.push('/'),
            '/' => {}
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'Ä' => out.push_str("Ae"),
            'Ö' => out.push_str("Oe"),
            'Ü' => out.push_str("Ue"),
            '&' => out.push('+'),
            c if c.is_whitespace() => out.push(' '),
            c => {
                let plain = fold(&c.to_string());
                match plain.bytes().all(|b| b.is_ascii_alphanumeric()) && !plain.is_empty() {
                    true if c.is_uppercase() => out.push_str(&plain.to_ascii_uppercase()),
                    true => out.push_str(&plain),
                    false => out.push('.'),
                }
            }
        }
    }
    let cut: String = out.trim_matches('/').trim().chars().take(max).collect();
    let cut = cut.trim_matches(['/', ' ']);
    if cut.is_empty() { ".".into() } else { cut.to_owned() }
}

#[cfg(test)]
#[path = "pain_tests.rs"]
mod tests;
