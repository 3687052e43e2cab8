//! Roles and the features they rest on (domain.md section 2). Code asks for a [`Feature`], never for a role.

use serde::{Deserialize, Serialize};

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// Something a person may be allowed to do. The key is stable: audit events and grants store it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Feature { $($(#[$doc])* $name,)* }

        impl Feature {
            /// Every feature there is.
            pub const ALL: &'static [Feature] = &[$(Feature::$name,)*];
            /// The stable key.
            pub fn key(self) -> &'static str {
                match self { $(Feature::$name => $key,)* }
            }
        }
    };
}

features! {
    /// See the queue of applications and one in full.
    ApplicationsView = "applications.view",
    /// Assign, ask, approve, reject.
    ApplicationsDecide = "applications.decide",
    /// See all partners.
    PartnersView = "partners.view",
    /// Tier, rate, suspend, reactivate.
    PartnersEdit = "partners.edit",
    /// See all customers of all partners.
    AllCustomersView = "all_customers.view",
    /// See and retry failed jobs and mails.
    JobsManage = "jobs.manage",
    /// Programme settings.
    SettingsEdit = "settings.edit",
    /// The vendor's staff and their roles.
    StaffManage = "staff.manage",
    /// Disputes over whose customer an organisation is.
    DisputesDecide = "disputes.decide",
    /// Refunds, payouts and statements of the programme.
    FinanceManage = "finance.manage",
    /// Enter a customer's console without its consent, with a reason and for a short time.
    BreakGlass = "break_glass.use",

    /// The Partner Store: a partner at a glance.
    StoreView = "store.view",
    /// A partner's customers: list, search, export.
    CustomersView = "customers.view",
    /// Add organisations.
    CustomersAdd = "customers.add",
    /// Check a customer's domain.
    CustomersVerify = "customers.verify",
    /// Extend a customer's trial.
    TrialExtend = "trial.extend",
    /// Open a customer's console on its behalf.
    ConsoleManage = "console.manage",
    /// Ask customers that are there already, and let customers go.
    MappingRequest = "mapping.request",
    /// Payments and invoices of customers.
    PaymentsView = "payments.view",
    /// Buy for customers and change their subscriptions.
    SubsChange = "subs.change",
    /// The partner's own cards, and paying with them.
    PaymentsCard = "payments.card",
    /// Commission lines and statements.
    CommissionView = "commission.view",
    /// Request payouts.
    PayoutRequest = "payout.request",
    /// Sales and customer reports.
    ReportsView = "reports.view",
    /// The store's people and their roles.
    StoreUsersManage = "users.manage",

    /// An organisation's console: its dashboard.
    OrgView = "org.view",
    /// Change the organisation's profile.
    OrgEdit = "org.edit",
    /// See the organisation's people.
    UsersView = "users.view",
    /// Add people.
    UsersEdit = "users.edit",
    /// Suspend people and restore them.
    UsersSuspend = "users.suspend",
    /// Make groups of people and change who is in them.
    GroupsEdit = "groups.edit",
    /// See the organisation's domains.
    DomainsView = "domains.view",
    /// Add, verify and remove domains, and choose the primary one.
    DomainsEdit = "domains.edit",
    /// See the settings of mail, and the lamps of all domains.
    MailView = "mail.view",
    /// Change the settings of mail.
    MailEdit = "mail.edit",
    /// See the subscription.
    SubscriptionView = "subscription.view",
    /// Change the organisation's own subscription, and answer proposals.
    SubscriptionEdit = "subscription.edit",
    /// The organisation's own cards, billing details and invoices.
    BillingEdit = "billing.edit",
    /// See who may act on the organisation's behalf.
    PartnerAccessView = "partner_access.view",
    /// Let a partner be the organisation's, with or without access.
    PartnerAccessGrant = "partner_access.grant",
    /// End a partner's access, or leave the partner.
    PartnerAccessRevoke = "partner_access.revoke",
    /// See the audit trail.
    ActivityView = "activity.view",
    /// The organisation's own sign-in: its providers of single sign-on.
    SignInEdit = "sign_in.edit",

    /// Forbidden act 1: hand the super admin's role to another person.
    SuperAdminChange = "super_admin.change",
    /// Forbidden act 2: switch the organisation-wide second factor.
    SecondFactorEnforce = "second_factor.enforce",
    /// Forbidden act 3: make somebody an admin, or take it from them.
    AdminRoleChange = "admin_role.change",
    /// Forbidden act 4: change people's pictures.
    UserPictureChange = "user_picture.change",
    /// Forbidden act 5: reset a person's password.
    UserPasswordReset = "user_password.reset",
    /// Forbidden act 6: delete a person.
    UserDelete = "user.delete",
    /// Forbidden act 7: back up a person's account.
    UserBackup = "user.backup",
    /// Forbidden act 8: edit the organisation's dashboard.
    DashboardEdit = "dashboard.edit",
    /// Forbidden act 9: use the referral programme in the organisation's name.
    ReferralUse = "referral.use",
    /// Forbidden act 10: change contact synchronisation.
    ContactSyncEdit = "contact_sync.edit",
}

