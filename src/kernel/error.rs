//! The one error type of the programme: a stable code per case, no internals (design.md section 3, rule 8).
//!
//! Services answer with [`Error`]; the same value crosses the wire. What broke inside is logged where it is
//! turned into [`Error::Internal`] or [`Error::Unavailable`], and only an id to quote leaves the server.

use super::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// Nothing of that id for this person: foreign, deleted and malformed ids are told apart by nobody.
    #[error("not found")]
    NotFound,
    /// Sign in first.
    #[error("not signed in")]
    Unauthenticated,
    /// A known place, but this person's features do not reach it.
    #[error("forbidden")]
    Forbidden,
    /// Acting on a customer's behalf does not include this (domain.md section 6, R6.4).
    #[error("delegated_forbidden")]
    DelegatedForbidden,
    /// The grant ended while somebody acted under it (domain.md section 6, R6.3).
    #[error("access_revoked")]
    AccessRevoked,
    /// Confirm who you are again, by password or second factor.
    #[error("step_up_required")]
    StepUpRequired {
        /// Whether a second factor is asked for rather than the password.
        second_factor: bool,
    },
    /// The organisation asks its people for a second factor and this person has none yet.
    #[error("second_factor_required")]
    SecondFactorRequired,
    /// Fields are wrong; everything that is wrong is listed.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// A rule of the domain refuses.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Somebody else changed it meanwhile; reload.
    #[error("stale_version")]
    StaleVersion,
    /// Two wrote the same at the same moment, and the database let the other one through: send it again.
    #[error("contended")]
    Contended,
    /// Too many tries.
    #[error("rate limited")]
    RateLimited {
        /// Seconds until the next try has a chance.
        retry_after: u32,
    },
    /// The request is not of the shape asked for.
    #[error("bad request")]
    BadRequest,
    /// The page was built by another version of the program; reload it.
    #[error("another build")]
    OtherBuild,
    /// A part outside does not answer.
    #[error("unavailable")]
    Unavailable,
    /// Our fault. The id is in the log.
    #[error("internal error {id}")]
    Internal {
        /// Quoted by the person, found in the log.
        id: String,
    },
}

impl Error {
    /// The stable code that logs, tests and the API name this case by.
    pub fn code(&self) -> &'static str {
        match self {
            Error::NotFound => "not_found",
            Error::Unauthenticated => "unauthenticated",
            Error::Forbidden => "forbidden",
            Error::DelegatedForbidden => "delegated_forbidden",
            Error::AccessRevoked => "access_revoked",
            Error::StepUpRequired { .. } => "step_up_required",
            Error::SecondFactorRequired => "second_factor_required",
            Error::Invalid(_) => "invalid",
            Error::Refused(refusal) => refusal.code(),
            Error::StaleVersion => "stale_version",
            Error::Contended => "contended",
            Error::RateLimited { .. } => "rate_limited",
            Error::BadRequest => "bad_request",
            Error::OtherBuild => "other_build",
            Error::Unavailable => "unavailable",
            Error::Internal { .. } => "internal",
        }
    }

    /// The HTTP status of this case.
    pub fn status(&self) -> u16 {
        match self {
            Error::NotFound => 404,
            Error::Unauthenticated => 401,
            Error::Forbidden | Error::DelegatedForbidden | Error::AccessRevoked => 403,
            Error::StepUpRequired { .. } | Error::SecondFactorRequired => 403,
            Error::Invalid(_) => 422,
            Error::Refused(_) | Error::StaleVersion | Error::Contended | Error::OtherBuild => 409,
            Error::RateLimited { .. } => 429,
            Error::BadRequest => 400,
            Error::Unavailable => 503,
            Error::Internal { .. } => 500,
        }
    }

    /// One wrong field.
    pub fn field(field: &str, issue: Issue) -> Self {
        Error::Invalid(vec![FieldError { field: field.into(), issue }])
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal)
    }
}

impl From<super::id::MalformedId> for Error {
    fn from(_: super::id::MalformedId) -> Self {
        Error::NotFound
    }
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's `name` (labels.md).
    pub field: String,
    /// What is wrong with it.
    pub issue: Issue,
}

