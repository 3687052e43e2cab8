//! Writes what a check came to: the domain, its rivals, the trail, mails and the next check, in one transaction.

use crate::{
    Error,
    audit::service::{Event, append},
    domain::{
        Check, DomainStatus, Outcome,
        name::named,
        rows::{domain, domain_mail},
        schedule::{RETRY_HOURS, Standing, WEEK_DAYS, next_pending, weigh},
        service::{claim::look_at, mail::look_soon},
    },
    kernel::{Kontor, actor::Actor, error::is_unique_violation, id::OrgId, instant::Instant, right::OrgKind},
    mapping::{rows::mapping, service::refresh},
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::last_words},
    subscription::Service,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Who asked for the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Somebody pressed *Check now*.
    Person,
    /// The schedule.
    Job,
}

/// What a check changes. Pure, so that the whole state machine (domain.md section 18) stands in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decision {
    outcome: Outcome,
    status: DomainStatus,
    pending_since: Option<Instant>,
    lost_at: Option<Instant>,
    next: Option<Instant>,
    event: Option<&'static str>,
}

fn decide(row: &domain::Model, claimed: bool, check: &Check, by: By, now: Instant) -> Decision {
    let proven = check.outcome == Outcome::Verified;
    let keep = Decision {
        outcome: check.outcome,
        status: row.status,
        pending_since: row.pending_since,
        lost_at: row.lost_at,
        next: row.next_check_at,
        event: (by == By::Person).then_some("domain.check"),
    };
    if row.status.is_held() {
        let plan =
            |status, lost_at, next, event| Decision { status, lost_at, next: Some(next), event, ..keep };
        let (week, day) = (now.plus_days(WEEK_DAYS), now.plus_hours(RETRY_HOURS));
        let was_at_risk = row.status == DomainStatus::AtRisk;
        return match weigh(proven, check.outcome.is_loss(), row.lost_at, now) {
            Standing::Proven => {
                let event = if was_at_risk { Some("domain.recover") } else { keep.event };
                plan(DomainStatus::Verified, None, week, event)
            }
            // A person who looks once more does not make it a second loss.
            _ if by == By::Person => keep,
            Standing::LostOnce => plan(row.status, Some(now), day, None),
            Standing::AtRisk => {
                plan(DomainStatus::AtRisk, Some(now), week, (!was_at_risk).then_some("domain.at_risk"))
            }
            Standing::Unknown => plan(row.status, row.lost_at, day, None),
        };
    }
    if claimed {
        let event = if row.status == DomainStatus::Claimed { keep.event } else { Some("domain.claimed") };
        return Decision {
            outcome: Outcome::AlreadyClaimed,
            status: DomainStatus::Claimed,
            next: None,
            event,
            ..keep
        };
    }
    if proven {
        return Decision {
            status: DomainStatus::Verified,
            pending_since: None,
            lost_at: None,
            next: Some(now.plus_days(WEEK_DAYS)),
            event: Some("domain.verify"),
            ..keep
        };
    }
    // Somebody who asks for a domain that was given up begins the wait anew.
    let since = match row.status {
        DomainStatus::Pending => row.pending_since.unwrap_or(row.created_at),
        _ => now,
    };
    match next_pending(since, now) {
        Some(next) => {
            Decision { status: DomainStatus::Pending, pending_since: Some(since), next: Some(next), ..keep }
        }
        None => Decision { status: DomainStatus::Lapsed, next: None, event: Some("domain.lapse"), ..keep },
    }
}

/// Writes the check inside the caller's transaction. Answers the organisations whose open pages are to be told after
/// the commit, or nothing if another organisation proved the name in the same moment: then the caller rolls back and
/// tries again, and finds it claimed. `NotFound` if the domain was removed meanwhile, `StaleVersion` if it was removed
/// and added anew. A check that another check overtook still counts: it saw what it saw.
pub async fn settle(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    seen: &domain::Model,
    check: &Check,
    by: By,
) -> Result<Option<Vec<OrgId>>, Error> {
    let rows = domain::lock_name(tx, &seen.name).await?;
    let row = rows.iter().find(|r| r.org_id == seen.org_id).ok_or(Error::NotFound)?;
    if row.token != seen.token {
        return Err(Error::StaleVersion);
    }
    let now = kontor.now();
    let claimed = rows.iter().any(|r| r.org_id != row.org_id && r.verified_name.is_some());
    let decision = decide(row, claimed, check, by, now);
    match write_row(tx, row, decision, check, now).await {
        Err(err) if is_unique_violation(&err) => return Ok(None),
        other => other?,
    }
    if let Some(due) = decision.next
        && (by == By::Job || decision.next != row.next_check_at)
    {
        look_at(kontor, tx, row.org_id, row.id, due).await?;
    }
    // Held since this moment; or for longer, and its mail was never looked at.
    let held = decision.status.is_held();
    if held && (!row.status.is_held() || domain_mail::of(tx, row.org_id, row.id).await?.is_none()) {
        look_soon(kontor, tx, row.org_id, row.id, now).await?;
    }
    // Chains are written in the order of their organisations, so that two such transactions cannot wait for each other.
    let mut touched = vec![row];
    if decision.event == Some("domain.verify") {
        touched.extend(rows.iter().filter(|r| r.org_id != row.org_id && r.status != DomainStatus::Claimed));
    }
    touched.sort_by_key(|r| r.org_id);
    for other in &touched {
        if other.org_id == row.org_id {
            if let Some(action) = decision.event {
                note(kontor, tx, actor, row, action, check, decision.outcome).await?;
            }
        } else {
            lose(kontor, tx, other, check, now).await?;
        }
        refresh(kontor, tx, other.org_id).await?;
    }
    let mut told = Vec::new();
    for other in &touched {
        told.push(other.org_id);
        told.extend(mapping::partner_of(tx, other.org_id, Service::Workplace).await?);
    }
    Ok(Some(told))
}

