//! Names of the values people choose from and read in lists: `locales/*/choice.json`.

use crate::{
    i18n, t,
    ui::{Text, Tone},
};
use kontor::{
    application::{
        ApplicationStatus, Employees, Expertise, MessageKind, RejectReason,
        country::COUNTRIES,
        detail::HintKind,
        review::{Ageing, Stage},
    },
    kernel::text::fold,
    partner::{Currency, PartnerStatus, PartnerType, Tier},
    subscription::change::{Excess, Limit},
};

fn name(kind: &str, key: &str) -> &'static str {
    t::choice::lookup(&format!("{kind}_{key}")).unwrap_or_default()
}

/// Where an application stands.
pub fn status(status: ApplicationStatus) -> &'static str {
    name("status", status.key())
}

/// The colour that goes with it.
pub fn status_tone(status: ApplicationStatus) -> Tone {
    match status {
        ApplicationStatus::Unconfirmed | ApplicationStatus::Withdrawn => Tone::Neutral,
        ApplicationStatus::Submitted | ApplicationStatus::InReview => Tone::Info,
        ApplicationStatus::WaitingForAnswer => Tone::Warning,
        ApplicationStatus::Approved => Tone::Success,
        ApplicationStatus::Rejected => Tone::Danger,
    }
}

/// The colour of an application's age: green, amber, red (R1.3).
pub fn ageing_tone(ageing: Ageing) -> Tone {
    match ageing {
        Ageing::Fresh => Tone::Success,
        Ageing::Waiting => Tone::Warning,
        Ageing::Late => Tone::Danger,
    }
}

/// Which applications a queue shows.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Open => name("stage", "open"),
        other => name("status", other.key()),
    }
}

/// Number of employees.
pub fn employees(employees: Employees) -> &'static str {
    name("employees", employees.key())
}

/// Primary expertise.
pub fn expertise(expertise: Expertise) -> &'static str {
    name("expertise", expertise.key())
}

/// Type of partnership.
pub fn partner_type(kind: PartnerType) -> &'static str {
    name("partner_type", kind.key())
}

/// What a type of partnership means.
pub fn partner_type_about(kind: PartnerType) -> &'static str {
    name("partner_type_about", kind.key())
}

/// A tier.
pub fn tier(tier: Tier) -> &'static str {
    name("tier", tier.key())
}

/// Where a partner stands.
pub fn partner_status(status: PartnerStatus) -> &'static str {
    name("partner_status", status.key())
}

/// The colour that goes with it.
pub fn partner_status_tone(status: PartnerStatus) -> Tone {
    match status {
        PartnerStatus::Onboarding => Tone::Info,
        PartnerStatus::Active => Tone::Success,
        PartnerStatus::Suspended => Tone::Danger,
        PartnerStatus::Inactive | PartnerStatus::Terminated => Tone::Neutral,
    }
}

/// Why an application is rejected.
pub fn reason(reason: RejectReason) -> &'static str {
    name("reason", reason.key())
}

/// What two companies have in common.
pub fn hint(kind: HintKind) -> &'static str {
    name("hint", kind.key())
}

/// A kind of message.
pub fn message(kind: MessageKind) -> &'static str {
    name("message", kind.key())
}

/// What happened to an application, by the trail's action.
pub fn trail(action: &str) -> String {
    match name("trail", action) {
        "" => action.to_owned(),
        known => known.to_owned(),
    }
}

/// A country's name.
pub fn country(code: &str) -> String {
    t::country::lookup(code).map_or_else(|| code.to_owned(), str::to_owned)
}

/// Values and names for a list to choose from.
pub fn options<T: Copy + ToString>(all: &[T], name: fn(T) -> &'static str) -> Vec<(Text, Text)> {
    all.iter().map(|value| (Text::from(value.to_string()), Text::from(name(*value)))).collect()
}

/// All countries by name in the reader's language.
pub fn countries() -> Vec<(Text, Text)> {
    let mut all: Vec<(&str, String)> = COUNTRIES.iter().map(|code| (*code, country(code))).collect();
    all.sort_by_cached_key(|(_, name)| fold(name));
    all.into_iter().map(|(code, name)| (Text::from(code), Text::from(name))).collect()
}

/// What an organisation uses too much of: `12 of 5 users`.
pub fn excess(excess: &Excess) -> String {
    let (used, most) = (i18n::number(excess.used), i18n::number(excess.most));
    match excess.what {
        Limit::Users => t::choice::excess_users(most, used),
        Limit::Domains => t::choice::excess_domains(most, used),
    }
}

/// All currencies, by code.
pub fn currencies() -> Vec<(Text, Text)> {
    Currency::ALL.iter().map(|c| (Text::from(c.key()), Text::from(c.key()))).collect()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_name() {
        let all = [
            ApplicationStatus::ALL.iter().map(|v| status(*v)).collect::<Vec<_>>(),
            Stage::ALL.iter().map(|v| stage(*v)).collect(),
            Employees::ALL.iter().map(|v| employees(*v)).collect(),
            Expertise::ALL.iter().map(|v| expertise(*v)).collect(),
            PartnerType::ALL.iter().flat_map(|v| [partner_type(*v), partner_type_about(*v)]).collect(),
            Tier::ALL.iter().map(|v| tier(*v)).collect(),
            PartnerStatus::ALL.iter().map(|v| partner_status(*v)).collect(),
            RejectReason::ALL.iter().map(|v| reason(*v)).collect(),
            HintKind::ALL.iter().map(|v| hint(*v)).collect(),
            MessageKind::ALL.iter().map(|v| message(*v)).collect(),
        ];
        for (at, names) in all.iter().enumerate() {
            assert!(names.iter().all(|name| !name.is_empty()), "{at}: {names:?}");
        }
        assert_eq!(country("DE"), "Germany");
        assert_eq!(countries().len(), COUNTRIES.len());
    }
}
