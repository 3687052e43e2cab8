//! *Download trail*: a chain as a file that proves itself, for the organisation itself or for a partner of it.

use super::append::{Event, append};
use crate::{
    Error,
    audit::{
        rows::{audit_event, audit_head},
        trail::{Header, Place, Seen, line},
    },
    kernel::{
        Kontor,
        actor::Actor,
        error::internal,
        id::{AccountId, OrgId},
        right::{Feature, OrgKind},
    },
    mapping::rows::mapping,
    organisation::rows::{member, organisation},
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
    /// Whether facts about money are left out.
    without_money: bool,
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
    let of = organisation::by_id(&tx, org).await?.ok_or(Error::NotFound)?;
    let (name, kind) = (of.name, of.kind);
    let partner = customer.map(|_| actor.org).or(actor.acting_for());
    append(kontor, &tx, org, actor, Event::new("audit.downloaded", &name)).await?;
    let head = audit_head::of(&tx, org).await?;
    tx.commit().await?;
    kontor.hub.tell(org, "activity");
    let after = Place { seq: head.cut_seq, hash: head.cut_hash };
    let head = Place { seq: head.seq, hash: head.hash };
    let header = Header::new((org, name), partner.unwrap_or(org), kontor.now(), after, head);
    let without_money = partner.is_none() && kind == OrgKind::Customer;
    Ok(Trail { kontor: kontor.clone(), header, partner, without_money, written: None })
}

impl Trail {
    /// What the file is called.
    pub fn name(&self) -> String {
        format!("trail-{}-{}.jsonl", self.header.org, self.kontor.now().day())
    }

    /// What the reader may see of an event: nothing of those of others; from where somebody came only of the own people.
    /// A customer's file has no facts about money: in what its partner pays they are the partner's prices, and what
    /// the customer pays is on its invoices.
    fn seen(&self, event: &audit_event::Model, own: &[AccountId]) -> Option<Seen> {
        if self.partner.is_some_and(|partner| event.acting_for != Some(partner)) {
            return None;
        }
        let address = event.ip.is_empty() || event.actor_id.is_some_and(|account| own.contains(&account));
        Some(Seen { facts: !(self.without_money && tells_of_money(&event.detail)), address })
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
        let mut accounts: Vec<_> = page.iter().filter_map(|event| event.actor_id).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let own = member::accounts_among(self.kontor.db.read(), self.header.reader, accounts).await?;
        let mut text = String::new();
        for event in page.iter().filter(|event| event.seq <= self.header.head.seq) {
            text.push_str(&line(event, self.seen(event, &own)).map_err(internal)?);
        }
        self.written = page.last().map(|last| last.seq);
        Ok((!text.is_empty()).then_some(text))
    }
}

/// Whether facts name an amount of money, by the names the rooms give it; facts nobody can read are not shown either.
fn tells_of_money(detail: &str) -> bool {
    match serde_json::from_str::<serde_json::Value>(detail) {
        Ok(facts) => ["total", "amount", "currency"].iter().any(|name| facts.get(name).is_some()),
        // What was erased tells of nothing.
        Err(_) => !detail.is_empty(),
    }
}
