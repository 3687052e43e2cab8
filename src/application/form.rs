//! The application form: what is typed, and the check that server and browser share (domain.md section 17).

use super::{
    Employees, Expertise,
    contact::{phone, vat_id, website},
    country::is_country,
    postal::postal_code,
};
use crate::{
    Error, Issue, Problems,
    kernel::{
        instant::Day,
        text::{line, optional_line, paragraph},
    },
    partner::PartnerType,
};
use serde::{Deserialize, Serialize};

/// What was typed, field by field as in labels.md. A field that is not sent is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are the form's, named in labels.md")]
pub struct ApplicationForm {
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub job_title: String,
    pub company_name: String,
    pub website: String,
    pub vat_id: String,
    pub employees: String,
    pub founded: String,
    pub street: String,
    pub street2: String,
    pub postal_code: String,
    pub city: String,
    pub state: String,
    pub country: String,
    pub expertise: String,
    pub partner_type: String,
    pub experience: String,
    pub plans: String,
    pub expected_customers: String,
    pub other_vendors: String,
    pub terms: String,
    pub privacy: String,
    /// Hidden from people; a machine fills it in (R1.8). Never stored.
    pub homepage2: String,
}

/// A form in which nothing is wrong. Texts are trimmed, codes and numbers written one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are the form's, named in labels.md")]
pub struct CheckedApplication {
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub job_title: Option<String>,
    pub company_name: String,
    pub website: String,
    pub vat_id: Option<String>,
    pub employees: Employees,
    pub founded: Option<i32>,
    pub street: String,
    pub street2: Option<String>,
    pub postal_code: String,
    pub city: String,
    pub state: Option<String>,
    pub country: String,
    pub expertise: Expertise,
    pub partner_type: PartnerType,
    pub experience: String,
    pub plans: String,
    pub expected_customers: Option<i32>,
    pub other_vendors: Option<String>,
}

/// Least and greatest number of characters of the two long texts.
pub const LONG_TEXT: (u32, u32) = (50, 4000);

/// Checks the form. Everything that is wrong is answered at once, in the order of the form.
pub fn check(form: &ApplicationForm, today: Day) -> Result<CheckedApplication, Error> {
    let mut problems = Problems::new();
    let p = &mut problems;
    let first_name = p.take("first_name", line(&form.first_name, 1, 80));
    let last_name = p.take("last_name", line(&form.last_name, 1, 80));
    let phone = p.take("phone", phone(&form.phone));
    let job_title = p.take("job_title", optional_line(&form.job_title, 80));
    let company_name = p.take("company_name", line(&form.company_name, 2, 120));
    let website = p.take("website", website(&form.website));
    let country = form.country.trim();
    let vat_id = p.take("vat_id", vat_id(country, &form.vat_id));
    let employees = p.take("employees", choice(&form.employees, Employees::from_key).map(Some));
    let founded = p.take("founded", number(&form.founded, 1800, i64::from(today.civil().0)));
    let street = p.take("street", line(&form.street, 1, 120));
    let street2 = p.take("street2", optional_line(&form.street2, 120));
    let code = postal_code(country, &form.postal_code);
    let code = p.take("postal_code", code);
    let city = p.take("city", line(&form.city, 1, 80));
    let state = p.take("state", optional_line(&form.state, 80));
    let country = choice(country, |code| is_country(code).then(|| code.to_owned()));
    let country = p.take("country", country);
    let expertise = p.take("expertise", choice(&form.expertise, Expertise::from_key).map(Some));
    let partner_type = p.take("partner_type", choice(&form.partner_type, PartnerType::from_key).map(Some));
    let experience = p.take("experience", paragraph(&form.experience, LONG_TEXT.0, LONG_TEXT.1));
    let plans = p.take("plans", paragraph(&form.plans, LONG_TEXT.0, LONG_TEXT.1));
    let expected_customers = p.take("expected_customers", number(&form.expected_customers, 0, 10_000));
    let other_vendors = p.take("other_vendors", optional_text(&form.other_vendors, 500));
    p.take("terms", accepted(&form.terms));
    p.take("privacy", accepted(&form.privacy));
    problems.finish()?;
    // The three are there: whatever is missing was noted above.
    let (Some(employees), Some(expertise), Some(partner_type)) = (employees, expertise, partner_type) else {
        return Err(Error::BadRequest);
    };
    Ok(CheckedApplication {
        first_name,
        last_name,
        phone,
        job_title,
        company_name,
        website,
        vat_id,
        employees,
        founded,
        street,
        street2,
        postal_code: code,
        city,
        state,
        country,
        expertise,
        partner_type,
        experience,
        plans,
        expected_customers,
        other_vendors,
    })
}

/// One of the choices of a list, by its key.
pub(crate) fn choice<T>(text: &str, from_key: impl Fn(&str) -> Option<T>) -> Result<T, Issue> {
    match text.trim() {
        "" => Err(Issue::Required),
        key => from_key(key).ok_or(Issue::NotAChoice),
    }
}

