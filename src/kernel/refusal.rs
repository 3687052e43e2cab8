//! What the rules of the programme refuse.

use super::instant::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Rules that refuse (domain.md section 16). The code is stable; the data is what the reader's text needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The e-mail address belongs to a customer already: use mapping.
    CustomerExists,
    /// The e-mail address or the company's domain has an open application.
    AlreadyApplied,
    /// The e-mail address or the company's domain belongs to a partner already.
    AlreadyPartner,
    /// The organisation was rejected and may apply again later.
    ReapplyLater {
        /// First day on which a new application is taken.
        on: Day,
    },
    /// The e-mail address must be confirmed by link first.
    EmailUnconfirmed,
    /// The application's state does not allow this any more.
    ApplicationClosed,
    /// Somebody else decided first.
    AlreadyDecided,
    /// A reviewer may not decide on their own application or their own mail domain's (R1.5).
    FourEyes,
    /// The link was used, has expired or never was.
    LinkInvalid,
    /// The domain is verified by another organisation.
    DomainClaimed,
    /// The organisation has as many domains as allowed.
    DomainLimit {
        /// The most domains an organisation may have.
        max: u32,
    },
    /// The domain is verified: it cannot be removed as unverified ones can.
    DomainVerified,
    /// Only a verified domain can be the primary one, and only a verified one's mail is looked at.
    DomainUnverified,
    /// The vendor has not said which servers take the suite's mail.
    MailUnnamed,
    /// *Manage* before the domain is verified.
    ManageUnverified,
    /// The partner's programme status does not allow it.
    PartnerInactive,
    /// A referral partner does not manage customers.
    ReferralOnly,
    /// The trial has its greatest length.
    TrialMax,
    /// Not on trial, or too long expired.
    TrialNotActive,
    /// The domain had a trial within the last twelve months (R8.5).
    TrialUsed {
        /// When the earlier trial began.
        since: Day,
    },
    /// The last owner or super admin cannot vanish (R2.2).
    LastOwner,
    /// All licences are in use.
    NoFreeSeat {
        /// Licences of the subscription.
        total: u32,
    },
    /// A person with this e-mail address is in the organisation already.
    MemberExists,
    /// The organisation is suspended or closed.
    OrganisationInactive,
    /// The second factor is set up already.
    SecondFactorOn,
    /// The second factor is not set up.
    SecondFactorOff,
    /// The account is locked until then, or suspended for good.
    AccountSuspended,
    /// E-mail or password is wrong. Which one is told to nobody.
    WrongCredentials,
    /// The manual check was asked for too often (R5.5).
    CheckTooOften {
        /// When the next check is allowed.
        until: Instant,
    },
    /// The organisation's only domain cannot be removed: it is known by it.
    LastDomain,
    /// The organisation's partner pays and decides: the organisation cannot change the subscription itself.
    SubscriptionLocked,
    /// The customer pays: the change must be proposed, not made.
    ApprovalNeeded,
    /// Another change is being paid for at this moment.
    ChangePending,
    /// The change has taken effect, was undone, answered or has expired.
    ChangeClosed,
    /// What is wished is what is.
    NothingChanges,
    /// There is no price of this plan, term and currency, or the plan is not on sale.
    NotOnSale,
    /// This change takes effect at renewal only.
    AtRenewalOnly,
    /// Nothing was bought: there is nothing to change or cancel.
    NotSubscribed,
    /// The running term was paid by a partner that has gone: changes are for the renewal.
    PaidByFormerPartner {
        /// The first day of the next term.
        on: Day,
    },
    /// The organisation is the partner's customer already.
    AlreadyMapped,
    /// The partner has access already.
    AccessGiven,
    /// The access is over.
    AccessOver,
    /// The partner has asked for access, and the answer is still open.
    AccessAsked {
        /// When it lapses.
        until: Day,
    },
    /// The customer has refused lately.
    AskAgainLater {
        /// The first day on which it can be asked again.
        on: Day,
    },
    /// The customer has not allowed the partner to renew its access by itself, or the end is not near.
    RenewalNotAllowed,
    /// The partner has asked this address, and the answer is still open.
    RequestOpen {
        /// When it lapses.
        until: Day,
    },
    /// The request was answered, taken back or superseded.
    RequestClosed,
    /// The request was not answered in time.
    RequestExpired,
    /// No partner has this code.
    CodeUnknown,
    /// Another partner has this code.
    CodeTaken,
    /// Nobody made this token, or it was withdrawn.
    TokenUnknown,
    /// The token is too old.
    TokenExpired,
    /// The token was used.
    TokenUsed,
    /// The next term is bought already: its kind and its renewal cannot be changed any more before it begins.
    RenewedEarly {
        /// Its first day.
        on: Day,
    },
    /// The subscription ends with its term: there is no renewal to bring forward.
    RenewalCancelled,
    /// A dry run is older than a day, so that it no longer says what would happen.
    DryRunOver,
    /// There is nothing to pay with.
    NoPaymentMethod,
    /// More than is still to be paid.
    PaymentTooMuch {
        /// What is.
        left: super::money::Money,
    },
    /// Nothing is to be paid any more.
    NothingDue,
    /// A payment of the customer's stands taken back by its bank.
    PaymentDisputed,
    /// The card has expired.
    CardExpired,
    /// The provider refused the payment.
    PaymentDeclined,
    /// The card does not cover the amount.
    InsufficientFunds,
    /// The card's owner has to confirm with the bank.
    ActionRequired,
    /// The provider has not answered yet; it will be asked again, and charges once.
    PaymentUnderWay,
    /// More than was paid and not yet given back.
    RefundTooMuch,
    /// The window for a full refund is over.
    RefundWindowOver,
    /// The subscription has become another one since: a payment for it can be given back in parts only.
    RefundPartOnly,
    /// Changes of the term were paid for as well: their payments are given back first.
    RefundChangesFirst,
    /// An invoice needs the debtor's name and address.
    BillingDetailsNeeded,
    /// None of the vendor's entities bills this country.
    NoBillingEntity,
    /// There is no account for payouts.
    PayoutNoAccount,
    /// The balance is negative.
    PayoutNegative,
    /// The payout was written into a file for the bank before.
    PayoutExported {
        /// Its number.
        number: String,
    },
    /// The partner's invoice is missing.
    PayoutNoInvoice,
    /// The payout is no longer in a state that allows this.
    PayoutClosed,
    /// The file is no PDF, PNG or JPEG, whatever its name says.
    UploadType,
    /// The file is larger than 10 MB.
    UploadTooLarge,
    /// The partner has sent an invoice of this number before.
    InvoiceDuplicate,
    /// People have this role.
    RoleInUse,
    /// A subscription is paid with it.
    MethodInUse,
    /// The request's key was used for another request.
    KeyReused,
    /// Usage exceeds the plan (domain.md section 7): the list of excesses.
    PlanLimits {
        /// What exceeds it.
        excesses: Vec<crate::subscription::change::Excess>,
    },
    /// Less than the least payout.
    PayoutBelowMin {
        /// How much is missing.
        missing: super::money::Money,
    },
    /// The payout account was changed a short while ago.
    PayoutHold {
        /// When payouts to it are possible.
        until: Instant,
    },
    /// A sign-in through a provider did not come about.
    SingleSignOn {
        /// Why.
        why: crate::identity::Failure,
    },
    /// The person's organisation has its people sign in through its own provider.
    ProviderRequired {
        /// Which.
        provider: super::id::IdentityProviderId,
    },
    /// What the partner should have paid did not go through.
    PartnerPaymentFailed,
    /// The organisation has as many groups as it may have.
    GroupLimit {
        /// The most.
        max: u32,
    },
    /// The person has as many further addresses as one may have.
    AliasLimit {
        /// The most.
        max: u32,
    },
    /// A passkey is refused.
    Passkey {
        /// Why.
        why: crate::account::PasskeyFault,
    },
    /// The account has as many passkeys as allowed.
    PasskeyLimit {
        /// The most an account may have.
        max: u32,
    },
    /// The uploaded invoice does not say what the payout says.
    InvoiceMismatch {
        /// What the payout is.
        expected: super::money::Money,
    },
}

