//! Every address of the programme in one table (design.md section 3, rule 12): the router renders from it, the access
//! matrix is tested from it, and a test fails on whatever is not in it.

use kontor::kernel::right::Feature;

/// Who may use an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Anybody.
    Anyone,
    /// Whoever is signed in; it shows only what is their own.
    SignedIn,
    /// Whoever has the secret link.
    Token,
    /// Vendor staff with the feature.
    Staff(Feature),
    /// A member with the feature in the organisation named, or somebody acting under a grant that includes it.
    Org(Feature),
    /// Any member of the organisation named, or somebody acting under a grant.
    Member,
    /// Anybody, on demo installations only.
    Demo,
}

/// How an address is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Page,
    /// A server function: `POST`.
    Call,
}

/// One address.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Page or call.
    pub kind: Kind,
    /// The path, with `:name` for what varies.
    pub path: &'static str,
    /// Names of the ids it takes, in path or body, each with its kind's prefix.
    pub ids: &'static [(&'static str, &'static str)],
    /// Who may use it.
    pub need: Need,
}

const fn page(path: &'static str, ids: &'static [(&'static str, &'static str)], need: Need) -> Spec {
    Spec { kind: Kind::Page, path, ids, need }
}

const fn call(path: &'static str, ids: &'static [(&'static str, &'static str)], need: Need) -> Spec {
    Spec { kind: Kind::Call, path, ids, need }
}

/// An organisation.
const ORG: &[(&str, &str)] = &[("org", "org")];
/// A partner and one of its customers.
const CUSTOMER: &[(&str, &str)] = &[("org", "org"), ("customer", "org")];
/// A partner and one of its own roles.
const STORE_ROLE: &[(&str, &str)] = &[("org", "org"), ("role", "srl")];
/// An organisation and one of its domains.
const DOMAIN: &[(&str, &str)] = &[("org", "org"), ("domain", "dom")];
/// An organisation and one of its people.
const USER: &[(&str, &str)] = &[("org", "org"), ("user", "mem")];

/// An organisation and one of its groups.
const GROUP: &[(&str, &str)] = &[("org", "org"), ("group", "grp")];
/// The same and somebody in it.
const IN_GROUP: &[(&str, &str)] = &[("org", "org"), ("group", "grp"), ("user", "mem")];

/// A partner and a line of its commission.
const LINE: &[(&str, &str)] = &[("org", "org"), ("line", "com")];
/// A partner, as the vendor's finance names it.
const PARTNER: &[(&str, &str)] = &[("partner", "org")];
/// The same and a line of its commission.
const PARTNERS_LINE: &[(&str, &str)] = &[("partner", "org"), ("line", "com")];
/// An organisation and a request for it, or of it.
const REQUEST: &[(&str, &str)] = &[("org", "org"), ("request", "mrq")];
/// A dispute.
const DISPUTE: &[(&str, &str)] = &[("dispute", "dsp")];
/// A partner and one of its disputes.
const DISPUTE_OF: &[(&str, &str)] = &[("org", "org"), ("dispute", "dsp")];
/// An organisation and one of its tokens.
const TOKEN: &[(&str, &str)] = &[("org", "org"), ("token", "mtk")];
/// An organisation and a grant of its.
const GRANT: &[(&str, &str)] = &[("org", "org"), ("grant", "gra")];
/// An organisation and a request for access to it.
const ACCESS_REQUEST: &[(&str, &str)] = &[("org", "org"), ("request", "arq")];
/// A partner, one of its customers, and its request for access to it.
const ACCESS_REQUEST_OF: &[(&str, &str)] = &[("org", "org"), ("customer", "org"), ("request", "arq")];
/// An organisation and its mapping to a partner.
const MAPPING: &[(&str, &str)] = &[("org", "org"), ("mapping", "map")];
/// An organisation and an invoice.
const INVOICE: &[(&str, &str)] = &[("org", "org"), ("invoice", "inv")];
/// A partner and one of its changes of many subscriptions.
const BULK: &[(&str, &str)] = &[("org", "org"), ("run", "blk")];
/// A partner and one of its payouts.
const PAYOUT: &[(&str, &str)] = &[("org", "org"), ("payout", "pyo")];
/// A partner, one of its customers, and a change of its subscription.
const CHANGE_FOR: &[(&str, &str)] = &[("org", "org"), ("customer", "org"), ("change", "chg")];
/// An organisation and a change of its subscription.
const CHANGE: &[(&str, &str)] = &[("org", "org"), ("change", "chg")];

