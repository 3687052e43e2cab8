//! One application in full.

use super::parts::four_eyes;
use crate::{
    Error,
    application::{
        CheckedApplication,
        contact::website_host,
        detail::{ApplicationDetail, Hint, HintKind, HistoryEntry, WebCheck},
        review::{age_days, ageing, currency_of},
        rows::{application, message, people},
        standing::Message,
    },
    domain::name::normalise,
    kernel::{
        Kontor,
        actor::Actor,
        id::{AccountId, ApplicationId},
        right::Feature,
        text::email_domain,
    },
    partner::rows::directory,
};
use std::time::Duration;

/// How long the page waits for DNS. The check is a hint; nobody's review waits for a lame name server.
const DNS_WAIT: Duration = Duration::from_secs(2);

/// Everything a reviewer needs to decide. Unconfirmed, foreign and malformed ids are not found.
pub async fn detail(kontor: &Kontor, actor: &Actor, id: ApplicationId) -> Result<ApplicationDetail, Error> {
    actor.require(Feature::ApplicationsView)?;
    let (db, now) = (kontor.db.read(), kontor.now());
    let row = application::for_review(db, id).await?.ok_or(Error::NotFound)?;
    let policy = crate::setting::service::policy(kontor, db).await?;
    let open = row.status.is_open();
    let submitted_at = row.submitted_at.unwrap_or(row.created_at);
    let due_at = row.due_at.unwrap_or(submitted_at);
    let staff = people::staff_with(db, actor.org, Feature::ApplicationsDecide).await?;
    let named =
        people::accounts(db, [row.assigned_to, row.decided_by].into_iter().flatten().collect()).await?;
    let find = |id: Option<AccountId>| named.iter().find(|p| Some(p.id) == id).map(people::person);
    let history = people::history(db, actor.org, id).await?.into_iter();
    let messages = message::thread(db, id, true).await?.into_iter();
    let may_decide = actor.may(Feature::ApplicationsDecide);
    Ok(ApplicationDetail {
        id,
        version: row.version,
        status: row.status,
        age_days: age_days(submitted_at, now),
        ageing: open.then(|| ageing(submitted_at, now)),
        overdue: open && due_at <= now,
        email: row.email.clone(),
        terms_version: row.terms_version.clone(),
        terms_at: row.terms_at,
        ip: row.ip.clone(),
        locale: row.locale,
        submitted_at,
        due: due_at.day(),
        assigned_to: find(row.assigned_to),
        mine: row.assigned_to.is_some() && row.assigned_to == actor.account(),
        decided_by: find(row.decided_by).map(|p| p.name),
        decided_at: row.decided_at,
        reject_reason: row.reject_reason,
        reject_note: row.reject_note.clone(),
        reapply_on: row.reapply_on,
        partner: row.org_id,
        hints: hints(kontor, &row).await?,
        web: web(kontor, &row).await,
        history: history.map(|e| HistoryEntry { at: e.at, actor: e.actor, action: e.action }).collect(),
        messages: messages
            .map(|m| Message { kind: m.kind, author: Some(m.author), body: m.body, at: m.at })
            .collect(),
        may_decide,
        four_eyes: four_eyes(&policy, actor, &row),
        staff: if may_decide { staff.iter().map(people::person).collect() } else { Vec::new() },
        default_rate_bp: policy.commission_rate_bp,
        default_currency: currency_of(&row.country),
        facts: facts(row),
    })
}

fn facts(row: application::Model) -> CheckedApplication {
    CheckedApplication {
        first_name: row.first_name,
        last_name: row.last_name,
        phone: row.phone,
        job_title: row.job_title,
        company_name: row.company_name,
        website: row.website,
        vat_id: row.vat_id,
        employees: row.employees,
        founded: row.founded,
        street: row.street,
        street2: row.street2,
        postal_code: row.postal_code,
        city: row.city,
        state: row.state,
        country: row.country,
        expertise: row.expertise,
        partner_type: row.partner_type,
        experience: row.experience,
        plans: row.plans,
        expected_customers: row.expected_customers,
        other_vendors: row.other_vendors,
    }
}

/// Other applications, and partners that never applied, that may be the same company.
async fn hints(kontor: &Kontor, row: &application::Model) -> Result<Vec<Hint>, Error> {
    let db = kontor.db.read();
    let mut hints = Vec::new();
    for other in application::alike(db, row).await? {
        let common = [
            (HintKind::Name, other.name_key == row.name_key),
            (HintKind::Domain, other.company_domain == row.company_domain && !row.company_domain.is_empty()),
            (HintKind::Phone, other.phone == row.phone),
            (HintKind::MailDomain, other.mail_domain == row.mail_domain && !row.mail_domain.is_empty()),
        ];
        hints.push(Hint {
            application: Some(other.id),
            company_name: other.company_name,
            status: Some(other.status),
            kinds: common.into_iter().filter(|(_, same)| *same).map(|(kind, _)| kind).collect(),
        });
    }
    if !row.company_domain.is_empty() {
        // Those that did apply are among the applications above, or are this one.
        for (_, name) in directory::unapplied_of_domain(db, &row.company_domain).await? {
            let kinds = vec![HintKind::Domain];
            hints.push(Hint { application: None, company_name: name, status: None, kinds });
        }
    }
    Ok(hints)
}

async fn web(kontor: &Kontor, row: &application::Model) -> WebCheck {
    let host = website_host(&row.website).to_owned();
    // DNS knows A-labels only. A host on a public provider's domain has no normal form of its own, and is ASCII.
    let asked = normalise(&host).map_or_else(|_| host.clone(), |name| name.ascii);
    let host_resolves = tokio::time::timeout(DNS_WAIT, kontor.dns.resolves(&asked)).await.ok();
    let mailbox = normalise(email_domain(&row.email));
    WebCheck {
        host,
        host_resolves,
        domain: row.company_domain.clone(),
        mail_on_domain: !row.mail_domain.is_empty() && row.mail_domain == row.company_domain,
        public_mail: mailbox == Err(crate::Issue::PublicMailDomain),
    }
}
