//! A next term that was bought before its day: what it is while it waits, and how it begins.

use super::{
    answer::{close, store},
    content::Content,
    desk::with_contract,
    offer::Terrain,
    preview::scheduled,
    renew::{Renewal, book_all},
    term_close::close_term,
};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    catalogue::service as catalogue,
    kernel::{Kontor, actor::Actor, id::ChangeId, instant::Day, right::OrgKind},
    mapping::{CustomerEventKind, service::refresh_after},
    organisation::rows::organisation,
    partner::rows::partner,
    payment::rows::payment_method,
    setting::Policy,
    subscription::{
        ChangeKind, ChangeStatus,
        change::{Contract, Payer, Quote, Scheduled, begin_early, change_now, changed_since},
        rows::{subscription, subscription_change},
    },
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// A next term that is paid for and waits for its day.
#[derive(Debug, Clone)]
pub(super) struct Bought {
    /// The change that bought it.
    pub change: subscription_change::Model,
    content: Content,
    quote: Quote,
    /// As it was bought.
    pub contract: Contract,
}

/// The next term, if it is among what is open.
pub(super) fn bought(open: &[subscription_change::Model]) -> Result<Option<Bought>, Error> {
    let of =
        |c: &&subscription_change::Model| c.kind == ChangeKind::Early && c.status == ChangeStatus::Scheduled;
    let Some(change) = open.iter().find(of) else { return Ok(None) };
    let content = Content::of(change)?;
    let quote = content.quote.clone().ok_or(Error::BadRequest)?;
    Ok(Some(Bought { change: change.clone(), contract: quote.after, content, quote }))
}

/// The term whose renewal is the next to be paid for, and what is scheduled for it.
pub(super) fn horizon(
    contract: &Contract,
    open: &[subscription_change::Model],
) -> Result<(Contract, Vec<(ChangeId, Scheduled)>), Error> {
    let all = scheduled(open);
    let Some(bought) = bought(open)? else { return Ok((*contract, all)) };
    let mut next = begin_early(contract, &bought.contract);
    if let Some(before) = &bought.content.before {
        next.terms = changed_since(&before.terms, &contract.terms, &next.terms);
    }
    let later = all.into_iter().filter(|(id, _)| !bought.content.covers.contains(id));
    Ok((next, later.collect()))
}

/// Whether a change is a part of the term that was bought: it can no longer be taken back.
pub(super) fn is_covered(open: &[subscription_change::Model], id: ChangeId) -> bool {
    bought(open).is_ok_and(|bought| bought.is_some_and(|bought| bought.content.covers.contains(&id)))
}

/// The next term was given back before it began: the running one goes on as if it had never been bought.
pub(super) async fn give_up(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    org: &organisation::Model,
    bought: Bought,
) -> Result<(), Error> {
    let change = close(kontor, bought.change, ChangeStatus::Undone, String::new());
    store(tx, &change).await?;
    super::confirm::set_renewing(tx, row, row.auto_renew).await?;
    let actor = Actor::system(row.org_id, OrgKind::Customer, "payments");
    for chain in [Some(row.org_id), change.partner_id].into_iter().flatten() {
        append(kontor, tx, chain, &actor, Event::new("subscription.undone", &org.name)).await?;
    }
    Ok(())
}

/// What a term begins with that was bought before.
pub(super) struct Beginning<'a> {
    /// The subscription, locked.
    pub row: &'a subscription::Model,
    /// The term that has ended.
    pub contract: &'a Contract,
    /// Whose it is.
    pub org: &'a organisation::Model,
    /// Its partner.
    pub partner: Option<&'a partner::Model>,
    /// The policies.
    pub policy: &'a Policy,
}

impl Beginning<'_> {
    /// Lets the term begin. What the running term was changed to since the purchase goes on; the difference is charged
    /// or given back from the second day on, as for any change of a first day.
    pub async fn begin(
        &self,
        kontor: &Kontor,
        tx: &DatabaseTransaction,
        bought: Bought,
        today: Day,
    ) -> Result<(), Error> {
        let (row, contract) = (self.row, self.contract);
        let partner_id = self.partner.map(|p| p.org_id);
        let mut after = begin_early(contract, &bought.contract);
        if self.partner.is_none() {
            after.payer = Payer::Customer;
        }
        close_term(kontor, tx, row, contract, partner_id, true).await?;
        let next = with_contract(row, &after);
        subscription::Entity::update(next.clone().into_active_model().reset_all()).exec(tx).await?;
        let Bought { change, mut content, mut quote, .. } = bought;
        let before = content.before.replace(*contract);
        quote.after = after;
        content.quote = Some(quote);
        let covers = std::mem::take(&mut content.covers);
        let change = subscription_change::Model {
            content: content.stored()?,
            effective_on: after.started,
            ..close(kontor, change, ChangeStatus::Applied, String::new())
        };
        store(tx, &change).await?;
        subscription_change::decide(tx, covers, ChangeStatus::Applied, kontor.now()).await?;
        let actor = Actor::system(row.org_id, OrgKind::Customer, "renewals");
        let facts = serde_json::json!({ "until": after.ends_on.to_string() });
        append(
            kontor,
            tx,
            row.org_id,
            &actor,
            Event::new("subscription.renewed", &self.org.name).with(facts),
        )
        .await?;
        refresh_after(kontor, tx, row.org_id, Some(CustomerEventKind::Renewed)).await?;
        let terms = before.map_or(after.terms, |b| changed_since(&b.terms, &contract.terms, &after.terms));
        if terms == after.terms {
            return Ok(());
        }
        let plan = terms.plan;
        let terrain = Terrain::of(tx, &next, self.org, self.partner, self.policy, plan, today).await?;
        match change_now(&after, &terms, after.started, &terrain.prices, &terrain.rates, &[]) {
            Ok(quote) => self.charge_difference(kontor, tx, &next, &after, &quote, &terrain, today).await,
            Err(refusal) => {
                tracing::warn!(org = %row.org_id, ?refusal, "a term bought early begins as it was bought");
                Ok(())
            }
        }
    }

    /// Books what the begun term is to be more, or less, than what was bought.
    #[expect(clippy::too_many_arguments, reason = "one step of `begin`, named for its own sake")]
    async fn charge_difference(
        &self,
        kontor: &Kontor,
        tx: &DatabaseTransaction,
        row: &subscription::Model,
        after: &Contract,
        quote: &Quote,
        terrain: &Terrain,
        today: Day,
    ) -> Result<(), Error> {
        let partner = self.partner.map(|p| p.org_id);
        let debtor = match (after.payer, partner) {
            (Payer::Partner, Some(partner)) => partner,
            _ => row.org_id,
        };
        let profile = catalogue::profile(tx, debtor).await?;
        let methods = payment_method::of(tx, debtor).await?;
        let renewal = Renewal {
            row,
            org: self.org,
            partner,
            debtor,
            profile: profile.as_ref(),
            methods: &methods,
            contract: after,
            quote,
            terrain,
        };
        if quote.total == 0 {
            return renewal.apply_free(kontor, tx).await;
        }
        if profile.is_none() {
            let refusal = Refusal::BillingDetailsNeeded;
            tracing::warn!(org = %row.org_id, ?refusal, "a term bought early begins as it was bought");
            return Ok(());
        }
        book_all(kontor, tx, self.policy, today, &[renewal], Vec::new(), None).await
    }
}
