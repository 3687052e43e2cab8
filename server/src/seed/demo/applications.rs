//! The demo's applications: two that became partners, the others in every state.

use super::stage::Stage;
use kontor::{
    Error,
    account::service::{NewPerson, find_by_email, invite},
    application::{
        ApplicationForm,
        detail::{ApproveForm, RejectForm},
        rows::application,
        service::{Assignee, answer, approve, ask, assign, note, reject, submit, withdraw},
    },
    catalogue::BillingForm,
    kernel::{actor::Actor, locale::Locale, secret::hash_token},
    organisation::{AddUser, rows::organisation, service::add_user},
};

/// Somebody who wants to become a partner.
pub struct Applicant {
    /// Their address.
    pub email: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    company: &'static str,
    country: &'static str,
    city: &'static str,
    postal_code: &'static str,
    expertise: &'static str,
    partner_type: &'static str,
    locale: Locale,
    /// Minute of the day at which things happen.
    pub minute: i64,
    /// Days ago, and what happens then.
    pub steps: &'static [(i32, Step)],
}

/// What happens to an application.
#[derive(Clone, Copy, PartialEq)]
pub enum Step {
    /// Sent by somebody whose address is confirmed.
    Apply,
    /// Sent by somebody whose address is not confirmed yet.
    ApplyUnconfirmed,
    /// A reviewer takes it.
    Assign,
    Note(&'static str),
    Ask(&'static str),
    Answer(&'static str),
    Approve,
    /// The new partner says to whom its invoices are made out.
    Billing,
    Reject,
    Withdraw,
    /// The new partner's owner adds its people.
    Staff(&'static [(&'static str, &'static str, &'static str, &'static str)]),
}

use Step::*;

const REVIEWER: &str = "reviewer@vendor.test";

const NORDLICHT_PEOPLE: &[(&str, &str, &str, &str)] = &[
    ("sales@nordlicht.test", "Silke", "Sander", "partner-sales"),
    ("mfa@nordlicht.test", "Malte", "Faber", "partner-admin"),
];

const fn applicant(email: &'static str, company: &'static str, minute: i64) -> Applicant {
    Applicant {
        email,
        first_name: "Nora",
        last_name: "Lindholm",
        company,
        country: "DE",
        city: "Hamburg",
        postal_code: "20457",
        expertise: "workplace",
        partner_type: "reseller",
        locale: Locale::De,
        minute,
        steps: &[],
    }
}

/// All of them.
#[rustfmt::skip]
pub static APPLICANTS: [Applicant; 13] = [
    Applicant { steps: &[(428, Apply), (427, Assign), (426, Approve), (425, Staff(NORDLICHT_PEOPLE)), (425, Billing)],
        ..applicant("owner@nordlicht.test", "Nordlicht IT", 600) },
    Applicant { first_name: "Alois", last_name: "Perner", country: "AT", city: "Innsbruck", postal_code: "6020",
        steps: &[(260, Apply), (258, Assign), (257, Ask("How many customers do you look after today?")),
            (256, Answer("Eighteen, most of them in Tyrol.")), (255, Approve), (254, Billing)],
        ..applicant("owner@alpen.test", "Alpen Systems", 615) },
    Applicant { first_name: "Priya", last_name: "Raman", locale: Locale::En, country: "IN", city: "Chennai", postal_code: "600001",
        steps: &[(0, Apply)], ..applicant("priya@chola-cloud.test", "Chola Cloud", 540) },
    Applicant { first_name: "Jonas", last_name: "Weber", expertise: "crm", city: "Köln", postal_code: "50667",
        steps: &[(2, Apply)], ..applicant("weber@rheinwerk-it.test", "Rheinwerk IT", 620) },
    Applicant { first_name: "Claire", last_name: "Moreau", locale: Locale::En, country: "FR", city: "Lyon", postal_code: "69002", partner_type: "referral",
        steps: &[(5, Apply)], ..applicant("claire@atelier-web.test", "Atelier Web", 640) },
    Applicant { first_name: "Tom", last_name: "Baker", locale: Locale::En, country: "GB", city: "Leeds", postal_code: "LS1 4AP", expertise: "service-desk",
        steps: &[(9, Apply)], ..applicant("tom@moorland-it.test", "Moorland IT", 650) },
    Applicant { first_name: "Sara", last_name: "Keller", country: "CH", city: "Bern", postal_code: "3011",
        steps: &[(4, Apply), (3, Assign), (2, Note("Website is good, asked a reference for a call."))],
        ..applicant("keller@aare-informatik.test", "Aare Informatik", 660) },
    Applicant { first_name: "Ole", last_name: "Hansen", locale: Locale::En, country: "DK", city: "Aarhus", postal_code: "8000", expertise: "finance",
        steps: &[(8, Apply), (6, Assign), (5, Ask("Which of your customers would you move first, and when?"))],
        ..applicant("ole@fjordtek.test", "Fjordtek", 670) },
    Applicant { first_name: "Marta", last_name: "Nowak", locale: Locale::En, country: "PL", city: "Poznań", postal_code: "60-101",
        steps: &[(6, Apply), (5, Assign), (4, Ask("Do you offer support in German?")), (3, Answer("Yes, two of us do, on working days from 8 to 18."))],
        ..applicant("marta@warta-soft.test", "Warta Soft", 680) },
    Applicant { first_name: "Uwe", last_name: "Krause", city: "Leipzig", postal_code: "04109", expertise: "other",
        steps: &[(40, Apply), (38, Assign), (36, Reject)], ..applicant("krause@pleisse-handel.test", "Pleiße Handel", 690) },
    Applicant { first_name: "Ines", last_name: "Lopes", locale: Locale::En, country: "PT", city: "Porto", postal_code: "4000-123",
        steps: &[(30, Apply), (27, Withdraw)], ..applicant("ines@douro-digital.test", "Douro Digital", 700) },
    Applicant { first_name: "Karin", last_name: "Vogt", city: "Ulm", postal_code: "89073", expertise: "hr",
        steps: &[(70, Apply), (68, Assign), (66, Ask("Who in your company would do the support?"))],
        ..applicant("vogt@donau-personal.test", "Donau Personal", 710) },
    Applicant { first_name: "Ben", last_name: "Frey", city: "Mainz", postal_code: "55116", expertise: "analytics",
        steps: &[(1, ApplyUnconfirmed)], ..applicant("frey@gutenberg-data.test", "Gutenberg Data", 720) },
];

impl Stage {
    /// Does one thing with an application.
    pub async fn application(&mut self, applicant: &'static Applicant, step: Step) -> Result<(), Error> {
        match step {
            Apply | ApplyUnconfirmed => return self.apply(applicant, step == Apply).await,
            Staff(people) => return self.partner_people(applicant, people).await,
            Billing => {
                let form = BillingForm {
                    billing_name: applicant.company.into(),
                    postal_code: applicant.postal_code.into(),
                    city: applicant.city.into(),
                    country: applicant.country.into(),
                    ..BillingForm::default()
                };
                return self.billing(applicant.email, self.org(applicant.email)?, form).await;
            }
            _ => {}
        }
        let token = self.tokens.get(applicant.email).cloned().ok_or(Error::NotFound)?;
        let kontor = &self.kontor;
        let row =
            application::by_token(kontor.db.read(), &hash_token(&token)).await?.ok_or(Error::NotFound)?;
        let (id, version) = (row.id, row.version);
        let reviewer = self.reviewer().await?;
        match step {
            Assign => assign(kontor, &reviewer, id, version, Assignee::Me).await,
            Note(body) => note(kontor, &reviewer, id, body).await,
            Ask(question) => ask(kontor, &reviewer, id, version, question).await,
            Answer(body) => answer(kontor, &token, "192.0.2.20", body).await,
            Approve => {
                let form = ApproveForm {
                    tier: "authorized".into(),
                    rate: "20".into(),
                    currency: "EUR".into(),
                    manager: String::new(),
                };
                let org = approve(kontor, &reviewer, id, version, &form).await?;
                self.orgs.insert(applicant.email.into(), org);
                Ok(())
            }
            Reject => {
                let form = RejectForm {
                    reason: "quality".into(),
                    note: "Please come back once you have looked after a few customers of your own.".into(),
                    reapply_on: kontor.now().day().plus(180).to_string(),
                };
                reject(kontor, &reviewer, id, version, &form).await
            }
            Withdraw => withdraw(kontor, &token, "192.0.2.20").await,
            Apply | ApplyUnconfirmed | Staff(_) | Billing => Ok(()),
        }
    }

    async fn reviewer(&self) -> Result<Actor, Error> {
        let vendor = organisation::vendor(self.kontor.db.read()).await?.ok_or(Error::NotFound)?;
        self.actor(REVIEWER, vendor.id).await
    }

    async fn apply(&mut self, applicant: &'static Applicant, confirmed: bool) -> Result<(), Error> {
        let kontor = &self.kontor;
        let person = NewPerson {
            email: applicant.email.into(),
            first_name: applicant.first_name.into(),
            last_name: applicant.last_name.into(),
            locale: applicant.locale,
        };
        let tx = kontor.db.begin().await?;
        let (account, _) = invite(kontor, &tx, person).await?;
        tx.commit().await?;
        match confirmed {
            true => self.settle(account, applicant.locale).await?,
            false => self.set_password(account).await?,
        }
        let viewer = self.viewer(applicant.email).await?;
        let form = form(applicant);
        let receipt = submit(kontor, &viewer, form).await?;
        self.tokens.insert(applicant.email, receipt.token);
        Ok(())
    }

    async fn partner_people(
        &self,
        applicant: &Applicant,
        people: &[(&str, &str, &str, &str)],
    ) -> Result<(), Error> {
        let owner = self.actor(applicant.email, self.org(applicant.email)?).await?;
        for (email, first_name, last_name, role) in people {
            let input = AddUser {
                email: (*email).into(),
                first_name: (*first_name).into(),
                last_name: (*last_name).into(),
                role: (*role).into(),
                request_key: format!("demo-{email}"),
            };
            add_user(&self.kontor, &owner, input).await?;
            self.come_in(email).await?;
            if email.starts_with("mfa@") {
                let person = find_by_email(self.kontor.db.read(), email).await?.ok_or(Error::NotFound)?;
                self.second_factor(person.id).await?;
            }
        }
        Ok(())
    }
}

fn form(applicant: &Applicant) -> ApplicationForm {
    let domain = applicant.email.split('@').nth(1).unwrap_or_default();
    let text = |s: &str| s.to_owned();
    ApplicationForm {
        first_name: text(applicant.first_name),
        last_name: text(applicant.last_name),
        phone: format!("+4940{}", 100_000 + applicant.minute * 7),
        job_title: text("Managing director"),
        company_name: text(applicant.company),
        website: text(domain),
        employees: text("6-20"),
        founded: text("2009"),
        street: text("Marktplatz 1"),
        postal_code: text(applicant.postal_code),
        city: text(applicant.city),
        country: text(applicant.country),
        expertise: text(applicant.expertise),
        partner_type: text(applicant.partner_type),
        experience: text(
            "We have looked after mail, files and devices of small and medium-sized companies for more than ten years.",
        ),
        plans: text(
            "We want to bring our own customers first and then win new ones in our region, with training on site.",
        ),
        expected_customers: text("25"),
        terms: text("on"),
        privacy: text("on"),
        ..ApplicationForm::default()
    }
}
