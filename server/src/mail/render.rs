//! Lays a mail out: a text part and a plain HTML part that say the same.

use super::draft::{Block, Draft, draft};
use app::{i18n::with_locale, t::mail as t};
use kontor::{
    kernel::{Kontor, locale::Locale},
    notification::{Letter, Mail},
};

/// Renders a mail for its reader.
pub fn render(kontor: &Kontor, locale: Locale, mail: &Mail) -> Letter {
    with_locale(locale, || {
        let draft = draft(mail);
        let support = &kontor.programme.support_email;
        Letter { subject: one_line(&draft.subject), text: text(&draft, support), html: html(&draft, support) }
    })
}

/// A header has one line, whatever a name holds.
fn one_line(text: &str) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    flat.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(draft: &Draft, support: &str) -> String {
    let mut parts = vec![t::greeting().to_owned()];
    for block in &draft.body {
        parts.push(match block {
            Block::Text(text) => text.clone(),
            Block::Quote(quote) => quote.lines().map(|line| format!("> {line}\n")).collect::<String>(),
        });
    }
    if let Some((label, link)) = &draft.button {
        parts.push(format!("{label}:\n{link}"));
    }
    parts.push(format!("-- \n{}\n", t::footer(support)));
    parts.iter().map(|part| part.trim_end_matches('\n')).collect::<Vec<_>>().join("\n\n") + "\n"
}

const BODY: &str = "margin:0;padding:24px 16px;background:#f6f7f9;color:#1a1d21;\
    font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const SHEET: &str = "max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border:1px solid #e3e6ea;\
    border-radius:8px";
const HEADING: &str = "margin:0 0 24px;font-size:20px;line-height:1.3;font-weight:600";
const PARAGRAPH: &str = "margin:0 0 16px";
const QUOTE: &str = "margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid #c9ced6";
const BUTTON: &str = "display:inline-block;padding:10px 20px;background:#1f5fbf;color:#ffffff;border-radius:6px;\
    font-weight:600;text-decoration:none";
const SMALL: &str = "margin:0 0 8px;font-size:13px;color:#5b6470;word-break:break-all";
const FOOT: &str = "max-width:560px;margin:16px auto 0;font-size:13px;color:#5b6470";

fn html(draft: &Draft, support: &str) -> String {
    let subject = escape(&one_line(&draft.subject));
    let mut body = paragraphs(t::greeting());
    for block in &draft.body {
        match block {
            Block::Text(text) => body.push_str(&paragraphs(text)),
            Block::Quote(quote) => {
                let quote = escape(quote).replace('\n', "<br>\n");
                body.push_str(&format!("<blockquote style=\"{QUOTE}\">{quote}</blockquote>\n"));
            }
        }
    }
    if let Some((label, link)) = &draft.button {
        let (label, link) = (escape(label), escape(link));
        body.push_str(&format!(
            "<p style=\"margin:24px 0\"><a href=\"{link}\" style=\"{BUTTON}\">{label}</a></p>\n\
             <p style=\"{SMALL}\">{link}</p>\n"
        ));
    }
    let lang = app::i18n::locale().key();
    let foot = escape(&t::footer(support));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{subject}</title></head>\n\
         <body style=\"{BODY}\">\n<div style=\"{SHEET}\">\n<h1 style=\"{HEADING}\">{subject}</h1>\n{body}</div>\n\
         <p style=\"{FOOT}\">{foot}</p>\n</body>\n</html>\n"
    )
}

