//! The account payouts go to.

use super::step::own;
use crate::{
    Error, Problems,
    audit::service::{Event, append},
    commission::service::may_read,
    delegation::service::prove_fresh,
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        id::{OrgId, PayoutAccountId},
        right::OrgKind,
        text,
    },
    notification::{Mail, service::write},
    organisation::{
        rows::{organisation, queue_up},
        service::last_words,
    },
    payout::{AccountForm, AccountView, iban, rows::payout_account},
    setting::service::policy,
};
use sea_orm::EntityTrait;

/// The purpose under which an account's IBAN is sealed.
pub(super) fn seal_key(id: PayoutAccountId) -> String {
    format!("payout_account:{id}")
}

/// The account a partner's payouts go to, if there is one.
pub async fn account(kontor: &Kontor, actor: &Actor, partner: OrgId) -> Result<Option<AccountView>, Error> {
    may_read(actor, partner)?;
    Ok(payout_account::current(kontor.db.read(), partner).await?.map(|row| shown(&row)))
}

/// Sets the account of the actor's partner. It asks for the second factor, or where the programme
/// is content with it for the password; it is told to the owners, and nothing
/// is paid to it before the hold is over (R10.5). Payouts under way go where they were going.
pub async fn set_account(
    kontor: &Kontor,
    viewer: &Viewer,
    actor: &Actor,
    form: &AccountForm,
) -> Result<AccountView, Error> {
    let partner = own(actor)?;
    let session = viewer.signed_in()?;
    let policy = policy(kontor, kontor.db.read()).await?;
    let mut problems = Problems::new();
    let holder = problems.take("holder", text::line(&form.holder, 2, 70));
    let number = problems.take("iban", iban::iban(&form.iban));
    let bic = problems.take("bic", iban::bic(&form.bic));
    let bank = problems.take("bank", text::optional_line(&form.bank, 80)).unwrap_or_default();
    problems.finish()?;
    prove_fresh(kontor, session, &policy, policy.payout_second_factor)?;
    let now = kontor.now();
    let id: PayoutAccountId = kontor.id();
    let row = payout_account::Model {
        id,
        partner_id: partner,
        holder,
        iban: kontor.secrets.seal(kontor.random.as_ref(), &seal_key(id), number.as_bytes())?,
        iban_last4: number.get(number.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
        bic,
        bank,
        country: number.get(..2).unwrap_or_default().to_owned(),
        created_at: now,
        usable_at: now.plus_hours(policy.payout_hold_hours),
        created_by: actor.label(),
        replaced_at: None,
    };
    let tx = kontor.db.begin().await?;
    queue_up(&tx, &format!("payout:{partner}")).await?;
    payout_account::replace(&tx, partner, now).await?;
    let view = shown(&row);
    let insert = payout_account::ActiveModel::from(row);
    payout_account::Entity::insert(insert).exec_without_returning(&tx).await?;
    let facts = serde_json::json!({ "last4": view.last4, "usable_at": view.usable_at.rfc3339() });
    append(kontor, &tx, partner, actor, Event::new("payout.account_changed", &view.holder).with(facts))
        .await?;
    let organisation = organisation::by_id(&tx, partner).await?.ok_or(Error::NotFound)?.name;
    let mail = Mail::PayoutAccountChanged {
        organisation,
        by: actor.label(),
        last4: view.last4.clone(),
        usable_at: view.usable_at,
        link: kontor.url(&format!("/store/{partner}/payouts")),
    };
    for to in last_words(&tx, partner, OrgKind::Partner).await? {
        write(kontor, &tx, to, &mail).await?;
    }
    tx.commit().await?;
    kontor.hub.tell(partner, "payout");
    Ok(view)
}

fn shown(row: &payout_account::Model) -> AccountView {
    AccountView {
        holder: row.holder.clone(),
        last4: row.iban_last4.clone(),
        bic: row.bic.clone(),
        bank: row.bank.clone(),
        country: row.country.clone(),
        usable_at: row.usable_at,
    }
}
