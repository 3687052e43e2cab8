//! Language and theme of the reader, kept with the account.

use crate::{
    Error,
    account::rows::account,
    kernel::{
        Kontor,
        actor::Viewer,
        locale::{Locale, Theme},
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// One choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preference {
    /// The language of pages and mails.
    Language(Locale),
    /// Light, dark, or as the system says.
    Theme(Theme),
}

/// Keeps the choice with the viewer's account; a reader who is not signed in has only the cookie.
pub async fn set_preference(kontor: &Kontor, viewer: &Viewer, choice: Preference) -> Result<(), Error> {
    let Some(me) = &viewer.session else { return Ok(()) };
    let mut change = account::ActiveModel { id: Set(me.account), ..Default::default() };
    match choice {
        Preference::Language(locale) => {
            change.locale = Set(locale);
            change.locale_chosen = Set(true);
        }
        Preference::Theme(theme) => change.theme = Set(theme),
    }
    let tx = kontor.db.begin().await?;
    account::Entity::update(change).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}