impl Refusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        use Refusal::*;
        match self {
            CustomerExists => "customer_exists",
            AlreadyApplied => "already_applied",
            AlreadyPartner => "already_partner",
            ReapplyLater { .. } => "reapply_later",
            EmailUnconfirmed => "email_unconfirmed",
            ApplicationClosed => "application_closed",
            AlreadyDecided => "already_decided",
            FourEyes => "four_eyes",
            LinkInvalid => "link_invalid",
            DomainClaimed => "domain_claimed",
            DomainLimit { .. } => "domain_limit",
            PartnerPaymentFailed => "partner_payment_failed",
            GroupLimit { .. } => "group_limit",
            AliasLimit { .. } => "alias_limit",
            DomainVerified => "domain_verified",
            DomainUnverified => "domain_unverified",
            MailUnnamed => "mail_unnamed",
            ManageUnverified => "manage_unverified",
            PartnerInactive => "partner_inactive",
            ReferralOnly => "referral_only",
            TrialMax => "trial_max",
            TrialNotActive => "trial_not_active",
            TrialUsed { .. } => "trial_used",
            LastOwner => "last_owner",
            NoFreeSeat { .. } => "seats_below_users",
            MemberExists => "member_exists",
            OrganisationInactive => "organisation_inactive",
            SecondFactorOn => "second_factor_on",
            SecondFactorOff => "second_factor_off",
            AccountSuspended => "account_suspended",
            WrongCredentials => "wrong_credentials",
            CheckTooOften { .. } => "check_too_often",
            LastDomain => "last_domain",
            SubscriptionLocked => "customer_subs_locked",
            ApprovalNeeded => "approval_needed",
            ChangePending => "change_pending",
            ChangeClosed => "change_closed",
            NothingChanges => "nothing_changes",
            NotOnSale => "not_on_sale",
            AtRenewalOnly => "at_renewal_only",
            NotSubscribed => "not_subscribed",
            PaidByFormerPartner { .. } => "paid_by_former_partner",
            AlreadyMapped => "already_mapped",
            AccessGiven => "access_given",
            AccessOver => "access_over",
            AccessAsked { .. } => "access_asked",
            AskAgainLater { .. } => "ask_again_later",
            RenewalNotAllowed => "renewal_not_allowed",
            RequestOpen { .. } => "request_open",
            RequestClosed => "request_closed",
            RequestExpired => "request_expired",
            CodeUnknown => "code_unknown",
            CodeTaken => "code_taken",
            TokenUnknown => "token_unknown",
            TokenExpired => "token_expired",
            TokenUsed => "token_used",
            RenewedEarly { .. } => "renewed_early",
            RenewalCancelled => "renewal_cancelled",
            DryRunOver => "dry_run_over",
            NoPaymentMethod => "no_payment_method",
            PaymentTooMuch { .. } => "payment_too_much",
            NothingDue => "nothing_due",
            PaymentDisputed => "payment_disputed",
            CardExpired => "card_expired",
            PaymentDeclined => "payment_declined",
            InsufficientFunds => "insufficient_funds",
            ActionRequired => "action_required",
            PaymentUnderWay => "payment_timeout",
            RefundTooMuch => "refund_too_much",
            RefundWindowOver => "refund_window_over",
            RefundPartOnly => "refund_part_only",
            RefundChangesFirst => "refund_changes_first",
            BillingDetailsNeeded => "billing_details_needed",
            NoBillingEntity => "no_billing_entity",
            PayoutNoAccount => "payout_no_account",
            PayoutNegative => "payout_negative",
            PayoutExported { .. } => "payout_exported",
            PayoutNoInvoice => "payout_no_invoice",
            PayoutClosed => "payout_closed",
            UploadType => "upload_type",
            UploadTooLarge => "upload_too_large",
            InvoiceDuplicate => "invoice_dup",
            RoleInUse => "role_in_use",
            MethodInUse => "method_in_use",
            KeyReused => "key_reused",
            PlanLimits { .. } => "plan_limits",
            PayoutBelowMin { .. } => "payout_below_min",
            PayoutHold { .. } => "payout_hold",
            SingleSignOn { why } => why.key(),
            ProviderRequired { .. } => "provider_required",
            Passkey { why } => why.key(),
            PasskeyLimit { .. } => "passkey_limit",
            InvoiceMismatch { .. } => "invoice_mismatch",
        }
    }
}
