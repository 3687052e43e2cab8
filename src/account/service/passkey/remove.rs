//! A passkey is taken away.

use super::prove;
use crate::{
    Error,
    account::rows::{account, passkey, session},
    kernel::{Kontor, actor::Viewer, id::PasskeyId},
};

/// Takes one of the viewer's own passkeys away; another person's is not found. A fresh proof of a second factor is asked
/// for; a recovery code will do where the device is lost. The sessions the passkey was shown in end: whoever has the
/// device is signed out. This one goes on, and where a second factor is asked for, another has to be shown.
pub async fn remove_passkey(kontor: &Kontor, viewer: &Viewer, id: PasskeyId) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    let tx = kontor.db.begin().await?;
    let person = account::by_id(&tx, me.account).await?.ok_or(Error::NotFound)?;
    prove(kontor, &tx, me, &person).await?;
    if !passkey::remove(&tx, me.account, id).await? {
        return Err(Error::NotFound);
    }
    account::one_passkey_less(&tx, me.account).await?;
    session::without_passkey(&tx, me.account, id, me.id).await?;
    tx.commit().await?;
    tracing::info!(account = %me.account, passkey = %id, "passkey taken away");
    Ok(())
}
