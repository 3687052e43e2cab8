//! What can be done with providers of single sign-on: one file per use case.

mod back_channel;
mod begin;
mod finish;
mod leave;
mod manage;
mod place;
#[cfg(test)]
mod plans_tests;
mod route;

pub use back_channel::back_channel;
pub use begin::{Begun, begin};
pub use finish::{CameBack, Entered, finish};
pub use leave::leave;
pub use manage::{providers, remove_provider, save_provider};
pub use route::{choices, provider_of, required_provider};

use super::{
    Failure,
    port::{Client, Fault},
    rows::identity_provider,
};
use crate::{Error, Refusal, kernel::Kontor};

/// Where providers send people back to.
const CALLBACK: &str = "/signin/callback";

/// The purpose under which a provider's secret is sealed.
fn purpose(row: &identity_provider::Model) -> String {
    format!("identity_provider:{}", row.id)
}

/// What it takes to speak to a provider.
fn client(kontor: &Kontor, row: &identity_provider::Model) -> Result<Client, Error> {
    let secret = match &row.client_secret {
        Some(sealed) => Some(kontor.secrets.open(&purpose(row), sealed)?),
        None => None,
    };
    Ok(Client {
        id: row.id,
        issuer: row.issuer.clone(),
        client_id: row.client_id.clone(),
        secret: secret.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        scopes: row.scopes.split_whitespace().map(str::to_owned).collect(),
        redirect_url: kontor.url(CALLBACK),
    })
}

fn failed(why: Failure) -> Error {
    Refusal::SingleSignOn { why }.into()
}

/// Notes what a provider did wrong, and says so without the details.
fn fault(row: &identity_provider::Model, fault: &Fault) -> Error {
    tracing::warn!(provider = %row.id, issuer = %row.issuer, %fault, "single sign-on");
    failed(match fault {
        Fault::Down(_) => Failure::Down,
        Fault::Bad(_) => Failure::BadAnswer,
    })
}
