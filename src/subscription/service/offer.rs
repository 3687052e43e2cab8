//! What a wish would cost: the one calculation behind preview and booking.

use super::desk::{Desk, payer_of};
use crate::{
    Error, Issue, Problems, Refusal,
    catalogue::{BillingEntity, BillingProfile, entity::entity_for, service as catalogue},
    commission::service::Agreed,
    domain::rows::domain,
    invoice::tax::{Tax, tax_for},
    kernel::{id::OrgId, instant::Day, money::Currency, text},
    organisation::rows::{member, organisation},
    partner::{PartnerType, rows::partner},
    setting::Policy,
    subscription::{
        ChangeForm, PURCHASE_REF, Plan, Term, When,
        authority::{Act, Say, Side, say},
        change::{
            Contract, Excess, Limits, Loss, Payer, PriceList, Quote, Rates, Scheduled, TaxRate, Terms, Usage,
            buy, change_now, excesses, losses,
        },
        rows::subscription,
    },
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// A wish, read and checked for its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wish {
    /// What is wished.
    pub terms: Terms,
    /// What of it was said; the rest is what is.
    pub said: Said,
    /// When.
    pub when: When,
    /// Who is to pay.
    pub payer: Payer,
}

/// What a form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    plan: Option<Plan>,
    term: Option<Term>,
    seats: Option<i64>,
    addon_units: Option<i64>,
    /// Who is to pay.
    pub payer: Option<Payer>,
}

impl Said {
    /// These terms, but for what is said.
    pub fn over(&self, terms: &Terms) -> Terms {
        Terms {
            plan: self.plan.unwrap_or(terms.plan),
            term: self.term.unwrap_or(terms.term),
            seats: self.seats.unwrap_or(terms.seats),
            addon_units: self.addon_units.unwrap_or(terms.addon_units),
        }
    }
}

/// Reads a form against what is: an empty field leaves it.
pub(crate) fn read(form: &ChangeForm, desk: &Desk) -> Result<Wish, Error> {
    let row = &desk.row;
    let current = desk.contract();
    let mut problems = Problems::new();
    let first = row.intended_plan.filter(|_| current.is_none());
    let said = Said {
        plan: problems.take("plan", choice(&form.plan, Plan::from_key)),
        term: problems
            .take("term", choice(&form.term, |key| Term::from_key(key).filter(|t| *t != Term::None))),
        seats: problems.take("seats", number(&form.seats)),
        addon_units: problems.take("addon_units", number(&form.addon_units)),
        payer: problems.take("payer", choice(&form.payer, Payer::from_key)),
    };
    problems.take("purchase_ref", text::line(&form.purchase_ref, 0, PURCHASE_REF));
    let when = problems.take("when", choice(&form.when, When::from_key)).unwrap_or_default();
    let known =
        (current.map(|c| c.terms.plan).or(first), current.map(|c| c.terms.term).or(row.intended_term));
    let mut needed = |field: &str, missing: bool| {
        if missing && !problems.has(field) {
            problems.add(field, Issue::Required);
        }
    };
    needed("plan", said.plan.or(known.0).is_none());
    needed("term", said.term.or(known.1).is_none());
    let terms = said.over(&Terms {
        plan: known.0.unwrap_or(Plan::Free),
        term: known.1.unwrap_or(Term::None),
        seats: row.intended_seats.unwrap_or(row.seats),
        addon_units: row.addon_units,
    });
    let Terms { plan, term, .. } = terms;
    for fault in terms.faults() {
        problems.add(if fault.field == "seats" { "seats" } else { "addon_units" }, fault.issue);
    }
    if plan.is_paid() && term != Term::None && !plan.terms().contains(&term) {
        problems.add("term", Issue::TermNotOffered);
    }
    problems.finish()?;
    let meant = if desk.side == Side::Partner { Payer::Partner } else { Payer::Customer };
    let payer = said.payer.unwrap_or(if current.is_some() { payer_of(row) } else { meant });
    // Whoever pays has paid for the term that runs.
    if current.is_some() && when != When::Renewal && payer != payer_of(row) {
        return Err(Refusal::AtRenewalOnly.into());
    }
    let referral = desk.partner.as_ref().is_some_and(|p| p.partner_type == PartnerType::Referral);
    if payer == Payer::Partner && (desk.partner.is_none() || referral) {
        return Err(if referral {
            Refusal::ReferralOnly.into()
        } else {
            Error::field("payer", Issue::NotAChoice)
        });
    }
    Ok(Wish { terms, said, when, payer })
}

