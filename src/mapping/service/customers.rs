//! A page of a partner's customers, or of all partners' for the vendor.

use crate::{
    Error,
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        instant::Day,
        right::{Feature, OrgKind},
    },
    mapping::{
        Access, Blocked, COUNT_BOUND, CardTerm, CustomerCard, CustomerPage, CustomerQuery, CustomerStatus,
        Direction, Due, Facets, Offer, PAGE_SIZE, Place, RENEWAL_DAYS, Sort, TRIAL_ENDING_DAYS, Total,
        rows::{
            count::{self, Counted, EVERYBODY},
            customer,
            list::{self, Scope, WALK, Window},
        },
        words,
    },
    organisation::rows::organisation,
    partner::{PartnerStatus, PartnerType, rows::partner},
    setting::Policy,
    subscription::Plan,
};
use sea_orm::{ConnectionTrait, DatabaseConnection};

/// One page of the customers of the actor's organisation: a partner's own, or everybody's for the vendor's staff.
pub async fn customers(kontor: &Kontor, actor: &Actor, query: &CustomerQuery) -> Result<CustomerPage, Error> {
    let asked = Asked::by(kontor, actor, query).await?;
    let db = kontor.db.read();
    let facets = facets_of(db, asked.owner(), asked.today).await?;
    let found = asked.page(db, query, facets.all + facets.withdrawn).await?;
    let total = asked.total(db, query, &facets, &found).await?;
    let cards = asked.cards(kontor, actor, found.rows).await?;
    Ok(CustomerPage { cards, total, facets, next: found.next, previous: found.previous })
}

/// How many customers of an owner each filter shows.
pub(super) async fn facets_of(db: &impl ConnectionTrait, owner: OrgId, today: Day) -> Result<Facets, Error> {
    let (renewal, trial) = (window(today, Due::Renewal), window(today, Due::Trial));
    Ok(facets(count::of_owner(db, owner, renewal, trial).await?))
}

/// The days that count as near, today included.
fn window(today: Day, due: Due) -> (Day, Day) {
    let days = match due {
        Due::Renewal => RENEWAL_DAYS,
        Due::Trial => TRIAL_ENDING_DAYS,
    };
    (today, today.plus(days))
}

fn facets(counted: Vec<Counted>) -> Facets {
    let mut facets = Facets::default();
    for Counted { facet, value, n } in counted {
        match facet.as_str() {
            "all" => facets.all = n,
            "withdrawn" => facets.withdrawn = n,
            "verified" if value == "yes" => facets.verified = n,
            "verified" => facets.unverified = n,
            "status" => facets.status.extend(CustomerStatus::from_key(&value).map(|s| (s, n))),
            "plan" => facets.plan.extend(Plan::from_key(&value).map(|p| (p, n))),
            count::RENEWAL => facets.due.push((Due::Renewal, n)),
            count::TRIAL => facets.due.push((Due::Trial, n)),
            _ => {}
        }
    }
    facets
}

/// What found the rows of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The walk, which saw all there are.
    All,
    /// The walk, which was not at the end yet.
    Walk,
    /// The n-gram index, which also counted what it found if it found anything.
    Gram(Option<i64>),
}

/// A page's rows, and where its neighbours are.
struct Found {
    rows: Vec<customer::Model>,
    next: Option<Place>,
    previous: Option<Place>,
    step: Step,
}

/// A list somebody is allowed to see.
pub(super) struct Asked {
    pub(super) scope: Scope,
    pub(super) today: Day,
    sort: Sort,
    /// What the partner is; none where the list is of all partners.
    partner: Option<partner::Model>,
}

impl Asked {
    /// Checks the right and reads what the list is of.
    pub(super) async fn by(kontor: &Kontor, actor: &Actor, query: &CustomerQuery) -> Result<Self, Error> {
        let partner = match actor.kind {
            OrgKind::Vendor => {
                actor.require(Feature::AllCustomersView)?;
                None
            }
            OrgKind::Partner => {
                actor.require(Feature::CustomersView)?;
                Some(partner::by_org(kontor.db.read(), actor.org).await?.ok_or(Error::NotFound)?)
            }
            OrgKind::Customer => return Err(Error::NotFound),
        };
        let today = kontor.now().day();
        let (status, ends) = match query.due {
            Some(due) => {
                let of_due = if due == Due::Trial { CustomerStatus::Trial } else { CustomerStatus::Active };
                (query.status.or(Some(of_due)), Some(window(today, due)))
            }
            None => (query.status, None),
        };
        let scope = Scope {
            owner: partner.as_ref().map(|p| p.org_id),
            withdrawn: query.withdrawn,
            status,
            plan: query.plan,
            country: query.country.clone(),
            verified: query.verified,
            ends,
            words: words(&query.q),
        };
        // The list of all partners has no index by end: nobody works through a million renewals.
        let sort = match query.order() {
            Sort::Renewal if partner.is_none() => Sort::Name,
            sort => sort,
        };
        Ok(Self { scope, today, sort, partner })
    }