/// The ten acts that stay with the customer (domain.md section 6, "Not allowed").
pub const FORBIDDEN_ACTS: [Feature; 10] = [
    Feature::SuperAdminChange,
    Feature::SecondFactorEnforce,
    Feature::AdminRoleChange,
    Feature::UserPictureChange,
    Feature::UserPasswordReset,
    Feature::UserDelete,
    Feature::UserBackup,
    Feature::DashboardEdit,
    Feature::ReferralUse,
    Feature::ContactSyncEdit,
];

/// What a grant may contain at all; everything else answers `delegated_forbidden` (R6.4).
pub const DELEGABLE: [Feature; 12] = [
    Feature::OrgView,
    Feature::OrgEdit,
    Feature::UsersView,
    Feature::UsersEdit,
    Feature::UsersSuspend,
    Feature::GroupsEdit,
    Feature::DomainsView,
    Feature::DomainsEdit,
    Feature::MailView,
    Feature::MailEdit,
    Feature::SubscriptionView,
    Feature::ActivityView,
];

/// What a role that a partner makes itself may hold: the partner's side of the programme and nothing of any console.
/// Whoever gives one of them must have it.
pub const STORE_FEATURES: [Feature; 14] = [
    Feature::StoreView,
    Feature::CustomersView,
    Feature::CustomersAdd,
    Feature::CustomersVerify,
    Feature::TrialExtend,
    Feature::ConsoleManage,
    Feature::MappingRequest,
    Feature::PaymentsView,
    Feature::SubsChange,
    Feature::PaymentsCard,
    Feature::CommissionView,
    Feature::PayoutRequest,
    Feature::ReportsView,
    Feature::StoreUsersManage,
];

/// A set of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Features(pub u64);

impl Features {
    /// The set of these.
    pub fn of(list: &[Feature]) -> Self {
        Self(list.iter().fold(0, |bits, f| bits | 1 << (*f as u8)))
    }
    /// Whether it is in the set.
    pub fn has(self, feature: Feature) -> bool {
        self.0 & (1 << (feature as u8)) != 0
    }
    /// Whether all of the other set are in this one.
    pub fn contain(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }
    /// The features in either set.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// The features in both sets.
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// Those in the set, in the order of [`Feature::ALL`].
    pub fn list(self) -> impl Iterator<Item = Feature> {
        Feature::ALL.iter().copied().filter(move |f| self.has(*f))
    }
    /// The stable keys, separated by blanks: how a grant stores them.
    pub fn keys(self) -> String {
        self.list().map(Feature::key).collect::<Vec<_>>().join(" ")
    }
    /// Reads stored keys; unknown ones give nothing.
    pub fn from_keys(keys: &str) -> Self {
        let list: Vec<Feature> = keys
            .split_whitespace()
            .filter_map(|k| Feature::ALL.iter().copied().find(|f| f.key() == k))
            .collect();
        Self::of(&list)
    }
}

crate::keyed! {
    /// The kinds of organisation.
    pub enum OrgKind {
        /// Operates Kontor.
        Vendor = "vendor",
        /// A reseller or referral organisation.
        Partner = "partner",
        /// An organisation of the vendor's suite.
        Customer = "customer",
    }
}

