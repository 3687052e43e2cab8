//! Signing in by e-mail and password.

use super::session;
use crate::{
    Error, Problems, Refusal,
    account::{SignedIn, password, rows::account},
    identity::service::required_provider,
    kernel::{
        Kontor,
        actor::Viewer,
        text::{self, email_key},
    },
};

/// Signs in. A wrong address and a wrong password give the same answer after the same time. With a second factor set
/// up, the session waits for the code.
pub async fn sign_in(kontor: &Kontor, viewer: &Viewer, email: &str, given: &str) -> Result<SignedIn, Error> {
    let mut problems = Problems::new();
    let email = problems.take("email", text::email(email));
    problems.take(
        "password",
        text::line(given, 1, 1000).map(drop).or_else(|issue| match issue {
            crate::Issue::ForbiddenCharacters => Ok(()),
            other => Err(other),
        }),
    );
    problems.finish()?;
    let person = account::by_email_key(kontor.db.read(), &email_key(&email)).await?;
    let hash = person.as_ref().and_then(|p| p.password_hash.as_deref());
    let right = password::verify(kontor, given, hash).await?;
    let Some(person) = person.filter(|_| right) else {
        tracing::info!(ip = %viewer.ip, "sign-in failed");
        return Err(Refusal::WrongCredentials.into());
    };
    if person.suspended {
        return Err(Refusal::AccountSuspended.into());
    }
    // Told to nobody but whoever knows the password.
    if let Some(provider) = required_provider(kontor.db.read(), &person).await? {
        tracing::info!(account = %person.id, ip = %viewer.ip, %provider, "password right, sign-in is the provider's");
        return Err(Refusal::ProviderRequired { provider }.into());
    }
    let tx = kontor.db.begin().await?;
    let token = session::open(kontor, &tx, viewer, person.id, person.totp_on).await?;
    tx.commit().await?;
    tracing::info!(account = %person.id, ip = %viewer.ip, second_factor = person.totp_on, "signed in");
    Ok(SignedIn { token, code_needed: person.totp_on })
}