/// What can be wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Issue {
    /// Nothing was given.
    Required,
    /// Fewer characters than needed.
    TooShort {
        /// The least number of characters.
        min: u32,
    },
    /// More characters than allowed.
    TooLong {
        /// The greatest number of characters.
        max: u32,
    },
    /// A number outside its range.
    OutOfRange {
        /// Least.
        min: i64,
        /// Greatest.
        max: i64,
    },
    /// Not a whole number.
    NotANumber,
    /// Not one of the choices offered.
    NotAChoice,
    /// Control characters or text direction overrides.
    ForbiddenCharacters,
    /// Not an e-mail address.
    BadEmail,
    /// A line of a list is no e-mail address.
    BadLine {
        /// Which, from 1.
        line: u32,
    },
    /// A list has more lines than are taken at once.
    TooManyLines {
        /// The most.
        max: u32,
    },
    /// Not a telephone number with country code.
    BadPhone,
    /// Not a web address beginning with https.
    BadWebsite,
    /// Not a postal code of the chosen country.
    BadPostalCode {
        /// A code that would do.
        example: String,
    },
    /// Not a VAT number of the chosen country.
    BadVatId,
    /// Not a calendar date.
    BadDate,
    /// The last day lies before the first.
    BeforeStart,
    /// A date that must lie ahead does not.
    DateNotAhead,
    /// Must be ticked.
    MustAccept,
    /// The password is among those everybody tries.
    CommonPassword,
    /// The password given is not the right one.
    WrongPassword,
    /// The security code is not right, or was used before.
    WrongCode,
    /// Not a domain name.
    BadDomain,
    /// Not a list of mail servers, each with its priority.
    BadMailServers,
    /// Not the address of somebody who is in the organisation.
    NotAPerson,
    /// A public suffix such as `co.uk`, under which others register.
    PublicSuffix,
    /// A public mail provider's domain.
    PublicMailDomain,
    /// The organisation has this domain already.
    DomainAlreadyHere,
    /// A reachable address is needed because the mailbox is on the new domain.
    ContactNeeded,
    /// Fewer licences than the plan allows at least, or more than at most.
    TooManySeats {
        /// The most the plan allows.
        max: u32,
    },
    /// The plan is not offered for this term.
    TermNotOffered,
    /// Not a percentage with at most two decimals.
    BadRate,
    /// Not an amount of money with at most the currency's decimals.
    BadAmount,
    /// Not an IBAN (ISO 13616).
    BadIban,
    /// Not a BIC (ISO 9362).
    BadBic,
    /// Not a key: small letters and digits.
    BadKey,
    /// Something else has this key.
    KeyTaken,
    /// Something begins on this day already.
    DateTaken,
    /// Not the code of a country.
    UnknownCountry {
        /// What was typed instead.
        code: String,
    },
    /// Another of the vendor's entities bills this country; `*` is all that are not named.
    CountryTaken {
        /// Its code.
        code: String,
    },
    /// Something else of its kind has this name already.
    NameTaken,
    /// Not a small picture, PNG or JPEG.
    BadLogo,
    /// Somebody of the organisation, or one of its groups, has this address already.
    AddressTaken,
    /// The address is at none of the organisation's proven domains.
    DomainNotHeld,
    /// The address of a line is a group's, or somebody's further one.
    TakenInLine {
        /// Which, from 1.
        line: u32,
    },
    /// A line names nobody of the organisation.
    NobodyHere {
        /// Which, from 1.
        line: u32,
    },
    /// A line of a list of people lacks a name, or has one that is too long.
    BadName {
        /// Which, from 1.
        line: u32,
    },
    /// A line that should give a role to a value does not.
    BadRoleLine {
        /// Which, from 1.
        line: u32,
    },
}

/// Collects everything that is wrong with a form, so that the reader sees it all at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldError>);

impl Problems {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }
    /// Notes one.
    pub fn add(&mut self, field: &str, issue: Issue) {
        self.0.push(FieldError { field: field.into(), issue });
    }
    /// Takes the value of a check, or notes what was wrong and goes on with the default.
    pub fn take<T: Default>(&mut self, field: &str, result: Result<T, Issue>) -> T {
        result.unwrap_or_else(|issue| {
            self.add(field, issue);
            T::default()
        })
    }
    /// Whether a field was noted.
    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|e| e.field == field)
    }
    /// Ok if there were none.
    pub fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

#[cfg(feature = "ssr")]
mod ssr {
    use super::Error;

    /// Logs what broke inside and hides it behind an id.
    #[expect(clippy::disallowed_methods, reason = "a number to quote, made where there is no Kontor at hand")]
    pub fn internal(what: impl std::fmt::Display) -> Error {
        let mut bytes = [0u8; 8];
        let id = match getrandom::fill(&mut bytes) {
            Ok(()) => data_encoding::HEXLOWER.encode(&bytes),
            Err(_) => "0".into(),
        };
        tracing::error!(error_id = %id, error = %what, "internal error");
        Error::Internal { id }
    }

    impl From<sea_orm::DbErr> for Error {
        fn from(err: sea_orm::DbErr) -> Self {
            use sea_orm::DbErr;
            match err {
                DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => {
                    tracing::error!(error = %err, "database unavailable");
                    Error::Unavailable
                }
                other if is_connection_loss(&other) => {
                    tracing::error!(error = %other, "database connection lost");
                    Error::Unavailable
                }
                other if is_contended(&other) => {
                    tracing::warn!(error = %other, "a transaction was broken off for another one");
                    Error::Contended
                }
                // PostgreSQL keeps no NUL in a text; SQLite does. Whoever sends one means no good by it.
                other if other.to_string().contains("invalid byte sequence for encoding") => {
                    Error::BadRequest
                }
                other => internal(other),
            }
        }
    }

    /// sqlx reports a server that went away in the middle of a query as an I/O error.
    fn is_connection_loss(err: &sea_orm::DbErr) -> bool {
        let text = err.to_string();
        [
            "error communicating with database",
            "terminating connection",
            "Broken pipe",
            "Connection refused",
            "expected to read",
            "the database system is",
        ]
        .iter()
        .any(|sign| text.contains(sign))
    }

    /// Whether PostgreSQL broke the transaction off so that another one could go on (40P01, 40001).
    fn is_contended(err: &sea_orm::DbErr) -> bool {
        let text = err.to_string();
        text.contains("deadlock detected") || text.contains("could not serialize access")
    }

    /// Whether a write failed because a unique index has the value already.
    pub fn is_unique_violation(err: &sea_orm::DbErr) -> bool {
        matches!(err.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
    }
}
#[cfg(feature = "ssr")]
pub use ssr::{internal, is_unique_violation};
