//! What errors say to a reader.

use crate::{i18n, t};
use kontor::{Error, Issue, Refusal, catalogue::entity::REST, organisation::MAX_LOGO_BYTES};

/// One error, as a sentence.
pub fn error(error: &Error) -> String {
    match error {
        Error::NotFound => t::error::not_found().into(),
        Error::Unauthenticated => t::error::unauthenticated().into(),
        Error::Forbidden => t::error::forbidden().into(),
        Error::DelegatedForbidden => t::error::delegated_forbidden().into(),
        Error::AccessRevoked => t::error::access_revoked().into(),
        Error::StepUpRequired { .. } => t::error::step_up_required().into(),
        Error::SecondFactorRequired => t::error::second_factor_required().into(),
        Error::Invalid(fields) => fields.iter().map(|f| issue(&f.issue)).collect::<Vec<_>>().join(" "),
        Error::Refused(refused) => refusal(refused),
        Error::StaleVersion => t::error::stale_version().into(),
        Error::Contended => t::error::contended().into(),
        Error::RateLimited { retry_after } => {
            t::error::rate_limited(i64::from(*retry_after).div_euclid(60).saturating_add(1))
        }
        Error::BadRequest => t::error::bad_request().into(),
        Error::OtherBuild => t::error::other_build().into(),
        Error::Unavailable => t::error::unavailable().into(),
        Error::Internal { id } => t::error::internal(id),
    }
}

/// Why a request was not even read.
pub fn too_large() -> String {
    t::error::too_large().into()
}

/// What is wrong with a field.
pub fn issue(issue: &Issue) -> String {
    use Issue::*;
    match issue {
        Required => t::issue::required().into(),
        TooShort { min } => t::issue::too_short(i64::from(*min)),
        TooLong { max } => t::issue::too_long(i64::from(*max)),
        // Years are not grouped.
        OutOfRange { min, max } if *min >= 1_000 && *max < 10_000 => {
            t::issue::out_of_range(max.to_string(), min.to_string())
        }
        OutOfRange { min, max } => t::issue::out_of_range(i18n::number(*max), i18n::number(*min)),
        NotANumber => t::issue::not_a_number().into(),
        NotAChoice => t::issue::not_a_choice().into(),
        ForbiddenCharacters => t::issue::forbidden_characters().into(),
        BadEmail => t::issue::bad_email().into(),
        BadLine { line } => t::issue::bad_line(i18n::number(i64::from(*line))),
        TooManyLines { max } => t::issue::too_many_lines(i18n::number(i64::from(*max))),
        BadPhone => t::issue::bad_phone().into(),
        BadWebsite => t::issue::bad_website().into(),
        BadPostalCode { example } => t::issue::bad_postal_code(example),
        BadVatId => t::issue::bad_vat_id().into(),
        BadDate => t::issue::bad_date().into(),
        BeforeStart => t::issue::before_start().into(),
        DateNotAhead => t::issue::date_not_ahead().into(),
        MustAccept => t::issue::must_accept().into(),
        CommonPassword => t::issue::common_password().into(),
        WrongPassword => t::issue::wrong_password().into(),
        WrongCode => t::issue::wrong_code().into(),
        BadDomain => t::issue::bad_domain().into(),
        BadMailServers => t::issue::bad_mail_servers().into(),
        NotAPerson => t::issue::not_a_person().into(),
        PublicSuffix => t::issue::public_suffix().into(),
        PublicMailDomain => t::issue::public_mail_domain().into(),
        DomainAlreadyHere => t::issue::domain_already_here().into(),
        ContactNeeded => t::issue::contact_needed().into(),
        TooManySeats { max } => t::issue::too_many_seats(i18n::number(i64::from(*max))),
        TermNotOffered => t::issue::term_not_offered().into(),
        BadRate => t::issue::bad_rate().into(),
        BadAmount => t::issue::bad_amount().into(),
        BadIban => t::issue::bad_iban().into(),
        BadBic => t::issue::bad_bic().into(),
        BadKey => t::issue::bad_key().into(),
        KeyTaken => t::issue::key_taken().into(),
        DateTaken => t::issue::date_taken().into(),
        UnknownCountry { code } => t::issue::unknown_country(code),
        CountryTaken { code } if code == REST => t::issue::rest_taken().into(),
        CountryTaken { code } => t::issue::country_taken(crate::parts::choice::country(code)),
        NameTaken => t::issue::name_taken().into(),
        BadLogo => t::issue::bad_logo(i18n::number(MAX_LOGO_BYTES as i64 / 1_000)),
        AddressTaken => t::issue::address_taken().into(),
        DomainNotHeld => t::issue::domain_not_held().into(),
        TakenInLine { line } => t::issue::taken_in_line(i18n::number(i64::from(*line))),
        NobodyHere { line } => t::issue::nobody_here(i18n::number(i64::from(*line))),
        BadName { line } => t::issue::bad_name(i18n::number(i64::from(*line))),
        BadRoleLine { line } => t::issue::bad_role_line(i18n::number(i64::from(*line))),
    }
}

/// Why a rule refuses, and what to do about it.
pub fn refusal(refusal: &Refusal) -> String {
    use Refusal::*;
    match refusal {
        ReapplyLater { on } => t::refusal::reapply_later(i18n::date(*on)),
        DomainLimit { max } => t::refusal::domain_limit(i18n::number(i64::from(*max))),
        GroupLimit { max } => t::refusal::group_limit(i18n::number(i64::from(*max))),
        AliasLimit { max } => t::refusal::alias_limit(i18n::number(i64::from(*max))),
        TrialUsed { since } => t::refusal::trial_used(i18n::date(*since)),
        NoFreeSeat { total } => t::refusal::seats_below_users(i18n::number(i64::from(*total))),
        PlanLimits { excesses } => t::refusal::plan_limits(
            excesses.iter().map(crate::parts::choice::excess).collect::<Vec<_>>().join(", "),
        ),
        PaymentTooMuch { left } => t::refusal::payment_too_much(i18n::money(*left)),
        PayoutBelowMin { missing } => t::refusal::payout_below_min(i18n::money(*missing)),
        PayoutExported { number } => t::refusal::payout_exported(number),
        PayoutHold { until } => t::refusal::payout_hold(i18n::date_time(*until)),
        InvoiceMismatch { expected } => t::refusal::invoice_mismatch(i18n::money(*expected)),
        PaidByFormerPartner { on } => t::refusal::paid_by_former_partner(i18n::date(*on)),
        AccessAsked { until } => t::refusal::access_asked(i18n::date(*until)),
        AskAgainLater { on } => t::refusal::ask_again_later(i18n::date(*on)),
        RequestOpen { until } => t::refusal::request_open(i18n::date(*until)),
        RenewedEarly { on } => t::refusal::renewed_early(i18n::date(*on)),
        PasskeyLimit { max } => t::refusal::passkey_limit(i18n::number(i64::from(*max))),
        CheckTooOften { until } => t::refusal::check_too_often(i18n::date_time(*until)),
        other => t::refusal::lookup(other.code()).unwrap_or_default().into(),
    }
}