/// An optional whole number within a range.
fn number(text: &str, min: i64, max: i64) -> Result<Option<i32>, Issue> {
    let Some(text) = optional_line(text, 20)? else { return Ok(None) };
    let value: i64 = text.parse().map_err(|_| Issue::NotANumber)?;
    match i32::try_from(value) {
        Ok(small) if (min..=max).contains(&value) => Ok(Some(small)),
        _ => Err(Issue::OutOfRange { min, max }),
    }
}

/// An optional text of several lines.
pub(crate) fn optional_text(text: &str, max: u32) -> Result<Option<String>, Issue> {
    Ok(Some(paragraph(text, 0, max)?).filter(|text| !text.is_empty()))
}

/// A box that must be ticked: a browser sends `on`, our own pages `true`.
fn accepted(text: &str) -> Result<(), Issue> {
    if matches!(text, "on" | "true") { Ok(()) } else { Err(Issue::MustAccept) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) const TODAY: Day = Day(20_514);

    /// A form in which nothing is wrong.
    pub(crate) fn good() -> ApplicationForm {
        let text = |s: &str| s.to_owned();
        ApplicationForm {
            first_name: text("Jörg"),
            last_name: text("Østergård"),
            phone: text("+49 30 1234567"),
            job_title: text("Inhaber"),
            company_name: text("Nordwind & Söhne GmbH"),
            website: text("www.nordwind.test"),
            vat_id: text("DE 123456789"),
            employees: text("6-20"),
            founded: text("1998"),
            street: text("Hafenstraße 1"),
            street2: text(""),
            postal_code: text("20457"),
            city: text("Hamburg"),
            state: text(""),
            country: text("DE"),
            expertise: text("workplace"),
            partner_type: text("reseller"),
            experience: "We have moved mail and office for small firms since 1998. ".repeat(2),
            plans: "Ten customers a month, from our own town outwards, with training. ".repeat(2),
            expected_customers: text("40"),
            other_vendors: text(""),
            terms: text("on"),
            privacy: text("true"),
            homepage2: text(""),
        }
    }

    /// The form that a person would type to get exactly this application.
    fn form_of(c: &CheckedApplication) -> ApplicationForm {
        let number = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
        let text = |t: &Option<String>| t.clone().unwrap_or_default();
        ApplicationForm {
            first_name: c.first_name.clone(),
            last_name: c.last_name.clone(),
            phone: c.phone.clone(),
            job_title: text(&c.job_title),
            company_name: c.company_name.clone(),
            website: c.website.clone(),
            vat_id: text(&c.vat_id),
            employees: c.employees.key().into(),
            founded: number(c.founded),
            street: c.street.clone(),
            street2: text(&c.street2),
            postal_code: c.postal_code.clone(),
            city: c.city.clone(),
            state: text(&c.state),
            country: c.country.clone(),
            expertise: c.expertise.key().into(),
            partner_type: c.partner_type.key().into(),
            experience: c.experience.clone(),
            plans: c.plans.clone(),
            expected_customers: number(c.expected_customers),
            other_vendors: text(&c.other_vendors),
            terms: "on".into(),
            privacy: "on".into(),
            homepage2: String::new(),
        }
    }

    /// Sets one field by its name.
    pub(crate) fn set(form: &mut ApplicationForm, field: &str, value: &str) {
        let mut json = serde_json::to_value(&*form).unwrap();
        assert!(json.get(field).is_some(), "{field}");
        json[field] = value.into();
        *form = serde_json::from_value(json).unwrap();
    }

    fn issues(form: &ApplicationForm) -> Vec<(String, Issue)> {
        match check(form, TODAY) {
            Err(Error::Invalid(list)) => list.into_iter().map(|e| (e.field, e.issue)).collect(),
            Ok(_) => Vec::new(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_good_form_is_taken_and_tidied() {
        let checked = check(&good(), TODAY).unwrap();
        assert_eq!(checked.website, "https://www.nordwind.test");
        assert_eq!(checked.vat_id.as_deref(), Some("DE123456789"));
        assert_eq!(checked.phone, "+49301234567");
        assert_eq!(checked.job_title.as_deref(), Some("Inhaber"));
        assert_eq!((checked.founded, checked.state), (Some(1998), None));
    }

    #[test]
    fn an_empty_form_lists_every_required_field_in_order() {
        let wrong: Vec<String> = issues(&ApplicationForm::default()).into_iter().map(|(f, _)| f).collect();
        let required = [
            "first_name",
            "last_name",
            "phone",
            "company_name",
            "website",
            "employees",
            "street",
            "city",
            "country",
            "expertise",
            "partner_type",
            "experience",
            "plans",
            "terms",
            "privacy",
        ];
        assert_eq!(wrong, required);
    }

    #[test]
    fn every_field_refuses_what_it_must() {
        use Issue::*;
        let long = |n: usize| "ä".repeat(n);
        let table: Vec<(&str, String, Issue)> = vec![
            ("first_name", " ".into(), Required),
            ("first_name", long(81), TooLong { max: 80 }),
            ("first_name", "A\u{0}da".into(), ForbiddenCharacters),
            ("last_name", "A\u{202E}da".into(), ForbiddenCharacters),
            ("last_name", long(81), TooLong { max: 80 }),
            ("phone", "123".into(), BadPhone),
            ("phone", "<b>+4930123456</b>".into(), BadPhone),
            ("phone", "🎉".into(), BadPhone),
            ("job_title", long(81), TooLong { max: 80 }),
            ("company_name", "X".into(), TooShort { min: 2 }),
            ("company_name", long(121), TooLong { max: 120 }),
            ("company_name", "A\nB".into(), ForbiddenCharacters),
            ("website", "http://a.test".into(), BadWebsite),
            ("website", "<script>".into(), BadWebsite),
            ("vat_id", "DE12".into(), BadVatId),
            ("vat_id", long(41), TooLong { max: 40 }),
            ("employees", "7".into(), NotAChoice),
            ("employees", "6-20\u{202E}".into(), NotAChoice),
            ("founded", "x".into(), NotANumber),
            ("founded", "1799".into(), OutOfRange { min: 1800, max: 2026 }),
            ("founded", "2027".into(), OutOfRange { min: 1800, max: 2026 }),
            ("founded", "99999999999999999999".into(), NotANumber),
            ("founded", "1998.5".into(), NotANumber),
            ("street", "".into(), Required),
            ("street", long(121), TooLong { max: 120 }),
            ("street2", long(121), TooLong { max: 120 }),
            ("postal_code", "".into(), Required),
            ("postal_code", "1".into(), BadPostalCode { example: "10115".into() }),
            ("city", "\u{2067}Hamburg".into(), ForbiddenCharacters),
            ("city", long(81), TooLong { max: 80 }),
            ("state", long(81), TooLong { max: 80 }),
            ("expertise", "Workplace".into(), NotAChoice),
            ("partner_type", "owner".into(), NotAChoice),
            ("experience", long(49), TooShort { min: 50 }),
            ("experience", long(4001), TooLong { max: 4000 }),
            ("plans", format!("{}\u{7}", long(60)), ForbiddenCharacters),
            ("plans", long(4001), TooLong { max: 4000 }),
            ("expected_customers", "-1".into(), OutOfRange { min: 0, max: 10_000 }),
            ("expected_customers", "10001".into(), OutOfRange { min: 0, max: 10_000 }),
            ("expected_customers", "many".into(), NotANumber),
            ("other_vendors", long(501), TooLong { max: 500 }),
            ("terms", "".into(), MustAccept),
            ("privacy", "no".into(), MustAccept),
        ];
        for (field, value, issue) in table {
            let mut form = good();
            set(&mut form, field, &value);
            assert_eq!(issues(&form), vec![(field.to_owned(), issue)], "{field} = {value:?}");
        }
        let mut form = good();
        form.country = "Germany".into();
        assert_eq!(issues(&form), vec![("country".to_owned(), NotAChoice)]);
    }

    #[test]
    fn markup_other_scripts_and_emoji_are_only_text() {
        for (field, value) in [
            ("first_name", "<b>Ada</b>"),
            ("last_name", "مريم"),
            ("company_name", "株式会社 北風 🎉"),
            ("city", "'; DROP TABLE application; --"),
            ("job_title", "👩🏽‍💻"),
        ] {
            let mut form = good();
            set(&mut form, field, value);
            assert_eq!(issues(&form), vec![], "{field}");
        }
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["\\PC{0,90}", "[ -~\\n\\r\\t]{0,200}", any::<String>(), Just(String::new())]
    }

    proptest! {
        #[test]
        fn nothing_typed_breaks_the_check(values in proptest::collection::vec((0usize..24, text()), 1..24)) {
            let mut form = good();
            let json = serde_json::to_value(&form).unwrap();
            let fields: Vec<String> = json.as_object().unwrap().keys().cloned().collect();
            for (at, value) in &values {
                set(&mut form, &fields[*at], value);
            }
            if let Ok(checked) = check(&form, TODAY) {
                prop_assert_eq!(check(&form_of(&checked), TODAY).unwrap(), checked);
            }
        }

        #[test]
        fn a_checked_form_checks_equal_again(
            name in "\\PC{1,80}", city in "[ \\PC]{1,80}", years in 1800i32..2026, customers in 0i32..10_000,
            about in "(\\PC|\\n|\\r\\n){50,80}",
        ) {
            let mut form = good();
            form.first_name = name;
            form.city = city;
            form.founded = format!(" {years} ");
            form.expected_customers = customers.to_string();
            form.experience = about.clone();
            form.other_vendors = about;
            if let Ok(checked) = check(&form, TODAY) {
                prop_assert_eq!(check(&form_of(&checked), TODAY).unwrap(), checked);
            }
        }
    }
}