async fn write_row(
    tx: &DatabaseTransaction,
    row: &domain::Model,
    decision: Decision,
    check: &Check,
    now: Instant,
) -> Result<(), sea_orm::DbErr> {
    let mut change = domain::ActiveModel {
        id: Set(row.id),
        status: Set(decision.status),
        pending_since: Set(decision.pending_since),
        lost_at: Set(decision.lost_at),
        next_check_at: Set(decision.next),
        checked_at: Set(Some(now)),
        last_check: Set(Some(stored(check, decision.outcome))),
        version: Set(row.version + 1),
        ..Default::default()
    };
    if decision.status.is_held() && !row.status.is_held() {
        change.verified_name = Set(Some(row.name.clone()));
        change.verified_at = Set(Some(now));
    }
    if check.outcome == Outcome::Verified && decision.status.is_held() {
        change.method = Set(Some(check.method));
    }
    domain::Entity::update(change).exec(tx).await?;
    Ok(())
}

fn stored(check: &Check, outcome: Outcome) -> String {
    // A struct of plain values always serialises; an empty text reads back as "no check yet".
    serde_json::to_string(&Check { outcome, ..check.clone() }).unwrap_or_default()
}

/// Another organisation's row of a name that has just been proven.
async fn lose(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &domain::Model,
    check: &Check,
    now: Instant,
) -> Result<(), Error> {
    // What was seen belongs to the winner; the loser learns only that it lost.
    let told = Check { found: Vec::new(), server: String::new(), hint: None, at: now, ..check.clone() };
    let change = domain::ActiveModel {
        id: Set(row.id),
        status: Set(DomainStatus::Claimed),
        next_check_at: Set(None),
        last_check: Set(Some(stored(&told, Outcome::AlreadyClaimed))),
        version: Set(row.version + 1),
        ..Default::default()
    };
    domain::Entity::update(change).exec(tx).await?;
    let organisation = organisation::by_id(tx, row.org_id).await?.ok_or(Error::NotFound)?;
    let system = Actor::system(row.org_id, organisation.kind, "domain-check");
    append(kontor, tx, row.org_id, &system, Event::new("domain.claimed", &row.name)).await
}

/// The trail, and the mails that go with it.
async fn note(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    row: &domain::Model,
    action: &'static str,
    check: &Check,
    outcome: Outcome,
) -> Result<(), Error> {
    let mut detail = serde_json::json!({ "method": check.method, "outcome": outcome });
    if actor.org != row.org_id {
        detail["partner"] = serde_json::json!(actor.org);
    }
    append(kontor, tx, row.org_id, actor, Event::new(action, &row.name).with(detail)).await?;
    let make: fn(String, String, String) -> Mail = match action {
        "domain.verify" => |domain, organisation, link| Mail::DomainVerified { domain, organisation, link },
        "domain.lapse" => |domain, organisation, link| Mail::DomainUnverified { domain, organisation, link },
        "domain.at_risk" => |domain, organisation, link| Mail::DomainAtRisk { domain, organisation, link },
        _ => return Ok(()),
    };
    let organisation = organisation::by_id(tx, row.org_id).await?.ok_or(Error::NotFound)?;
    let partner = mapping::partner_of(tx, row.org_id, Service::Workplace).await?;
    let console = kontor.url(&format!("/admin/{}/domains", row.org_id));
    let mut readers = vec![(row.org_id, organisation.kind, console)];
    readers.extend(partner.map(|partner| {
        let list = kontor.url(&format!("/admin/{partner}/partner/customers?q={}", row.name));
        (partner, OrgKind::Partner, list)
    }));
    for (org, kind, link) in readers {
        for to in last_words(tx, org, kind).await? {
            let mail = make(named(&row.name).to_string(), organisation.name.clone(), link.clone());
            write(kontor, tx, to, &mail).await?;
        }
    }
    Ok(())
}
