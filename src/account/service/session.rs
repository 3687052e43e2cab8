//! Sessions: opaque random ids, of which the database holds only the hash.

use crate::{
    Error,
    account::{
        SessionView,
        rows::{account, session},
    },
    kernel::{
        Kontor,
        actor::{SessionInfo, Viewer},
        id::{AccountId, IdentityProviderId, PasskeyId, SessionId},
        instant::MINUTE_MS,
        secret::hash_token,
    },
    setting::service::policy,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

/// A session and its person, as the host needs them for a request.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The session; absent while a second factor is still awaited.
    pub session: Option<SessionInfo>,
    /// The session's id, also while the second factor is awaited.
    pub id: SessionId,
    /// The account.
    pub account: account::Model,
}

/// The live session of a cookie's token, if there is one: not ended, not idle for too long, not too old, its account
/// not suspended. Notes at most once a minute that it was used.
pub async fn resolve(kontor: &Kontor, token: &str) -> Result<Option<Resolved>, Error> {
    let db = kontor.db.read();
    let Some((row, person)) = session::by_token(db, &hash_token(token)).await? else { return Ok(None) };
    let policy = policy(kontor, db).await?;
    let now = kontor.now();
    let idle = row.seen_at.plus_days(policy.session_idle_days) <= now;
    let old = row.created_at.plus_days(policy.session_max_days) <= now;
    if idle || old || person.suspended {
        return Ok(None);
    }
    if now.0 - row.seen_at.0 > MINUTE_MS {
        let change = session::ActiveModel { id: Set(row.id), seen_at: Set(now), ..Default::default() };
        let tx = kontor.db.begin().await?;
        // Ended meanwhile by its owner: then there is nothing to note.
        match session::Entity::update(change).exec(&tx).await {
            Ok(_) | Err(sea_orm::DbErr::RecordNotUpdated) => tx.commit().await?,
            Err(error) => return Err(error.into()),
        }
    }
    let info = (!row.factor_pending).then(|| SessionInfo {
        id: row.id,
        account: person.id,
        email: person.email.clone(),
        name: format!("{} {}", person.first_name, person.last_name).trim().to_owned(),
        confirmed: person.confirmed_at.is_some(),
        second_factor: person.totp_on || row.provider_factor || row.passkey_id.is_some(),
        fresh_at: row.fresh_at,
        fresh_by_factor: row.fresh_by_factor,
    });
    Ok(Some(Resolved { session: info, id: row.id, account: person }))
}

/// Opens a session inside the caller's transaction and answers the cookie's token.
pub(super) async fn open(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    viewer: &Viewer,
    account: AccountId,
    factor_pending: bool,
) -> Result<String, Error> {
    open_through(kontor, tx, viewer, account, factor_pending, Through::default()).await
}

/// Who or what vouched for the person, where it was not their password.
#[derive(Debug, Default)]
pub(crate) struct Through {
    /// The provider of single sign-on.
    pub provider: Option<IdentityProviderId>,
    /// Its session.
    pub sid: Option<String>,
    /// Whether it saw a second factor, and its word for that counts.
    pub factor: bool,
    /// The passkey that was shown.
    pub passkey: Option<PasskeyId>,
}

/// [`open`] for somebody a provider or a passkey vouches for.
pub(crate) async fn open_through(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    viewer: &Viewer,
    account: AccountId,
    factor_pending: bool,
    through: Through,
) -> Result<String, Error> {
    let token = kontor.token();
    let now = kontor.now();
    let row = session::Model {
        id: kontor.id(),
        token_hash: hash_token(&token),
        account_id: account,
        factor_pending,
        fresh_at: now,
        fresh_by_factor: through.factor || through.passkey.is_some(),
        created_at: now,
        seen_at: now,
        ip: viewer.ip.clone(),
        user_agent: viewer.user_agent.clone(),
        provider_id: through.provider,
        provider_sid: through.sid,
        provider_factor: through.factor,
        passkey_id: through.passkey,
    };
    let active: session::ActiveModel = row.into();
    session::Entity::insert(active).exec_without_returning(tx).await?;
    Ok(token)
}

/// The viewer's own live sessions, the latest used first.
pub async fn own_sessions(kontor: &Kontor, viewer: &Viewer) -> Result<Vec<SessionView>, Error> {
    let me = viewer.signed_in()?;
    let rows = session::of_account(kontor.db.read(), me.account).await?;
    let view = |row: session::Model| SessionView {
        current: row.id == me.id,
        id: row.id,
        created_at: row.created_at,
        seen_at: row.seen_at,
        ip: row.ip,
        user_agent: row.user_agent,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Ends one of the viewer's own sessions; another person's is not found.
pub async fn end_session(kontor: &Kontor, viewer: &Viewer, id: SessionId) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    let tx = kontor.db.begin().await?;
    if !session::end(&tx, me.account, Some(id), None).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    tracing::info!(account = %me.account, session = %id, "session ended by its owner");
    Ok(())
}

/// Ends every session of the viewer's, this one included.
pub async fn end_all_sessions(kontor: &Kontor, viewer: &Viewer) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    let tx = kontor.db.begin().await?;
    session::end(&tx, me.account, None, None).await?;
    tx.commit().await?;
    tracing::info!(account = %me.account, "all sessions ended by their owner");
    Ok(())
}

/// Ends the session of a cookie's token, whatever state it is in. Answers through which provider of single sign-on it
/// was opened, if through one: the person may want to sign out there as well.
pub async fn sign_out(kontor: &Kontor, token: &str) -> Result<Option<IdentityProviderId>, Error> {
    let tx = kontor.db.begin().await?;
    let provider = session::end_token(&tx, &hash_token(token)).await?;
    tx.commit().await?;
    Ok(provider)
}
