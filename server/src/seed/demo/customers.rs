//! The demo's customers: forty organisations, each with a short life.

use super::stage::Stage;
use kontor::{
    Error,
    catalogue::BillingForm,
    delegation::rows::grant,
    delegation::service::{leave, manage, revoke},
    domain::{
        DomainInput, Method, VerifyInput,
        service::{proof, verify},
    },
    kernel::{
        actor::Actor,
        id::OrgId,
        locale::Locale,
        port::{DnsOutcome, RecordKind},
    },
    organisation::{
        AddOrganisation, AddUser,
        service::{actor_in, add_organisation, add_user},
    },
    payment::{self, Provider, Script},
    subscription::{
        ChangeForm, ExtendTrial, Plan, Service, Term,
        change::Payer,
        rows::subscription,
        service::{approve, confirm, extend_trial, preview},
        trial::request_key,
    },
};

const NORDLICHT: &str = "owner@nordlicht.test";
const ALPEN: &str = "owner@alpen.test";

/// A customer and what becomes of it. Days are counted from its first one.
pub struct Customer {
    /// The number in its addresses.
    pub number: u8,
    name: &'static str,
    /// Who looks after it, by its owner's address.
    pub partner: &'static str,
    /// Days ago it was added.
    age: i32,
    /// Key of the field `plan`.
    start: &'static str,
    /// People besides the super admin.
    people: u8,
    verified: Option<i32>,
    extended: &'static [i32],
    bought: Option<(i32, Plan, Term, i64)>,
    visited: &'static [i32],
    revoked: Option<i32>,
    /// The proof has gone since.
    pub lost: bool,
    /// Instead of `kunde-NN.test`.
    other_domain: Option<&'static str>,
}

/// What happens to a customer.
#[derive(Clone, Copy)]
pub enum Step {
    Add,
    Join(u8),
    Verify,
    Extend,
    Buy(Plan, Term, i64),
    Visit,
    Revoke,
}

const fn customer(number: u8, name: &'static str, partner: &'static str, age: i32) -> Customer {
    Customer {
        number,
        name,
        partner,
        age,
        start: "trial",
        people: 2,
        verified: Some(1),
        extended: &[],
        bought: None,
        visited: &[],
        revoked: None,
        lost: false,
        other_domain: None,
    }
}

const fn nord(number: u8, name: &'static str, age: i32) -> Customer {
    customer(number, name, NORDLICHT, age)
}

const fn alpen(number: u8, name: &'static str, age: i32) -> Customer {
    customer(number, name, ALPEN, age)
}

use Plan::{MailLite, MailPremium, Professional, Standard};
use Term::{Monthly, Yearly};

