//! A passkey is taken away.

use super::{own_passkeys, prove};
use crate::{
    Error,
    account::{
        PasskeyView,
        rows::{account, passkey, session},
    },
    kernel::{Kontor, actor::Viewer, id::PasskeyId},
};

/// The passkey that is to be taken away, if the viewer has shown who they are a short while ago.
pub async fn passkey_leaves(kontor: &Kontor, viewer: &Viewer, id: PasskeyId) -> Result<PasskeyView, Error> {
    let me = viewer.signed_in()?;
    let own = own_passkeys(kontor, viewer).await?;
    let found = own.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let db = kontor.db.read();
    let person = account::by_id(db, me.account).await?.ok_or(Error::NotFound)?;
    prove(kontor, db, me, &person).await?;
    Ok(found)
}

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
