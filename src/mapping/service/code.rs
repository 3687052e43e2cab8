//! Partner codes: short words by which a customer names its partner (domain.md section 4, flow B, and R4.4).

use super::take::{Agreed, found, take};
use crate::{
    Error, Issue, Refusal,
    audit::service::{Event, append},
    delegation::TermsForm,
    kernel::{
        Kontor,
        actor::Actor,
        clock::Random,
        id::{AccountId, OrgId},
        instant::Instant,
        right::{Feature, OrgKind},
    },
    mapping::{
        CODE_GUESSES, CodeView, Found, MappingSource,
        rows::code::{self, guess},
    },
    organisation::rows::queue_up,
    partner::service::in_business,
    setting::service::policy,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Letters and digits that nobody takes for another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Length of a code that is made here.
const MADE: usize = 8;

/// A code as it is stored, read from what somebody typed: 6 to 20 letters and digits, in capitals.
fn read(typed: &str) -> Result<String, Issue> {
    let code: String = typed.trim().to_ascii_uppercase();
    match code.len() {
        0 => Err(Issue::Required),
        1..6 => Err(Issue::TooShort { min: 6 }),
        6..=20 if code.bytes().all(|b| b.is_ascii_alphanumeric()) => Ok(code),
        6..=20 => Err(Issue::ForbiddenCharacters),
        _ => Err(Issue::TooLong { max: 20 }),
    }
}

fn make(random: &dyn Random) -> String {
    let mut bytes = [0u8; MADE];
    random.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// A code as its partner reads it.
pub(super) fn shown(kontor: &Kontor, row: code::Model) -> CodeView {
    let link = kontor.url(&format!("/partner-code/{}", row.code));
    CodeView { code: row.code, link, changed_at: row.changed_at, version: row.version }
}

/// Gives the actor's partner a code: the one it wishes, or one that is made here if it wishes none. The one before is nobody's
/// from then on. `version` is that of the code shown, 0 if there was none. `CodeTaken` if another partner has it.
pub async fn change_code(kontor: &Kontor, actor: &Actor, wished: &str, version: i64) -> Result<(), Error> {
    actor.require(Feature::MappingRequest)?;
    if actor.kind != OrgKind::Partner {
        return Err(Error::NotFound);
    }
    let code = match wished.trim() {
        "" => make(kontor.random.as_ref()),
        wished => read(wished).map_err(|issue| Error::field("partner_code", issue))?,
    };
    let tx = kontor.db.begin().await?;
    // Of two that wish the same at once, one is told that it is taken.
    queue_up(&tx, "partner code").await?;
    in_business(&tx, actor.org).await?;
    let before = code::of(&tx, actor.org).await?;
    if before.as_ref().map_or(0, |row| row.version) != version {
        return Err(Error::StaleVersion);
    }
    if code::find(&tx, &code).await?.is_some_and(|row| row.partner_id != actor.org) {
        return Err(Refusal::CodeTaken.into());
    }
    let row = code::ActiveModel {
        partner_id: Set(actor.org),
        code: Set(code.clone()),
        changed_at: Set(kontor.now()),
        version: Set(version + 1),
    };
    match before {
        Some(_) => code::Entity::update(row).exec(&tx).await.map(drop)?,
        None => code::Entity::insert(row).exec_without_returning(&tx).await.map(drop)?,
    }
    append(kontor, &tx, actor.org, actor, Event::new("mapping.code_changed", &code)).await?;
    Ok(tx.commit().await?)
}

/// The partner with a code, for a customer that considers it. `CodeUnknown` if nobody has it; after [`CODE_GUESSES`] of those in
/// an hour, whoever guesses has to wait.
pub async fn by_code(kontor: &Kontor, actor: &Actor, typed: &str) -> Result<Found, Error> {
    actor.require(Feature::PartnerAccessGrant)?;
    if actor.kind != OrgKind::Customer {
        return Err(Error::NotFound);
    }
    let code = read(typed).map_err(|issue| Error::field("partner_code", issue))?;
    let account = actor.account().ok_or(Error::Forbidden)?;
    may_guess(kontor, account).await?;
    let db = kontor.db.read();
    let partner = code::find(db, &code).await?.map(|row| row.partner_id);
    let found = match partner {
        Some(partner) => found(db, actor.org, partner).await?,
        None => None,
    };
    match found {
        Some(found) => Ok(found),
        None => {
            note_guess(kontor, account).await?;
            Err(Refusal::CodeUnknown.into())
        }
    }
}

/// The customer becomes the customer of the partner with a code. `partner` is whom it was shown: a code may have changed
/// hands meanwhile, then `CodeUnknown`. With `access` it may act in the console, too, on these terms.
pub async fn map_by_code(
    kontor: &Kontor,
    actor: &Actor,
    typed: &str,
    partner: OrgId,
    access: Option<&TermsForm>,
) -> Result<(), Error> {
    actor.require(Feature::PartnerAccessGrant)?;
    if actor.kind != OrgKind::Customer {
        return Err(Error::NotFound);
    }
    let code = read(typed).map_err(|issue| Error::field("partner_code", issue))?;
    let account = actor.account().ok_or(Error::Forbidden)?;
    may_guess(kontor, account).await?;
    let policy = policy(kontor, kontor.db.read()).await?;
    let access = access.map(|form| form.read(&policy, None)).transpose()?;
    let tx = kontor.db.begin().await?;
    let known = code::find(&tx, &code).await?.filter(|row| row.partner_id == partner);
    if known.is_none() {
        drop(tx);
        note_guess(kontor, account).await?;
        return Err(Refusal::CodeUnknown.into());
    }
    let agreed = Agreed { org: actor.org, partner, source: MappingSource::Code, access };
    let gone = match take(kontor, &tx, &agreed, actor).await {
        // The second click: there is nothing left to do.
        Err(Error::Refused(Refusal::AlreadyMapped)) => return Ok(()),
        taken => taken?,
    };
    tx.commit().await?;
    super::told(kontor, actor.org, &[Some(partner), gone].into_iter().flatten().collect::<Vec<_>>());
    Ok(())
}

fn window(now: Instant) -> Instant {
    now.plus_hours(-1)
}

async fn may_guess(kontor: &Kontor, account: AccountId) -> Result<(), Error> {
    let now = kontor.now();
    let tried = guess::since(kontor.db.read(), account, window(now), CODE_GUESSES).await?;
    match tried.first().filter(|_| tried.len() as u64 >= CODE_GUESSES) {
        Some(first) => Err(Refusal::CheckTooOften { until: first.plus_hours(1) }.into()),
        None => Ok(()),
    }
}

async fn note_guess(kontor: &Kontor, account: AccountId) -> Result<(), Error> {
    let now = kontor.now();
    let tx = kontor.db.begin().await?;
    guess::drop_until(&tx, account, window(now)).await?;
    let id: crate::kernel::id::MappingRequestId = kontor.id();
    let row = guess::ActiveModel { id: Set(id.0), account_id: Set(account), at: Set(now) };
    guess::Entity::insert(row).exec_without_returning(&tx).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::clock::SystemRandom;

    #[test]
    fn codes_are_read_as_people_type_them_and_made_without_look_alikes() {
        assert_eq!(read(" nord42 "), Ok("NORD42".into()));
        assert_eq!(read("ab1"), Err(Issue::TooShort { min: 6 }));
        assert_eq!(read("nord-42"), Err(Issue::ForbiddenCharacters));
        assert_eq!(read("ÄÖÜÄÖÜ"), Err(Issue::ForbiddenCharacters));
        assert_eq!(read(&"A".repeat(21)), Err(Issue::TooLong { max: 20 }));
        for _ in 0..200 {
            let made = make(&SystemRandom);
            assert_eq!(read(&made), Ok(made.clone()));
            assert!(!made.contains(['0', 'O', '1', 'I']), "{made}");
        }
    }
}