/// All of them.
#[rustfmt::skip]
pub static CUSTOMERS: [Customer; 40] = [
    Customer { start: "standard", people: 8, bought: Some((10, Standard, Yearly, 25)), visited: &[30, 200, 280], ..nord(1, "Hanse Logistik", 300) },
    nord(2, "Bäckerei Petersen", 3),
    Customer { people: 4, visited: &[4], ..nord(3, "Kontorhaus Immobilien", 13) },
    Customer { extended: &[8], ..nord(4, "Elbe Apotheke", 9) },
    Customer { extended: &[12, 27], people: 5, visited: &[6, 31], ..nord(5, "Werft Sörensen", 40) },
    Customer { extended: &[13, 28, 43], people: 6, ..nord(6, "Alster Kanzlei", 55) },
    Customer { people: 7, ..nord(7, "Dünen Hotel", 18) },
    nord(8, "Fischmarkt Gastronomie", 17),
    Customer { people: 9, start: "professional", bought: Some((14, Professional, Monthly, 40)), visited: &[20, 90], ..nord(9, "Nordsee Reederei", 150) },
    Customer { start: "mail-lite", bought: Some((12, MailLite, Yearly, 10)), ..nord(10, "Speicherstadt Kaffee", 400) },
    Customer { bought: Some((9, Standard, Monthly, 12)), people: 6, ..nord(11, "Heide Steuerberatung", 75) },
    Customer { start: "free", people: 3, ..nord(12, "Marzipan Manufaktur", 90) },
    Customer { people: 3, ..nord(13, "Bremer Stadtchor", 60) },
    Customer { people: 6, ..nord(14, "Kieler Segelschule", 50) },
    Customer { people: 6, ..nord(15, "Rostock Hafenbau", 25) },
    Customer { bought: Some((11, Standard, Monthly, 15)), people: 5, visited: &[12, 60], revoked: Some(100), ..nord(16, "Wattenmeer Stiftung", 120) },
    Customer { bought: Some((10, Professional, Yearly, 60)), people: 7, lost: true, ..nord(17, "Insel Klinik", 200) },
    Customer { verified: None, people: 0, other_domain: Some("moor.demo.test"), ..nord(18, "Moor Gärtnerei", 1) },
    Customer { verified: None, ..nord(19, "Friesen Tee", 6) },
    Customer { verified: None, people: 1, ..nord(20, "Holsten Druck", 22) },
    Customer { verified: None, people: 0, other_domain: Some("deich.demo.test"), ..nord(21, "Deich Energie", 0) },
    Customer { bought: Some((10, MailPremium, Yearly, 30)), people: 8, ..nord(22, "Leuchtturm Verlag", 369) },
    Customer { bought: Some((13, Standard, Monthly, 8)), people: 4, ..nord(23, "Möwe Reisen", 100) },
    Customer { start: "professional", bought: Some((12, Professional, Yearly, 120)), people: 9, visited: &[40], ..nord(24, "Anker Versicherung", 250) },
    nord(25, "Segel & Meer", 14),
    Customer { verified: None, ..nord(26, "Kompass Beratung", 11) },
    Customer { people: 6, ..nord(27, "Förde Optik", 90) },
    Customer { bought: Some((8, MailPremium, Yearly, 20)), people: 5, ..nord(28, "Ostsee Bäder", 180) },
    Customer { bought: Some((10, Standard, Yearly, 18)), people: 6, visited: &[50], ..alpen(29, "Gipfel Sport", 220) },
    alpen(30, "Enzian Apotheke", 5),
    Customer { extended: &[14], people: 3, ..alpen(31, "Bergbahn Tirol", 20) },
    Customer { start: "free", people: 2, ..alpen(32, "Alpenmilch", 130) },
    Customer { bought: Some((12, Professional, Monthly, 22)), people: 7, ..alpen(33, "Edelweiss Hotel", 95) },
    Customer { verified: None, people: 1, ..alpen(34, "Zillertal Holz", 4) },
    Customer { people: 6, ..alpen(35, "Salzburger Klang", 21) },
    Customer { bought: Some((9, Standard, Yearly, 14)), people: 4, revoked: Some(140), ..alpen(36, "Inn Technik", 160) },
    Customer { extended: &[14, 29, 44], people: 5, ..alpen(37, "Dachstein Bau", 52) },
    Customer { people: 6, ..alpen(38, "Kärntner Seen", 45) },
    Customer { bought: Some((14, Standard, Monthly, 30)), people: 8, ..alpen(39, "Wiener Architektur", 80) },
    Customer { verified: None, people: 0, other_domain: Some("graz.demo.test"), ..alpen(40, "Graz Design", 2) },
];

/// First and last names of people in the customers' houses.
const PEOPLE: [(&str, &str); 10] = [
    ("Anna", "Ahrens"),
    ("Bela", "Brandt"),
    ("Clara", "Claasen"),
    ("Deniz", "Demir"),
    ("Emil", "Ebert"),
    ("Farida", "Fuchs"),
    ("Georg", "Groß"),
    ("Hanna", "Heine"),
    ("Igor", "Ilić"),
    ("Jule", "Jansen"),
];

impl Customer {
    /// Its domain.
    pub fn domain(&self) -> String {
        self.other_domain.map_or_else(|| format!("kunde-{:02}.test", self.number), str::to_owned)
    }