fn choice<T>(typed: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Issue> {
    match typed.trim() {
        "" => Ok(None),
        key => read(key).map(Some).ok_or(Issue::NotAChoice),
    }
}

fn number(typed: &str) -> Result<Option<i64>, Issue> {
    match typed.trim() {
        "" => Ok(None),
        digits => digits.parse().map(Some).map_err(|_| Issue::NotANumber),
    }
}

/// What a subscription is sold by: entity, prices, discount, tax.
#[derive(Debug, Clone)]
pub(crate) struct Terrain {
    /// The vendor's entity that bills.
    pub entity: BillingEntity,
    /// Prices in its currency on a day.
    pub prices: PriceList,
    /// Discount and tax for either payer.
    pub rates: Rates,
    /// How the tax of the payer came about.
    pub tax: [(Payer, Tax); 2],
}

impl Terrain {
    /// By which a subscription of the desk is sold on a day.
    pub async fn on(db: &impl ConnectionTrait, desk: &Desk, plan: Plan, day: Day) -> Result<Self, Error> {
        Self::of(db, &desk.row, &desk.org, desk.partner.as_ref(), &desk.policy, plan, day).await
    }

    /// The same without a desk, for the clock.
    pub async fn of(
        db: &impl ConnectionTrait,
        row: &subscription::Model,
        org: &organisation::Model,
        partner: Option<&partner::Model>,
        policy: &Policy,
        plan: Plan,
        day: Day,
    ) -> Result<Self, Error> {
        let subject = Subject { row, org, partner };
        Ground::survey(db, &[subject], day).await?.terrain(subject, policy, plan)
    }

    /// How the payer's tax came about.
    pub fn tax_of(&self, payer: Payer) -> Tax {
        self.tax[usize::from(payer == Payer::Customer)].1
    }
}

/// Whose terrain is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The subscription.
    pub row: &'a subscription::Model,
    /// Whose it is.
    pub org: &'a organisation::Model,
    /// Its partner.
    pub partner: Option<&'a partner::Model>,
}

/// What the terrains of many subscriptions are made of, on one day, read in few statements.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    entities: Vec<BillingEntity>,
    prices: Vec<PriceList>,
    profiles: HashMap<OrgId, BillingProfile>,
    /// Countries of partners.
    countries: HashMap<OrgId, String>,
    agreed: Agreed,
}

impl Ground {
    /// Reads what the terrains of some subscriptions need.
    pub async fn survey(
        db: &impl ConnectionTrait,
        subjects: &[Subject<'_>],
        day: Day,
    ) -> Result<Self, Error> {
        let entities = catalogue::entities(db).await?;
        let billing = subjects.iter().filter_map(|s| billing(&entities, *s).ok());
        let currencies: BTreeSet<Currency> = billing.map(|entity| entity.currency).collect();
        let mut prices = Vec::new();
        for currency in currencies {
            prices.push(PriceList::new(currency, catalogue::prices_on(db, currency, day).await?));
        }
        let partners: BTreeSet<OrgId> = subjects.iter().filter_map(|s| Some(s.partner?.org_id)).collect();
        let debtors = subjects.iter().map(|s| s.org.id).chain(partners.iter().copied()).collect();
        let profiles = catalogue::profiles(db, debtors).await?;
        let homes = organisation::by_ids(db, partners.iter().copied().collect()).await?;
        let countries = homes.into_iter().map(|org| (org.id, org.country)).collect();
        let agreed = Agreed::of(db, partners.into_iter()).await?;
        Ok(Self { entities, prices, profiles, countries, agreed })
    }

    /// By which one of the subscriptions is sold. `NotFound` if its entity or partner is not there, `NoBillingEntity` if
    /// nobody bills its country.
    pub fn terrain(&self, subject: Subject<'_>, policy: &Policy, plan: Plan) -> Result<Terrain, Error> {
        let entity = billing(&self.entities, subject)?.clone();
        let prices = self.prices.iter().find(|list| list.currency == entity.currency);
        let prices = prices.cloned().ok_or(Error::NotFound)?;
        let customer_tax = self.tax(&entity, subject.org.id, &subject.org.country);
        let (discount_bp, partner_tax) = match subject.partner {
            Some(partner) => {
                let country = self.countries.get(&partner.org_id).ok_or(Error::NotFound)?;
                let discount = self.agreed.discount(partner, plan, policy);
                (discount, self.tax(&entity, partner.org_id, country))
            }
            None => (0, customer_tax),
        };
        let rates = Rates {
            discount_bp,
            partner_tax: TaxRate { bp: partner_tax.bp },
            customer_tax: TaxRate { bp: customer_tax.bp },
        };
        let tax = [(Payer::Partner, partner_tax), (Payer::Customer, customer_tax)];
        Ok(Terrain { entity, prices, rates, tax })
    }

    /// A debtor's billing details, if it gave any.
    pub fn profile(&self, debtor: OrgId) -> Option<&BillingProfile> {
        self.profiles.get(&debtor)
    }

    /// The tax on what an organisation is billed: by the country of its billing details, or of the organisation itself
    /// as long as it has none.
    fn tax(&self, entity: &BillingEntity, debtor: OrgId, country: &str) -> Tax {
        let (country, vat_id) = match self.profile(debtor) {
            Some(profile) => (profile.country.as_str(), profile.vat_id.as_str()),
            None => (country, ""),
        };
        tax_for(&entity.country, entity.tax_bp, country, vat_id)
    }
}

/// The entity that bills a subscription: its own once it is paid for, else its country's.
fn billing<'a>(entities: &'a [BillingEntity], subject: Subject<'_>) -> Result<&'a BillingEntity, Error> {
    match subject.row.entity.as_deref().filter(|_| subject.row.status.is_paid()) {
        Some(key) => entities.iter().find(|entity| entity.key == key).ok_or(Error::NotFound),
        None => entity_for(entities, &subject.org.country).ok_or_else(|| Refusal::NoBillingEntity.into()),
    }
}

/// What a wish costs now, and what it needs.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    /// The cost.
    pub quote: Quote,
    /// What is less than before.
    pub losses: Vec<Loss>,
    /// Whether the actor decides or proposes.
    pub say: Say,
}

