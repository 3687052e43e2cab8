//! Policies of the programme: typed, with the defaults of domain.md section 19.

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

use crate::{
    Issue,
    domain::mail::{DmarcPolicy, host},
    kernel::{
        instant::Instant,
        right::{Feature, Features},
    },
};
use serde::{Deserialize, Serialize};

macro_rules! policies {
    ($($(#[$doc:meta])* $name:ident: $ty:ty = $default:expr, $demo:expr;)*) => {
        /// The programme's policies.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Policy { $($(#[$doc])* pub $name: $ty,)* }

        impl Policy {
            /// Names of all policies, as stored and shown under `/settings`.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($name),)*];

            /// The defaults; the demo changes defaults only (design.md section 4).
            pub fn defaults(demo: bool) -> Self {
                Self { $($name: if demo { $demo } else { $default },)* }
            }
            /// Reads one stored value; false if key or value is unknown.
            pub fn set(&mut self, key: &str, value: &str) -> bool {
                match key {
                    $(stringify!($name) => match value.parse::<$ty>() {
                        Ok(parsed) => { self.$name = parsed; true }
                        Err(_) => false,
                    },)*
                    _ => false,
                }
            }
            /// One value as stored.
            pub fn get(&self, key: &str) -> Option<String> {
                match key { $(stringify!($name) => Some(self.$name.to_string()),)* _ => None }
            }
        }
    };
}

/// A rate that may be left open: basis points, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OpenRate(pub Option<i64>);

impl std::fmt::Display for OpenRate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |bp| write!(f, "{bp}"))
    }
}

impl std::str::FromStr for OpenRate {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() { Ok(Self(None)) } else { text.parse().map(|bp| Self(Some(bp))) }
    }
}

policies! {
    /// Days within which an application is answered.
    review_due_days: i32 = 7, 7;
    /// Days after which an unanswered question closes the application.
    application_silence_days: i32 = 30, 30;
    /// A reviewer may not decide on their own application or their own mail domain's.
    four_eyes: bool = true, true;
    /// Vendor staff need a second factor.
    staff_second_factor: bool = true, false;
    /// *Manage* asks for the second factor rather than the password.
    manage_second_factor: bool = true, false;
    /// Another account for payouts asks for the second factor rather than the password.
    payout_second_factor: bool = true, false;
    /// Minutes for which a shown password or second factor counts as fresh.
    step_up_minutes: i64 = 15, 15;
    /// Length of a trial in days.
    trial_days: i32 = 15, 15;
    /// Days one extension adds.
    trial_step: i32 = 15, 15;
    /// Greatest length of a trial in days.
    trial_max: i32 = 60, 60;
    /// Days after its end in which a trial can still be extended.
    trial_late_days: i32 = 7, 7;
    /// Licences of a trial.
    trial_seats: i64 = 10, 10;
    /// Months in which a domain has one trial.
    trial_once_months: i32 = 12, 12;
    /// Most users of the free plan.
    free_users_max: i64 = 5, 5;
    /// Days an expired trial stays readable.
    trial_expired_days: i32 = 15, 15;
    /// Days a suspended organisation waits before the notice of deletion.
    suspended_days: i32 = 30, 30;
    /// Most domains of an organisation.
    domain_max_per_org: u32 = 30, 30;
    /// The suite's own mail domain, from which its servers and SPF name follow; empty: not named.
    mail_domain: String = String::new(), "vendor.test".to_owned();
    /// The suite's mail servers with their priorities; empty: `mx1`, `mx2` and `mx3` of its mail domain.
    mail_servers: String = String::new(), String::new();
    /// The name whose SPF record says who sends for the suite; empty: `spf` of its mail domain.
    mail_spf: String = String::new(), String::new();
    /// What the selectors of keys for DKIM begin with.
    mail_selector: String = "kontor".to_owned(), "kontor".to_owned();
    /// The weakest DMARC policy that will do.
    mail_dmarc: DmarcPolicy = DmarcPolicy::None, DmarcPolicy::None;
    /// The largest attachment an organisation may allow, in megabytes.
    mail_attachment_max: i64 = 25, 25;
    /// Days a partner's request can be answered (R4.3).
    tag_request_days: i64 = 15, 15;
    /// Days a customer's token for a partner can be used (R4.5).
    token_days: i64 = 15, 15;
    /// Days a grant lasts, if nobody says otherwise.
    grant_days: i64 = 365, 365;
    /// Most days a grant lasts.
    grant_days_max: i64 = 730, 730;
    /// Most days of a grant that lets the partner change the organisation's profile.
    grant_cap_org_edit: i64 = 365, 365;
    /// The same of one that lets it add people.
    grant_cap_users_edit: i64 = 365, 365;
    /// The same of one that lets it suspend people.
    grant_cap_users_suspend: i64 = 365, 365;
    /// The same of one that lets it change domains.
    grant_cap_domains_edit: i64 = 365, 365;
    /// The same of one that lets it change the settings of mail.
    grant_cap_mail_edit: i64 = 365, 365;
    /// Days a partner's request for access can be answered.
    access_request_days: i64 = 15, 15;
    /// Days before a grant's end from which a partner may renew it where the customer allowed that.
    grant_renew_days: i64 = 30, 30;
    /// Most minutes the vendor stays in a customer's console without its consent.
    break_glass_minutes: i64 = 60, 60;
    /// Minutes after which an idle acting session ends.
    acting_idle_minutes: i64 = 30, 30;
    /// Hours after which an acting session ends.
    acting_max_hours: i64 = 8, 8;
    /// Days after which an idle session ends.
    session_idle_days: i64 = 14, 14;
    /// Days after which a session ends in any case.
    session_max_days: i64 = 90, 90;
    /// Default commission rate in basis points (hundredths of a percent).
    commission_rate_bp: i64 = 2000, 2000;
    /// Rate of partners of the first tier without one of their own; open: the default.
    tier_rate_authorized: OpenRate = OpenRate(None), OpenRate(None);
    /// The same of the second tier.
    tier_rate_advanced: OpenRate = OpenRate(None), OpenRate(None);
    /// The same of the highest tier.
    tier_rate_premium: OpenRate = OpenRate(None), OpenRate(None);
    /// Days after the first purchase before a mapping within which commission is full (domain.md section 10).
    commission_full_window_days: i32 = 60, 60;
    /// Outside that window only what was bought after the mapping earns; off: nothing earns.
    commission_delta_only: bool = true, true;
    /// Days in which a monthly term can be refunded in full, and its commission is held.
    refund_days_monthly: i32 = 30, 30;
    /// Days in which a yearly term can be refunded in full, and its commission is held.
    refund_days_yearly: i32 = 45, 45;
    /// The least payout, in major units of its currency.
    payout_min: i64 = 100, 100;
    /// A payout needs the partner's invoice.
    payout_invoice_required: bool = true, true;
    /// Hours for which nothing is paid out to a changed account.
    payout_hold_hours: i64 = 72, 72;
    /// Days for which a customer may answer a proposed change.
    proposal_days: i64 = 14, 14;
    /// Days of full service after a renewal that was not paid.
    grace_days: i32 = 15, 15;
    /// Days a subscription stands suspended before it is closed.
    suspend_days: i32 = 30, 30;
    /// Days within which an invoice paid by bank transfer is due.
    invoice_due_days: i32 = 14, 14;
    /// The organisation may change a subscription its partner pays for.
    customer_can_change_partner_paid: bool = false, false;
    /// Version of the terms an applicant accepts.
    terms_version: String = "2026-01".to_owned(), "2026-01".to_owned();
}