    /// Its super admin's address.
    pub fn admin(&self) -> String {
        format!("admin@kunde-{:02}.test", self.number)
    }

    /// Where it is: postal code, city and country.
    fn place(&self) -> (&'static str, &'static str, &'static str) {
        if self.partner == ALPEN { ("6020", "Innsbruck", "AT") } else { ("20457", "Hamburg", "DE") }
    }

    /// Its life: days before today, minute of the day, what happens.
    pub fn steps(&self) -> Vec<(i32, i64, Step)> {
        let ago = |day: i32| (self.age - day).max(0);
        let minute = 8 * 60 + i64::from(self.number);
        let mut steps = vec![(ago(0), minute, Step::Add)];
        steps.extend((0..self.people).map(|n| (ago(1), minute + 60 + i64::from(n) * 3, Step::Join(n))));
        steps.extend(self.verified.map(|day| (ago(day), minute + 120, Step::Verify)));
        steps.extend(self.extended.iter().map(|day| (ago(*day), minute + 180, Step::Extend)));
        steps.extend(
            self.bought
                .map(|(day, plan, term, seats)| (ago(day), minute + 240, Step::Buy(plan, term, seats))),
        );
        steps.extend(self.visited.iter().map(|day| (ago(*day), minute + 300, Step::Visit)));
        steps.extend(self.revoked.map(|day| (ago(day), minute + 360, Step::Revoke)));
        steps
    }
}

impl Stage {
    /// Does one thing with a customer.
    pub async fn customer(&mut self, customer: &'static Customer, step: Step) -> Result<(), Error> {
        if matches!(step, Step::Add) {
            return self.add(customer).await;
        }
        let org = self.org(&customer.admin())?;
        match step {
            Step::Add => Ok(()),
            Step::Join(n) => self.join(customer, org, n).await,
            Step::Verify => self.prove(customer, org).await,
            Step::Extend => {
                let partner = self.partner_of(customer).await?;
                let row = subscription::of(self.kontor.db.read(), org, Service::Workplace).await?;
                let end = row.and_then(|s| s.ends_on).ok_or(Error::NotFound)?;
                extend_trial(&self.kontor, &partner, ExtendTrial { org, request_key: request_key(end) })
                    .await
                    .map(drop)
            }
            Step::Buy(plan, term, seats) => {
                let (postal_code, city, country) = customer.place();
                let form = BillingForm {
                    billing_name: customer.name.into(),
                    postal_code: postal_code.into(),
                    city: city.into(),
                    country: country.into(),
                    ..BillingForm::default()
                };
                self.billing(&customer.admin(), org, form).await?;
                self.buy(customer, org, plan, term, seats).await
            }
            Step::Visit => self.visit(customer, org).await,
            Step::Revoke => {
                let admin = self.actor(&customer.admin(), org).await?;
                let partner = self.org(customer.partner)?;
                let row = grant::latest(self.kontor.db.read(), org, partner).await?.ok_or(Error::NotFound)?;
                revoke(&self.kontor, &admin, row.id).await
            }
        }
    }

    async fn add(&mut self, customer: &'static Customer) -> Result<(), Error> {
        let partner = self.partner_of(customer).await?;
        let (first, last) = PEOPLE[usize::from(customer.number) % PEOPLE.len()];
        let paid = customer.start != "trial" && customer.start != "free";
        let seats = customer.bought.map_or(5, |b| b.3);
        let term = customer.bought.map_or(Yearly, |b| b.2);
        let input = AddOrganisation {
            organisation: customer.name.into(),
            domain: customer.domain(),
            admin_first_name: first.into(),
            admin_last_name: last.into(),
            admin_email: customer.admin(),
            contact_email: format!("kontakt-{:02}@post.test", customer.number),
            country: customer.place().2.into(),
            plan: customer.start.into(),
            seats: if paid { seats.to_string() } else { String::new() },
            term: if paid { term.key().into() } else { String::new() },
            request_key: format!("demo-customer-{}", customer.number),
        };
        let added = add_organisation(&self.kontor, &partner, input).await?;
        self.orgs.insert(customer.admin(), added.org);
        self.come_in(&customer.admin()).await
    }

