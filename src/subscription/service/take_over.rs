//! The customer of a partner that does not pay becomes the payer itself (domain.md section 9, R9.5): it pays the running
//! term by list price, the partner's invoice is taken back, and the service goes on.

use super::{
    confirm::charge,
    content::Content,
    desk::{Desk, For, contract_behind},
    dun::concerns,
    offer::Terrain,
};
use crate::{
    Error, Refusal,
    catalogue::service as catalogue,
    invoice::{
        Settlement,
        service::{Owed, credit, owed_for},
    },
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        id::OrgId,
        money::Money,
        right::Feature,
        text,
    },
    ledger::service::post_all,
    payment::{
        Provider,
        rows::payment,
        service::{TRANSFER, await_no_more, usable_methods},
    },
    subscription::{
        ChangeKind, ChangeStatus, Confirmed, SubscriptionStatus, TakeOver, TakeOverForm,
        authority::Side,
        change::{Contract, Payer, Quote, QuoteLine, take_over as priced},
        rows::{subscription, subscription_change},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// What a customer can take over.
struct Debt {
    contract: Contract,
    owed: Vec<Owed>,
    terrain: Terrain,
    quote: Quote,
}

/// What can be taken over from the partner of the desk: what it owes late, of the running term, and has paid nothing of.
async fn debt(kontor: &Kontor, db: &impl ConnectionTrait, desk: &Desk) -> Result<Option<Debt>, Error> {
    let row = &desk.row;
    let Some(contract) = contract_behind(row).filter(|_| row.past_due_since.is_some()) else {
        return Ok(None);
    };
    if contract.payer != Payer::Partner {
        return Ok(None);
    }
    let today = kontor.now().day();
    let changes = subscription_change::of_term(db, row.id, contract.started).await?;
    let (mut owed, mut lines) = (Vec::new(), Vec::<QuoteLine>::new());
    for one in owed_for(db, row.org_id).await? {
        let theirs = one.row.payer == Payer::Partner && one.row.debtor_id != row.org_id;
        if !theirs || !one.is_late(today) || !concerns(db, row, &one.row).await? {
            continue;
        }
        // What was paid in part, or is of a term that is over, is settled between the vendor and the partner.
        let billed = changes.iter().find(|change| change.invoice_id == Some(one.row.id));
        let quote = billed.and_then(|change| Content::of(change).ok()?.quote);
        let Some(quote) = quote.filter(|_| one.left == one.row.total) else { return Ok(None) };
        lines.extend(quote.lines);
        owed.push(one);
    }
    if owed.is_empty() {
        return Ok(None);
    }
    // What is stopped for a debt is billed by whom it was billed by.
    let running = subscription::Model { status: SubscriptionStatus::PastDue, ..row.clone() };
    let partner = desk.partner.as_ref();
    let terrain = Terrain::of(db, &running, &desk.org, partner, &desk.policy, row.plan, today).await?;
    let quote = priced(&contract, lines, &terrain.rates)?;
    Ok(Some(Debt { contract, owed, terrain, quote }))
}

/// What the reader of an organisation's own desk may take over, and for how much.
pub(super) async fn offered(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    actor: &Actor,
    desk: &Desk,
) -> Result<Option<TakeOver>, Error> {
    let acting = matches!(actor.standing, Standing::Acting { .. });
    if desk.side != Side::Customer || acting || !actor.may(Feature::SubscriptionEdit) {
        return Ok(None);
    }
    let Some(debt) = debt(kontor, db, desk).await? else { return Ok(None) };
    let quote = &debt.quote;
    Ok(Some(TakeOver {
        until: debt.contract.ends_on,
        net: Money::new(quote.net, quote.currency),
        tax: Money::new(quote.tax, quote.currency),
        tax_bp: debt.terrain.tax_of(Payer::Customer).bp,
        total: Money::new(quote.total, quote.currency),
        methods: usable_methods(kontor, db, desk.org.id).await?,
        details_missing: catalogue::profile(db, desk.org.id).await?.is_none(),
    }))
}

/// The customer pays the running term with a card, and every later one. `StaleVersion` if it costs something else than the
/// reader was shown; `NothingDue` if there is nothing to take over any more. A transfer is not taken: the service cannot
/// wait for it. The same request key has its effect once.
pub async fn take_over(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    form: &TakeOverForm,
) -> Result<Confirmed, Error> {
    let tx = kontor.db.begin().await?;
    let desk = Desk::open(kontor, &tx, actor, org, For::Changing).await?;
    if desk.side != Side::Customer {
        return Err(Error::Forbidden);
    }
    let key = text::line(&form.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    if let Some(known) = subscription_change::by_key(&tx, org, &key).await? {
        return match known.kind {
            ChangeKind::TakeOver => {
                Ok(Confirmed { change: known.id, org, status: known.status, action_url: None })
            }
            _ => Err(Refusal::KeyReused.into()),
        };
    }
    desk.none_is(ChangeStatus::Charging)?;
    let Debt { contract, owed, terrain, quote } =
        debt(kontor, &tx, &desk).await?.ok_or(Refusal::NothingDue)?;
    if form.total.trim().parse() != Ok(quote.total) {
        return Err(Error::StaleVersion);
    }
    if form.method.trim() == TRANSFER {
        return Err(Refusal::NoPaymentMethod.into());
    }
    for one in &owed {
        let known = payment::of_invoice(&tx, one.row.id).await?;
        if known.iter().any(|payment| payment.status.is_open() && payment.provider != Provider::Manual) {
            return Err(Refusal::PaymentUnderWay.into());
        }
    }
    let content = Content {
        wish: quote.after.terms,
        before: Some(contract),
        entity: terrain.entity.key.clone(),
        tax: terrain.tax_of(Payer::Customer),
        overlay: None,
        pays: None,
        covers: Vec::new(),
        asked: None,
        quote: Some(quote.clone()),
    };
    let change = subscription_change::Model {
        id: kontor.id(),
        org_id: org,
        subscription_id: desk.row.id,
        partner_id: desk.partner.as_ref().map(|partner| partner.org_id),
        kind: ChangeKind::TakeOver,
        status: ChangeStatus::Charging,
        content: content.stored()?,
        effective_on: kontor.now().day(),
        list_amount: quote.list,
        discount: quote.discount,
        tax: quote.tax,
        total: quote.total,
        currency: quote.currency,
        payer: Payer::Customer,
        payment_id: None,
        invoice_id: None,
        replaces: None,
        request_key: key,
        by_side: Side::Customer,
        by_label: actor.label(),
        reason: String::new(),
        created_at: kontor.now(),
        decided_at: None,
        expires_at: None,
        version: 1,
    };
    charge(kontor, tx, &desk, actor, change, &form.method).await
}

/// The customer has paid: what its partner owed is taken back. Called before the customer's invoice is issued, inside the
/// transaction that books its payment, while the subscription's lock is held.
pub(super) async fn release_partner(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
) -> Result<(), Error> {
    let today = kontor.now().day();
    for one in owed_for(tx, row.org_id).await? {
        let theirs = one.row.payer == Payer::Partner && one.row.debtor_id != row.org_id;
        if !theirs || !one.is_late(today) || !concerns(tx, row, &one.row).await? {
            continue;
        }
        for awaited in payment::of_invoice(tx, one.row.id).await? {
            if awaited.status.is_open() {
                await_no_more(kontor, tx, awaited).await?;
            }
        }
        let (_, posting) = credit(kontor, tx, &one.row, None, Settlement::Offset, "").await?;
        post_all(kontor, tx, &[posting]).await?;
    }
    Ok(())
}
