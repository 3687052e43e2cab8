//! What the vendor's suite wants of a domain's records, from the programme's settings. Pure.

use super::{
    DmarcPolicy, Lamp, RecordToSet,
    host::{servers, written},
};
use crate::{domain::name::relative, setting::Policy};

/// What the suite wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its mail servers with their priorities, the first one first.
    pub mx: Vec<(u16, String)>,
    /// The name whose SPF record names who may send.
    pub include: String,
    /// What a key's selector begins with.
    pub selector: String,
    /// The weakest policy that will do.
    pub dmarc: DmarcPolicy,
}

impl Wanted {
    /// What the settings say; nothing if the vendor has named neither its mail domain nor, one by one, servers and SPF
    /// name. Nothing is made up then.
    pub fn of(policy: &Policy) -> Option<Self> {
        let domain = policy.mail_domain.as_str();
        let usual = |own: &str, usual: String| match (own.is_empty(), domain.is_empty()) {
            (false, _) => Some(own.to_owned()),
            (true, false) => Some(usual),
            (true, true) => None,
        };
        let three = [(10, "mx1"), (20, "mx2"), (50, "mx3")]
            .map(|(priority, name)| (priority, format!("{name}.{domain}")));
        Some(Self {
            mx: servers(&usual(&policy.mail_servers, written(&three))?).ok()?,
            include: usual(&policy.mail_spf, format!("spf.{domain}"))?,
            selector: policy.mail_selector.clone(),
            dmarc: policy.mail_dmarc,
        })
    }

    /// The selector of a domain's key number `no`, from 1.
    pub fn selector_of(&self, no: i64) -> String {
        match no {
            1 => self.selector.clone(),
            no => format!("{}{no}", self.selector),
        }
    }

    /// The records that make a lamp of a domain right. `key` is the selector and the public key, once there is one.
    pub fn records(&self, lamp: Lamp, domain: &str, key: Option<(&str, &str)>) -> Vec<RecordToSet> {
        let record = |label: &str, kind: &str, value: String, priority: Option<u16>| {
            let host = match (label, relative(domain)) {
                ("", "") => "@".to_owned(),
                ("", rest) => rest.to_owned(),
                (label, "") => label.to_owned(),
                (label, rest) => format!("{label}.{rest}"),
            };
            RecordToSet { kind: kind.into(), host, host_full: below(label, domain), value, priority }
        };
        let text = |label: &str, value: String| vec![record(label, "TXT", value, None)];
        match lamp {
            Lamp::Mx => {
                let one = |(priority, name): &(u16, String)| record("", "MX", name.clone(), Some(*priority));
                self.mx.iter().map(one).collect()
            }
            Lamp::Spf => text("", format!("v=spf1 include:{} ~all", self.include)),
            Lamp::Dkim => key.map_or_else(Vec::new, |(selector, public)| {
                text(&key_label(selector), format!("v=DKIM1; k=rsa; p={public}"))
            }),
            Lamp::Dmarc => text(DMARC, format!("v=DMARC1; p={}", self.dmarc)),
        }
    }
}

/// The label of the DMARC record (RFC 7489 section 6.1).
pub const DMARC: &str = "_dmarc";

/// The labels of a key's record (RFC 6376 section 3.6.2.1).
pub fn key_label(selector: &str) -> String {
    format!("{selector}._domainkey")
}

/// A name below a domain, or the domain itself.
pub fn below(label: &str, domain: &str) -> String {
    if label.is_empty() { domain.to_owned() } else { format!("{label}.{domain}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(mail_domain: &str, mail_servers: &str, mail_spf: &str) -> Policy {
        Policy {
            mail_domain: mail_domain.into(),
            mail_servers: mail_servers.into(),
            mail_spf: mail_spf.into(),
            ..Policy::defaults(false)
        }
    }

    #[test]
    fn nothing_is_made_up_where_the_vendor_has_named_nothing() {
        assert_eq!(Wanted::of(&Policy::defaults(false)), None);
        assert_eq!(Wanted::of(&policy("", "10 mx.suite.test", "")), None);
        let own = Wanted::of(&policy("", "10 mx.suite.test", "send.suite.test")).unwrap();
        assert_eq!((own.mx, own.include.as_str()), (vec![(10, "mx.suite.test".into())], "send.suite.test"));
        let usual = Wanted::of(&policy("suite.test", "", "")).unwrap();
        assert_eq!(written(&usual.mx), "10 mx1.suite.test, 20 mx2.suite.test, 50 mx3.suite.test");
        assert_eq!(usual.include, "spf.suite.test");
        let mixed = Wanted::of(&policy("suite.test", "5 mx.eu.suite.test", "")).unwrap();
        assert_eq!(
            (written(&mixed.mx).as_str(), mixed.include.as_str()),
            ("5 mx.eu.suite.test", "spf.suite.test")
        );
    }

    #[test]
    fn records_are_said_as_providers_ask_for_them() {
        let wanted = Wanted::of(&policy("suite.test", "", "")).unwrap();
        let mx = wanted.records(Lamp::Mx, "example.co.uk", None);
        assert_eq!((mx.len(), mx[0].host.as_str(), mx[0].priority), (3, "@", Some(10)));
        let spf = wanted.records(Lamp::Spf, "mail.example.co.uk", None);
        assert_eq!(spf[0].host, "mail");
        assert_eq!(spf[0].value, "v=spf1 include:spf.suite.test ~all");
        assert!(wanted.records(Lamp::Dkim, "example.org", None).is_empty());
        let dkim = wanted.records(Lamp::Dkim, "mail.example.org", Some(("kontor2", "AAAA")));
        assert_eq!(dkim[0].host, "kontor2._domainkey.mail");
        assert_eq!(dkim[0].host_full, "kontor2._domainkey.mail.example.org");
        assert_eq!(dkim[0].value, "v=DKIM1; k=rsa; p=AAAA");
        let dmarc = wanted.records(Lamp::Dmarc, "example.org", None);
        assert_eq!((dmarc[0].host.as_str(), dmarc[0].value.as_str()), ("_dmarc", "v=DMARC1; p=none"));
        assert_eq!((wanted.selector_of(1), wanted.selector_of(3)), ("kontor".into(), "kontor3".into()));
    }
}