    /// Somebody who was asked in sets a password.
    pub async fn come_in(&self, email: &str) -> Result<(), Error> {
        let db = self.kontor.db.read();
        let person = kontor::account::service::find_by_email(db, email).await?.ok_or(Error::NotFound)?;
        self.settle(person.id, Locale::De).await
    }

    async fn join(&self, customer: &Customer, org: OrgId, n: u8) -> Result<(), Error> {
        let admin = self.actor(&customer.admin(), org).await?;
        let (first, last) = PEOPLE[usize::from(customer.number + n + 1) % PEOPLE.len()];
        let email = format!("{}.{n}@kunde-{:02}.test", first.to_lowercase(), customer.number);
        let input = AddUser {
            email: email.clone(),
            first_name: first.into(),
            last_name: last.into(),
            role: String::new(),
            request_key: format!("demo-user-{}-{n}", customer.number),
        };
        add_user(&self.kontor, &admin, input).await?;
        // Every fifth has not come in yet.
        if n % 5 == 4 { Ok(()) } else { self.come_in(&email).await }
    }

    async fn prove(&self, customer: &Customer, org: OrgId) -> Result<(), Error> {
        let partner = self.partner_of(customer).await?;
        let domain = customer.domain();
        let wanted = proof(&self.kontor, &partner, DomainInput { org, domain: domain.clone() }).await?.txt;
        let key = (wanted.host_full, RecordKind::Txt);
        let records = DnsOutcome::Records(vec![wanted.value]);
        self.outside.dns.lock().unwrap_or_else(|e| e.into_inner()).insert(key, records);
        let input = VerifyInput { org, domain, method: Method::Txt };
        verify(&self.kontor, &partner, input).await.map(drop)
    }

    /// The partner's owner looks in and changes nothing.
    async fn visit(&self, customer: &Customer, org: OrgId) -> Result<(), Error> {
        let viewer = self.viewer(customer.partner).await?;
        let partner = actor_in(&self.kontor, &viewer, self.org(customer.partner)?).await?;
        manage(&self.kontor, &viewer, &partner, org).await?;
        leave(&self.kontor, &viewer, org).await.map(drop)
    }

    /// Buying has no service yet: the subscription as it would stand, with its event in the trail.
    /// The partner buys for the customer, or every third time the customer approves what its partner proposes.
    async fn buy(
        &self,
        customer: &Customer,
        org: OrgId,
        plan: Plan,
        term: Term,
        seats: i64,
    ) -> Result<(), Error> {
        let kontor = &self.kontor;
        let partner = self.partner_of(customer).await?;
        let own = customer.number.is_multiple_of(3);
        let payer = if own { Payer::Customer } else { Payer::Partner };
        let wish = ChangeForm {
            plan: plan.to_string(),
            term: term.to_string(),
            seats: seats.to_string(),
            payer: payer.to_string(),
            ..ChangeForm::default()
        };
        if !own {
            self.card(&partner).await?;
        }
        let seen = preview(kontor, &partner, org, &wish).await?;
        let form = ChangeForm {
            total: seen.quote.map_or(0, |quote| quote.total).to_string(),
            version: seen.version.to_string(),
            request_key: seen.request_key,
            ..wish
        };
        let change = confirm(kontor, &partner, org, &form).await?.change;
        if own {
            let admin = self.actor(&customer.admin(), org).await?;
            self.card(&admin).await?;
            approve(kontor, &admin, org, change, 1, &form).await?;
        }
        Ok(())
    }

    /// The organisation has a card that pays.
    async fn card(&self, actor: &Actor) -> Result<(), Error> {
        if payment::service::methods(&self.kontor, actor).await?.is_empty() {
            let pays = Script::Approve.key();
            payment::service::add_method(&self.kontor, actor, Provider::Scripted, pays).await?;
        }
        Ok(())
    }
}