impl Policy {
    /// Most days of a grant with these capabilities: the programme's limit, or that of a capability if it is narrower.
    pub fn grant_cap(&self, capabilities: Features) -> i64 {
        let caps = [
            (Feature::OrgEdit, self.grant_cap_org_edit),
            (Feature::UsersEdit, self.grant_cap_users_edit),
            (Feature::UsersSuspend, self.grant_cap_users_suspend),
            (Feature::DomainsEdit, self.grant_cap_domains_edit),
            (Feature::MailEdit, self.grant_cap_mail_edit),
        ];
        let theirs = caps.into_iter().filter(|(feature, _)| capabilities.has(*feature)).map(|(_, days)| days);
        theirs.fold(self.grant_days_max, i64::min)
    }

    /// The rate of a tier, if it has one.
    pub fn tier_rate(&self, tier: crate::partner::Tier) -> Option<i64> {
        use crate::partner::Tier;
        let rate = match tier {
            Tier::Authorized => self.tier_rate_authorized,
            Tier::Advanced => self.tier_rate_advanced,
            Tier::Premium => self.tier_rate_premium,
        };
        rate.0
    }
}

/// How a policy is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// Yes or no.
    Switch,
    /// A whole number.
    Number {
        /// Least.
        min: i64,
        /// Greatest.
        max: i64,
    },
    /// Basis points, edited as percent.
    Percent,
    /// The same, or nothing.
    OpenPercent,
    /// A short text.
    Text,
    /// The same, or nothing.
    OpenText,
    /// One of [`DmarcPolicy`].
    Dmarc,
}

