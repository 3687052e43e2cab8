//! What was typed into forms: kept for the next showing after an error, and as drafts (design.md section 3, the way of
//! a form). Secrets never come here: the host leaves them out.

use crate::{
    Error,
    account::rows::form_state,
    kernel::{
        Kontor,
        actor::Viewer,
        instant::{DAY_MS, HOUR_MS},
        secret::hash_token,
    },
};
use sea_orm::EntityTrait;

/// How long input is kept for the next showing.
const KEEP_MS: i64 = HOUR_MS;
/// How long a draft is kept.
const DRAFT_MS: i64 = 30 * DAY_MS;

/// Whose the input is: of the account, or of a browser that is not signed in.
fn owners(viewer: &Viewer) -> Vec<String> {
    let account = viewer.session.as_ref().map(|s| format!("account:{}", s.account));
    let browser = viewer.anonymous.as_ref().map(|hash| format!("browser:{hash}"));
    account.into_iter().chain(browser).collect()
}

/// Keeps input for the next showing of a form; answers the token for its address. Nothing is kept for a browser
/// without cookies.
pub async fn keep_input(
    kontor: &Kontor,
    viewer: &Viewer,
    form: &str,
    content: String,
) -> Result<Option<String>, Error> {
    let Some(owner) = owners(viewer).into_iter().next() else { return Ok(None) };
    let token = kontor.token();
    insert(kontor, owner, &token, form, content, KEEP_MS).await?;
    Ok(Some(token))
}

async fn insert(
    kontor: &Kontor,
    owner: String,
    token: &str,
    form: &str,
    content: String,
    ms: i64,
) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    form_state::drop_expired(&tx, kontor.now()).await?;
    let row = form_state::Model {
        id: kontor.id(),
        token_hash: hash_token(token),
        owner,
        form: form.to_owned(),
        content,
        expires_at: kontor.now().plus_ms(ms),
    };
    let active: form_state::ActiveModel = row.into();
    form_state::Entity::insert(active).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// The kept input of a token, if it is the viewer's: form and content.
pub async fn kept_input(
    kontor: &Kontor,
    viewer: &Viewer,
    token: &str,
) -> Result<Option<(String, String)>, Error> {
    let found = form_state::by_token(kontor.db.read(), &hash_token(token)).await?;
    let own = owners(viewer);
    let row = found.filter(|row| own.contains(&row.owner) && row.expires_at > kontor.now());
    Ok(row.map(|row| (row.form, row.content)))
}

/// Keeps a draft of a form in place of an earlier one.
pub async fn keep_draft(kontor: &Kontor, viewer: &Viewer, form: &str, content: String) -> Result<(), Error> {
    let Some(owner) = owners(viewer).into_iter().next() else { return Ok(()) };
    drop_draft(kontor, viewer, form).await?;
    insert(kontor, owner, &kontor.token(), &draft_name(form), content, DRAFT_MS).await
}

/// Drafts have names of their own, so that they are told from input kept for one showing.
fn draft_name(form: &str) -> String {
    format!("draft:{form}")
}

/// The viewer's draft of a form; one made before signing in is found too.
pub async fn draft(kontor: &Kontor, viewer: &Viewer, form: &str) -> Result<Option<String>, Error> {
    for owner in owners(viewer) {
        let row = form_state::latest(kontor.db.read(), &owner, &draft_name(form), kontor.now()).await?;
        if let Some(row) = row {
            return Ok(Some(row.content));
        }
    }
    Ok(None)
}

/// Forgets the viewer's drafts of a form: it was sent.
pub async fn drop_draft(kontor: &Kontor, viewer: &Viewer, form: &str) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    form_state::drop_named(&tx, owners(viewer), &draft_name(form)).await?;
    tx.commit().await?;
    Ok(())
}
