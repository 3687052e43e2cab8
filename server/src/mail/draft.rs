//! What each mail says, in the reader's language.

use app::{
    admin::words::capability,
    i18n::{date, date_time, money, number},
    t::mail as t,
};
use kontor::{
    application::RejectReason,
    delegation::{RenewBy, TermsView},
    invoice::Settlement,
    notification::Mail,
    subscription::{SubscriptionStatus, change::Payer},
};

/// A mail before it is laid out. Values in it are plain text; the HTML part escapes all of it.
pub(super) struct Draft {
    pub subject: String,
    pub body: Vec<Block>,
    pub button: Option<(&'static str, String)>,
}

pub(super) enum Block {
    /// Paragraphs of ours, separated by empty lines.
    Text(String),
    /// What a person wrote.
    Quote(String),
}

/// A mail's words.
pub(super) fn draft(mail: &Mail) -> Draft {
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
        Mail::FactorsForgotten { link } => simple(
            t::factors_forgotten_subject().into(),
            t::factors_forgotten_text().into(),
            t::passkey_added_button(),
            link,
        ),
        Mail::PasskeyAdded { name, link } => simple(
            t::passkey_added_subject().into(),
            t::passkey_added_text(name),
            t::passkey_added_button(),
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
        Mail::SuperAdminChanged { organisation, now, was, link } => simple(
            t::super_admin_changed_subject(organisation),
            t::super_admin_changed_text(now, organisation, was),
            t::super_admin_changed_button(),
            link,
        ),
        Mail::AccessGiven { organisation, partner, terms, link } => {
            let mut draft = simple(
                t::access_given_subject(organisation, partner),
                t::access_given_text(organisation, partner),
                t::access_revoked_button(),
                link,
            );
            draft.body.extend(agreed(terms, organisation, partner));
            draft
        }
        Mail::AccessChanged { organisation, partner, was, now, link } => {
            let mut draft = simple(
                t::access_changed_subject(organisation, partner),
                t::access_changed_text(organisation, partner),
                t::access_revoked_button(),
                link,
            );
            draft.body.push(Block::Text(t::access_was().into()));
            draft.body.extend(agreed(was, organisation, partner));
            draft.body.push(Block::Text(t::access_now().into()));
            draft.body.extend(agreed(now, organisation, partner));
            draft
        }
        Mail::AccessAsked { organisation, partner, terms, note, answer_by, again, link } => {
            let mut draft = simple(
                match again {
                    true => t::access_asked_again_subject(partner),
                    false => t::access_asked_subject(organisation, partner),
                },
                t::access_asked_text(date(*answer_by), organisation, partner),
                t::access_asked_button(),
                link,
            );
            draft.body.extend(agreed(terms, organisation, partner));
            if !note.is_empty() {
                draft.body.push(Block::Quote(note.clone()));
            }
            draft
        }
        Mail::AccessDeclined { organisation, link } => simple(
            t::access_declined_subject(organisation),
            t::access_declined_text(organisation),
            t::access_partner_button(),
            link,
        ),
        Mail::AccessRequestLapsed { organisation, link } => simple(
            t::access_lapsed_subject(organisation),
            t::access_lapsed_text(organisation),
            t::access_partner_button(),
            link,
        ),
        Mail::GlassBroken { organisation, vendor, by, reason, until, link } => {
            let mut draft = simple(
                t::glass_broken_subject(organisation, vendor),
                t::glass_broken_text(by, date_time(*until), vendor),
                t::glass_broken_button(),
                link,
            );
            draft.body.push(Block::Quote(reason.clone()));
            draft
        }
        Mail::PartnerLeft { organisation, partner, pays_from, link } => {
            let mut draft = simple(
                t::partner_left_subject(partner),
                t::partner_left_text(organisation, partner),
                t::partner_left_button(),
                link,
            );
            if let Some(day) = pays_from {
                draft.body.push(Block::Text(t::partner_left_pays(date(*day), partner)));
            }
            draft
        }
        Mail::CustomerLeft { organisation, partner, link } => simple(
            t::customer_left_subject(organisation),
            t::customer_left_text(organisation, partner),
            t::customer_left_button(),
            link,
        ),
        Mail::MappingAsked { organisation, partner, note, until, again, link } => {
            let mut draft = simple(
                match again {
                    true => t::mapping_reminder_subject(organisation, partner),
                    false => t::mapping_asked_subject(organisation, partner),
                },
                t::mapping_asked_text(organisation, partner, date(*until)),
                t::mapping_asked_button(),
                link,
            );
            if !note.is_empty() {
                draft.body.insert(1, Block::Quote(note.clone()));
            }
            draft
        }
        Mail::MappingDenied { email, link } => simple(
            t::mapping_denied_subject(email),
            t::mapping_denied_text(email),
            t::mapping_requests_button(),
            link,
        ),
        Mail::MappingLapsed { email, link } => simple(
            t::mapping_lapsed_subject(email),
            t::mapping_lapsed_text(email),
            t::mapping_requests_button(),
            link,
        ),
        Mail::CustomerMapped { organisation, partner, access, link } => {
            let mut draft = simple(
                t::customer_mapped_subject(organisation),
                t::customer_mapped_text(organisation, partner),
                t::customer_left_button(),
                link,
            );
            draft.body.push(Block::Text(
                if *access { t::customer_mapped_access() } else { t::customer_mapped_no_access() }.into(),
            ));
            draft
        }
        Mail::PartnerMapped { organisation, partner, access, link } => {
            let mut draft = simple(
                t::partner_mapped_subject(organisation, partner),
                t::partner_mapped_text(organisation, partner),
                t::partner_mapped_button(),
                link,
            );
            draft.body.push(Block::Text(
                if *access { t::partner_mapped_access() } else { t::partner_mapped_no_access() }.into(),
            ));
            draft
        }
        Mail::PartnerLeaves { organisation, partner, on, pays_from, link } => {
            let mut draft = simple(
                t::partner_leaves_subject(date(*on), partner),
                t::partner_leaves_text(date(*on), organisation, partner),
                t::partner_mapped_button(),
                link,
            );
            if let Some(day) = pays_from {
                draft.body.push(Block::Text(t::partner_left_pays(date(*day), partner)));
            }
            draft
        }
        Mail::PartnerStays { organisation, partner, link } => simple(
            t::partner_stays_subject(partner),
            t::partner_stays_text(organisation, partner),
            t::partner_mapped_button(),
            link,
        ),
        Mail::PaysSoon { organisation, pays_from, days, link } => simple(
            t::pays_soon_subject(i64::from(*days), organisation),
            t::pays_soon_text(organisation, date(*pays_from)),
            t::pays_soon_button(),
            link,
        ),
        Mail::DisputeDecided { about, moved, reason, link } => {
            let mut draft = simple(
                t::dispute_decided_subject(about),
                match moved {
                    true => t::dispute_moved_text(about),
                    false => t::dispute_upheld_text(about),
                },
                t::dispute_decided_button(),
                link,
            );
            draft.body.insert(1, Block::Quote(reason.clone()));
            draft
        }
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
/// The terms of a partner's access, line by line.
fn agreed(terms: &TermsView, organisation: &str, partner: &str) -> Vec<Block> {
    let acts: Vec<&str> = terms.capabilities.iter().map(|feature| capability(*feature)).collect();
    let renewal = match terms.renewal {
        RenewBy::Customer => t::access_renewal_customer(organisation),
        RenewBy::Partner => t::access_renewal_partner(partner),
    };
    let lines = [t::access_may(acts.join(", ")), t::access_until(date(terms.until)), renewal];
    lines.into_iter().map(Block::Text).collect()
}

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