/// An organisation and one of its cards.
const METHOD: &[(&str, &str)] = &[("org", "org"), ("method", "pme")];

/// A provider of single sign-on of the programme.
const PROVIDER: &[(&str, &str)] = &[("provider", "idp")];
/// An organisation and one of its providers of single sign-on.
const PROVIDER_OF: &[(&str, &str)] = &[("org", "org"), ("provider", "idp")];

/// Every address, surface by surface.
pub static ROUTES: &[Spec] = &[
    page("/", &[], Need::Anyone),
    page("/help", &[], Need::Anyone),
    page("/verify", &[], Need::Anyone),
    // account
    page("/signin", &[], Need::Anyone),
    page("/signup", &[], Need::Anyone),
    page("/confirm/:token", &[], Need::Token),
    page("/reset", &[], Need::Anyone),
    page("/reset/:token", &[], Need::Token),
    page("/activate/:token", &[], Need::Token),
    page("/account", &[], Need::SignedIn),
    call("/api/account/sign_up", &[], Need::Anyone),
    call("/api/account/sign_in", &[], Need::Anyone),
    call("/api/account/sign_in_code", &[], Need::Anyone),
    call("/api/account/sign_out", &[], Need::Anyone),
    call("/api/account/sign_in_choices", &[], Need::Anyone),
    call("/api/account/single_sign_on", &[], Need::Anyone),
    call("/api/account/confirm_email", &[], Need::Token),
    call("/api/account/resend_confirmation", &[], Need::SignedIn),
    call("/api/account/request_reset", &[], Need::Anyone),
    call("/api/account/reset_password", &[], Need::Token),
    call("/api/account/activate", &[], Need::Token),
    call("/api/account/change_password", &[], Need::SignedIn),
    call("/api/account/sessions", &[], Need::SignedIn),
    call("/api/account/end_session", &[("session", "ses")], Need::SignedIn),
    call("/api/account/end_all_sessions", &[], Need::SignedIn),
    call("/api/account/begin_second_factor", &[], Need::SignedIn),
    call("/api/account/confirm_second_factor", &[], Need::SignedIn),
    call("/api/account/drop_second_factor", &[], Need::SignedIn),
    call("/api/account/step_up", &[], Need::SignedIn),
    page("/account/passkey", &[], Need::SignedIn),
    call("/api/account/passkeys", &[], Need::SignedIn),
    call("/api/account/passkey_ready", &[], Need::SignedIn),
    call("/api/account/begin_passkey", &[], Need::SignedIn),
    call("/api/account/add_passkey", &[], Need::SignedIn),
    call("/api/account/passkey_leaves", &[("passkey", "psk")], Need::SignedIn),
    call("/api/account/remove_passkey", &[("passkey", "psk")], Need::SignedIn),
    call("/api/account/ask_passkey", &[], Need::Anyone),
    call("/api/account/use_passkey", &[], Need::Anyone),
    call("/api/account/set_language", &[], Need::Anyone),
    call("/api/account/set_theme", &[], Need::Anyone),
    // customers
    page("/admin/:org/partner/customers", &[("org", "org")], Need::Org(Feature::CustomersView)),
    call("/api/admin/customers", &[("org", "org")], Need::Org(Feature::CustomersView)),
    page("/vendor/customers", &[], Need::Staff(Feature::AllCustomersView)),
    call("/api/vendor/customers", &[], Need::Staff(Feature::AllCustomersView)),
    page("/vendor/customers/:customer/enter", &[("customer", "org")], Need::Staff(Feature::BreakGlass)),
    call("/api/vendor/break_glass_view", &[("customer", "org")], Need::Staff(Feature::BreakGlass)),
    call("/api/vendor/break_glass", &[("customer", "org")], Need::Staff(Feature::BreakGlass)),
    call("/api/vendor/lift_flag", &[("customer", "org")], Need::Staff(Feature::FinanceManage)),
    // domains
    page("/admin/:org/domains", &[("org", "org")], Need::Org(Feature::DomainsView)),
    page("/admin/:org/domains/:domain", DOMAIN, Need::Org(Feature::DomainsView)),
    page("/admin/:org/mail", ORG, Need::Org(Feature::MailView)),
    call("/api/admin/mail_flow", DOMAIN, Need::Org(Feature::DomainsView)),
    call("/api/admin/make_primary", DOMAIN, Need::Org(Feature::DomainsEdit)),
    call("/api/admin/check_mail", DOMAIN, Need::Org(Feature::DomainsEdit)),
    call("/api/admin/new_mail_key", DOMAIN, Need::Org(Feature::DomainsEdit)),
    call("/api/admin/mail_settings", ORG, Need::Org(Feature::MailView)),
    call("/api/admin/save_mail", ORG, Need::Org(Feature::MailEdit)),
    call("/api/admin/domains", &[("org", "org")], Need::Org(Feature::DomainsView)),
    call("/api/admin/add_domain", &[("org", "org")], Need::Org(Feature::DomainsEdit)),
    call("/api/admin/remove_domain", &[("org", "org")], Need::Org(Feature::DomainsEdit)),
    call("/api/admin/domain_proof", &[("org", "org")], Need::Org(Feature::DomainsView)),
    call("/api/admin/verify_domain", &[("org", "org")], Need::Org(Feature::DomainsEdit)),
    call(
        "/api/admin/customer_domain_proof",
        &[("org", "org"), ("customer", "org")],
        Need::Org(Feature::CustomersView),
    ),
    call(
        "/api/admin/verify_customer_domain",
        &[("org", "org"), ("customer", "org")],
        Need::Org(Feature::CustomersVerify),
    ),
    // console
    page("/admin", &[], Need::SignedIn),
    page("/admin/:org", ORG, Need::Org(Feature::OrgView)),
    page("/admin/:org/profile", ORG, Need::Org(Feature::OrgView)),
    page("/admin/:org/users", ORG, Need::Org(Feature::UsersView)),
    page("/admin/:org/subscription", ORG, Need::Org(Feature::SubscriptionView)),
    page("/admin/:org/billing", ORG, Need::Org(Feature::BillingEdit)),
    page("/admin/:org/partner-access", ORG, Need::Org(Feature::PartnerAccessView)),
    page("/admin/:org/sign-in", ORG, Need::Org(Feature::SignInEdit)),
    call("/api/admin/providers", ORG, Need::Org(Feature::SignInEdit)),
    call("/api/admin/save_provider", PROVIDER_OF, Need::Org(Feature::SignInEdit)),
    call("/api/admin/remove_provider", PROVIDER_OF, Need::Org(Feature::SignInEdit)),
    page("/admin/:org/activity", ORG, Need::Org(Feature::ActivityView)),
    page("/admin/:org/partner/customers/new", ORG, Need::Org(Feature::CustomersAdd)),
    page("/admin/:org/partner/customers/:customer/manage", CUSTOMER, Need::Org(Feature::ConsoleManage)),
    page("/admin/:org/partner/customers/:customer/trial", CUSTOMER, Need::Org(Feature::CustomersView)),
    page("/admin/:org/partner/payments", ORG, Need::Org(Feature::PaymentsView)),
    call("/api/admin/places", &[], Need::SignedIn),
    call("/api/admin/frame", ORG, Need::Member),
    call("/api/admin/profile", ORG, Need::Org(Feature::OrgView)),
    call("/api/admin/edit_profile", ORG, Need::Org(Feature::OrgEdit)),
    call("/api/admin/remove_logo", ORG, Need::Org(Feature::OrgEdit)),
    call("/api/admin/users", ORG, Need::Org(Feature::UsersView)),
    call("/api/admin/add_user", ORG, Need::Org(Feature::UsersEdit)),
    call("/api/admin/suspend_user", USER, Need::Org(Feature::UsersSuspend)),
    call("/api/admin/restore_user", USER, Need::Org(Feature::UsersSuspend)),
    page("/admin/:org/users/:user", USER, Need::Org(Feature::UsersView)),
    call("/api/admin/person", USER, Need::Org(Feature::UsersView)),
    call("/api/admin/factor_rule", ORG, Need::Org(Feature::UsersView)),
    call("/api/admin/add_alias", USER, Need::Org(Feature::UsersEdit)),
    call("/api/admin/remove_alias", USER, Need::Org(Feature::UsersEdit)),
    call("/api/admin/give_licence", USER, Need::Org(Feature::UsersEdit)),
    call("/api/admin/take_licence", USER, Need::Org(Feature::UsersEdit)),
    page("/admin/:org/groups", ORG, Need::Org(Feature::UsersView)),
    page("/admin/:org/groups/:group", GROUP, Need::Org(Feature::UsersView)),
    call("/api/admin/groups", ORG, Need::Org(Feature::UsersView)),
    call("/api/admin/group", GROUP, Need::Org(Feature::UsersView)),
    call("/api/admin/make_group", ORG, Need::Org(Feature::GroupsEdit)),
    call("/api/admin/edit_group", GROUP, Need::Org(Feature::GroupsEdit)),
    call("/api/admin/join_group", GROUP, Need::Org(Feature::GroupsEdit)),
    call("/api/admin/leave_group", IN_GROUP, Need::Org(Feature::GroupsEdit)),
    call("/api/admin/delete_group", GROUP, Need::Org(Feature::GroupsEdit)),
    call("/api/admin/change_role", USER, Need::Org(Feature::AdminRoleChange)),
    call("/api/admin/hand_over", USER, Need::Org(Feature::SuperAdminChange)),
    call("/api/admin/reset_user_password", USER, Need::Org(Feature::UserPasswordReset)),
    call("/api/admin/delete_user", USER, Need::Org(Feature::UserDelete)),
    call("/api/admin/require_second_factor", ORG, Need::Org(Feature::SecondFactorEnforce)),
    call("/api/admin/subscription", ORG, Need::Org(Feature::SubscriptionView)),
    call("/api/admin/billing", ORG, Need::Org(Feature::BillingEdit)),
    call("/api/admin/save_billing", ORG, Need::Org(Feature::BillingEdit)),
    call("/api/admin/partner_access", ORG, Need::Org(Feature::PartnerAccessView)),
    call("/api/admin/leave_partner", MAPPING, Need::Org(Feature::PartnerAccessRevoke)),
    call("/api/admin/answer_partner", REQUEST, Need::Org(Feature::PartnerAccessGrant)),
    call("/api/admin/choose_partner", ORG, Need::Org(Feature::PartnerAccessGrant)),
    call("/api/admin/make_token", ORG, Need::Org(Feature::PartnerAccessGrant)),
    call("/api/admin/withdraw_token", TOKEN, Need::Org(Feature::PartnerAccessGrant)),
    call("/api/admin/give_access", ORG, Need::Org(Feature::PartnerAccessGrant)),
    call("/api/admin/change_access", GRANT, Need::Org(Feature::PartnerAccessGrant)),
    call("/api/admin/restore_access", GRANT, Need::Org(Feature::PartnerAccessGrant)),
    call("/api/admin/answer_access", ACCESS_REQUEST, Need::Org(Feature::PartnerAccessGrant)),
    page("/partner-code/:code", &[], Need::SignedIn),
    call("/api/admin/code_places", &[], Need::SignedIn),
    call("/api/admin/revoke_access", GRANT, Need::Org(Feature::PartnerAccessRevoke)),
    call("/api/admin/activity", ORG, Need::Org(Feature::ActivityView)),
    call("/api/admin/check_chain", ORG, Need::Org(Feature::ActivityView)),
    call("/api/admin/manage_ready", CUSTOMER, Need::Org(Feature::ConsoleManage)),
    call("/api/admin/manage", CUSTOMER, Need::Org(Feature::ConsoleManage)),
    call("/api/admin/leave", ORG, Need::SignedIn),
    call("/api/admin/trial", CUSTOMER, Need::Org(Feature::CustomersView)),
    call("/api/admin/extend_trial", CUSTOMER, Need::Org(Feature::TrialExtend)),
    call("/api/admin/new_organisation", ORG, Need::Org(Feature::CustomersAdd)),
    call("/api/admin/add_organisation", ORG, Need::Org(Feature::CustomersAdd)),
    // store
    page("/store", &[], Need::SignedIn),
    page("/store/:org", ORG, Need::Org(Feature::StoreView)),
    page("/store/:org/services", ORG, Need::Org(Feature::StoreView)),
    call("/api/store/services", ORG, Need::Org(Feature::StoreView)),
    page("/store/:org/customers", ORG, Need::Org(Feature::CustomersView)),
    page("/store/:org/users", ORG, Need::Org(Feature::StoreUsersManage)),
    page("/store/:org/disputes", ORG, Need::Org(Feature::MappingRequest)),
    call("/api/store/disputes", ORG, Need::Org(Feature::MappingRequest)),
    call("/api/store/withdraw_dispute", DISPUTE_OF, Need::Org(Feature::MappingRequest)),
    page("/store/:org/mapping", ORG, Need::Org(Feature::MappingRequest)),
    call("/api/store/map_page", ORG, Need::Org(Feature::MappingRequest)),
    call("/api/store/ask_customer", ORG, Need::Org(Feature::MappingRequest)),
    call("/api/store/take_back_request", REQUEST, Need::Org(Feature::MappingRequest)),
    call("/api/store/change_code", ORG, Need::Org(Feature::MappingRequest)),
    call("/api/store/use_token", ORG, Need::Org(Feature::MappingRequest)),
    call("/api/store/access", CUSTOMER, Need::Org(Feature::CustomersView)),
    call("/api/store/ask_access", CUSTOMER, Need::Org(Feature::ConsoleManage)),
    call("/api/store/withdraw_access", ACCESS_REQUEST_OF, Need::Org(Feature::ConsoleManage)),
    page("/store/:org/access", ORG, Need::Org(Feature::ConsoleManage)),
    call("/api/store/ending_access", ORG, Need::Org(Feature::ConsoleManage)),
    call("/api/store/renew_all_access", ORG, Need::Org(Feature::ConsoleManage)),
    call("/api/store/renew_access", CUSTOMER, Need::Org(Feature::ConsoleManage)),
    call("/api/store/give_up_access", CUSTOMER, Need::Org(Feature::ConsoleManage)),
    call("/api/store/notice", CUSTOMER, Need::Org(Feature::CustomersView)),
    call("/api/store/release_customer", CUSTOMER, Need::Org(Feature::MappingRequest)),
    call("/api/store/keep_customer", CUSTOMER, Need::Org(Feature::MappingRequest)),
    call("/api/store/places", &[], Need::SignedIn),
    call("/api/store/frame", ORG, Need::Member),
    call("/api/store/people", ORG, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/add_person", ORG, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/change_person", USER, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/suspend_person", USER, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/restore_person", USER, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/create_role", ORG, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/edit_role", STORE_ROLE, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/delete_role", STORE_ROLE, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/greeting", ORG, Need::Org(Feature::StoreView)),
    // payments
    page("/store/:org/payments", ORG, Need::Org(Feature::PaymentsView)),
    call("/api/store/payments", ORG, Need::Org(Feature::PaymentsView)),
    page("/vendor/payments", &[], Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/payments", &[], Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/refund_payment", &[("payment", "pay")], Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/record_payment", &[("payment", "pay")], Need::Staff(Feature::FinanceManage)),
    call("/api/admin/cards", ORG, Need::Org(Feature::BillingEdit)),
    call("/api/admin/begin_card", ORG, Need::Org(Feature::BillingEdit)),
    call("/api/admin/keep_card", ORG, Need::Org(Feature::BillingEdit)),
    call("/api/admin/prefer_card", METHOD, Need::Org(Feature::BillingEdit)),
    call("/api/admin/remove_card", METHOD, Need::Org(Feature::BillingEdit)),
    // changes of many subscriptions
    page("/store/:org/customers/bulk", ORG, Need::Org(Feature::SubsChange)),
    page("/store/:org/customers/bulk/:run", BULK, Need::Org(Feature::SubsChange)),
    call("/api/store/bulk_choice", ORG, Need::Org(Feature::SubsChange)),
    call("/api/store/plan_bulk", ORG, Need::Org(Feature::SubsChange)),
    call("/api/store/start_bulk", BULK, Need::Org(Feature::SubsChange)),
    call("/api/store/bulk", BULK, Need::Org(Feature::SubsChange)),
    // subscriptions
    page("/store/:org/customers/:customer", CUSTOMER, Need::Org(Feature::CustomersView)),
    call("/api/store/subscription", CUSTOMER, Need::Org(Feature::CustomersView)),
    call("/api/store/set_change_rule", CUSTOMER, Need::Org(Feature::SubsChange)),
    call("/api/store/confirm_change", CUSTOMER, Need::Org(Feature::SubsChange)),
    call("/api/store/approve_change", CHANGE_FOR, Need::Org(Feature::SubsChange)),
    call("/api/store/decline_change", CHANGE_FOR, Need::Org(Feature::SubsChange)),
    call("/api/store/undo_change", CHANGE_FOR, Need::Org(Feature::SubsChange)),
    call("/api/admin/own_subscription", ORG, Need::Org(Feature::SubscriptionView)),
    call("/api/admin/confirm_change", ORG, Need::Org(Feature::SubscriptionEdit)),
    call("/api/admin/approve_change", CHANGE, Need::Org(Feature::SubscriptionEdit)),
    call("/api/admin/decline_change", CHANGE, Need::Org(Feature::SubscriptionEdit)),
    call("/api/admin/undo_change", CHANGE, Need::Org(Feature::SubscriptionEdit)),
    call("/api/admin/take_over", ORG, Need::Org(Feature::SubscriptionEdit)),
    // invoices
    page("/store/:org/invoices/:invoice", INVOICE, Need::Org(Feature::PaymentsView)),
    page("/admin/:org/invoices/:invoice", INVOICE, Need::Org(Feature::SubscriptionView)),
    page("/vendor/invoices/:invoice", &[("invoice", "inv")], Need::Staff(Feature::FinanceManage)),
    call("/api/store/invoice", INVOICE, Need::Org(Feature::PaymentsView)),
    call("/api/admin/invoices", ORG, Need::Org(Feature::BillingEdit)),
    call("/api/admin/invoice", INVOICE, Need::Org(Feature::SubscriptionView)),
    call("/api/vendor/invoice", &[("invoice", "inv")], Need::Staff(Feature::FinanceManage)),
    call("/api/store/pay_invoice", INVOICE, Need::Org(Feature::PaymentsCard)),
    call("/api/admin/pay_invoice", INVOICE, Need::Org(Feature::BillingEdit)),
    call("/api/vendor/record_invoice_payment", &[("invoice", "inv")], Need::Staff(Feature::FinanceManage)),
    // commission and payouts
    page("/store/:org/commissions", ORG, Need::Org(Feature::CommissionView)),
    call("/api/store/commissions", ORG, Need::Org(Feature::CommissionView)),
    call("/api/store/commission_line", LINE, Need::Org(Feature::CommissionView)),
    call("/api/store/statement", ORG, Need::Org(Feature::CommissionView)),
    call("/api/store/what_if", ORG, Need::Org(Feature::CommissionView)),
    page("/vendor/commissions/:partner", PARTNER, Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/commissions", PARTNER, Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/commission_line", PARTNERS_LINE, Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/statement", PARTNER, Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/adjust_commission", PARTNERS_LINE, Need::Staff(Feature::FinanceManage)),
    page("/store/:org/payouts", ORG, Need::Org(Feature::CommissionView)),
    call("/api/store/payouts", ORG, Need::Org(Feature::CommissionView)),
    call("/api/store/request_payout", ORG, Need::Org(Feature::PayoutRequest)),
    call("/api/store/cancel_payout", PAYOUT, Need::Org(Feature::PayoutRequest)),
    call("/api/store/set_payout_account", ORG, Need::Org(Feature::PayoutRequest)),
    page("/vendor/payouts", &[], Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/payouts", &[], Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/decide_payout", &[("payout", "pyo")], Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/mark_payouts", &[], Need::Staff(Feature::FinanceManage)),
    // reports
    page("/store/:org/reports", ORG, Need::Org(Feature::ReportsView)),
    page("/vendor/reports", &[], Need::Staff(Feature::FinanceManage)),
    page("/store/:org/reports/lines", ORG, Need::Org(Feature::ReportsView)),
    page("/vendor/reports/lines", &[], Need::Staff(Feature::FinanceManage)),
    page("/store/:org/reports/sales", ORG, Need::Org(Feature::ReportsView)),
    page("/vendor/reports/sales", &[], Need::Staff(Feature::FinanceManage)),
    page("/store/:org/reports/renewals", ORG, Need::Org(Feature::ReportsView)),
    page("/vendor/reports/renewals", &[], Need::Staff(Feature::FinanceManage)),
    page("/store/:org/reports/customers", ORG, Need::Org(Feature::ReportsView)),
    page("/vendor/reports/customers", &[], Need::Staff(Feature::FinanceManage)),
    call("/api/store/report", ORG, Need::Org(Feature::ReportsView)),
    call("/api/vendor/report", &[], Need::Staff(Feature::FinanceManage)),
    call("/api/store/report_lines", ORG, Need::Org(Feature::ReportsView)),
    call("/api/vendor/report_lines", &[], Need::Staff(Feature::FinanceManage)),
    call("/api/store/report_sales", ORG, Need::Org(Feature::ReportsView)),
    call("/api/store/report_renewals", ORG, Need::Org(Feature::ReportsView)),
    call("/api/vendor/report_sales", &[], Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/report_renewals", &[], Need::Staff(Feature::FinanceManage)),
    call("/api/store/report_customers", ORG, Need::Org(Feature::ReportsView)),
    call("/api/vendor/report_customers", &[], Need::Staff(Feature::FinanceManage)),
    page("/store/:org/settings", ORG, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/settings", ORG, Need::Org(Feature::StoreUsersManage)),
    call("/api/store/save_settings", ORG, Need::Org(Feature::StoreUsersManage)),
    // demo
    page("/demo/dns", &[], Need::Demo),
    page("/demo/bank/:token", &[], Need::Demo),
    call("/api/demo/bank", &[], Need::Demo),
    call("/api/demo/answer_bank", &[], Need::Demo),
    page("/demo/mail", &[], Need::Demo),
    page("/demo/mail/:mail", &[("mail", "mai")], Need::Demo),
    call("/api/demo/mails", &[], Need::Demo),
    call("/api/demo/mail", &[("mail", "mai")], Need::Demo),
    call("/api/demo/records", &[], Need::Demo),
    call("/api/demo/publish_record", &[], Need::Demo),
    call("/api/demo/remove_record", &[], Need::Demo),
    // apply
    page("/apply", &[], Need::Anyone),
    page("/apply/status/:token", &[], Need::Token),
    call("/api/apply/start", &[], Need::Anyone),
    call("/api/apply/submit", &[], Need::Anyone),
    call("/api/apply/save_draft", &[], Need::Anyone),
    call("/api/apply/standing", &[], Need::Token),
    call("/api/apply/answer", &[], Need::Token),
    call("/api/apply/withdraw", &[], Need::Token),
    // review
    page("/review", &[], Need::Staff(Feature::ApplicationsView)),
    page("/review/:application", &[("application", "app")], Need::Staff(Feature::ApplicationsView)),
    call("/api/review/queue", &[], Need::Staff(Feature::ApplicationsView)),
    call("/api/review/detail", &[("application", "app")], Need::Staff(Feature::ApplicationsView)),
    call("/api/review/assign", &[("application", "app")], Need::Staff(Feature::ApplicationsDecide)),
    call("/api/review/note", &[("application", "app")], Need::Staff(Feature::ApplicationsDecide)),
    call("/api/review/ask", &[("application", "app")], Need::Staff(Feature::ApplicationsDecide)),
    call("/api/review/approve", &[("application", "app")], Need::Staff(Feature::ApplicationsDecide)),
    call("/api/review/reject", &[("application", "app")], Need::Staff(Feature::ApplicationsDecide)),
    // vendor: partners
    page("/vendor/partners", &[], Need::Staff(Feature::PartnersView)),
    call("/api/vendor/partners", &[], Need::Staff(Feature::PartnersView)),
    call("/api/vendor/change_partner", &[("partner", "org")], Need::Staff(Feature::PartnersEdit)),
    call("/api/vendor/partner_rates", &[("partner", "org")], Need::Staff(Feature::FinanceManage)),
    call("/api/vendor/set_partner_rate", &[("partner", "org")], Need::Staff(Feature::PartnersEdit)),
    // vendor: jobs
    page("/vendor/disputes", &[], Need::Staff(Feature::DisputesDecide)),
    page("/vendor/disputes/:dispute", DISPUTE, Need::Staff(Feature::DisputesDecide)),
    call("/api/vendor/dispute_queue", &[], Need::Staff(Feature::DisputesDecide)),
    call("/api/vendor/dispute", DISPUTE, Need::Staff(Feature::DisputesDecide)),
    call("/api/vendor/decide_dispute", DISPUTE, Need::Staff(Feature::DisputesDecide)),
    page("/vendor/jobs", &[], Need::Staff(Feature::JobsManage)),
    call("/api/vendor/jobs", &[], Need::Staff(Feature::JobsManage)),
    call("/api/vendor/retry_job", &[("job", "job")], Need::Staff(Feature::JobsManage)),
    call("/api/vendor/retry_all_jobs", &[], Need::Staff(Feature::JobsManage)),
    // settings
    page("/settings", &[], Need::Staff(Feature::SettingsEdit)),
    page("/settings/staff", &[], Need::Staff(Feature::StaffManage)),
    page("/settings/catalogue", &[], Need::Staff(Feature::SettingsEdit)),
    page("/settings/entities", &[], Need::Staff(Feature::SettingsEdit)),
    page("/settings/sign-in", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/providers", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/save_provider", PROVIDER, Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/remove_provider", PROVIDER, Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/catalogue", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/set_price", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/withdraw_price", &[("price", "prc")], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/set_limits", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/withdraw_limits", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/entities", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/save_entity", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/settings", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/change_setting", &[], Need::Staff(Feature::SettingsEdit)),
    call("/api/settings/staff", &[], Need::Staff(Feature::StaffManage)),
    call("/api/settings/add_staff", &[], Need::Staff(Feature::StaffManage)),
    call("/api/settings/suspend_staff", &[("user", "mem")], Need::Staff(Feature::StaffManage)),
    call("/api/settings/restore_staff", &[("user", "mem")], Need::Staff(Feature::StaffManage)),
];

/// Pages whose form keeps a draft, by the end of their path, with the form's call.
pub static DRAFTS: &[(&str, &str)] =
    &[("/apply", "/api/apply/submit"), ("/partner/customers/new", "/api/admin/add_organisation")];
