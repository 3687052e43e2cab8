//! Puts mails into words: a text part and a plain HTML part that say the same, in the reader's language.

use app::{
    i18n::{date, date_time, money, number, with_locale},
    t::mail as t,
};
use kontor::{
    application::RejectReason,
    invoice::Settlement,
    kernel::{Kontor, locale::Locale},
    notification::{Letter, Mail},
    subscription::{SubscriptionStatus, change::Payer},
};

/// A mail before it is laid out. Values in it are plain text; the HTML part escapes all of it.
struct Draft {
    subject: String,
    body: Vec<Block>,
    button: Option<(&'static str, String)>,
}

enum Block {
    /// Paragraphs of ours, separated by empty lines.
    Text(String),
    /// What a person wrote.
    Quote(String),
}

/// Renders a mail for its reader.
pub fn render(kontor: &Kontor, locale: Locale, mail: &Mail) -> Letter {
    with_locale(locale, || {
        let draft = draft(mail);
        let support = &kontor.programme.support_email;
        Letter { subject: one_line(&draft.subject), text: text(&draft, support), html: html(&draft, support) }
    })
}

fn draft(mail: &Mail) -> Draft {
    let simple = |subject: String, text: String, button: &'static str, link: &str| Draft {
        subject,
        body: vec![Block::Text(text)],
        button: Some((button, link.to_owned())),
    };
    match mail {
        Mail::ConfirmEmail { link } => with_ignore(simple(
            t::confirm_email_subject().into(),
            t::confirm_email_text().into(),
            t::confirm_email_button(),
            link,
        )),
        Mail::AlreadyRegistered { link } => with_ignore(simple(
            t::already_registered_subject().into(),
            t::already_registered_text().into(),
            t::already_registered_button(),
            link,
        )),
        Mail::ResetPassword { link } => with_ignore(simple(
            t::reset_password_subject().into(),
            t::reset_password_text().into(),
            t::reset_password_button(),
            link,
        )),
        Mail::PasswordChanged { link } => simple(
            t::password_changed_subject().into(),
            t::password_changed_text().into(),
            t::password_changed_button(),
            link,
        ),
        Mail::Activate { organisation, by, link } => simple(
            t::activate_subject(organisation),
            t::activate_text(by, organisation),
            t::activate_button(),
            link,
        ),
        Mail::AddedToOrganisation { organisation, by, link } => simple(
            t::added_to_organisation_subject(organisation),
            t::added_to_organisation_text(by, organisation),
            t::added_to_organisation_button(),
            link,
        ),
        Mail::ApplicationReceived { company, due, link } => simple(
            t::application_received_subject().into(),
            t::application_received_text(company, date(*due)),
            t::application_received_button(),
            link,
        ),
        Mail::ApplicationQuestion { company, question, link } => Draft {
            subject: t::application_question_subject().into(),
            body: vec![
                Block::Text(t::application_question_text(company)),
                Block::Quote(question.clone()),
                Block::Text(t::application_question_after().into()),
            ],
            button: Some((t::application_question_button(), link.clone())),
        },
        Mail::Welcome { company, link } => {
            simple(t::welcome_subject().into(), t::welcome_text(company), t::welcome_button(), link)
        }
        Mail::ApplicationRejected { company, reason, note, reapply_on } => {
            let mut body = vec![Block::Text(t::application_rejected_text(company))];
            body.extend(reason_text(*reason).map(|text| Block::Text(text.into())));
            if !note.trim().is_empty() {
                body.push(Block::Text(t::application_rejected_note().into()));
                body.push(Block::Quote(note.clone()));
            }
            body.extend(reapply_on.map(|day| Block::Text(t::application_rejected_reapply(date(day)))));
            Draft { subject: t::application_rejected_subject().into(), body, button: None }
        }
        Mail::ApplicationWithdrawn { company, link } => simple(
            t::application_withdrawn_subject().into(),
            t::application_withdrawn_text(company),
            t::application_withdrawn_button(),
            link,
        ),
        Mail::ReviewDue { company, due, link } => simple(
            t::review_due_subject(company),
            t::review_due_text(company, date(*due)),
            t::review_due_button(),
            link,
        ),
        Mail::ApplicationAnswered { company, link } => simple(
            t::application_answered_subject(company),
            t::application_answered_text(company),
            t::application_answered_button(),
            link,
        ),
        Mail::CustomerCreated { organisation, partner, link } => simple(
            t::customer_created_subject(organisation),
            t::customer_created_text(organisation, partner),
            t::customer_created_button(),
            link,
        ),
        Mail::DomainVerified { domain, organisation, link } => simple(
            t::domain_verified_subject(domain),
            t::domain_verified_text(domain, organisation),
            t::domain_verified_button(),
            link,
        ),
        Mail::DomainUnverified { domain, organisation, link } => simple(
            t::domain_unverified_subject(domain),
            t::domain_unverified_text(domain, organisation),
            t::domain_unverified_button(),
            link,
        ),
        Mail::DomainAtRisk { domain, organisation, link } => simple(
            t::domain_at_risk_subject(domain),
            t::domain_at_risk_text(domain, organisation),
            t::domain_at_risk_button(),
            link,
        ),
        Mail::TrialEnding { organisation, days, ends_on, link } => simple(
            match days {
                ..=0 => t::trial_today_subject(organisation),
                _ => t::trial_ending_subject(i64::from(*days), organisation),
            },
            t::trial_ending_text(date(*ends_on), organisation),
            t::trial_ending_button(),
            link,
        ),
        Mail::TrialEnded { organisation, status, link } => simple(
            t::trial_ended_subject(organisation),
            match status {
                SubscriptionStatus::Free => t::trial_ended_free(organisation),
                SubscriptionStatus::TrialExpired => t::trial_ended_expired(organisation),
                SubscriptionStatus::Suspended => t::trial_ended_suspended(organisation),
                SubscriptionStatus::Closed => t::trial_ended_closed(organisation),
                SubscriptionStatus::Active
                | SubscriptionStatus::PastDue
                | SubscriptionStatus::Grace
                | SubscriptionStatus::Trial => t::trial_ended_active(organisation),
            },
            t::trial_ended_button(),
            link,
        ),
        Mail::TrialExtended { organisation, ends_on, link } => simple(
            t::trial_extended_subject(organisation),
            t::trial_extended_text(date(*ends_on), organisation),
            t::trial_extended_button(),
            link,
        ),
        Mail::ChangeProposed { organisation, plan, seats, total, link } => simple(
            t::change_proposed_subject(organisation),
            t::change_proposed_text(organisation, plan.name(), number(*seats), money(*total)),
            t::change_proposed_button(),
            link,
        ),
        Mail::PayerProposed { organisation, payer, on, link } => simple(
            t::payer_proposed_subject(organisation),
            match payer {
                Payer::Partner => t::payer_proposed_partner(date(*on), organisation),
                Payer::Customer => t::payer_proposed_customer(date(*on), organisation),
            },
            t::change_proposed_button(),
            link,
        ),
        Mail::RenewedEarly { organisation, on, link } => simple(
            t::renewed_early_subject(organisation),
            t::renewed_early_text(date(*on), organisation),
            t::subscription_button(),
            link,
        ),
        Mail::ChangeDeclined { organisation, reason, link } => simple(
            t::change_declined_subject(organisation),
            t::change_declined_text(organisation, reason),
            t::subscription_button(),
            link,
        ),
        Mail::ChangeScheduled { organisation, plan, seats, on, link } => simple(
            t::change_scheduled_subject(organisation),
            t::change_scheduled_text(date(*on), organisation, plan.name(), number(*seats)),
            t::subscription_button(),
            link,
        ),
        Mail::ChangeUndone { organisation, link } => simple(
            t::change_undone_subject(organisation),
            t::change_undone_text(organisation),
            t::subscription_button(),
            link,
        ),
        Mail::ChangeGivenBack { organisation, link } => simple(
            t::change_given_back_subject(organisation),
            t::change_given_back_text(organisation),
            t::subscription_button(),
            link,
        ),
        Mail::SubscriptionChanged { organisation, plan, seats, link } => simple(
            t::subscription_changed_subject(organisation),
            t::subscription_changed_text(organisation, plan.name(), number(*seats)),
            t::subscription_button(),
            link,
        ),
        Mail::RenewalAhead { organisation, on, amount, link } => simple(
            t::renewal_ahead_subject(organisation),
            t::renewal_ahead_text(money(*amount), date(*on), organisation),
            t::subscription_button(),
            link,
        ),
        Mail::SubscriptionEnded { organisation, link } => simple(
            t::subscription_ended_subject(organisation),
            t::subscription_ended_text(organisation),
            t::subscription_button(),
            link,
        ),
        Mail::PaymentFailed { organisation, amount, link } => simple(
            t::payment_failed_subject(organisation),
            t::payment_failed_text(money(*amount), organisation),
            t::pay_button(),
            link,
        ),
        Mail::InvoiceIssued { organisation, number, amount, due_on, settlement, link } => {
            let (amount_text, due) = (money(*amount), date(*due_on));
            let text = match settlement {
                // What earlier credits cover is paid as it is, whatever was agreed.
                _ if amount.minor == 0 => t::invoice_issued_paid(amount_text, number, organisation),
                Settlement::Paid { .. } | Settlement::Offset | Settlement::Account => {
                    t::invoice_issued_paid(amount_text, number, organisation)
                }
                Settlement::Charge { .. } => t::invoice_issued_charge(amount_text, due, number, organisation),
                Settlement::Transfer => t::invoice_issued_transfer(amount_text, due, number, organisation),
            };
            simple(t::invoice_issued_subject(number), text, t::invoice_issued_button(), link)
        }
        Mail::CreditNoteIssued { organisation, number, amount, link } => simple(
            t::credit_note_issued_subject(number),
            t::credit_note_issued_text(money(*amount), number, organisation),
            t::credit_note_issued_button(),
            link,
        ),
        Mail::PaymentOverdue { organisation, number, amount, due_on, link } => simple(
            t::payment_overdue_subject(number, organisation),
            t::payment_overdue_text(money(*amount), date(*due_on), number, organisation),
            t::pay_button(),
            link,
        ),
        Mail::ChangeNotPaid { organisation, plan, seats, total, link } => simple(
            t::change_not_paid_subject(organisation),
            t::change_not_paid_text(organisation, plan.name(), number(*seats), money(*total)),
            t::subscription_button(),
            link,
        ),
        Mail::PaymentCameLate { organisation, amount, link } => simple(
            t::payment_came_late_subject(organisation),
            t::payment_came_late_text(money(*amount), organisation),
            t::payment_came_late_button(),
            link,
        ),
        Mail::RefundedOutside { organisation, amount, link } => simple(
            t::refunded_outside_subject(organisation),
            t::refunded_outside_text(money(*amount), organisation),
            t::payment_came_late_button(),
            link,
        ),
        Mail::TakenOver { organisation, link } => simple(
            t::taken_over_subject(organisation),
            t::taken_over_text(organisation),
            t::subscription_button(),
            link,
        ),
        Mail::PaymentTakenBack { organisation, amount, pays, link } => simple(
            t::payment_taken_back_subject(organisation),
            t::payment_taken_back_text(money(*amount), organisation),
            if *pays { t::pay_button() } else { t::subscription_button() },
            link,
        ),
        Mail::SuspensionAhead { organisation, on, takes_over, pays, link } => simple(
            t::suspension_ahead_subject(organisation),
            match takes_over {
                true => t::suspension_ahead_take_over(date(*on), organisation),
                false => t::suspension_ahead_text(date(*on), organisation),
            },
            match (takes_over, pays) {
                (true, _) => t::take_over_button(),
                (false, true) => t::pay_button(),
                (false, false) => t::subscription_button(),
            },
            link,
        ),
        Mail::SubscriptionSuspended { organisation, pays, link } => simple(
            t::subscription_suspended_subject(organisation),
            t::subscription_suspended_text(organisation),
            if *pays { t::pay_button() } else { t::subscription_button() },
            link,
        ),
        Mail::DeletionNotice { organisation, from, link } => simple(
            t::deletion_notice_subject(organisation),
            t::deletion_notice_text(date(*from), organisation),
            t::deletion_notice_button(),
            link,
        ),
        Mail::AccessRevoked { organisation, partner, link } => simple(
            t::access_revoked_subject(organisation),
            t::access_revoked_text(organisation, partner),
            t::access_revoked_button(),
            link,
        ),
        Mail::AccessEnding { organisation, partner, days, link } => simple(
            match days {
                ..=0 => t::access_ending_today(organisation),
                _ => t::access_ending_subject(i64::from(*days), organisation),
            },
            t::access_ending_text(organisation, partner),
            t::access_ending_button(),
            link,
        ),
        Mail::AccessExpired { organisation, partner, link } => simple(
            t::access_expired_subject(organisation),
            t::access_expired_text(organisation, partner),
            t::access_expired_button(),
            link,
        ),
        Mail::PayoutAccountChanged { organisation, by, last4, usable_at, link } => simple(
            t::payout_account_changed_subject(organisation),
            t::payout_account_changed_text(by, last4, organisation, date_time(*usable_at)),
            t::payout_account_changed_button(),
            link,
        ),
        Mail::PayoutRequested { number, amount, invoice_missing, link } => simple(
            t::payout_requested_subject(number),
            match invoice_missing {
                true => t::payout_requested_invoice(money(*amount), number),
                false => t::payout_requested_text(money(*amount), number),
            },
            t::payout_requested_button(),
            link,
        ),
        Mail::PayoutRejected { number, amount, reason, link } => Draft {
            subject: t::payout_rejected_subject(number),
            body: vec![
                Block::Text(t::payout_rejected_text(money(*amount), number)),
                Block::Quote(reason.clone()),
                Block::Text(t::payout_rejected_after().into()),
            ],
            button: Some((t::payout_rejected_button(), link.clone())),
        },
        Mail::PayoutFailed { number, amount, reason, link } => Draft {
            subject: t::payout_failed_subject(number),
            body: vec![
                Block::Text(t::payout_failed_text(money(*amount), number)),
                Block::Quote(reason.clone()),
                Block::Text(t::payout_failed_after().into()),
            ],
            button: Some((t::payout_failed_button(), link.clone())),
        },
        Mail::PayoutPaid { number, amount, link } => simple(
            t::payout_paid_subject(number),
            t::payout_paid_text(money(*amount), number),
            t::payout_paid_button(),
            link,
        ),
    }
}

/// For mails that anybody can cause by typing an address.
fn with_ignore(mut draft: Draft) -> Draft {
    draft.body.push(Block::Text(t::ignore().into()));
    draft
}

fn reason_text(reason: RejectReason) -> Option<&'static str> {
    match reason {
        RejectReason::Incomplete => Some(t::application_rejected_incomplete()),
        RejectReason::Region => Some(t::application_rejected_region()),
        RejectReason::Conflict => Some(t::application_rejected_conflict()),
        RejectReason::Quality => Some(t::application_rejected_quality()),
        RejectReason::Duplicate => Some(t::application_rejected_duplicate()),
        // The note says it.
        RejectReason::Other => None,
    }
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
    use kontor::{kernel::instant::Day, subscription::Plan};

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
            Mail::AccessRevoked { organisation: name(), partner: name(), link: link.clone() },
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
