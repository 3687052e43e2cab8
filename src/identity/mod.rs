//! Single sign-on: OpenID Connect providers of the programme and of organisations (domain.md section 13).
//!
//! A provider of an organisation signs in the people whose addresses lie under a domain the organisation has proved,
//! and nobody else; one of the programme signs in anybody. An account is linked by an address the provider calls
//! verified, and from then on known by the provider's own name for the person.

#[cfg(feature = "ssr")]
pub mod port;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

use crate::{
    Issue,
    kernel::{
        id::IdentityProviderId,
        right::{OrgKind, Role},
    },
    organisation::roles_to_give,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Why a sign-in through a provider did not come about, as the reader is told; the log knows more.
    pub enum Failure {
        /// The provider does not answer.
        Down = "provider_down",
        /// There is no such sign-in under way in this browser: too old, used, or begun elsewhere.
        Over = "sign_in_over",
        /// The provider, or the person there, said no.
        Denied = "provider_denied",
        /// What the provider sent does not hold.
        BadAnswer = "provider_answer",
        /// The provider names no address, or does not vouch for it.
        Unverified = "provider_unverified",
        /// The address is under no domain of the provider's organisation.
        ForeignDomain = "provider_domain",
        /// Nobody has an account with this address, and the provider may not make one.
        NoAccount = "provider_no_account",
        /// What the provider says of the person gives them no role.
        NoRole = "provider_no_role",
        /// Nobody can be added: all licences of the organisation are in use, or it has none.
        NoSeat = "provider_no_seat",
        /// The person's account is suspended.
        Suspended = "account_suspended",
        /// The person's organisation has them sign in through its own provider.
        Elsewhere = "provider_required",
        /// The provider is switched off.
        Off = "provider_off",
        /// The address typed belongs to no organisation with a provider of its own.
        NoProvider = "no_provider",
    }
}

/// Reads lines of `value = role`, a role that anybody may be given: never the last word, and none a partner made itself. The
/// earlier line counts where several fit.
pub fn role_map(text: &str, kind: OrgKind) -> Result<Vec<(String, Role)>, Issue> {
    let may = roles_to_give(kind);
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            let (value, role) = line.rsplit_once('=').ok_or(Issue::BadRoleLine { line: number })?;
            let role = Role::from_key(role.trim()).filter(|role| may.contains(role));
            let value = value.trim();
            match role {
                Some(role) if !value.is_empty() => Ok((value.to_owned(), role)),
                _ => Err(Issue::BadRoleLine { line: number }),
            }
        })
        .collect()
}

/// The role that a claim gives: the first line of the map whose value the claim has, as its text or in its list. A
/// claim within another is named with dots (`realm_access.roles`).
pub fn role_of(
    claims: &serde_json::Map<String, serde_json::Value>,
    claim: &str,
    map: &[(String, Role)],
) -> Option<Role> {
    let found = claims.get(claim).or_else(|| {
        let (first, rest) = claim.split_once('.')?;
        rest.split('.').try_fold(claims.get(first)?, |value, name| value.get(name))
    })?;
    let has = |value: &str| match found {
        serde_json::Value::String(text) => text == value,
        serde_json::Value::Array(list) => list.iter().any(|item| item.as_str() == Some(value)),
        _ => false,
    };
    map.iter().find(|(value, _)| has(value)).map(|(_, role)| *role)
}

/// A provider of the programme, as the sign-in page offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Which.
    pub id: IdentityProviderId,
    /// What the button says.
    pub name: String,
}

/// A provider, as those see it who may change it. Its secret is shown to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderView {
    /// Which.
    pub id: IdentityProviderId,
    /// What the button says.
    pub name: String,
    /// Its address and name (OpenID Connect Discovery).
    pub issuer: String,
    /// What it knows this programme as.
    pub client_id: String,
    /// Whether a secret is kept.
    pub has_secret: bool,
    /// What is asked for, besides `openid`.
    pub scopes: String,
    /// Whether people can sign in through it.
    pub active: bool,
    /// Whether the organisation's people must.
    pub required: bool,
    /// Whether it makes accounts for people who have none.
    pub creates_people: bool,
    /// The role of those no claim gives another.
    pub default_role: Option<Role>,
    /// The claim that gives roles; empty for none.
    pub role_claim: String,
    /// Lines of `value = role`.
    pub role_map: String,
    /// Whether its word for a second factor counts.
    pub trusts_factor: bool,
    /// Where it tells that somebody signed out there.
    pub logout_url: String,
    /// For [`ProviderForm`].
    pub version: i64,
}

/// The providers of an organisation or of the programme, and what it takes to set one up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Providers {
    /// All of them.
    pub all: Vec<ProviderView>,
    /// Where providers send people back to.
    pub redirect_url: String,
    /// The organisation's proved domains; none for the programme's providers.
    pub domains: Vec<String>,
    /// The roles that can be given; none for the programme's providers.
    pub roles: Vec<Role>,
}

/// A provider, as typed. What is ticked is any text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProviderForm {
    /// Which; empty for a new one.
    pub provider: String,
    /// What the button says.
    pub provider_name: String,
    /// Its address.
    pub issuer: String,
    /// What it knows this programme as.
    pub client_id: String,
    /// Its secret; empty keeps the one that is there.
    pub client_secret: String,
    /// What is asked for.
    pub scopes: String,
    /// Ticked: people can sign in through it.
    pub active: String,
    /// Ticked: the organisation's people must.
    pub required: String,
    /// Ticked: it makes accounts.
    pub creates_people: String,
    /// The role of those no claim gives another.
    pub default_role: String,
    /// The claim that gives roles.
    pub role_claim: String,
    /// Lines of `value = role`.
    pub role_map: String,
    /// Ticked: its word for a second factor counts.
    pub trusts_factor: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_provider_gives_the_last_word() {
        for kind in OrgKind::ALL {
            let roles = roles_to_give(*kind);
            assert!(
                !roles.is_empty()
                    && !roles.contains(&Role::PartnerCustom)
                    && roles.iter().all(|role| !role.is_last_word()),
                "{kind}"
            );
        }
        let map = |text| role_map(text, OrgKind::Customer);
        assert_eq!(
            map("it = admin\n\n a = b = user "),
            Ok(vec![("it".into(), Role::CustomerAdmin), ("a = b".into(), Role::User)])
        );
        for (text, line) in
            [("x = super-admin", 1), ("it = admin\nx = partner-sales", 2), ("= user", 1), ("x", 1)]
        {
            assert_eq!(map(text), Err(Issue::BadRoleLine { line }), "{text}");
        }
    }

    #[test]
    fn a_claim_gives_the_first_role_it_has_a_value_for() {
        let claims = serde_json::json!({
            "role": "staff", "groups": ["all", "it"], "realm_access": { "roles": ["it"] }, "a.b": ["all"], "n": 7
        });
        let claims = claims.as_object().unwrap();
        let map = [("it".to_owned(), Role::CustomerAdmin), ("all".to_owned(), Role::User)];
        assert_eq!(role_of(claims, "groups", &map), Some(Role::CustomerAdmin));
        assert_eq!(role_of(claims, "realm_access.roles", &map), Some(Role::CustomerAdmin));
        assert_eq!(role_of(claims, "a.b", &map), Some(Role::User));
        for nothing in ["role", "n", "realm_access", "absent", "absent.roles", ""] {
            assert_eq!(role_of(claims, nothing, &map), None, "{nothing}");
        }
    }
}
