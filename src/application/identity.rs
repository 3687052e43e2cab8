//! What a company is recognised by: its domain, its name without the legal form (R1.2).

use super::contact::website_host;
use crate::{
    Issue,
    domain::name::normalise,
    kernel::text::{email_domain, fold},
};

/// Domains under which many companies have their pages. They name nobody in particular.
const SHARED_HOSTS: &[&str] = &[
    "facebook.com",
    "google.com",
    "instagram.com",
    "linkedin.com",
    "linktr.ee",
    "tiktok.com",
    "twitter.com",
    "x.com",
    "xing.com",
    "youtube.com",
];

/// Legal forms, folded and without dots, that do not tell companies apart.
const LEGAL_FORMS: &[&str] = &[
    "ab",
    "ag",
    "aps",
    "as",
    "bv",
    "co",
    "corp",
    "corporation",
    "doo",
    "eg",
    "ek",
    "eu",
    "gbr",
    "gmbh",
    "haftungsbeschrankt",
    "inc",
    "incorporated",
    "kft",
    "kg",
    "kgaa",
    "limited",
    "llc",
    "llp",
    "ltd",
    "mbh",
    "nv",
    "ohg",
    "oy",
    "oyj",
    "plc",
    "private",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "se",
    "sl",
    "sp",
    "spa",
    "sro",
    "srl",
    "ug",
    "und",
    "and",
    "z",
    "oo",
    "zoo",
];

/// The company's registered domain: the website's, or the mailbox's if the website is on a host shared with others;
/// empty if that is at a public mail provider. Refuses a website whose host is no domain name.
pub fn company_domain(website: &str, email: &str) -> Result<String, Issue> {
    match normalise(website_host(website)) {
        Err(Issue::BadDomain | Issue::TooLong { .. } | Issue::Required) => return Err(Issue::BadWebsite),
        Ok(name) if !SHARED_HOSTS.contains(&registered(&name.ascii)) => {
            return Ok(registered(&name.ascii).to_owned());
        }
        _ => {}
    }
    Ok(mail_domain(email).unwrap_or_default())
}

/// The registered domain of a mailbox; none at a public mail provider.
pub fn mail_domain(email: &str) -> Option<String> {
    let name = normalise(email_domain(email)).ok()?;
    Some(registered(&name.ascii).to_owned())
}

fn registered(ascii: &str) -> &str {
    psl::domain_str(ascii).unwrap_or(ascii)
}

/// The name by which companies are compared: folded, letters and digits only, legal forms left out. A name made of
/// nothing else is kept whole.
pub fn name_key(name: &str) -> String {
    let folded = fold(&name.replace('.', ""));
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let telling: Vec<&str> = words.iter().copied().filter(|w| !LEGAL_FORMS.contains(w)).collect();
    if telling.is_empty() { words.concat() } else { telling.concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_known_by_its_registered_domain() {
        for (website, email, domain) in [
            ("https://www.nordwind.test/de", "a@gmail.com", "nordwind.test"),
            ("https://shop.firma.co.uk", "a@firma.de", "firma.co.uk"),
            ("https://bücher.de", "a@b.de", "xn--bcher-kva.de"),
            ("https://www.facebook.com/firma", "a@post.firma.de", "firma.de"),
            ("https://www.linkedin.com/firma", "a@gmail.com", ""),
            ("https://gmail.com", "a@firma.de", "firma.de"),
            ("https://github.io", "a@firma.de", "firma.de"),
        ] {
            assert_eq!(company_domain(website, email), Ok(domain.to_owned()), "{website} {email}");
        }
        assert_eq!(company_domain("https://xn--a.org", "a@firma.de"), Err(Issue::BadWebsite));
    }

    #[test]
    fn names_are_compared_without_their_legal_form() {
        let key = name_key("Müller & Söhne GmbH & Co. KG");
        assert_eq!(key, name_key("MULLER und Sohne"));
        assert_eq!(name_key("Nord-Wind Sp. z o.o."), "nordwind");
        assert_ne!(name_key("Nordwind"), name_key("Südwind"));
        assert_eq!(name_key("AG"), "ag");
    }
}
