//! The vendor's entities that bill: who is the seller on an invoice, in which currency, for customers of which countries.

use super::{bank, billing::Address};
use crate::{
    Error, Issue, Problems,
    application::{contact::vat_id, country::is_country, form::choice, review::rate_bp},
    kernel::{
        money::Currency,
        text::{email, line},
    },
};
use serde::{Deserialize, Serialize};

/// In a list of countries: all that no entity names.
pub const REST: &str = "*";

/// One of the vendor's entities. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are the form's, named in locales/en/field.json")]
pub struct BillingEntity {
    /// Two to eight of a–z and 0–9; in invoice numbers and in rows, for good.
    pub key: String,
    pub name: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub country: String,
    pub vat_id: String,
    pub email: String,
    /// What it bills and pays commission in, for good.
    pub currency: Currency,
    pub iban: String,
    pub bic: String,
    /// The rate of its own country's tax, in basis points.
    pub tax_bp: i64,
    /// Countries it bills, by ISO code, and [`REST`] for all others.
    pub countries: Vec<String>,
    /// Its place in lists.
    pub position: i32,
    pub version: i64,
}

/// Who bills a debtor of a country: who names it, or else who takes the rest.
pub fn entity_for<'a>(all: &'a [BillingEntity], country: &str) -> Option<&'a BillingEntity> {
    let bills = |wanted: &str| all.iter().find(|e| e.countries.iter().any(|c| c == wanted));
    bills(country).or_else(|| bills(REST))
}

/// What was typed about an entity. A field that is not sent is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are the form's, named in locales/en/field.json")]
pub struct EntityForm {
    pub entity_key: String,
    pub company_name: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub country: String,
    pub vat_id: String,
    pub email: String,
    pub currency: String,
    pub iban: String,
    pub bic: String,
    pub tax_rate: String,
    pub countries: String,
}

/// Checks the form; everything that is wrong is answered at once. The entity has no place and no version yet.
pub fn check(form: &EntityForm) -> Result<BillingEntity, Error> {
    let mut problems = Problems::new();
    let p = &mut problems;
    let key = p.take("entity_key", key(&form.entity_key));
    let name = p.take("company_name", line(&form.company_name, 2, 120));
    let address = Address::check(p, &form.street, &form.postal_code, &form.city, &form.country);
    let vat_id = p.take("vat_id", vat_id(&address.country, &form.vat_id)).unwrap_or_default();
    let email = p.take("email", email(&form.email));
    let currency = p.take("currency", choice(&form.currency, Currency::from_key).map(Some));
    let tax_bp = p.take("tax_rate", rate_bp(&form.tax_rate));
    let countries = p.take("countries", countries(&form.countries));
    let iban = p.take("iban", optional(&form.iban, bank::iban));
    let bic = p.take("bic", optional(&form.bic, bank::bic));
    problems.finish()?;
    // It is there: a missing one was noted above.
    let currency = currency.ok_or(Error::BadRequest)?;
    let Address { street, postal_code, city, country } = address;
    Ok(BillingEntity {
        key,
        name,
        street,
        postal_code,
        city,
        country,
        vat_id,
        email,
        currency,
        iban,
        bic,
        tax_bp,
        countries,
        position: 0,
        version: 0,
    })
}

fn optional(typed: &str, check: fn(&str) -> Result<String, Issue>) -> Result<String, Issue> {
    if typed.trim().is_empty() { Ok(String::new()) } else { check(typed) }
}

fn key(typed: &str) -> Result<String, Issue> {
    let key = line(typed, 2, 8)?;
    match key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        true => Ok(key),
        false => Err(Issue::BadKey),
    }
}