crate::keyed! {
    /// A person's role in an organisation. The key is what `kontor user create --role` takes.
    pub enum Role {
        /// Everything on the vendor's side.
        VendorAdmin = "vendor-admin",
        /// Applications, mapping approvals, disputes.
        Reviewer = "reviewer",
        /// Payouts, refunds, statements.
        VendorFinance = "finance",
        /// Looks things up; no money, no delegated access.
        Support = "support",
        /// All of the partner.
        PartnerOwner = "partner-owner",
        /// Customers, subscriptions, console access.
        PartnerAdmin = "partner-admin",
        /// Customers and trials; no payouts, no console.
        PartnerSales = "partner-sales",
        /// Commission, payouts, reports; no console.
        PartnerFinance = "partner-finance",
        /// A role the partner made itself, with features of its own choice.
        PartnerCustom = "partner-custom",
        /// The organisation's own last word.
        SuperAdmin = "super-admin",
        /// The organisation, but for what is the super admin's.
        CustomerAdmin = "admin",
        /// A person who uses the suite; nothing here.
        User = "user",
    }
}

impl Role {
    /// The kind of organisation it belongs to.
    pub fn kind(self) -> OrgKind {
        match self {
            Role::VendorAdmin | Role::Reviewer | Role::VendorFinance | Role::Support => OrgKind::Vendor,
            Role::PartnerOwner
            | Role::PartnerAdmin
            | Role::PartnerSales
            | Role::PartnerFinance
            | Role::PartnerCustom => OrgKind::Partner,
            Role::SuperAdmin | Role::CustomerAdmin | Role::User => OrgKind::Customer,
        }
    }

    /// The role of which an organisation must keep one (R2.2).
    pub fn is_last_word(self) -> bool {
        matches!(self, Role::VendorAdmin | Role::PartnerOwner | Role::SuperAdmin)
    }

    /// What somebody of the role may do. `own` are the stored keys of the partner's own role they have, if any.
    pub fn features_with(self, own: Option<&str>) -> Features {
        match (self, own) {
            (Role::PartnerCustom, Some(keys)) => Features::from_keys(keys).and(Features::of(&STORE_FEATURES)),
            _ => self.features(),
        }
    }

