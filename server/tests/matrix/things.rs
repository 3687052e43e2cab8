//! Things that are really there: a partner with a customer that buys, a payout under way, a proposal that waits, cards,
//! people and roles. Whoever is not theirs must find none of them.

use super::{
    requests::pairs,
    world::{Person, World},
};
use kontor::{
    bulk::rows::bulk_run,
    catalogue::{BillingForm, service::save_profile},
    commission::{
        rows::commission_line,
        service::{postings, release_due},
    },
    delegation::{
        self, AskAccess, Terms, TermsForm,
        rows::{access_request, grant},
    },
    domain::rows::{domain, domain_mail, mail_setting},
    identity::rows::identity_provider,
    invoice::rows::{invoice, invoice_state},
    kernel::{
        actor::Actor,
        id::OrgId,
        money::Currency,
        right::{OrgKind, Role},
    },
    ledger::service::post_all,
    mapping::{
        Ask, OpenDispute,
        rows::{code, dispute, mapping, request, token},
        service::{ask, make_token, open_dispute},
    },
    organisation::{
        AddOrganisation, MemberStatus,
        rows::{address, group, member},
        service::add_organisation,
    },
    partner::rows::store_role,
    payment::{
        Provider,
        rows::{payment, payment_method, refund},
        service::add_method,
    },
    payout::{
        UploadInvoice,
        rows::{payout, payout_account, payout_invoice},
        service as payouts,
    },
    setting::Policy,
    subscription::{
        ChangeForm,
        rows::{subscription, subscription_change},
        service::{approve, confirm, preview, preview_proposal},
    },
};
use kontor_server::seed::catalogue;
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use std::collections::BTreeMap;

/// Days ago the customer bought: its commission can be paid out by now.
const AGO: i64 = 60;

/// Real ids, by the prefix of their kind.
pub type Ids = BTreeMap<&'static str, String>;

/// What a partner and its customer have.
pub struct Things {
    pub owner: Person,
    pub customer: OrgId,
    /// Somebody of the customer.
    pub admin: Person,
    /// What is the partner's own, or of its customer and shown to it.
    pub of_partner: Ids,
    /// What is the customer's own.
    pub of_customer: Ids,
}

/// The rows of a table.
#[expect(clippy::disallowed_methods, reason = "the test looks at every row")]
async fn rows<E: EntityTrait>(world: &World) -> Vec<E::Model> {
    E::find().all(world.bench.kontor.db.read()).await.unwrap()
}

/// The id of a row as addresses say it.
fn named<T: ToString>(id: Option<T>, what: &str) -> String {
    id.unwrap_or_else(|| panic!("there is no {what}")).to_string()
}

