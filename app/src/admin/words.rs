//! What the console calls things, in the reader's language.

use crate::{t, ui::Tone};
use kontor::{
    kernel::right::{Feature, Role},
    organisation::MemberStatus,
    subscription::{SubscriptionStatus, Term},
};

/// A role.
pub fn role(role: Role) -> &'static str {
    t::admin::lookup(&format!("role_{}", role.key())).unwrap_or_default()
}

/// What happened, by the trail's stable key; the key itself where there is no text.
pub fn happened(action: &str) -> String {
    t::activity::lookup(action).map_or_else(|| action.to_owned(), str::to_owned)
}

/// Whoever did something, by the trail's label: people as they are, and in the reader's words the programme itself and
/// those who act without an account of their own.
pub fn actor(label: &str) -> String {
    match label {
        // Nobody acts without a name: this one was erased.
        "" => t::admin::actor_erased().into(),
        "applicant" => t::admin::actor_applicant().into(),
        "customer" => t::admin::actor_customer().into(),
        "kontor user create" | "kontor audit cut" => t::admin::actor_command_line().into(),
        "access requests" | "application clock" | "bulk changes" | "domain-check" | "dunning"
        | "grant clock" | "mapping requests" | "mapping token" | "payments" | "renewals" | "trial clock" => {
            t::shell::product().into()
        }
        person => person.into(),
    }
}

/// Something a grant allows.
pub fn capability(feature: Feature) -> &'static str {
    t::admin::lookup(&format!("may_{}", feature.key())).unwrap_or_default()
}

/// Where a person stands.
pub fn member(status: MemberStatus) -> (&'static str, Tone) {
    match status {
        MemberStatus::Invited => (t::admin::member_invited(), Tone::Info),
        MemberStatus::Active => (t::admin::member_active(), Tone::Success),
        MemberStatus::Suspended => (t::admin::member_suspended(), Tone::Warning),
    }
}

/// Where a subscription stands.
pub fn subscription(status: SubscriptionStatus) -> (&'static str, Tone) {
    match status {
        SubscriptionStatus::Trial => (t::admin::status_trial(), Tone::Info),
        SubscriptionStatus::Active => (t::admin::status_active(), Tone::Success),
        SubscriptionStatus::PastDue => (t::admin::status_past_due(), Tone::Warning),
        SubscriptionStatus::Grace => (t::admin::status_grace(), Tone::Danger),
        SubscriptionStatus::Free => (t::admin::status_free(), Tone::Neutral),
        SubscriptionStatus::TrialExpired => (t::admin::status_expired(), Tone::Danger),
        SubscriptionStatus::Suspended => (t::admin::status_suspended(), Tone::Warning),
        SubscriptionStatus::Closed => (t::admin::status_closed(), Tone::Neutral),
    }
}

/// A term.
pub fn term(term: Term) -> &'static str {
    match term {
        Term::None => t::admin::none(),
        Term::Monthly => t::admin::term_monthly(),
        Term::Yearly => t::admin::term_yearly(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use kontor::{
        audit::categories,
        kernel::right::{DELEGABLE, OrgKind},
    };

    #[test]
    fn parts_of_the_programme_are_named_and_people_stay() {
        assert_eq!(actor("trial clock"), "Kontor");
        assert_eq!(actor("bulk changes"), "Kontor");
        assert_eq!(actor("kontor user create"), "Command line");
        assert_eq!(actor("eva@example.org"), "eva@example.org");
    }

    #[test]
    fn every_kind_of_event_can_be_filtered_for() {
        let texts: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(include_str!("../../locales/en/activity.json")).unwrap();
        let known: Vec<_> = OrgKind::ALL.iter().flat_map(|kind| categories(*kind)).collect();
        for action in texts.keys().filter(|key| key.contains('.')) {
            let category = action.split('.').next().unwrap_or_default();
            assert!(known.contains(&category), "{action}");
            assert!(t::audit::lookup(&format!("category_{category}")).is_some(), "{category}");
        }
    }

    #[test]
    fn every_role_and_capability_has_a_name() {
        for one in Role::ALL {
            assert!(!role(*one).is_empty(), "{}", one.key());
        }
        for one in DELEGABLE {
            assert!(!capability(one).is_empty(), "{}", one.key());
        }
    }
}
