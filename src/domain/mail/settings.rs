//! An organisation's settings of mail: what the suite reads of them, and the form they are changed by.

use super::Look;
use crate::{
    Error, Problems,
    domain::DomainName,
    kernel::{
        id::{DomainId, OrgId},
        instant::Instant,
        text,
    },
    setting::Policy,
};
use serde::{Deserialize, Serialize};

/// The longest footer, in characters.
pub const FOOTER_MAX: u32 = 2000;
/// Most days that deleted mail is kept.
pub const KEEP_DAYS_MAX: i64 = 365;
/// Days that deleted mail is kept if nobody says otherwise.
pub const KEEP_DAYS: i64 = 30;

/// What holds for an organisation's mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Who gets mail to addresses that nobody has; nothing: it is refused.
    pub catch_all: Option<String>,
    /// Whether that person is suspended or gone, so that such mail is refused after all.
    pub catch_all_gone: bool,
    /// Whether people may have their mail forwarded to addresses outside.
    pub forwarding: bool,
    /// Whether mail from outside is marked as such.
    pub outside_notice: bool,
    /// The largest attachment in megabytes.
    pub attachment_mb: i64,
    /// What stands under every mail that leaves; may be empty.
    pub footer: String,
    /// Days that deleted mail is kept.
    pub keep_days: i64,
    /// The version; 0 as long as nobody has changed anything.
    pub version: i64,
}

impl MailSettings {
    /// What holds as long as nobody has said anything.
    pub fn usual(policy: &Policy) -> Self {
        Self {
            catch_all: None,
            catch_all_gone: false,
            forwarding: false,
            outside_notice: true,
            attachment_mb: policy.mail_attachment_max,
            footer: String::new(),
            keep_days: KEEP_DAYS,
            version: 0,
        }
    }
}

/// The settings as typed. An unticked box sends nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MailForm {
    /// The address of a person of the organisation, or nothing.
    pub catch_all: String,
    /// Ticked: forwarding outside is allowed.
    pub forwarding: String,
    /// Ticked: mail from outside is marked.
    pub outside_notice: String,
    /// Megabytes.
    pub attachment_mb: String,
    /// The footer.
    pub footer: String,
    /// Days.
    pub keep_days: String,
}

/// The settings as far as the form alone can say; the catch-all address is still to be looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// A checked address, or nothing.
    pub catch_all: Option<String>,
    /// Forwarding outside.
    pub forwarding: bool,
    /// The notice.
    pub outside_notice: bool,
    /// Megabytes.
    pub attachment_mb: i64,
    /// The footer.
    pub footer: String,
    /// Days.
    pub keep_days: i64,
}

impl MailForm {
    /// Checks the form; everything that is wrong is told at once.
    pub fn check(&self, policy: &Policy) -> Result<Checked, Error> {
        let mut problems = Problems::new();
        let catch_all = match self.catch_all.trim() {
            "" => None,
            typed => Some(problems.take("catch_all", text::email(typed))),
        };
        let attachment_mb =
            problems.take("attachment_mb", text::whole(&self.attachment_mb, 1, policy.mail_attachment_max));
        let footer = match self.footer.trim() {
            "" => String::new(),
            typed => problems.take("footer", text::paragraph(typed, 1, FOOTER_MAX)),
        };
        let keep_days = problems.take("keep_days", text::whole(&self.keep_days, 1, KEEP_DAYS_MAX));
        problems.finish()?;
        Ok(Checked {
            catch_all,
            forwarding: !self.forwarding.is_empty(),
            outside_notice: !self.outside_notice.is_empty(),
            attachment_mb,
            footer,
            keep_days,
        })
    }
}

/// A domain in the overview of lamps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainLamps {
    /// Its id.
    pub id: DomainId,
    /// Its name.
    pub name: DomainName,
    /// Whether it is the primary one.
    pub is_primary: bool,
    /// Its lamps.
    pub lamps: Vec<Look>,
    /// When somebody last looked.
    pub looked_at: Option<Instant>,
}

/// What `/admin/{org}/mail` shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPage {
    /// The organisation.
    pub org: OrgId,
    /// What holds.
    pub settings: MailSettings,
    /// The largest attachment the programme allows, in megabytes.
    pub attachment_max: i64,
    /// Whether the vendor has said which servers take the suite's mail.
    pub named: bool,
    /// The held domains.
    pub domains: Vec<DomainLamps>,
    /// Whether the reader may change the settings.
    pub may_edit: bool,
    /// Whether the reader sees the domains' own pages.
    pub sees_domains: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Issue;

    fn form() -> MailForm {
        MailForm { attachment_mb: "10".into(), keep_days: "30".into(), ..MailForm::default() }
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let policy = Policy::defaults(false);
        let checked = form().check(&policy).unwrap();
        assert!(!checked.forwarding && !checked.outside_notice && checked.catch_all.is_none());
        let wrong = MailForm {
            catch_all: "nobody".into(),
            attachment_mb: (policy.mail_attachment_max + 1).to_string(),
            footer: "x".repeat(2001),
            keep_days: "366".into(),
            ..form()
        };
        let Err(Error::Invalid(fields)) = wrong.check(&policy) else { panic!("it is not fine") };
        let names: Vec<&str> = fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(names, ["catch_all", "attachment_mb", "footer", "keep_days"]);
        assert_eq!(fields[3].issue, Issue::OutOfRange { min: 1, max: 365 });
        for bad in ["0", "-1", "many", ""] {
            assert!(MailForm { keep_days: bad.into(), ..form() }.check(&policy).is_err(), "{bad:?}");
        }
        let bell = MailForm { footer: "a\u{7}".into(), ..form() };
        assert_eq!(bell.check(&policy), Err(Error::field("footer", Issue::ForbiddenCharacters)));
        let lines =
            MailForm { footer: " Kunde GmbH\r\nHamburg ".into(), forwarding: "true".into(), ..form() };
        let checked = lines.check(&policy).unwrap();
        assert_eq!((checked.footer.as_str(), checked.forwarding), ("Kunde GmbH\nHamburg", true));
    }
}