    /// The list of what a search finds, whoever reads it.
    pub(super) fn matching(owner: Option<OrgId>, typed: &str, today: Day) -> Self {
        let scope = Scope { owner, words: words(typed), ..Scope::default() };
        Self { scope, today, sort: Sort::Name, partner: None }
    }

    fn owner(&self) -> OrgId {
        self.scope.owner.unwrap_or(EVERYBODY)
    }

    /// Rows of a window, in both steps of a search if it takes both. `known` rows are in the whole list.
    pub(super) async fn rows(
        &self,
        db: &DatabaseConnection,
        window: &Window,
        known: i64,
    ) -> Result<(Vec<customer::Model>, Step), Error> {
        let backend = db.get_database_backend();
        let (rows, _) = list::rows(db, window, list::walk(backend, &self.scope, window)).await?;
        if self.scope.words.is_empty() || known <= i64::from(WALK) {
            return Ok((rows, Step::All));
        }
        if rows.len() as u64 >= u64::from(window.limit) {
            return Ok((rows, Step::Walk));
        }
        let statement = list::by_gram(backend, &self.scope, window, COUNT_BOUND + 1);
        let (rows, counted) = list::rows(db, window, statement).await?;
        Ok((rows, Step::Gram(counted)))
    }

    /// The place of a row in this list.
    pub(super) fn place(&self, row: &customer::Model) -> Place {
        match self.sort {
            Sort::Name => Place::Name(row.sort_key.clone(), row.id),
            Sort::Renewal => Place::Renewal(row.ends_key, row.id),
            Sort::Newest => Place::Newest(row.created_at, row.id),
        }
    }

    /// A window of this list from a place.
    pub(super) fn window(&self, direction: Direction, place: Option<Place>, limit: u32) -> Window {
        // A cursor of another order says nothing here.
        Window { sort: self.sort, direction, place: place.filter(|p| p.sort() == self.sort), limit }
    }

    /// The page asked for.
    async fn page(&self, db: &DatabaseConnection, query: &CustomerQuery, known: i64) -> Result<Found, Error> {
        let (direction, from) = match &query.cursor {
            Some(cursor) => (cursor.direction, Some(cursor.place.clone())),
            None => (Direction::After, None),
        };
        let window = self.window(direction, from, PAGE_SIZE + 1);
        let (mut rows, step) = self.rows(db, &window, known).await?;
        let more = rows.len() as u64 > u64::from(PAGE_SIZE);
        rows.truncate(PAGE_SIZE as usize);
        if direction == Direction::Before {
            rows.reverse();
        }
        let (before, after) = match direction {
            Direction::After => (window.place.is_some(), more),
            Direction::Before => (more, true),
        };
        let next = rows.last().filter(|_| after).map(|r| self.place(r));
        let previous = rows.first().filter(|_| before).map(|r| self.place(r));
        Ok(Found { rows, next, previous, step })
    }

    /// How many the whole list has: by a counter where one filter is set at most, else counted up to a bound.
    async fn total(
        &self,
        db: &DatabaseConnection,
        query: &CustomerQuery,
        facets: &Facets,
        found: &Found,
    ) -> Result<Total, Error> {
        let searches = !self.scope.words.is_empty();
        if !searches && query.filters() <= 1 {
            let kept = match (query.status, query.plan, query.verified, query.due) {
                _ if query.withdrawn => facets.withdrawn,
                (Some(status), ..) => facets.in_status(status),
                (_, Some(plan), ..) => facets.on_plan(plan),
                (_, _, Some(true), _) => facets.verified,
                (_, _, Some(false), _) => facets.unverified,
                (_, _, _, Some(due)) => facets.due_in(due),
                _ => facets.all,
            };
            return Ok(Total::Exactly(kept));
        }
        if found.next.is_none() && found.previous.is_none() {
            return Ok(Total::Exactly(found.rows.len() as i64));
        }
        let backend = db.get_database_backend();
        let bound = COUNT_BOUND + 1;
        let walked = async || list::number(db, list::count_walk(backend, &self.scope, bound)).await;
        let by_gram = async || list::number(db, list::count_by_gram(backend, &self.scope, bound)).await;
        let counted = match found.step {
            Step::All => walked().await?,
            Step::Gram(Some(counted)) => counted,
            Step::Gram(None) => by_gram().await?,
            Step::Walk => match walked().await? {
                enough if enough >= i64::from(bound) => enough,
                _ => by_gram().await?,
            },
        };
        Ok(match counted >= i64::from(bound) {
            true => Total::MoreThan(i64::from(COUNT_BOUND)),
            false => Total::Exactly(counted),
        })
    }