/// What a wish costs if it is carried out on `today`; refuses what cannot be.
pub(crate) async fn offer(
    db: &impl ConnectionTrait,
    desk: &Desk,
    wish: &Wish,
    terrain: &Terrain,
    scheduled: &[Scheduled],
    today: Day,
) -> Result<Offer, Error> {
    let current = desk.contract();
    let Terrain { prices, rates, .. } = terrain;
    let quote = match &current {
        None => buy(&wish.terms, wish.payer, today, prices, rates)?,
        Some(contract) => change_now(contract, &wish.terms, today, prices, rates, scheduled)?,
    };
    on_sale(db, current.map(|c| c.terms.plan), wish.terms.plan, today).await?;
    let losses = fits(db, desk, wish.terms.plan, today).await?;
    let say = may(desk, current.as_ref(), wish, quote.total, false)?;
    Ok(Offer { quote, losses, say })
}

/// A plan that is off sale is kept, and renewed, by whoever has it; nobody comes to it any more.
pub(crate) async fn on_sale(
    db: &impl ConnectionTrait,
    has: Option<Plan>,
    plan: Plan,
    day: Day,
) -> Result<(), Error> {
    let kept = has == Some(plan) || !plan.is_paid();
    match kept || catalogue::limits_on(db, plan, day).await?.is_some_and(|limits| limits.on_sale) {
        true => Ok(()),
        false => Err(Refusal::NotOnSale.into()),
    }
}

/// How an organisation fits into a plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fit {
    /// What the plan holds less of than the present one.
    pub losses: Vec<Loss>,
    /// What is used beyond what it holds.
    pub excesses: Vec<Excess>,
}

/// How the organisation fits into a plan as the plan is on a day.
pub(crate) async fn fit(db: &impl ConnectionTrait, desk: &Desk, plan: Plan, day: Day) -> Result<Fit, Error> {
    let Some(to) = limits(db, plan, day).await? else { return Ok(Fit::default()) };
    let usage = Usage {
        users: member::count(db, desk.org.id).await?,
        domains: i64::try_from(domain::count(db, desk.org.id).await?).unwrap_or(i64::MAX),
    };
    let from = limits(db, desk.row.plan, day).await?;
    Ok(Fit {
        losses: from.map(|from| losses(&from, &to)).unwrap_or_default(),
        excesses: excesses(&usage, &to),
    })
}

/// What the plan holds less of than the present one; refused while the organisation uses more than it holds.
pub(crate) async fn fits(
    db: &impl ConnectionTrait,
    desk: &Desk,
    plan: Plan,
    day: Day,
) -> Result<Vec<Loss>, Error> {
    let Fit { losses, excesses } = fit(db, desk, plan, day).await?;
    match excesses.is_empty() {
        true => Ok(losses),
        false => Err(Refusal::PlanLimits { excesses }.into()),
    }
}

async fn limits(db: &impl ConnectionTrait, plan: Plan, today: Day) -> Result<Option<Limits>, Error> {
    Ok(catalogue::limits_on(db, plan, today).await?.map(|l| Limits {
        users: l.users_max,
        storage_gb: l.storage_gb,
        domains: l.domains_max,
    }))
}

/// Fewer licences than people is refused: somebody would be left without (domain.md section 16, `seats_below_users`).
pub(crate) async fn enough_seats(db: &impl ConnectionTrait, desk: &Desk, seats: i64) -> Result<(), Error> {
    let used = member::count(db, desk.org.id).await?;
    if used > seats {
        return Err(Refusal::NoFreeSeat { total: u32::try_from(seats).unwrap_or(u32::MAX) }.into());
    }
    Ok(())
}

/// Whether the actor decides or proposes such a wish.
///
/// `moves`: it changes who pays.
pub(crate) fn may(
    desk: &Desk,
    current: Option<&Contract>,
    wish: &Wish,
    total: i64,
    moves: bool,
) -> Result<Say, Error> {
    let act = match current {
        None => Act::More,
        Some(_) if moves => Act::Payer,
        Some(_) if !wish.terms.plan.is_paid() => Act::AutoRenew,
        Some(current) if current.terms.term != wish.terms.term => Act::Term,
        Some(_) if total > 0 => Act::More,
        Some(_) => Act::Less,
    };
    let mapped = desk.partner.is_some();
    // Before anything is bought nobody pays yet: who is to pay decides, and a mapped customer buys through its partner
    // or answers its proposal.
    if desk.contract().is_none() && desk.side == Side::Customer && mapped {
        return Err(Refusal::SubscriptionLocked.into());
    }
    Ok(say(desk.side, act, wish.payer, mapped, desk.mode_for(current, &wish.terms))?)
}
