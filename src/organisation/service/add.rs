//! *Add organisation*: a partner sets up a new customer (domain.md section 3).

use crate::{
    Error, Issue, Problems, Refusal, account,
    audit::service::{Event, append},
    catalogue::service::plans_on_sale,
    delegation, domain,
    kernel::{
        Kontor,
        actor::Actor,
        id::{OrgId, SubscriptionId},
        right::{Feature, OrgKind, Role},
        text,
    },
    mapping::{MappingSource, service::begin},
    notification::{
        Mail,
        service::{Recipient, write},
    },
    organisation::{
        AddOrganisation, Added, MemberStatus, OrgStatus, fields_of, member_sort_key,
        rows::{invitation, member, organisation, organisation_contact, queue_up},
        service::once,
    },
    partner::{PartnerType, service::in_business},
    setting::{Policy, service::policy},
    subscription::{
        MAX_SEATS, Plan, Service, Start, SubscriptionStatus, TRIAL_PLAN, Term,
        rows::{subscription, trial_use},
        service::watch_trial,
        trial,
    },
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// A form without fault.
struct Checked {
    name: String,
    domain: domain::DomainName,
    first_name: String,
    last_name: String,
    email: String,
    contact: Option<String>,
    country: String,
    start: Start,
    seats: i64,
    term: Term,
}

/// Sets up a customer of the actor's partner: organisation, its super admin with an activation link (never a
/// password), domain, trial or free subscription, mapping and grant, all or nothing. The same `request_key` adds one
/// organisation. An address that has an account already is refused, and that it was said is audited.
pub async fn add_organisation(
    kontor: &Kontor,
    actor: &Actor,
    input: AddOrganisation,
) -> Result<Added, Error> {
    actor.require(Feature::CustomersAdd)?;
    let result = add(kontor, actor, &input).await;
    if result == Err(Refusal::CustomerExists.into()) {
        let tx = kontor.db.begin().await?;
        let event = Event::new("customer.exists_told", input.admin_email.trim());
        append(kontor, &tx, actor.org, actor, event).await?;
        tx.commit().await?;
    }
    let added = result?;
    kontor.hub.tell(actor.org, "customer");
    Ok(added)
}

/// Checks the fields of one step, so that what is wrong is said there; everything is checked again at the end.
pub async fn check_step(
    kontor: &Kontor,
    actor: &Actor,
    input: &AddOrganisation,
    step: &str,
) -> Result<(), Error> {
    actor.require(Feature::CustomersAdd)?;
    let db = kontor.db.read();
    let on_sale = plans_on_sale(db, kontor.now().day()).await?;
    match check(input, &policy(kontor, db).await?, &on_sale) {
        Err(Error::Invalid(errors)) => {
            let fields = fields_of(step);
            let here: Vec<_> = errors.into_iter().filter(|e| fields.contains(&e.field.as_str())).collect();
            if here.is_empty() { Ok(()) } else { Err(Error::Invalid(here)) }
        }
        Err(other) => Err(other),
        Ok(_) => Ok(()),
    }
}

async fn add(kontor: &Kontor, actor: &Actor, input: &AddOrganisation) -> Result<Added, Error> {
    let policy = policy(kontor, kontor.db.read()).await?;
    let on_sale = plans_on_sale(kontor.db.read(), kontor.now().day()).await?;
    let form = check(input, &policy, &on_sale)?;
    let tx = kontor.db.begin().await?;
    let org: OrgId = kontor.id();
    if let Some(earlier) = once(kontor, &tx, actor.org, &input.request_key, org).await? {
        return told(&tx, earlier, form).await;
    }
    let partner = in_business(&tx, actor.org).await?;
    // Two partners, or two forms, that name the same person or domain: one after the other.
    queue_up(&tx, &format!("email {}", text::email_key(&form.email))).await?;
    queue_up(&tx, &format!("domain {}", form.domain.ascii)).await?;
    if let Some(known) = account::service::find_by_email(&tx, &form.email).await? {
        // Whoever never opened the link has not shown that the address is theirs: they cannot bar it.
        if known.confirmed_at.is_some() || member::any_of(&tx, known.id).await? {
            return Err(Refusal::CustomerExists.into());
        }
        account::service::reclaim(&tx, known.id, &form.first_name, &form.last_name).await?;
    }
    let now = kontor.now();
    let row = organisation::Model {
        id: org,
        kind: OrgKind::Customer,
        name: form.name.clone(),
        country: form.country.clone(),
        status: OrgStatus::Active,
        created_at: now,
        second_factor_required: false,
        version: 1,
    };
    organisation::Entity::insert(organisation::ActiveModel::from(row)).exec_without_returning(&tx).await?;
    let link = super_admin(kontor, &tx, actor, org, &form).await?;
    begin(kontor, &tx, actor.org, org, MappingSource::Console).await?;
    domain::service::claim(kontor, &tx, org, &form.domain, true).await?;
    subscribe(kontor, &tx, actor, org, &form, &policy).await?;
    // A referral partner brings customers and does not manage them (design.md section 1).
    if partner.partner_type == PartnerType::Reseller {
        let terms = delegation::Terms::usual(&policy);
        delegation::service::grant(kontor, &tx, actor.org, org, &actor.label(), &terms).await?;
    }
    let facts = serde_json::json!({
        "organisation": form.name, "domain": form.domain.ascii, "plan": form.start.key(),
    });
    for chain in [org, actor.org] {
        let event = Event::new("customer.added", &form.name).with(facts.clone());
        append(kontor, &tx, chain, actor, event).await?;
    }
    let to = form.contact.clone().unwrap_or_else(|| form.email.clone());
    let by = organisation::by_id(&tx, actor.org).await?.ok_or(Error::NotFound)?.name;
    let mail = Mail::CustomerCreated { organisation: form.name.clone(), partner: by, link };
    write(kontor, &tx, Recipient { email: to.clone(), locale: actor.locale }, &mail).await?;
    crate::mapping::service::refresh(kontor, &tx, org).await?;
    tx.commit().await?;
    Ok(Added { org, organisation: form.name, domain: form.domain.to_string(), mailed_to: to })
}

/// The answer to a request that had its effect before.
async fn told(tx: &DatabaseTransaction, org: OrgId, form: Checked) -> Result<Added, Error> {
    let row = organisation::by_id(tx, org).await?.ok_or(Error::NotFound)?;
    let domain = domain::rows::domain::primary(tx, org).await?.map(|d| d.name);
    // The browser's way back, then another organisation in the same form: that is no repetition.
    if domain.is_some_and(|name| name != form.domain.ascii) {
        return Err(Error::StaleVersion);
    }
    Ok(Added {
        org,
        organisation: row.name,
        domain: form.domain.to_string(),
        mailed_to: form.contact.unwrap_or(form.email),
    })
}

async fn super_admin(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    org: OrgId,
    form: &Checked,
) -> Result<String, Error> {
    let person = account::service::NewPerson {
        email: form.email.clone(),
        first_name: form.first_name.clone(),
        last_name: form.last_name.clone(),
        locale: actor.locale,
    };
    let (account, link) = account::service::invite(kontor, tx, person).await?;
    let row = member::Model {
        id: kontor.id(),
        org_id: org,
        account_id: account,
        role: Role::SuperAdmin,
        status: MemberStatus::Invited,
        store_role_id: None,
        licensed: true,
        sort_key: member_sort_key(&form.first_name, &form.last_name, &form.email),
        created_at: kontor.now(),
        version: 1,
    };
    let id = row.id;
    member::Entity::insert(member::ActiveModel::from(row)).exec_without_returning(tx).await?;
    invitation::note(tx, id, &form.first_name, &form.last_name).await?;
    if let Some(email) = form.contact.clone() {
        let row = organisation_contact::Model { org_id: org, email };
        organisation_contact::Entity::insert(organisation_contact::ActiveModel::from(row))
            .exec_without_returning(tx)
            .await?;
    }
    link.ok_or_else(|| Refusal::CustomerExists.into())
}

async fn subscribe(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    org: OrgId,
    form: &Checked,
    policy: &Policy,
) -> Result<(), Error> {
    let today = kontor.now().day();
    let id: SubscriptionId = kontor.id();
    let mut row = subscription::Model::free(id, org, form.seats, kontor.now());
    if form.start != Start::Free {
        let since = trial::months_back(today, policy.trial_once_months);
        let earlier =
            trial_use::counting(tx, &form.domain.ascii, Service::Workplace, since, actor.org).await?;
        if let Some(since) = earlier {
            return Err(Refusal::TrialUsed { since }.into());
        }
        row.status = SubscriptionStatus::Trial;
        row.plan = TRIAL_PLAN;
        row.seats = policy.trial_seats;
        row.trial_started = Some(today);
        row.ends_on = Some(trial::first_end(today, policy));
        if let Start::Intended(plan) = form.start {
            row.plan = plan;
            row.intended_plan = Some(plan);
            row.intended_seats = Some(form.seats);
            row.intended_term = Some(form.term);
        }
        let used = trial_use::Model {
            domain: form.domain.ascii.clone(),
            service: Service::Workplace,
            org_id: org,
            started: today,
        };
        trial_use::Entity::insert(trial_use::ActiveModel::from(used)).exec_without_returning(tx).await?;
    }
    let ends_on = row.ends_on;
    subscription::Entity::insert(subscription::ActiveModel::from(row)).exec_without_returning(tx).await?;
    match ends_on {
        Some(end) => watch_trial(kontor, tx, org, end, policy).await,
        None => Ok(()),
    }
}

fn check(input: &AddOrganisation, policy: &Policy, on_sale: &[Plan]) -> Result<Checked, Error> {
    let mut problems = Problems::new();
    let name = problems.take("organisation", text::line(&input.organisation, 2, 120));
    let domain = problems.take("domain", domain::name::normalise(&input.domain).map(Some));
    let first_name = problems.take("admin_first_name", text::line(&input.admin_first_name, 1, 80));
    let last_name = problems.take("admin_last_name", text::line(&input.admin_last_name, 1, 80));
    let email = problems.take("admin_email", text::email(&input.admin_email));
    let contact = problems.take("contact_email", contact(input, domain.as_ref(), &email));
    let country = problems.take("country", super::profile::country(&input.country));
    let start = match input.plan.trim() {
        "" => Some(Start::Trial),
        key => Start::choices(on_sale).find(|start| start.key() == key),
    };
    if start.is_none() {
        problems.add("plan", Issue::NotAChoice);
    }
    let start = start.unwrap_or(Start::Trial);
    let (seats, term) = match start {
        Start::Trial => (policy.trial_seats, Term::None),
        Start::Free => (problems.take("seats", free_seats(&input.seats, policy)), Term::None),
        Start::Intended(plan) => {
            let seats = problems.take("seats", text::whole(&input.seats, 1, MAX_SEATS.into()));
            let term = term(&input.term, plan).unwrap_or_else(|issue| {
                problems.add("term", issue);
                Term::None
            });
            (seats, term)
        }
    };
    problems.finish()?;
    let domain = domain.ok_or(Error::BadRequest)?;
    Ok(Checked { name, domain, first_name, last_name, email, contact, country, start, seats, term })
}

/// A mailbox on the new domain receives nothing before the domain works: then somebody reachable is needed (R3.5).
fn contact(
    input: &AddOrganisation,
    new: Option<&domain::DomainName>,
    email: &str,
) -> Result<Option<String>, Issue> {
    let on_domain = |address: &str| {
        let host = text::email_domain(address);
        let host = domain::name::normalise(host).map_or_else(|_| host.to_owned(), |n| n.ascii);
        new.is_some_and(|new| host == new.ascii || host.ends_with(&format!(".{}", new.ascii)))
    };
    if !on_domain(email) {
        return Ok(None);
    }
    if input.contact_email.trim().is_empty() {
        return Err(Issue::ContactNeeded);
    }
    let contact = text::email(&input.contact_email)?;
    if on_domain(&contact) { Err(Issue::ContactNeeded) } else { Ok(Some(contact)) }
}

fn free_seats(typed: &str, policy: &Policy) -> Result<i64, Issue> {
    let most = policy.free_users_max;
    if typed.trim().is_empty() {
        return Ok(most);
    }
    match text::whole(typed, 1, MAX_SEATS.into())? {
        seats if seats <= most => Ok(seats),
        _ => Err(Issue::TooManySeats { max: u32::try_from(most).unwrap_or(u32::MAX) }),
    }
}

fn term(typed: &str, plan: Plan) -> Result<Term, Issue> {
    match typed.trim() {
        "" => Err(Issue::Required),
        key => {
            let term = Term::from_key(key).filter(|t| *t != Term::None).ok_or(Issue::NotAChoice)?;
            if plan.terms().contains(&term) { Ok(term) } else { Err(Issue::TermNotOffered) }
        }
    }
}
