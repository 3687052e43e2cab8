//! The terms of a grant: what it lets the partner do, for how long, and who may renew it (domain.md section 6, R6.1).

use crate::{
    Error, Issue, Problems,
    kernel::{
        instant::Day,
        right::{DELEGABLE, Feature, Features},
    },
    setting::Policy,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Who may renew a grant.
    pub enum RenewBy {
        /// The customer alone: a partner asks.
        Customer = "customer",
        /// The partner as well, shortly before the end and for as long as was agreed. The customer is told.
        Partner = "partner",
    }
}

crate::keyed! {
    /// A usual choice of capabilities.
    pub enum Template {
        /// Looks things up, suspends and restores people.
        Helpdesk = "helpdesk",
        /// Looks after the people.
        Users = "users",
        /// Looks after domains, and with them where mail goes.
        Domains = "domains",
        /// Looks at the subscription.
        Subscription = "subscription",
        /// Everything that can be delegated at all: without the ten acts that stay with the customer.
        Full = "full",
    }
}

impl Template {
    /// What it lets the partner do.
    pub fn capabilities(self) -> Features {
        use Feature::*;
        whole(match self {
            Template::Helpdesk => Features::of(&[UsersSuspend, DomainsView, SubscriptionView]),
            Template::Users => Features::of(&[UsersEdit, UsersSuspend, GroupsEdit]),
            Template::Domains => Features::of(&[DomainsEdit, MailEdit]),
            Template::Subscription => Features::of(&[SubscriptionView]),
            Template::Full => Features::of(&DELEGABLE),
        })
    }

    /// The template of these capabilities, if they are one's.
    pub fn of(capabilities: Features) -> Option<Template> {
        Template::ALL.iter().copied().find(|template| template.capabilities() == capabilities)
    }
}

/// The capabilities with those they rest on: nobody is in a console without its dashboard, and whoever changes people,
/// domains or the settings of mail sees them.
pub fn whole(capabilities: Features) -> Features {
    use Feature::*;
    let rests = [
        (UsersEdit, UsersView),
        (UsersSuspend, UsersView),
        (GroupsEdit, UsersView),
        (DomainsEdit, DomainsView),
        (MailEdit, MailView),
    ];
    let needed: Vec<Feature> =
        rests.into_iter().filter(|(act, _)| capabilities.has(*act)).map(|(_, sees)| sees).collect();
    capabilities.or(Features::of(&needed)).or(Features::of(&[OrgView])).and(Features::of(&DELEGABLE))
}

/// What is agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What the partner may do.
    pub capabilities: Features,
    /// For how many days from the day of consent.
    pub days: i64,
    /// Who may renew it.
    pub renewal: RenewBy,
}

impl Terms {
    /// Everything that can be delegated, for as long as is usual, renewed by the customer alone.
    pub fn usual(policy: &Policy) -> Self {
        let capabilities = Template::Full.capabilities();
        let days = policy.grant_days.min(policy.grant_cap(capabilities));
        Self { capabilities, days, renewal: RenewBy::Customer }
    }

    /// The same terms, not longer than the programme allows by now.
    pub fn within(self, policy: &Policy) -> Self {
        Self { days: self.days.min(policy.grant_cap(self.capabilities)), ..self }
    }
}

/// Terms as they stand in a mail or on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsView {
    /// What the partner may do.
    pub capabilities: Vec<Feature>,
    /// The last day.
    pub until: Day,
    /// Who may renew it.
    pub renewal: RenewBy,
}

/// The template of a form that takes the capabilities chosen one by one.
pub const OWN_CHOICE: &str = "own";

/// The template of a form that takes what the partner asked for.
pub const AS_ASKED: &str = "asked";

/// Terms as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TermsForm {
    /// Key of a [`Template`], [`OWN_CHOICE`] or, in an answer, [`AS_ASKED`].
    pub template: String,
    /// Keys of capabilities, for one's own choice.
    pub capabilities: Vec<String>,
    /// For how many days; where there are terms already, empty leaves their end as it is.
    pub days: String,
    /// Key of [`RenewBy`]; the customer if empty.
    pub renewal: String,
}

impl TermsForm {
    /// The form that says just this.
    pub fn of(terms: &Terms) -> Self {
        let own = || terms.capabilities.list().map(|feature| feature.key().to_owned()).collect();
        let template = Template::of(terms.capabilities);
        Self {
            template: template.map_or(OWN_CHOICE, Template::key).to_owned(),
            capabilities: if template.is_some() { Vec::new() } else { own() },
            days: terms.days.to_string(),
            renewal: terms.renewal.key().to_owned(),
        }
    }

    /// The terms, if every field can be read and they last no longer than the programme allows. `asked` are the partner's,
    /// where it asked.
    pub fn read(&self, policy: &Policy, asked: Option<&Terms>) -> Result<Terms, Error> {
        let (capabilities, days, renewal) = self.fields(policy, asked)?;
        let days = days.ok_or_else(|| Error::field("days", Issue::Required))?;
        Ok(Terms { capabilities, days, renewal })
    }

