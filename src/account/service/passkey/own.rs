//! A person's own passkeys.

use crate::{
    Error,
    account::{PasskeyView, rows::passkey},
    kernel::{Kontor, actor::Viewer},
};

/// The viewer's own passkeys, the oldest first.
pub async fn own_passkeys(kontor: &Kontor, viewer: &Viewer) -> Result<Vec<PasskeyView>, Error> {
    let me = viewer.signed_in()?;
    let rows = passkey::of(me.account).all(kontor.db.read()).await?;
    let view = |row: passkey::Model| PasskeyView {
        id: row.id,
        name: row.name,
        created_at: row.created_at,
        used_at: row.used_at,
    };
    Ok(rows.into_iter().map(view).collect())
}
