//! The bank of the demo, where a card's owner confirms a payment or refuses it. Not found on installations that are no
//! demo, or have no such bank.

use super::carry_out::resume;
use crate::{
    Error,
    kernel::{Kontor, money::Money},
    payment::{
        Provider,
        port::{BankPort, PortError},
        rows::payment,
    },
};

/// The amount that waits for confirmation under a provider's reference; nothing if none does, or none does any more.
pub async fn at_bank(kontor: &Kontor, reference: &str) -> Result<Option<Money>, Error> {
    Ok(bank(kontor)?.waiting(reference).await.map_err(silent)?.map(|(amount, _)| amount))
}

/// The card's owner confirms or refuses; a second answer changes nothing. Answers the path they came from; `NotFound`
/// for a reference the bank does not know.
pub async fn answer_bank(kontor: &Kontor, reference: &str, confirms: bool) -> Result<String, Error> {
    let back = bank(kontor)?.decide(reference, confirms).await.map_err(silent)?.ok_or(Error::NotFound)?;
    // The webhook tells the same a moment later; the page the payer comes back to is not to be behind it.
    if let Some(row) = payment::by_ref(kontor.db.read(), Provider::Scripted, reference).await? {
        resume(kontor, row).await?;
    }
    let here = back.strip_prefix(&kontor.programme.public_url).filter(|path| path.starts_with('/'));
    Ok(here.unwrap_or("/").to_owned())
}

fn bank(kontor: &Kontor) -> Result<&dyn BankPort, Error> {
    let provider = kontor.payments.get(Provider::Scripted).filter(|_| kontor.programme.demo);
    provider.and_then(|provider| provider.bank()).ok_or(Error::NotFound)
}

fn silent(error: PortError) -> Error {
    tracing::warn!(%error, "the demo's bank does not answer");
    Error::Unavailable
}