    /// [`TermsForm::read`] where the days may be left out.
    pub fn fields(
        &self,
        policy: &Policy,
        asked: Option<&Terms>,
    ) -> Result<(Features, Option<i64>, RenewBy), Error> {
        let mut problems = Problems::new();
        let capabilities = match (self.template.as_str(), asked) {
            (AS_ASKED, Some(asked)) => Ok(asked.capabilities),
            (OWN_CHOICE, _) => self.chosen(),
            ("", _) => Err(Issue::Required),
            (key, _) => Template::from_key(key).map(Template::capabilities).ok_or(Issue::NotAChoice),
        };
        let field = if self.template == OWN_CHOICE { "capabilities" } else { "template" };
        let capabilities = problems.take(field, capabilities);
        let max = policy.grant_cap(capabilities);
        let days = match self.days.trim() {
            "" => Ok(None),
            typed => match typed.parse::<i64>() {
                Ok(days) if (1..=max).contains(&days) => Ok(Some(days)),
                Ok(_) => Err(Issue::OutOfRange { min: 1, max }),
                Err(_) => Err(Issue::NotANumber),
            },
        };
        let days = problems.take("days", days);
        let renewal = match self.renewal.as_str() {
            "" => Ok(Some(RenewBy::Customer)),
            key => RenewBy::from_key(key).map(Some).ok_or(Issue::NotAChoice),
        };
        let renewal = problems.take("renewal", renewal);
        problems.finish()?;
        Ok((capabilities, days, renewal.unwrap_or(RenewBy::Customer)))
    }

    fn chosen(&self) -> Result<Features, Issue> {
        let known = |key: &String| DELEGABLE.iter().copied().find(|feature| feature.key() == key);
        match self.capabilities.iter().map(known).collect::<Option<Vec<Feature>>>() {
            None => Err(Issue::NotAChoice),
            Some(none) if none.is_empty() => Err(Issue::Required),
            Some(some) => Ok(whole(Features::of(&some))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(template: &str, capabilities: &[&str], days: &str) -> TermsForm {
        TermsForm {
            template: template.into(),
            capabilities: capabilities.iter().map(|key| (*key).to_owned()).collect(),
            days: days.into(),
            renewal: String::new(),
        }
    }

    #[test]
    fn a_template_says_what_it_names_and_nothing_that_stays_with_the_customer() {
        for template in Template::ALL.iter().copied() {
            let may = template.capabilities();
            assert!(Features::of(&DELEGABLE).contain(may), "{template}");
            assert_eq!(whole(may), may, "{template}");
            assert_eq!(Template::of(may), Some(template));
        }
        assert!(!Template::Helpdesk.capabilities().has(Feature::UsersEdit));
        assert_eq!(Template::Full.capabilities(), Features::of(&DELEGABLE));
    }

    #[test]
    fn whoever_may_act_on_a_screen_sees_it() {
        let may = whole(Features::of(&[Feature::UsersSuspend]));
        assert_eq!(may, Features::of(&[Feature::OrgView, Feature::UsersView, Feature::UsersSuspend]));
        // What cannot be delegated is not let in with it.
        assert_eq!(whole(Features::of(&[Feature::UserDelete])), Features::of(&[Feature::OrgView]));
    }

    #[test]
    fn terms_last_no_longer_than_each_of_their_capabilities() {
        let policy = Policy { grant_cap_domains_edit: 90, ..Policy::defaults(false) };
        let days = |template: &str, days: &str| form(template, &[], days).read(&policy, None).map(|t| t.days);
        assert_eq!(days("subscription", "730"), Ok(730));
        let over = |max| Err(Error::field("days", Issue::OutOfRange { min: 1, max }));
        assert_eq!(days("subscription", "731"), over(730));
        assert_eq!(days("users", "366"), over(365));
        assert_eq!(days("domains", "91"), over(90));
        assert_eq!(days("full", "0"), over(90));
        assert_eq!(days("full", "many"), Err(Error::field("days", Issue::NotANumber)));
        assert_eq!(days("full", ""), Err(Error::field("days", Issue::Required)));
        assert_eq!(Terms::usual(&policy).days, 90);
    }

    #[test]
    fn one_s_own_choice_is_of_what_can_be_delegated() {
        let policy = Policy::defaults(false);
        let read = |keys: &[&str]| form(OWN_CHOICE, keys, "30").read(&policy, None).map(|t| t.capabilities);
        let wrong = |issue| Err(Error::field("capabilities", issue));
        assert_eq!(read(&[]), wrong(Issue::Required));
        assert_eq!(read(&["user.delete"]), wrong(Issue::NotAChoice));
        assert_eq!(read(&["users.view", "nonsense"]), wrong(Issue::NotAChoice));
        assert_eq!(read(&["users.view"]), Ok(Features::of(&[Feature::OrgView, Feature::UsersView])));
        let nothing = form("", &[], "30").read(&policy, None);
        assert_eq!(nothing, Err(Error::field("template", Issue::Required)));
        // Only where somebody asked is there anything that was asked.
        let asked = form(AS_ASKED, &[], "30").read(&policy, None);
        assert_eq!(asked, Err(Error::field("template", Issue::NotAChoice)));
    }

    #[test]
    fn a_form_made_from_terms_reads_as_the_same_terms() {
        let policy = Policy::defaults(false);
        for bits in 0u32..1 << DELEGABLE.len() {
            let some: Vec<Feature> = DELEGABLE
                .iter()
                .copied()
                .enumerate()
                .filter(|(i, _)| bits >> i & 1 == 1)
                .map(|f| f.1)
                .collect();
            let renewal = if bits % 2 == 0 { RenewBy::Customer } else { RenewBy::Partner };
            let terms = Terms { capabilities: whole(Features::of(&some)), days: 100, renewal };
            assert_eq!(TermsForm::of(&terms).read(&policy, None), Ok(terms));
        }
    }
}
