//! Who asks ([`Viewer`]) and as what they may act in one organisation ([`Actor`]).

use super::{
    error::Error,
    id::{AccountId, ActingId, GrantId, MemberId, OrgId, SessionId},
    instant::Instant,
    locale::Locale,
    right::{Feature, Features, OrgKind, Role},
};

/// The browser that asks, as far as its cookies tell. Says nothing about rights.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The signed-in person, if any.
    pub session: Option<SessionInfo>,
    /// The address the request came from, after trusted proxies.
    pub ip: String,
    /// The browser's own name, cut to 200 characters.
    pub user_agent: String,
    /// The reader's language.
    pub locale: Locale,
    /// Hash of the browser's anonymous cookie, to which drafts of people not signed in are bound.
    pub anonymous: Option<String>,
}

/// A live session and its account.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    /// The session.
    pub id: SessionId,
    /// The person.
    pub account: AccountId,
    /// The person's e-mail address.
    pub email: String,
    /// First and last name; empty until given.
    pub name: String,
    /// Whether the address was confirmed by link.
    pub confirmed: bool,
    /// Whether a second factor is set up; of passkeys counts the one that was shown in this session.
    pub second_factor: bool,
    /// When password or second factor was last shown in this session.
    pub fresh_at: Instant,
    /// Whether the last showing was a second factor.
    pub fresh_by_factor: bool,
}

impl Viewer {
    /// The signed-in person, or `Unauthenticated`.
    pub fn signed_in(&self) -> Result<&SessionInfo, Error> {
        self.session.as_ref().ok_or(Error::Unauthenticated)
    }
}

/// Somebody with a standing in one organisation. Resolved on every request, never kept between requests.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The organisation the request names.
    pub org: OrgId,
    /// Its kind.
    pub kind: OrgKind,
    /// As what.
    pub standing: Standing,
    /// The address the request came from; empty for the system.
    pub ip: String,
    /// The language to answer in.
    pub locale: Locale,
}

/// As what somebody acts.
#[derive(Debug, Clone)]
pub enum Standing {
    /// One of the organisation's own people.
    Member {
        /// The person.
        account: AccountId,
        /// Their e-mail address, for the trail.
        email: String,
        /// Their place in the organisation.
        member: MemberId,
        /// Their role.
        role: Role,
        /// What they may do: the role's features, or those of the partner's own role they have.
        features: Features,
        /// The session they use.
        session: SessionId,
    },
    /// A partner's person under a grant.
    Acting {
        /// The person.
        account: AccountId,
        /// Their e-mail address, for the trail.
        email: String,
        /// The partner they act for.
        partner: OrgId,
        /// The grant that allows it.
        grant: GrantId,
        /// The acting session.
        acting: ActingId,
        /// What the grant allows.
        allowed: Features,
        /// The session they use.
        session: SessionId,
    },
    /// A job or the command line, by name.
    System(&'static str),
}

impl Actor {
    /// The programme itself, for a job or the command line.
    pub fn system(org: OrgId, kind: OrgKind, name: &'static str) -> Self {
        Self { org, kind, standing: Standing::System(name), ip: String::new(), locale: Locale::En }
    }

    /// What this actor may do here.
    pub fn features(&self) -> Features {
        match &self.standing {
            Standing::Member { features, .. } => *features,
            Standing::Acting { allowed, .. } => *allowed,
            Standing::System(_) => Features(u64::MAX),
        }
    }

    /// Whether the feature is theirs.
    pub fn may(&self, feature: Feature) -> bool {
        self.features().has(feature)
    }

    /// Ok if the feature is theirs; `Forbidden`, or `DelegatedForbidden` under a grant, if not.
    pub fn require(&self, feature: Feature) -> Result<(), Error> {
        if self.may(feature) {
            return Ok(());
        }
        match self.standing {
            Standing::Acting { .. } => Err(Error::DelegatedForbidden),
            _ => Err(Error::Forbidden),
        }
    }

    /// The person, unless it is the system.
    pub fn account(&self) -> Option<AccountId> {
        match &self.standing {
            Standing::Member { account, .. } | Standing::Acting { account, .. } => Some(*account),
            Standing::System(_) => None,
        }
    }

    /// The partner acted for, under a grant.
    pub fn acting_for(&self) -> Option<OrgId> {
        match &self.standing {
            Standing::Acting { partner, .. } => Some(*partner),
            _ => None,
        }
    }

    /// How the trail names them.
    pub fn label(&self) -> String {
        match &self.standing {
            Standing::Member { email, .. } | Standing::Acting { email, .. } => email.clone(),
            Standing::System(name) => (*name).to_owned(),
        }
    }
}
