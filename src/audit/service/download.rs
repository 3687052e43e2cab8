//! *Download trail*: a chain as a file that proves itself, for the organisation itself or for a partner of it.

use super::append::{Event, append};
use crate::{
    Error,
    audit::{
        rows::{audit_event, audit_head},
        trail::{Header, Place, line},
    },
    kernel::{Kontor, actor::Actor, error::internal, id::OrgId, right::Feature},
    mapping::rows::mapping,
    organisation::rows::organisation,
    subscription::Service,
};

/// Events written at once.
const PAGE: u64 = 1_000;

/// A file on its way, piece by piece.
pub struct Trail {
    kontor: Kontor,
    header: Header,
    /// The partner that sees only what was done in its name.
    partner: Option<OrgId>,
    /// The last event that was written; nothing yet before the header.
    written: Option<i64>,
}

/// Begins the file of the actor's own organisation, or of a partner's customer. An organisation's people see all that
/// happened in it; partners, in the store or under a grant, what was done in their name (R6.8), and the links of the rest.
pub async fn download(kontor: &Kontor, actor: &Actor, customer: Option<OrgId>) -> Result<Trail, Error> {
    let org = customer.unwrap_or(actor.org);
    actor.require(if customer.is_some() { Feature::CustomersView } else { Feature::ActivityView })?;
    let tx = kontor.db.begin().await?;
    if customer.is_some() {
        mapping::between(&tx, actor.org, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    }
    let name = organisation::by_id(&tx, org).await?.ok_or(Error::NotFound)?.name;
    let partner = customer.map(|_| actor.org).or(actor.acting_for());
    append(kontor, &tx, org, actor, Event::new("audit.downloaded", &name)).await?;
    let head = audit_head::of(&tx, org).await?;
    tx.commit().await?;
    kontor.hub.tell(org, "activity");
    let after = Place { seq: head.cut_seq, hash: head.cut_hash };
    let head = Place { seq: head.seq, hash: head.hash };
    let header = Header::new((org, name), partner.unwrap_or(org), kontor.now(), after, head);
    Ok(Trail { kontor: kontor.clone(), header, partner, written: None })
}

impl Trail {
    /// What the file is called.
    pub fn name(&self) -> String {
        format!("trail-{}-{}.jsonl", self.header.org, self.kontor.now().day())
    }

    /// The next piece of the file; nothing at its end. What was added to the chain since it was begun is not in it.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        let Some(written) = self.written else {
            self.written = Some(self.header.after.seq);
            return Ok(Some(self.header.line().map_err(internal)?));
        };
        let left = u64::try_from(self.header.head.seq - written).unwrap_or(0);
        let page = match left {
            0 => Vec::new(),
            left => {
                let db = self.kontor.db.read();
                audit_event::behind(db, self.header.org, written, left.min(PAGE)).await?
            }
        };
        let mut text = String::new();
        for event in page.iter().filter(|event| event.seq <= self.header.head.seq) {
            let shown = self.partner.is_none_or(|partner| event.acting_for == Some(partner));
            text.push_str(&line(event, shown).map_err(internal)?);
        }
        self.written = page.last().map(|last| last.seq);
        Ok((!text.is_empty()).then_some(text))
    }
}
