//! Gives a partner access to a customer, and changes the terms of what was given.

use super::clock::watch_grant;
use crate::{
    Error,
    audit::service::{Event, append},
    delegation::{GrantKind, GrantStatus, Terms, TermsView, rows::grant},
    kernel::{
        Kontor,
        actor::Actor,
        id::{GrantId, OrgId},
        instant::Instant,
        right::OrgKind,
    },
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::last_words},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Terms as a reader sees them.
pub(super) fn view(terms: &Terms, until: Instant) -> TermsView {
    TermsView {
        capabilities: terms.capabilities.list().collect(),
        until: until.day(),
        renewal: terms.renewal,
    }
}

/// Gives a partner access on these terms, inside the transaction that adds the customer (domain.md section 18: active from its
/// creation by the partner's console), maps it, or in which the customer consents. The caller has made sure that the partner
/// has none.
pub async fn grant(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    partner: OrgId,
    org: OrgId,
    granted_by: &str,
    terms: &Terms,
) -> Result<GrantId, Error> {
    let now = kontor.now();
    let row = grant::Model {
        id: kontor.id(),
        org_id: org,
        partner_id: partner,
        kind: GrantKind::Agreed,
        capabilities: terms.capabilities.keys(),
        days: terms.days,
        renewal: terms.renewal,
        reason: String::new(),
        granted_by: granted_by.to_owned(),
        status: GrantStatus::Active,
        from_at: now,
        until_at: now.plus_days(terms.days),
        ended_at: None,
        ended_by: None,
        version: 1,
    };
    insert(kontor, tx, row).await
}

/// Writes a grant and begins to watch it.
pub(super) async fn insert(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: grant::Model,
) -> Result<GrantId, Error> {
    watch_grant(kontor, tx, &row).await?;
    let id = row.id;
    grant::Entity::insert(grant::ActiveModel::from(row)).exec_without_returning(tx).await?;
    Ok(id)
}

/// The two sides of a grant and what they are called.
pub(super) struct Sides {
    pub(super) org: OrgId,
    pub(super) organisation: String,
    pub(super) partner: OrgId,
    pub(super) partner_name: String,
}

impl Sides {
    pub(super) async fn of(tx: &DatabaseTransaction, org: OrgId, partner: OrgId) -> Result<Self, Error> {
        let names = organisation::names(tx, vec![org, partner]).await?;
        let name = |id| names.iter().find(|n| n.0 == id).map(|n| n.1.clone()).unwrap_or_default();
        Ok(Self { org, organisation: name(org), partner, partner_name: name(partner) })
    }

    /// Appends to the trail of both: in the organisation's by whoever did it, in the partner's, if `by` is not of the partner, without
    /// saying who in the customer's house it was; and the other way round.
    pub(super) async fn append(
        &self,
        kontor: &Kontor,
        tx: &DatabaseTransaction,
        by: &Actor,
        action: &'static str,
        detail: serde_json::Value,
    ) -> Result<(), Error> {
        let event = |target: &str| Event::new(action, target).with(detail.clone());
        append(kontor, tx, self.org, by, event(&self.partner_name)).await?;
        let own = by.org == self.partner;
        let system = Actor::system(self.partner, OrgKind::Partner, "customer");
        let by = if own { by } else { &system };
        append(kontor, tx, self.partner, by, event(&self.organisation)).await
    }

    /// Writes to those with the last word on both sides, each with a link to where it is for them.
    pub(super) async fn tell(
        &self,
        kontor: &Kontor,
        tx: &DatabaseTransaction,
        mail: impl Fn(String) -> Mail,
    ) -> Result<(), Error> {
        self.tell_customer(kontor, tx, &mail).await?;
        self.tell_partner(kontor, tx, &mail).await
    }

    pub(super) async fn tell_customer(
        &self,
        kontor: &Kontor,
        tx: &DatabaseTransaction,
        mail: impl Fn(String) -> Mail,
    ) -> Result<(), Error> {
        let mail = mail(kontor.url(&format!("/admin/{}/partner-access", self.org)));
        for to in last_words(tx, self.org, OrgKind::Customer).await? {
            write(kontor, tx, to, &mail).await?;
        }
        Ok(())
    }

    pub(super) async fn tell_partner(
        &self,
        kontor: &Kontor,
        tx: &DatabaseTransaction,
        mail: impl Fn(String) -> Mail,
    ) -> Result<(), Error> {
        let mail = mail(kontor.url(&format!("/store/{}/customers/{}#access", self.partner, self.org)));
        for to in last_words(tx, self.partner, OrgKind::Partner).await? {
            write(kontor, tx, to, &mail).await?;
        }
        Ok(())
    }

    /// Says on the open pages of both that something changed. To be called after the commit.
    pub(super) fn changed(&self, kontor: &Kontor) {
        kontor.hub.tell(self.org, "delegation");
        kontor.hub.tell(self.partner, "customer");
    }
}

/// Puts the terms of a grant in force anew: from the next request on they hold. Both sides read what they were and what they
/// are. The same terms again change nothing.
pub(super) async fn put(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    sides: &Sides,
    row: &grant::Model,
    terms: &Terms,
    until: Instant,
    by: &Actor,
) -> Result<(), Error> {
    if row.terms() == *terms && row.until_at == until {
        return Ok(());
    }
    let change = grant::ActiveModel {
        id: Set(row.id),
        capabilities: Set(terms.capabilities.keys()),
        days: Set(terms.days),
        renewal: Set(terms.renewal),
        until_at: Set(until),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let now = grant::Entity::update(change).exec(tx).await?;
    watch_grant(kontor, tx, &now).await?;
    let (was, is) = (view(&row.terms(), row.until_at), view(terms, until));
    let facts = serde_json::json!({
        "was": row.capabilities, "was_until": was.until, "was_renewal": was.renewal,
        "capabilities": terms.capabilities.keys(), "until": is.until, "renewal": is.renewal,
    });
    sides.append(kontor, tx, by, "access.changed", facts).await?;
    let mail = |link| Mail::AccessChanged {
        organisation: sides.organisation.clone(),
        partner: sides.partner_name.clone(),
        was: was.clone(),
        now: is.clone(),
        link,
    };
    sides.tell(kontor, tx, mail).await
}

/// Says to both that access was given. The caller grants.
pub(super) async fn tell_given(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    sides: &Sides,
    terms: &Terms,
    by: &Actor,
) -> Result<(), Error> {
    let is = view(terms, kontor.now().plus_days(terms.days));
    let facts = serde_json::json!({
        "capabilities": terms.capabilities.keys(), "until": is.until, "renewal": is.renewal,
    });
    sides.append(kontor, tx, by, "access.granted", facts).await?;
    let mail = |link| Mail::AccessGiven {
        organisation: sides.organisation.clone(),
        partner: sides.partner_name.clone(),
        terms: is.clone(),
        link,
    };
    sides.tell(kontor, tx, mail).await
}
