//! Billing details: to whom an organisation's invoices are made out and sent (R9.4).

use crate::{
    Error, Problems,
    application::{contact::vat_id, country::is_country, form::choice, postal::postal_code},
    kernel::{
        id::OrgId,
        money::Currency,
        text::{email, line, optional_line},
    },
};
use serde::{Deserialize, Serialize};

/// A debtor as an invoice names it. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are the form's, named in locales/en/field.json")]
pub struct BillingProfile {
    pub name: String,
    pub street: String,
    pub street2: String,
    pub postal_code: String,
    pub city: String,
    pub state: String,
    pub country: String,
    pub vat_id: String,
    pub email: String,
    /// Counts the changes; 0 as long as nothing was saved.
    pub version: i64,
}

/// What was typed. A field that is not sent is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are the form's, named in locales/en/field.json")]
pub struct BillingForm {
    pub billing_name: String,
    pub street: String,
    pub street2: String,
    pub postal_code: String,
    pub city: String,
    pub state: String,
    pub country: String,
    pub vat_id: String,
    pub billing_email: String,
}

/// An organisation's billing details, as its page shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingView {
    /// Whose.
    pub org: OrgId,
    /// What was saved, or what the organisation's own profile suggests.
    pub profile: BillingProfile,
    /// The entity that bills its country, by name and currency.
    pub entity: Option<(String, Currency)>,
}

/// The part of an address that every invoice has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Address {
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub country: String,
}

impl Address {
    /// Checks it as the application form does, noting what is wrong under the fields' own names.
    pub fn check(p: &mut Problems, street: &str, code: &str, city: &str, country: &str) -> Self {
        let typed = country.trim();
        let street = p.take("street", line(street, 1, 120));
        let postal_code = p.take("postal_code", postal_code(typed, code));
        let city = p.take("city", line(city, 1, 80));
        let country = p.take("country", choice(typed, |code| is_country(code).then(|| code.to_owned())));
        Self { street, postal_code, city, country }
    }
}

/// Checks the form; everything that is wrong is answered at once.
pub fn check(form: &BillingForm) -> Result<BillingProfile, Error> {
    let mut problems = Problems::new();
    let p = &mut problems;
    let name = p.take("billing_name", line(&form.billing_name, 2, 120));
    let address = Address::check(p, &form.street, &form.postal_code, &form.city, &form.country);
    let street2 = p.take("street2", optional_line(&form.street2, 120)).unwrap_or_default();
    let state = p.take("state", optional_line(&form.state, 80)).unwrap_or_default();
    let vat_id = p.take("vat_id", vat_id(form.country.trim(), &form.vat_id)).unwrap_or_default();
    let email = p.take("billing_email", email(&form.billing_email));
    problems.finish()?;
    let Address { street, postal_code, city, country } = address;
    Ok(BillingProfile { name, street, street2, postal_code, city, state, country, vat_id, email, version: 0 })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Issue;

    /// A form in which nothing is wrong.
    pub(crate) fn good() -> BillingForm {
        BillingForm {
            billing_name: " Hanse Logistik GmbH ".into(),
            street: "Kai 2".into(),
            postal_code: "20457".into(),
            city: "Hamburg".into(),
            country: "DE".into(),
            vat_id: "DE 123 456 789".into(),
            billing_email: "Rechnung@HANSE.test".into(),
            ..BillingForm::default()
        }
    }

    #[test]
    fn a_good_form_is_taken_and_tidied() {
        let profile = check(&good()).unwrap();
        assert_eq!(profile.name, "Hanse Logistik GmbH");
        assert_eq!((profile.vat_id.as_str(), profile.email.as_str()), ("DE123456789", "Rechnung@hanse.test"));
        assert_eq!((profile.street2.as_str(), profile.state.as_str()), ("", ""));
    }

    #[test]
    fn an_empty_form_lists_every_required_field() {
        let Err(Error::Invalid(wrong)) = check(&BillingForm::default()) else { panic!("taken") };
        let fields: Vec<&str> = wrong.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["billing_name", "street", "city", "country", "billing_email"]);
    }

    #[test]
    fn what_the_country_does_not_know_is_refused() {
        let wrong = BillingForm { postal_code: "1".into(), vat_id: "DE12".into(), ..good() };
        let Err(Error::Invalid(wrong)) = check(&wrong) else { panic!("taken") };
        let issues: Vec<Issue> = wrong.into_iter().map(|e| e.issue).collect();
        assert_eq!(issues, [Issue::BadPostalCode { example: "10115".into() }, Issue::BadVatId]);
        let nowhere = BillingForm { country: "Germany".into(), ..good() };
        assert_eq!(check(&nowhere), Err(Error::field("country", Issue::NotAChoice)));
    }
}
