//! Mails: what is said to whom, and that it is said once.

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

use crate::{
    delegation::TermsView,
    kernel::{
        id::MailId,
        instant::{Day, Instant},
        money::Money,
    },
    subscription::{Plan, change::Payer},
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Where a mail stands.
    pub enum MailStatus {
        /// Not yet with the mail server.
        Waiting = "waiting",
        /// Handed to the mail server.
        Sent = "sent",
        /// The mail server refused it for good.
        Failed = "failed",
    }
}

/// What a mail says. Links are complete addresses. The texts are in the app's locale files, room `mail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are what the texts name")]
pub enum Mail {
    /// Confirm your address.
    ConfirmEmail { link: String },
    /// Somebody signed up with an address that has an account already.
    AlreadyRegistered { link: String },
    /// Set a new password.
    ResetPassword { link: String },
    /// The password was changed.
    PasswordChanged { link: String },
    /// Codes and passkeys were taken away by the operator.
    FactorsForgotten { link: String },
    /// A passkey was added.
    PasskeyAdded { name: String, link: String },
    /// Your account was made; set a password.
    Activate { organisation: String, by: String, link: String },
    /// Your application is here; a review takes up to a week.
    ApplicationReceived { company: String, due: Day, link: String },
    /// A reviewer has a question.
    ApplicationQuestion { company: String, question: String, link: String },
    /// Welcome: the link to the Partner Store.
    Welcome { company: String, link: String },
    /// Not accepted.
    ApplicationRejected {
        company: String,
        reason: crate::application::RejectReason,
        note: String,
        reapply_on: Option<Day>,
    },
    /// Withdrawn by the applicant, or closed because a question stayed open for 30 days.
    ApplicationWithdrawn { company: String, link: String },
    /// For reviewers: the application is due soon or overdue.
    ReviewDue { company: String, due: Day, link: String },
    /// The applicant answered.
    ApplicationAnswered { company: String, link: String },
    /// For the super admin: a partner set your organisation up.
    CustomerCreated { organisation: String, partner: String, link: String },
    /// A domain is verified.
    DomainVerified { domain: String, organisation: String, link: String },
    /// A domain's proof was not found for 14 days.
    DomainUnverified { domain: String, organisation: String, link: String },
    /// The trial ends soon, or today.
    TrialEnding { organisation: String, days: i32, ends_on: Day, link: String },
    /// The trial has ended.
    TrialEnded { organisation: String, status: crate::subscription::SubscriptionStatus, link: String },
    /// The trial was extended.
    TrialExtended { organisation: String, ends_on: Day, link: String },
    /// Access for a partner ended.
    AccessRevoked { organisation: String, partner: String, link: String },
    /// For the customer: it has left its partner, and from this day on pays itself if the partner paid.
    PartnerLeft { organisation: String, partner: String, pays_from: Option<Day>, link: String },
    /// For the partner: a customer has left it.
    CustomerLeft { organisation: String, partner: String, link: String },
    /// For the customer: a partner would like to be its partner; `again` if it was told before.
    MappingAsked {
        organisation: String,
        partner: String,
        note: String,
        until: Day,
        again: bool,
        link: String,
    },
    /// For the partner: the customer refused.
    MappingDenied { email: String, link: String },
    /// For the partner: nobody answered.
    MappingLapsed { email: String, link: String },
    /// For the partner: a customer has come to it.
    CustomerMapped { organisation: String, partner: String, access: bool, link: String },
    /// For the customer: it has a new partner.
    PartnerMapped { organisation: String, partner: String, access: bool, link: String },
    /// For the customer: its partner has given notice.
    PartnerLeaves { organisation: String, partner: String, on: Day, pays_from: Option<Day>, link: String },
    /// For the customer: its partner has taken its notice back.
    PartnerStays { organisation: String, partner: String, link: String },
    /// For the customer: what its former partner paid for ends soon.
    PaysSoon { organisation: String, pays_from: Day, days: i32, link: String },
    /// For the partner: its dispute is decided.
    DisputeDecided { about: String, moved: bool, reason: String, link: String },
    /// The super admin is another person now.
    SuperAdminChanged { organisation: String, now: String, was: String, link: String },
    /// Access for a partner was given.
    AccessGiven { organisation: String, partner: String, terms: TermsView, link: String },
    /// The terms of a partner's access are others now.
    AccessChanged { organisation: String, partner: String, was: TermsView, now: TermsView, link: String },
    /// For the customer: its partner asks for access; `again` if it was told before.
    AccessAsked {
        organisation: String,
        partner: String,
        terms: TermsView,
        note: String,
        answer_by: Day,
        again: bool,
        link: String,
    },
    /// For the partner: the customer refused to give it access.
    AccessDeclined { organisation: String, link: String },
    /// For the partner: nobody answered its request for access.
    AccessRequestLapsed { organisation: String, link: String },
    /// For the customer: the vendor has entered its console without its consent.
    GlassBroken {
        organisation: String,
        vendor: String,
        by: String,
        reason: String,
        until: Instant,
        link: String,
    },
    /// Access for a partner ends soon.
    AccessEnding { organisation: String, partner: String, days: i32, link: String },
    /// Access for a partner has run out.
    AccessExpired { organisation: String, partner: String, link: String },
    /// The organisation stands suspended; from this day on its data may be deleted.
    DeletionNotice { organisation: String, from: Day, link: String },
    /// Somebody with an account was added to an organisation.
    AddedToOrganisation { organisation: String, by: String, link: String },
    /// The other side is asked to approve a change of the subscription.
    ChangeProposed { organisation: String, plan: Plan, seats: i64, total: Money, link: String },
    /// The other side is asked whether somebody else is to pay from the renewal on.
    PayerProposed { organisation: String, payer: Payer, on: Day, link: String },
    /// The next term was paid for before its day.
    RenewedEarly { organisation: String, on: Day, link: String },
    /// A proposed change was declined, and why.
    ChangeDeclined { organisation: String, reason: String, link: String },
    /// A change will take effect at the renewal.
    ChangeScheduled { organisation: String, plan: Plan, seats: i64, on: Day, link: String },
    /// A change that had no effect yet was taken back.
    ChangeUndone { organisation: String, link: String },
    /// The price of a change was given back, and the change with it.
    ChangeGivenBack { organisation: String, link: String },
    /// The subscription is another one now.
    SubscriptionChanged { organisation: String, plan: Plan, seats: i64, link: String },
    /// The subscription will renew, for this amount.
    RenewalAhead { organisation: String, on: Day, amount: Money, link: String },
    /// The subscription has come to its end.
    SubscriptionEnded { organisation: String, link: String },
    /// A payment failed; it is tried again.
    PaymentFailed { organisation: String, amount: Money, link: String },
    /// For the debtor: an invoice is issued.
    InvoiceIssued {
        organisation: String,
        number: String,
        amount: Money,
        due_on: Day,
        settlement: crate::invoice::Settlement,
        link: String,
    },
    /// For the debtor: a credit note is issued, over this (positive) amount.
    CreditNoteIssued { organisation: String, number: String, amount: Money, link: String },
    /// For the debtor: the day on which a transfer should have come is over.
    PaymentOverdue { organisation: String, number: String, amount: Money, due_on: Day, link: String },
    /// A change could not be paid: nothing of it happens.
    ChangeNotPaid { organisation: String, plan: Plan, seats: i64, total: Money, link: String },
    /// The payer's bank took a payment back. `pays`: the reader owes it.
    PaymentTakenBack {
        organisation: String,
        amount: Money,
        #[serde(default)]
        pays: bool,
        link: String,
    },
    /// For the vendor's finance: a payment came after it was given up, and goes back.
    PaymentCameLate { organisation: String, amount: Money, link: String },
    /// For the vendor's finance: a payment was given back at the provider's own desk.
    RefundedOutside { organisation: String, amount: Money, link: String },
    /// The subscription will be suspended, because an invoice was not paid. `pays`: the reader owes it.
    SuspensionAhead {
        organisation: String,
        on: Day,
        takes_over: bool,
        #[serde(default)]
        pays: bool,
        link: String,
    },
    /// The subscription is suspended, because an invoice was not paid. `pays`: the reader owes it.
    SubscriptionSuspended {
        organisation: String,
        #[serde(default)]
        pays: bool,
        link: String,
    },
    /// The customer pays now what its partner did not.
    TakenOver { organisation: String, link: String },
    /// A proven domain's proof was missing twice within seven days.
    DomainAtRisk { domain: String, organisation: String, link: String },
    /// For the owners: the account payouts go to was changed.
    PayoutAccountChanged { organisation: String, by: String, last4: String, usable_at: Instant, link: String },
    /// A payout was requested; perhaps its invoice is missing.
    PayoutRequested { number: String, amount: Money, invoice_missing: bool, link: String },
    /// A payout was rejected.
    PayoutRejected { number: String, amount: Money, reason: String, link: String },
    /// The bank gave a payout back.
    PayoutFailed { number: String, amount: Money, reason: String, link: String },
    /// A payout has arrived.
    PayoutPaid { number: String, amount: Money, link: String },
}

impl Mail {
    /// The template's stable key.
    pub fn key(&self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|v| v.get("template").and_then(|t| t.as_str().map(str::to_owned)))
            .unwrap_or_default()
    }
}

/// A mail in the words of one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject, one line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// A mail that stayed in a folder, as `/demo/mail` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptMail {
    /// The mail.
    pub id: MailId,
    /// To whom it went.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it went out.
    pub at: Instant,
    /// Its text part.
    pub text: String,
    /// Its HTML part.
    pub html: String,
}

/// Most mails `/demo/mail` lists.
pub const KEPT: u32 = 100;