    /// Default features (domain.md section 2, proposed role set). A partner's own role has none by default: see
    /// [`Role::features_with`].
    pub fn features(self) -> Features {
        use Feature::*;
        const CONSOLE: [Feature; 17] = [
            OrgView,
            OrgEdit,
            UsersView,
            UsersEdit,
            UsersSuspend,
            GroupsEdit,
            DomainsView,
            DomainsEdit,
            MailView,
            MailEdit,
            SubscriptionView,
            SubscriptionEdit,
            BillingEdit,
            PartnerAccessView,
            PartnerAccessRevoke,
            ActivityView,
            SignInEdit,
        ];
        let base: &[Feature] = match self {
            Role::VendorAdmin => &[
                ApplicationsView,
                ApplicationsDecide,
                PartnersView,
                PartnersEdit,
                AllCustomersView,
                JobsManage,
                SettingsEdit,
                StaffManage,
                DisputesDecide,
                FinanceManage,
                BreakGlass,
            ],
            Role::Reviewer => {
                &[ApplicationsView, ApplicationsDecide, PartnersView, AllCustomersView, DisputesDecide]
            }
            Role::VendorFinance => &[PartnersView, AllCustomersView, FinanceManage],
            Role::Support => &[ApplicationsView, PartnersView, AllCustomersView],
            Role::PartnerOwner => &[
                StoreView,
                CustomersView,
                CustomersAdd,
                CustomersVerify,
                TrialExtend,
                ConsoleManage,
                MappingRequest,
                PaymentsView,
                SubsChange,
                PaymentsCard,
                CommissionView,
                PayoutRequest,
                ReportsView,
                StoreUsersManage,
            ],
            Role::PartnerAdmin => &[
                StoreView,
                CustomersView,
                CustomersAdd,
                CustomersVerify,
                TrialExtend,
                ConsoleManage,
                MappingRequest,
                PaymentsView,
                SubsChange,
                PaymentsCard,
            ],
            Role::PartnerSales => &[
                StoreView,
                CustomersView,
                CustomersAdd,
                CustomersVerify,
                TrialExtend,
                MappingRequest,
                SubsChange,
            ],
            Role::PartnerFinance => &[
                StoreView,
                CustomersView,
                PaymentsView,
                PaymentsCard,
                CommissionView,
                PayoutRequest,
                ReportsView,
            ],
            Role::SuperAdmin => &FORBIDDEN_ACTS,
            Role::PartnerCustom | Role::CustomerAdmin | Role::User => &[],
        };
        let console: &[Feature] = match self {
            Role::VendorAdmin | Role::PartnerOwner | Role::SuperAdmin => &CONSOLE,
            Role::PartnerAdmin => &[
                OrgView,
                UsersView,
                UsersEdit,
                UsersSuspend,
                GroupsEdit,
                DomainsView,
                DomainsEdit,
                MailView,
                MailEdit,
                SubscriptionView,
                BillingEdit,
                PartnerAccessView,
                ActivityView,
            ],
            Role::CustomerAdmin => &[
                OrgView,
                UsersView,
                UsersEdit,
                UsersSuspend,
                GroupsEdit,
                DomainsView,
                DomainsEdit,
                MailView,
                MailEdit,
                SubscriptionView,
                PartnerAccessView,
                PartnerAccessGrant,
                ActivityView,
            ],
            // Whoever pays with the partner's cards says to whom the invoices go.
            Role::PartnerFinance => &[OrgView, BillingEdit],
            Role::PartnerSales | Role::Reviewer | Role::VendorFinance | Role::Support => &[OrgView],
            Role::PartnerCustom | Role::User => &[],
        };
        // A vendor or a partner is nobody's customer.
        let own: &[Feature] = if self == Role::SuperAdmin { &[PartnerAccessGrant] } else { &[] };
        Features([base, console, own].into_iter().fold(0, |all, some| all | Features::of(some).0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_acts_can_never_be_granted() {
        let delegable = Features::of(&DELEGABLE);
        for act in FORBIDDEN_ACTS {
            assert!(!delegable.has(act), "{}", act.key());
        }
        assert!(!delegable.has(Feature::PartnerAccessRevoke));
    }

    #[test]
    fn forbidden_acts_belong_to_the_super_admin_only() {
        for role in Role::ALL {
            for act in FORBIDDEN_ACTS {
                assert_eq!(
                    role.features().has(act),
                    *role == Role::SuperAdmin,
                    "{} {}",
                    role.key(),
                    act.key()
                );
            }
        }
    }

    #[test]
    fn a_partners_own_role_never_holds_more_than_the_partners_side() {
        let all = Features::of(Feature::ALL).keys();
        let own = Role::PartnerCustom.features_with(Some(&all));
        assert_eq!(own, Features::of(&STORE_FEATURES));
        assert!(Role::PartnerOwner.features().contain(own));
        assert!(!own.contain(Role::PartnerSales.features()), "the console is not in it");
        assert_eq!(Role::PartnerCustom.features_with(None), Features::default());
        // The keys belong to that role alone.
        assert_eq!(Role::PartnerSales.features_with(Some(&all)), Role::PartnerSales.features());
    }

    #[test]
    fn keys_are_unique_and_read_back() {
        let all = Features::of(Feature::ALL);
        assert_eq!(Features::from_keys(&all.keys()), all);
        assert!(Feature::ALL.len() <= 64);
        for role in Role::ALL {
            assert_eq!(Role::from_key(role.key()), Some(*role));
        }
    }

    #[test]
    fn whoever_pays_with_a_partners_cards_keeps_its_billing_details() {
        for role in Role::ALL.iter().filter(|r| r.kind() == OrgKind::Partner) {
            let features = role.features();
            assert_eq!(features.has(Feature::BillingEdit), features.has(Feature::PaymentsCard), "{role}");
        }
    }

    #[test]
    fn roles_of_one_kind_do_not_reach_into_another() {
        assert!(!Role::PartnerOwner.features().has(Feature::ApplicationsView));
        assert!(!Role::SuperAdmin.features().has(Feature::CustomersView));
        assert!(!Role::VendorAdmin.features().has(Feature::ConsoleManage));
    }
}