    /// The cards of rows, with what they offer this actor.
    pub(super) async fn cards(
        &self,
        kontor: &Kontor,
        actor: &Actor,
        rows: Vec<customer::Model>,
    ) -> Result<Vec<CustomerCard>, Error> {
        let db = kontor.db.read();
        let policy = match rows.iter().any(|r| r.trial_started.is_some()) {
            true => crate::setting::service::policy(kontor, db).await?,
            false => Policy::defaults(kontor.programme.demo),
        };
        let partners = match self.partner {
            Some(_) => Vec::new(),
            None => organisation::names(db, rows.iter().map(|r| r.partner_id)).await?,
        };
        let card = |row: customer::Model| {
            let name = partners.iter().find(|(id, _)| *id == row.partner_id);
            self.card(actor, &policy, row, name.cloned())
        };
        Ok(rows.into_iter().map(card).collect())
    }

    fn card(
        &self,
        actor: &Actor,
        policy: &Policy,
        row: customer::Model,
        partner: Option<(OrgId, String)>,
    ) -> CustomerCard {
        let offers = match &self.partner {
            Some(partner) => offers(actor, partner, policy, self.today, &row),
            None => [Offer::Hidden; 3],
        };
        let [verify, manage, extend] = offers;
        // On the free plan the day a trial ended is kept for as long as it can be taken up again; a card shows none.
        let ends_on = row.ends_on().filter(|_| row.status != CustomerStatus::Free);
        CustomerCard {
            org: row.org_id,
            partner,
            domain: Some(row.domain.clone()).filter(|d| !d.is_empty()),
            trial_ends_on: row.ends_on().filter(|_| extend != Offer::Hidden),
            domains: row.domains.split(' ').filter(|d| !d.is_empty()).map(shown).collect(),
            verified: row.verified,
            admin_email: row.admin_email,
            plan: row.plan,
            seats_used: row.seats_used,
            seats_total: row.seats_total,
            term: CardTerm::of(row.status, row.term),
            status: row.status,
            flagged: row.flagged,
            ends_on,
            days_left: ends_on.map(|day| day.since(self.today)),
            created_on: row.created_at.day(),
            access: row.access,
            verify,
            manage,
            extend,
            name: row.name,
        }
    }
}

/// A domain as people write it.
fn shown(domain: &str) -> String {
    idna::domain_to_unicode(domain).0
}

/// *Verify*, *Manage* and *Extend trial* (domain.md R6.9, R8.1–R8.3, section 12).
fn offers(
    actor: &Actor,
    partner: &partner::Model,
    policy: &Policy,
    today: Day,
    row: &customer::Model,
) -> [Offer; 3] {
    let in_business = matches!(partner.status, PartnerStatus::Active | PartnerStatus::Onboarding);
    let first = |reasons: &[(bool, Blocked)]| {
        let found = reasons.iter().find(|(holds, _)| *holds);
        found.map_or(Offer::Open, |(_, reason)| Offer::Blocked(*reason))
    };
    let verify = match row.domain_id.is_some() && !row.verified {
        true => first(&[
            (!actor.may(Feature::CustomersVerify), Blocked::Role),
            (!in_business, Blocked::PartnerInactive),
        ]),
        false => Offer::Hidden,
    };
    let manage = match row.verified {
        true => first(&[
            (!actor.may(Feature::ConsoleManage), Blocked::Role),
            (partner.partner_type == PartnerType::Referral, Blocked::Referral),
            (!in_business, Blocked::PartnerInactive),
            (row.access == Access::Withdrawn, Blocked::Withdrawn),
            (row.access == Access::Missing, Blocked::NoGrant),
        ]),
        false => Offer::Hidden,
    };
    let over = row.ends_on().is_none_or(|day| today.since(day) > policy.trial_late_days);
    let length = row.ends_on().zip(row.trial_started).map_or(0, |(end, start)| end.since(start) + 1);
    let extend = match (row.status, row.trial_started) {
        (CustomerStatus::Trial | CustomerStatus::Expired, Some(_)) => first(&[
            (!actor.may(Feature::TrialExtend), Blocked::Role),
            (!in_business, Blocked::PartnerInactive),
            (row.flagged, Blocked::Disputed),
            (over, Blocked::TrialOver),
            (length >= policy.trial_max, Blocked::TrialMax),
        ]),
        (CustomerStatus::Free, Some(_)) if !over && length < policy.trial_max => first(&[
            (!actor.may(Feature::TrialExtend), Blocked::Role),
            (!in_business, Blocked::PartnerInactive),
            (row.flagged, Blocked::Disputed),
        ]),
        _ => Offer::Hidden,
    };
    [verify, manage, extend]
}