/// Codes separated by blanks, commas or semicolons, each once, sorted, [`REST`] at the end. None is allowed: an entity
/// may have stopped billing.
pub fn countries(typed: &str) -> Result<Vec<String>, Issue> {
    if typed.trim().is_empty() {
        return Ok(Vec::new());
    }
    let typed = crate::kernel::text::paragraph(typed, 1, 1500)?;
    let mut codes = Vec::new();
    let words = typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|w| !w.is_empty());
    for word in words {
        let code = word.to_ascii_uppercase();
        if code != REST && !is_country(&code) {
            return Err(Issue::UnknownCountry { code: word.chars().take(20).collect() });
        }
        codes.push(code);
    }
    codes.sort_by_key(|code| (code == REST, code.clone()));
    codes.dedup();
    Ok(codes)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A form in which nothing is wrong.
    pub(crate) fn good(key: &str, countries: &str) -> EntityForm {
        EntityForm {
            entity_key: key.into(),
            company_name: "Kontor GmbH".into(),
            street: "Am Kai 1".into(),
            postal_code: "20457".into(),
            city: "Hamburg".into(),
            country: "DE".into(),
            vat_id: "DE 123456789".into(),
            email: "billing@vendor.test".into(),
            currency: "EUR".into(),
            iban: "DE89 3704 0044 0532 0130 00".into(),
            bic: "COBADEFFXXX".into(),
            tax_rate: "19".into(),
            countries: countries.into(),
        }
    }

    #[test]
    fn a_good_form_is_taken_and_tidied() {
        let entity = check(&good("de", "fr, de;at  DE *")).unwrap();
        assert_eq!(entity.countries, ["AT", "DE", "FR", "*"]);
        assert_eq!((entity.tax_bp, entity.currency), (1900, Currency::Eur));
        assert_eq!((entity.iban.as_str(), entity.vat_id.as_str()), ("DE89370400440532013000", "DE123456789"));
        let bare =
            EntityForm { iban: " ".into(), bic: String::new(), vat_id: String::new(), ..good("us", "") };
        assert_eq!(check(&bare).map(|e| (e.iban, e.bic, e.vat_id, e.countries)), Ok(Default::default()));
    }

    #[test]
    fn every_field_refuses_what_it_must() {
        type Spoil = fn(&mut EntityForm);
        let cases: [(&str, Spoil, Issue); 10] = [
            ("entity_key", |f| f.entity_key = "d".into(), Issue::TooShort { min: 2 }),
            ("entity_key", |f| f.entity_key = "DE".into(), Issue::BadKey),
            ("entity_key", |f| f.entity_key = "d-e".into(), Issue::BadKey),
            ("company_name", |f| f.company_name.clear(), Issue::Required),
            ("postal_code", |f| f.postal_code = "1".into(), Issue::BadPostalCode { example: "10115".into() }),
            ("email", |f| f.email = "nobody".into(), Issue::BadEmail),
            ("currency", |f| f.currency = "DM".into(), Issue::NotAChoice),
            ("tax_rate", |f| f.tax_rate = "101".into(), Issue::OutOfRange { min: 0, max: 100 }),
            (
                "countries",
                |f| f.countries = "DE Bayern".into(),
                Issue::UnknownCountry { code: "Bayern".into() },
            ),
            ("bic", |f| f.bic = "x".into(), Issue::BadBic),
        ];
        for (field, spoil, issue) in cases {
            let mut form = good("de", "DE");
            spoil(&mut form);
            assert_eq!(check(&form), Err(Error::field(field, issue)), "{field}");
        }
    }

    #[test]
    fn who_names_a_country_comes_before_who_takes_the_rest() {
        let all = [check(&good("us", "US *")).unwrap(), check(&good("de", "DE AT")).unwrap()];
        let key = |country| entity_for(&all, country).map(|e| e.key.as_str());
        assert_eq!([key("AT"), key("US"), key("JP")], [Some("de"), Some("us"), Some("us")]);
        assert_eq!(entity_for(&all[1..], "JP"), None);
    }

    proptest! {
        #[test]
        fn a_list_of_countries_reads_back(typed in "\\PC{0,30}|[A-Za-z*,; ]{0,60}") {
            if let Ok(codes) = countries(&typed) {
                prop_assert_eq!(countries(&codes.join(" ")), Ok(codes));
            }
        }
    }
}