/// How many entries the ledger has.
pub async fn entries(world: &World) -> i64 {
    let db = world.bench.kontor.db.read();
    let sql = "SELECT CAST(count(*) AS bigint) AS n FROM ledger_entry";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

/// Everything that moves money or rights, as text: what is refused leaves it as it was.
pub async fn picture(world: &World) -> Vec<String> {
    async fn table<E: EntityTrait>(world: &World) -> String {
        let mut all: Vec<String> = rows::<E>(world).await.iter().map(|row| format!("{row:?}")).collect();
        all.sort();
        all.join("\n")
    }
    vec![
        table::<subscription::Entity>(world).await,
        table::<subscription_change::Entity>(world).await,
        table::<payment::Entity>(world).await,
        table::<payment_method::Entity>(world).await,
        table::<refund::Entity>(world).await,
        table::<invoice::Entity>(world).await,
        table::<invoice_state::Entity>(world).await,
        table::<commission_line::Entity>(world).await,
        table::<payout::Entity>(world).await,
        table::<payout_account::Entity>(world).await,
        table::<payout_invoice::Entity>(world).await,
        table::<bulk_run::Entity>(world).await,
        table::<store_role::Entity>(world).await,
        table::<member::Entity>(world).await,
        table::<group::Entity>(world).await,
        table::<group::group_member::Entity>(world).await,
        table::<address::Entity>(world).await,
        table::<grant::Entity>(world).await,
        table::<access_request::Entity>(world).await,
        table::<mapping::Entity>(world).await,
        table::<request::Entity>(world).await,
        table::<token::Entity>(world).await,
        table::<code::Entity>(world).await,
        table::<dispute::Entity>(world).await,
        table::<identity_provider::Entity>(world).await,
        table::<domain::Entity>(world).await,
        table::<domain_mail::Entity>(world).await,
        table::<mail_setting::Entity>(world).await,
        format!("{} entries", entries(world).await),
    ]
}

/// The vendor's plans and prices, long enough ago for everything that follows.
async fn shop(world: &World) {
    let kontor = &world.bench.kontor;
    let now = kontor.now();
    world.bench.clock.set(now.plus_days(-AGO - 1));
    let admin = Actor::system(world.own_org(OrgKind::Vendor), OrgKind::Vendor, "test");
    catalogue::open(kontor, &admin).await.unwrap();
    world.bench.clock.set(now);
}

async fn bills_to(world: &World, actor: &Actor) {
    let form = BillingForm {
        billing_name: "Kunde GmbH".into(),
        street: "Hauptstraße 1".into(),
        postal_code: "20095".into(),
        city: "Hamburg".into(),
        billing_email: "rechnung@kunde.example".into(),
        country: "DE".into(),
        ..BillingForm::default()
    };
    save_profile(&world.bench.kontor, actor, 0, &form).await.unwrap();
}

/// A request of the partner for somebody, and one of nobody known for its customer.
async fn requests_of(world: &World, partner: &Actor, customer: OrgId) {
    let kontor = &world.bench.kontor;
    let key = format!("asked-by-{}", partner.org);
    let form = Ask { email: "somebody@else.example".into(), request_key: key, ..Ask::default() };
    let id = ask(kontor, partner, &form).await.unwrap();
    let claim = OpenDispute {
        about: "else.example".into(),
        statement: "The customer has asked us in writing.".into(),
        file_name: "mail.pdf".into(),
        content: b"%PDF-1.7".to_vec(),
        request_key: form.request_key.clone(),
    };
    open_dispute(kontor, partner, &claim).await.unwrap();
    let row = rows::<request::Entity>(world).await.into_iter().find(|row| row.id == id).unwrap();
    let theirs = request::Model {
        id: kontor.id(),
        partner_id: kontor.id(),
        email_key: format!("admin-of-{customer}@else.example"),
        org_id: Some(customer),
        delivered_at: Some(row.asked_at),
        ..row
    };
    let row = request::ActiveModel::from(theirs);
    request::Entity::insert(row).exec_without_returning(kontor.db.writer()).await.unwrap();
}

/// The partner wishes this; answers the change.
async fn wished(world: &World, partner: &Actor, org: OrgId, wish: ChangeForm) -> subscription_change::Model {
    let kontor = &world.bench.kontor;
    let seen = preview(kontor, partner, org, &wish).await.unwrap();
    let form = ChangeForm {
        total: seen.quote.map_or(0, |q| q.total).to_string(),
        version: seen.version.to_string(),
        request_key: seen.request_key,
        ..wish
    };
    let done = confirm(kontor, partner, org, &form).await.unwrap();
    let all = rows::<subscription_change::Entity>(world).await;
    all.into_iter().find(|change| change.id == done.change).unwrap()
}

/// A provider of single sign-on of an organisation.
async fn provider(world: &World, org: OrgId) -> String {
    let kontor = &world.bench.kontor;
    let row = identity_provider::Model {
        id: kontor.id(),
        org_id: Some(org),
        name: "Own".into(),
        issuer: "https://own.example".into(),
        client_id: "kontor".into(),
        client_secret: None,
        scopes: String::new(),
        active: true,
        required: false,
        creates_people: false,
        default_role: None,
        role_claim: String::new(),
        role_map: String::new(),
        trusts_factor: false,
        created_at: kontor.now(),
        version: 1,
    };
    let id = row.id.to_string();
    let row = identity_provider::ActiveModel::from(row);
    identity_provider::Entity::insert(row).exec_without_returning(kontor.db.writer()).await.unwrap();
    id
}

impl Things {
    /// Lets a partner come to what a partner comes to. `name` tells it from others.
    pub async fn of(world: &World, partner: OrgId, name: &str) -> Self {
        let kontor = &world.bench.kontor;
        let owner = world.person(Role::PartnerOwner, partner).await;
        world.join(Role::PartnerSales, partner, MemberStatus::Active, None).await;
        let now = kontor.now();
        world.bench.clock.set(now.plus_days(-AGO));
        let seller = world.actor(&owner).await;
        let input = AddOrganisation {
            organisation: format!("Kunde von {name}"),
            domain: format!("{name}.example"),
            admin_first_name: "Eva".into(),
            admin_last_name: "Muster".into(),
            admin_email: format!("eva@{name}-mail.example"),
            country: "DE".into(),
            plan: "trial".into(),
            request_key: format!("request-of-{name}"),
            ..AddOrganisation::default()
        };
        let customer = add_organisation(kontor, &seller, input).await.unwrap().org;
        let buyer = world.person(Role::SuperAdmin, customer).await;
        let buyer = world.actor(&buyer).await;
        for actor in [&seller, &buyer] {
            add_method(kontor, actor, Provider::Scripted, "approve").await.unwrap();
            bills_to(world, actor).await;
        }
        let buys = ChangeForm {
            plan: "professional".into(),
            term: "yearly".into(),
            seats: "20".into(),
            payer: "customer".into(),
            ..ChangeForm::default()
        };
        let proposed = wished(world, &seller, customer, buys).await;
        let seen = preview_proposal(kontor, &buyer, customer, proposed.id).await.unwrap();
        let shown = ChangeForm {
            total: seen.quote.unwrap().total.to_string(),
            version: seen.version.to_string(),
            ..ChangeForm::default()
        };
        approve(kontor, &buyer, customer, proposed.id, 1, &shown).await.unwrap();
        world.bench.clock.set(now.plus_days(-4));
        let account = pairs(&[
            ("org", &partner.to_string()),
            ("holder", "Nord GmbH"),
            ("iban", "DE89370400440532013000"),
        ]);
        let set = world.raw_call("/api/store/set_payout_account", &owner, &account).await;
        assert!(matches!(set.status, 200 | 302), "{} {}", set.status, set.body);
        world.bench.clock.set(now);
        // The one who bought is signed out by now.
        let admin = world.person(Role::SuperAdmin, customer).await;
        let tx = kontor.db.begin().await.unwrap();
        let (_, moved) = release_due(kontor, &tx, 100).await.unwrap();
        post_all(kontor, &tx, &postings(kontor, &moved).unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        let key = format!("payout-of-{name}");
        let asked = payouts::request(kontor, &seller, "de", Currency::Eur, &key).await.unwrap();
        let amount = asked.moved.unwrap().amount;
        let paper = UploadInvoice {
            number: "RE-1".into(),
            issued_on: now.day().to_string(),
            amount: amount.plain(),
            currency: "EUR".into(),
            file_name: "re.pdf".into(),
            content: b"%PDF-1.7".to_vec(),
        };
        payouts::upload_invoice(kontor, &seller, asked.id, &paper).await.unwrap();
        let more = ChangeForm { seats: "25".into(), ..ChangeForm::default() };
        let proposal = wished(world, &seller, customer, more).await;
        let (org, id) = (partner.to_string(), customer.to_string());
        let role = pairs(&[("org", &org), ("name", "Helpers"), ("features[]", "reports.view")]);
        let role = world.raw_call("/api/store/create_role", &owner, &role).await;
        assert!(matches!(role.status, 200 | 302), "{} {}", role.status, role.body);
        let run = pairs(&[
            ("org", &org),
            ("scope", "ticked"),
            ("customers[]", &id),
            ("operation", "seats_up"),
            ("seats", "5"),
            ("request_key", &format!("run-of-{name}")),
        ]);
        let run = world.raw_call("/api/store/plan_bulk", &owner, &run).await;
        assert!(matches!(run.status, 200 | 302), "{} {}", run.status, run.body);
        requests_of(world, &seller, customer).await;
        let wish =
            AskAccess { terms: TermsForm::of(&Terms::usual(&Policy::defaults(false))), note: String::new() };
        delegation::service::ask(kontor, &seller, customer, &wish).await.unwrap();
        let holder = world.actor(&admin).await;
        make_token(kontor, &holder, None).await.unwrap();
        let mut things = Self { owner, customer, admin, of_partner: Ids::new(), of_customer: Ids::new() };
        things.collect(world, partner).await;
        for ids in [&mut things.of_partner, &mut things.of_customer] {
            ids.insert("org", id.clone());
            ids.insert("chg", proposal.id.to_string());
            ids.insert("pyo", asked.id.to_string());
        }
        things
    }

    /// Finds what came of it.
    async fn collect(&mut self, world: &World, partner: OrgId) {
        let customer = self.customer;
        let line = rows::<commission_line::Entity>(world).await.into_iter().find(|l| l.partner_id == partner);
        let paper = rows::<invoice::Entity>(world).await.into_iter().find(|i| i.org_id == customer);
        let paid = rows::<payment::Entity>(world).await.into_iter().find(|p| p.org_id == customer);
        let mapped = rows::<mapping::Entity>(world).await.into_iter().find(|m| m.org_id == customer);
        let token = rows::<token::Entity>(world).await.into_iter().find(|t| t.org_id == customer);
        let asked = rows::<request::Entity>(world).await;
        let claim = rows::<dispute::Entity>(world).await.into_iter().find(|d| d.partner_id == partner);
        self.of_partner.insert("dsp", named(claim.map(|d| d.id), "dispute"));
        let run = rows::<bulk_run::Entity>(world).await.into_iter().find(|r| r.partner_id == partner);
        let roles = rows::<store_role::Entity>(world).await;
        let role = roles.into_iter().rfind(|r| r.partner_id == partner && r.name == "Helpers");
        let wish = rows::<access_request::Entity>(world).await.into_iter().find(|r| r.org_id == customer);
        let access = rows::<grant::Entity>(world).await.into_iter().find(|g| g.org_id == customer);
        let cards = rows::<payment_method::Entity>(world).await;
        let people = rows::<member::Entity>(world).await;
        let card = |org| named(cards.iter().find(|c| c.org_id == org).map(|c| c.id), "card");
        let other = |org| {
            // Not the one who tries: nobody suspends themselves.
            let of = people.iter().filter(|m| m.org_id == org && !m.role.is_last_word());
            named(of.map(|m| m.id).next().or(people.iter().find(|m| m.org_id == org).map(|m| m.id)), "person")
        };
        let by_partner = asked.iter().find(|r| r.partner_id == partner).map(|r| r.id);
        let to_customer = asked.iter().find(|r| r.org_id == Some(customer)).map(|r| r.id);
        self.of_partner.insert("mrq", named(by_partner, "request"));
        self.of_customer.insert("mrq", named(to_customer, "request"));
        for (ids, org) in [(&mut self.of_partner, partner), (&mut self.of_customer, customer)] {
            ids.insert("idp", provider(world, org).await);
        }
        let domain = rows::<domain::Entity>(world).await.into_iter().find(|d| d.org_id == customer);
        self.of_customer.insert("dom", named(domain.map(|d| d.id), "domain"));
        self.of_customer.insert("mtk", named(token.map(|t| t.id), "token"));
        self.of_customer.insert("map", named(mapped.map(|m| m.id), "mapping"));
        for (ids, org) in [(&mut self.of_partner, partner), (&mut self.of_customer, customer)] {
            ids.insert("com", named(line.as_ref().map(|l| l.id), "line"));
            ids.insert("inv", named(paper.as_ref().map(|i| i.id), "invoice"));
            ids.insert("pay", named(paid.as_ref().map(|p| p.id), "payment"));
            ids.insert("blk", named(run.as_ref().map(|r| r.id), "run"));
            ids.insert("srl", named(role.as_ref().map(|r| r.id), "role"));
            ids.insert("arq", named(wish.as_ref().map(|w| w.id), "request for access"));
            ids.insert("gra", named(access.as_ref().map(|g| g.id), "grant"));
            ids.insert("pme", card(org));
            ids.insert("mem", other(org));
            ids.insert("grp", group(world, org).await);
        }
    }
}

/// A group of an organisation with nobody in it.
async fn group(world: &World, org: OrgId) -> String {
    let row = group::Model {
        id: world.bench.kontor.id(),
        org_id: org,
        name: "Everybody".into(),
        sort_key: "everybody".into(),
        description: String::new(),
        created_at: world.bench.kontor.now(),
        version: 1,
    };
    let id = row.id.to_string();
    let active = group::ActiveModel::from(row);
    group::Entity::insert(active).exec_without_returning(world.bench.kontor.db.writer()).await.unwrap();
    id
}

/// Two partners that know nothing of each other, each with a customer and all that comes of it.
pub struct Neighbours {
    pub ours: Things,
    pub theirs: Things,
}

impl Neighbours {
    pub async fn of(world: &World) -> Self {
        shop(world).await;
        let partners = world.orgs_of(OrgKind::Partner);
        Self {
            ours: Things::of(world, partners[0], "nord").await,
            theirs: Things::of(world, partners[1], "alpen").await,
        }
    }

    /// Who tries, what is theirs to name, and what is not: all of the neighbour's, and of those whom one knows what
    /// is theirs alone.
    pub fn who_and_what(&self) -> [(&Person, &Ids, [Ids; 3]); 2] {
        let Self { ours, theirs } = self;
        let strange = |near: &Ids| {
            let alone = near.iter().filter(|(prefix, _)| ["mem", "pme"].contains(prefix));
            let alone = alone.map(|(prefix, id)| (*prefix, id.clone())).collect();
            [theirs.of_partner.clone(), theirs.of_customer.clone(), alone]
        };
        [
            (&ours.owner, &ours.of_partner, strange(&ours.of_customer)),
            (&ours.admin, &ours.of_customer, strange(&ours.of_partner)),
        ]
    }
}