/// How a policy is edited, given the others: some bound each other. Nothing for an unknown key.
pub fn shape(key: &str, policy: &Policy) -> Option<Shape> {
    let number = |min: i64, max: i64| Some(Shape::Number { min, max });
    match key {
        "four_eyes"
        | "staff_second_factor"
        | "manage_second_factor"
        | "payout_second_factor"
        | "commission_delta_only"
        | "payout_invoice_required"
        | "customer_can_change_partner_paid" => Some(Shape::Switch),
        "commission_rate_bp" => Some(Shape::Percent),
        "tier_rate_authorized" | "tier_rate_advanced" | "tier_rate_premium" => Some(Shape::OpenPercent),
        "terms_version" | "mail_selector" => Some(Shape::Text),
        "mail_domain" | "mail_servers" | "mail_spf" => Some(Shape::OpenText),
        "mail_dmarc" => Some(Shape::Dmarc),
        "mail_attachment_max" => number(1, 1000),
        "commission_full_window_days" => number(0, 3650),
        "refund_days_monthly" | "refund_days_yearly" | "invoice_due_days" => number(0, 365),
        "payout_min" => number(0, 1_000_000),
        "payout_hold_hours" => number(0, 720),
        "proposal_days" | "grace_days" | "suspend_days" => number(1, 365),
        "review_due_days" => number(1, 60),
        "application_silence_days" => number(1, 365),
        "step_up_minutes" => number(1, 1440),
        "trial_days" => number(1, policy.trial_max.into()),
        "trial_step" => number(1, 365),
        "trial_max" => number(policy.trial_days.into(), 365),
        "trial_late_days" => number(0, 60),
        "trial_seats" => number(1, 100_000),
        "trial_once_months" => number(0, 120),
        "free_users_max" => number(1, 1000),
        "trial_expired_days" | "suspended_days" => number(1, 365),
        "domain_max_per_org" => number(1, 1000),
        "tag_request_days" | "token_days" => number(1, 365),
        "grant_days" => number(1, policy.grant_days_max),
        "grant_days_max" => number(policy.grant_days, 730),
        "grant_cap_org_edit"
        | "grant_cap_users_edit"
        | "grant_cap_users_suspend"
        | "grant_cap_domains_edit"
        | "grant_cap_mail_edit" => number(1, 730),
        "access_request_days" => number(1, 60),
        "grant_renew_days" => number(1, 90),
        "break_glass_minutes" => number(5, 480),
        "acting_idle_minutes" => number(1, policy.acting_max_hours * 60),
        "acting_max_hours" => number((policy.acting_idle_minutes + 59) / 60, 72),
        "session_idle_days" => number(1, policy.session_max_days),
        "session_max_days" => number(policy.session_idle_days, 3650),
        _ => None,
    }
}

/// What was typed for a policy, as it is stored.
pub fn check(key: &str, typed: &str, policy: &Policy) -> Result<String, Issue> {
    let text = || crate::kernel::text::line(typed, 1, 40);
    match shape(key, policy).ok_or(Issue::NotAChoice)? {
        Shape::Switch => match typed {
            "true" | "on" => Ok("true".into()),
            "" | "false" => Ok("false".into()),
            _ => Err(Issue::NotAChoice),
        },
        Shape::Number { min, max } => {
            let number: i64 = text()?.parse().map_err(|_| Issue::NotANumber)?;
            let inside = (min..=max).contains(&number);
            if inside { Ok(number.to_string()) } else { Err(Issue::OutOfRange { min, max }) }
        }
        Shape::OpenPercent if typed.trim().is_empty() => Ok(String::new()),
        Shape::Percent | Shape::OpenPercent => Ok(crate::application::review::rate_bp(typed)?.to_string()),
        Shape::Text if key == "mail_selector" => host::selector(&text()?),
        Shape::Text => text(),
        Shape::OpenText if typed.trim().is_empty() => Ok(String::new()),
        Shape::OpenText if key == "mail_servers" => Ok(host::written(&host::servers(typed)?)),
        Shape::OpenText => host::host(typed),
        Shape::Dmarc => DmarcPolicy::from_key(typed).map(|p| p.key().into()).ok_or(Issue::NotAChoice),
    }
}

/// One policy, as `/settings` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingRow {
    /// Its name.
    pub key: String,
    /// How it is edited.
    pub shape: Shape,
    /// What holds if nobody changes it.
    pub default: String,
    /// What holds.
    pub current: String,
    /// Who changed it, and when.
    pub changed: Option<(String, Instant)>,
}

/// A change of one policy, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeSetting {
    /// Which one.
    pub key: String,
    /// The stored value the form was filled from.
    pub was: String,
    /// What was typed.
    pub value: String,
    /// Anything: back to the default instead. A pressed button sends text, and a form has nothing else.
    pub default: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_has_a_shape_that_takes_its_default() {
        let policy = Policy::defaults(false);
        for key in Policy::KEYS {
            let stored = policy.get(key).unwrap();
            let typed = match shape(key, &policy).unwrap() {
                Shape::Percent => crate::application::review::percent(stored.parse().unwrap()),
                _ => stored.clone(),
            };
            assert_eq!(check(key, &typed, &policy), Ok(stored), "{key}");
        }
        assert_eq!(shape("nonsense", &policy), None);
    }

    #[test]
    fn every_policy_reads_back() {
        let defaults = Policy::defaults(false);
        let mut other = Policy::defaults(true);
        for key in Policy::KEYS {
            assert!(other.set(key, &defaults.get(key).unwrap()), "{key}");
        }
        assert_eq!(other, defaults);
        assert!(!other.set("trial_days", "many"));
        assert!(!other.set("nonsense", "1"));
    }
}