fn paragraphs(text: &str) -> String {
    let paragraph =
        |text: &str| format!("<p style=\"{PARAGRAPH}\">{}</p>\n", escape(text).replace('\n', "<br>\n"));
    text.split("\n\n").map(paragraph).collect()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kontor::{
        application::RejectReason,
        delegation::{RenewBy, TermsView},
        invoice::Settlement,
        kernel::{
            instant::{Day, Instant},
            right::DELEGABLE,
        },
        subscription::{Plan, SubscriptionStatus, change::Payer},
    };

    const LINK: &str = "https://kontor.example/reset/abc?x=1&y=2";
    const NAME: &str = "A<b>&\"'\u{2028} {link}";

    /// One of each kind, filled with what must be escaped.
    fn all() -> Vec<Mail> {
        let (link, day) = (LINK.to_owned(), Day(20_500));
        let name = || NAME.to_owned();
        let mut mails = vec![
            Mail::ConfirmEmail { link: link.clone() },
            Mail::AlreadyRegistered { link: link.clone() },
            Mail::ResetPassword { link: link.clone() },
            Mail::PasswordChanged { link: link.clone() },
            Mail::FactorsForgotten { link: link.clone() },
            Mail::PasskeyAdded { name: name(), link: link.clone() },
            Mail::Activate { organisation: name(), by: name(), link: link.clone() },
            Mail::AddedToOrganisation { organisation: name(), by: name(), link: link.clone() },
            Mail::ApplicationReceived { company: name(), due: day, link: link.clone() },
            Mail::ApplicationQuestion { company: name(), question: "Why?\n<b>".into(), link: link.clone() },
            Mail::Welcome { company: name(), link: link.clone() },
            Mail::ApplicationWithdrawn { company: name(), link: link.clone() },
            Mail::ReviewDue { company: name(), due: day, link: link.clone() },
            Mail::ApplicationAnswered { company: name(), link: link.clone() },
            Mail::CustomerCreated { organisation: name(), partner: name(), link: link.clone() },
            Mail::DomainVerified { domain: name(), organisation: name(), link: link.clone() },
            Mail::DomainUnverified { domain: name(), organisation: name(), link: link.clone() },
            Mail::DomainAtRisk { domain: name(), organisation: name(), link: link.clone() },
            Mail::TrialExtended { organisation: name(), ends_on: day, link: link.clone() },
            Mail::DeletionNotice { organisation: name(), from: day, link: link.clone() },
            Mail::SuperAdminChanged { organisation: name(), now: name(), was: name(), link: link.clone() },
            Mail::AccessDeclined { organisation: name(), link: link.clone() },
            Mail::AccessRequestLapsed { organisation: name(), link: link.clone() },
            Mail::GlassBroken {
                organisation: name(),
                vendor: name(),
                by: name(),
                reason: "Why\n<b>".to_owned(),
                until: Instant(0),
                link: link.clone(),
            },
            Mail::AccessRevoked { organisation: name(), partner: name(), link: link.clone() },
            Mail::PartnerLeft {
                organisation: name(),
                partner: name(),
                pays_from: Some(day),
                link: link.clone(),
            },
            Mail::CustomerLeft { organisation: name(), partner: name(), link: link.clone() },
            Mail::PartnerLeaves {
                organisation: name(),
                partner: name(),
                on: day,
                pays_from: Some(day),
                link: link.clone(),
            },
            Mail::PartnerStays { organisation: name(), partner: name(), link: link.clone() },
            Mail::MappingDenied { email: name(), link: link.clone() },
            Mail::MappingLapsed { email: name(), link: link.clone() },
            Mail::AccessExpired { organisation: name(), partner: name(), link: link.clone() },
            Mail::RenewedEarly { organisation: name(), on: day, link: link.clone() },
        ];
        let (plan, seats) = (Plan::Professional, 25);
        let total = kontor::kernel::money::Money::new(123_450, kontor::kernel::money::Currency::Usd);
        let why = "Sorry\n<b>".to_owned();
        mails.extend([
            Mail::ChangeProposed { organisation: name(), plan, seats, total, link: link.clone() },
            Mail::ChangeDeclined { organisation: name(), reason: why, link: link.clone() },
            Mail::ChangeScheduled { organisation: name(), plan, seats, on: day, link: link.clone() },
            Mail::ChangeUndone { organisation: name(), link: link.clone() },
            Mail::ChangeGivenBack { organisation: name(), link: link.clone() },
            Mail::SubscriptionChanged { organisation: name(), plan, seats, link: link.clone() },
            Mail::RenewalAhead { organisation: name(), on: day, amount: total, link: link.clone() },
            Mail::SubscriptionEnded { organisation: name(), link: link.clone() },
            Mail::PaymentFailed { organisation: name(), amount: total, link: link.clone() },
            Mail::RefundedOutside { organisation: name(), amount: total, link: link.clone() },
            Mail::PaymentCameLate { organisation: name(), amount: total, link: link.clone() },
            Mail::PaymentOverdue {
                organisation: name(),
                number: "DE-2026-000001".into(),
                amount: total,
                due_on: day,
                link: link.clone(),
            },
            Mail::ChangeNotPaid { organisation: name(), plan, seats, total, link: link.clone() },
            Mail::TakenOver { organisation: name(), link: link.clone() },
        ]);
        for (takes_over, pays) in [(true, false), (false, true), (false, false)] {
            let link = link.clone();
            mails.extend([
                Mail::PaymentTakenBack { organisation: name(), amount: total, pays, link: link.clone() },
                Mail::SubscriptionSuspended { organisation: name(), pays, link: link.clone() },
                Mail::SuspensionAhead { organisation: name(), on: day, takes_over, pays, link },
            ]);
        }
        for payer in Payer::ALL {
            let link = link.clone();
            mails.push(Mail::PayerProposed { organisation: name(), payer: *payer, on: day, link });
        }
        let amount = kontor::kernel::money::Money::new(-123_450, kontor::kernel::money::Currency::Eur);
        let (number, reason, usable_at) = ("PO-2026-1".to_owned(), "Sorry\n<b>".to_owned(), day.start());
        mails.extend([
            Mail::PayoutAccountChanged {
                organisation: name(),
                by: name(),
                last4: "3000".into(),
                usable_at,
                link: link.clone(),
            },
            Mail::PayoutRejected {
                number: number.clone(),
                amount,
                reason: reason.clone(),
                link: link.clone(),
            },
            Mail::PayoutFailed { number: number.clone(), amount, reason, link: link.clone() },
            Mail::PayoutPaid { number: number.clone(), amount, link: link.clone() },
        ]);
        let card = || ("visa".to_owned(), "4242".to_owned());
        for settlement in [
            Settlement::Paid { brand: card().0, last4: card().1 },
            Settlement::Charge { brand: card().0, last4: card().1 },
            Settlement::Transfer,
        ] {
            mails.push(Mail::InvoiceIssued {
                organisation: name(),
                number: number.clone(),
                amount,
                due_on: day,
                settlement,
                link: link.clone(),
            });
        }
        let note = number.clone();
        mails.push(Mail::CreditNoteIssued { organisation: name(), number: note, amount, link: link.clone() });
        for invoice_missing in [true, false] {
            let (number, link) = (number.clone(), link.clone());
            mails.push(Mail::PayoutRequested { number, amount, invoice_missing, link });
        }
        for yes in [true, false] {
            let (organisation, partner, link) = (name(), name(), link.clone());
            let note = if yes { "Hello\n<b>".to_owned() } else { String::new() };
            mails.extend([
                Mail::CustomerMapped {
                    organisation: organisation.clone(),
                    partner: partner.clone(),
                    access: yes,
                    link: link.clone(),
                },
                Mail::PartnerMapped {
                    organisation: organisation.clone(),
                    partner: partner.clone(),
                    access: yes,
                    link: link.clone(),
                },
                Mail::MappingAsked { organisation, partner, note, until: day, again: yes, link },
            ]);
        }
        for renewal in RenewBy::ALL.iter().copied() {
            let capabilities = DELEGABLE.to_vec();
            let terms = TermsView { capabilities, until: day, renewal };
            let (organisation, partner, link) = (name(), name(), link.clone());
            let again = renewal == RenewBy::Partner;
            let note = if again { "Hello\n<b>".to_owned() } else { String::new() };
            mails.extend([
                Mail::AccessGiven {
                    organisation: organisation.clone(),
                    partner: partner.clone(),
                    terms: terms.clone(),
                    link: link.clone(),
                },
                Mail::AccessChanged {
                    organisation: organisation.clone(),
                    partner: partner.clone(),
                    was: terms.clone(),
                    now: terms.clone(),
                    link: link.clone(),
                },
                Mail::AccessAsked { organisation, partner, terms, note, answer_by: day, again, link },
            ]);
        }
        for moved in [true, false] {
            let reason = "Sorry\n<b>".to_owned();
            mails.push(Mail::DisputeDecided { about: name(), moved, reason, link: link.clone() });
        }
        for days in [1, 15] {
            mails.push(Mail::PaysSoon { organisation: name(), pays_from: day, days, link: link.clone() });
        }
        for days in [0, 1, 7] {
            let link = link.clone();
            mails.push(Mail::TrialEnding { organisation: name(), days, ends_on: day, link: link.clone() });
            mails.push(Mail::AccessEnding { organisation: name(), partner: name(), days, link });
        }
        for status in SubscriptionStatus::ALL {
            mails.push(Mail::TrialEnded { organisation: name(), status: *status, link: link.clone() });
        }
        for reason in RejectReason::ALL {
            let note = "Sorry\n<script>".to_owned();
            mails.push(Mail::ApplicationRejected {
                company: name(),
                reason: *reason,
                note,
                reapply_on: Some(day),
            });
        }
        mails
    }

    fn letter(locale: Locale, mail: &Mail) -> Letter {
        with_locale(locale, || {
            let draft = draft(mail);
            let support = "help@vendor.test";
            Letter {
                subject: one_line(&draft.subject),
                text: text(&draft, support),
                html: html(&draft, support),
            }
        })
    }

    #[test]
    fn every_mail_says_what_it_should_in_both_languages() {
        for mail in all() {
            let (key, value) = (mail.key(), serde_json::to_value(&mail).unwrap());
            for locale in Locale::ALL {
                let Letter { subject, text, html } = letter(*locale, &mail);
                assert!(!subject.is_empty() && !subject.contains(char::is_control), "{key}: {subject:?}");
                assert!(text.contains("help@vendor.test") && html.contains("help@vendor.test"), "{key}");
                if value.get("link").is_some() {
                    assert!(text.contains(&format!(":\n{LINK}\n")), "{key}: {text}");
                    let href = LINK.replace('&', "&amp;");
                    assert!(html.contains(&format!("href=\"{href}\"")), "{key}: {html}");
                }
                // The name holds a pair of braces itself; texts of ours must leave none.
                for part in [&subject, &text, &html] {
                    assert!(!part.replace("{link}", "").contains(['{', '}']), "{key}: {part}");
                }
                for markup in ["<b>", "<script", "A<", "\"'"] {
                    assert!(!html.contains(markup), "{key}: {markup} in {html}");
                }
                let other = letter(if *locale == Locale::En { Locale::De } else { Locale::En }, &mail);
                assert_ne!(text, other.text, "{key} is not translated");
                assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<html lang="), "{key}");
            }
        }
    }

    #[test]
    fn no_kind_of_mail_is_missing_above() {
        // Who asks for an unknown kind is told the known ones.
        let unknown = serde_json::from_value::<Mail>(serde_json::json!({ "template": "?" }));
        let told = unknown.unwrap_err().to_string();
        let known: Vec<&str> =
            told.split('`').skip(1).step_by(2).filter(|kind| !kind.contains('?')).collect();
        assert!(known.contains(&"payout_paid") && known.len() > 30, "{told}");
        let there: Vec<String> = all().iter().map(Mail::key).collect();
        let missing: Vec<_> = known.iter().filter(|kind| !there.iter().any(|key| key == *kind)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_name_cannot_add_a_header() {
        let company = "Nordlicht\r\nBcc: victim@example.org".to_owned();
        let mail = Mail::ApplicationAnswered { company, link: LINK.into() };
        assert_eq!(letter(Locale::En, &mail).subject, "Nordlicht Bcc: victim@example.org has answered");
    }

    #[test]
    fn words_of_a_trial_that_ends() {
        let subject = |locale, days| {
            let mail = Mail::TrialEnding {
                organisation: "Ada".into(),
                days,
                ends_on: Day(20_500),
                link: LINK.into(),
            };
            letter(locale, &mail).subject
        };
        assert_eq!(subject(Locale::En, 0), "The trial of Ada ends today");
        assert_eq!(subject(Locale::En, 1), "The trial of Ada ends tomorrow");
        assert_eq!(subject(Locale::De, 7), "Die Testversion von Ada endet in 7 Tagen");
    }

    #[test]
    fn quotes_keep_their_lines() {
        let question = "First\nSecond".to_owned();
        let mail = Mail::ApplicationQuestion { company: "Ada".into(), question, link: LINK.into() };
        let letter = letter(Locale::En, &mail);
        assert!(letter.text.contains("> First\n> Second\n"), "{}", letter.text);
        assert!(letter.html.contains("First<br>\nSecond</blockquote>"), "{}", letter.html);
    }
}
