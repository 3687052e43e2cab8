//! Server functions of the account surface.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{cookie, pending, redirect, serve};
#[cfg(feature = "ssr")]
use kontor::{
    Error, Refusal, account::service, identity::service as identity, kernel::id::IdentityProviderId,
};
use kontor::{
    account::{SecondFactorSetup, SessionView},
    identity::Choice,
    kernel::id::SessionId,
};
use leptos::prelude::*;

/// Makes an account; the reader sees the same page whether the address was known or not.
#[server(prefix = "/api/account", endpoint = "sign_up", client = Api, protocol = Call)]
pub async fn sign_up(email: String, password: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::sign_up(&cx.kontor, &cx.viewer, &email, &password).await?;
        redirect(&format!(
            "/signup?sent={}",
            url::form_urlencoded::byte_serialize(email.trim().as_bytes()).collect::<String>()
        ));
        Ok(())
    })
    .await
}

/// Signs in, then leads to `next` or to the person's own place.
#[server(prefix = "/api/account", endpoint = "sign_in", client = Api, protocol = Call)]
pub async fn sign_in(
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let next = local(&next).unwrap_or("/home");
        // Whoever gives no password may have none: their organisation signs them in.
        if password.is_empty()
            && let Ok(provider) = identity::provider_of(&cx.kontor, &email).await
        {
            redirect(&with_provider(provider, next, &email));
            return Ok(());
        }
        let signed_in = match service::sign_in(&cx.kontor, &cx.viewer, &email, &password).await {
            Err(Error::Refused(Refusal::ProviderRequired { provider })) => {
                redirect(&with_provider(provider, next, &email));
                return Ok(());
            }
            other => other?,
        };
        cookie::set_session(&signed_in.token);
        match signed_in.code_needed {
            true => redirect(&format!("/signin?step=code&next={}", encoded(next))),
            false => redirect(next),
        }
        Ok(())
    })
    .await
}

/// Leads to the provider of the organisation an address belongs to; whether there is such an account is not asked.
#[server(prefix = "/api/account", endpoint = "single_sign_on", client = Api, protocol = Call)]
pub async fn single_sign_on(
    #[server(default)] email: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let provider = identity::provider_of(&cx.kontor, &email).await?;
        redirect(&with_provider(provider, local(&next).unwrap_or("/home"), &email));
        Ok(())
    })
    .await
}

/// The providers that everybody can choose.
#[server(prefix = "/api/account", endpoint = "sign_in_choices", client = Api, protocol = Call)]
pub async fn sign_in_choices() -> Result<Vec<Choice>, ApiError> {
    serve(|cx| async move { identity::choices(&cx.kontor).await }).await
}

/// The second step of a sign-in.
#[server(prefix = "/api/account", endpoint = "sign_in_code", client = Api, protocol = Call)]
pub async fn sign_in_code(code: String, #[server(default)] next: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        let waiting = pending().ok_or(Error::Unauthenticated)?;
        service::pass_second_factor(&cx.kontor, waiting.session, waiting.account, &code).await?;
        redirect(local(&next).unwrap_or("/home"));
        Ok(())
    })
    .await
}

/// Ends this session.
#[server(prefix = "/api/account", endpoint = "sign_out", client = Api, protocol = Call)]
pub async fn sign_out() -> Result<(), ApiError> {
    serve(|cx| async move {
        let provider = match cookie::session() {
            Some(token) => service::sign_out(&cx.kontor, &token).await?,
            None => None,
        };
        cookie::clear_session();
        cx.done("signed_out");
        match provider {
            Some(provider) => redirect(&format!("/signin/out/{provider}")),
            None => redirect("/"),
        }
        Ok(())
    })
    .await
}

/// Confirms an address by the link sent to it.
#[server(prefix = "/api/account", endpoint = "confirm_email", client = Api, protocol = Call)]
pub async fn confirm_email(token: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        if let Some(session) = service::confirm(&cx.kontor, &cx.viewer, &token).await? {
            cookie::set_session(&session);
        }
        cx.done("confirmed");
        redirect("/home");
        Ok(())
    })
    .await
}

/// Sends another confirmation link.
#[server(prefix = "/api/account", endpoint = "resend_confirmation", client = Api, protocol = Call)]
pub async fn resend_confirmation() -> Result<(), ApiError> {
    serve(|cx| async move {
        service::resend_confirmation(&cx.kontor, &cx.viewer).await?;
        cx.done("confirmation_sent");
        Ok(())
    })
    .await
}

/// Sends a link to set a new password.
#[server(prefix = "/api/account", endpoint = "request_reset", client = Api, protocol = Call)]
pub async fn request_reset(email: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::request_reset(&cx.kontor, &email).await?;
        cx.done("link_sent");
        redirect("/signin");
        Ok(())
    })
    .await
}

/// Sets a new password by the link.
#[server(prefix = "/api/account", endpoint = "reset_password", client = Api, protocol = Call)]
pub async fn reset_password(token: String, new_password: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::reset_password(&cx.kontor, &token, &new_password).await?;
        cx.done("password_set");
        redirect("/signin");
        Ok(())
    })
    .await
}

/// Sets the first password by the activation link and signs in.
#[server(prefix = "/api/account", endpoint = "activate", client = Api, protocol = Call)]
pub async fn activate(token: String, new_password: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        let session = service::activate(&cx.kontor, &cx.viewer, &token, &new_password).await?;
        cookie::set_session(&session);
        redirect("/home");
        Ok(())
    })
    .await
}

/// Changes the reader's own password.
#[server(prefix = "/api/account", endpoint = "change_password", client = Api, protocol = Call)]
pub async fn change_password(password: String, new_password: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::change_password(&cx.kontor, &cx.viewer, &password, &new_password).await?;
        cx.done("password_changed");
        Ok(())
    })
    .await
}

/// The reader's own sessions.
#[server(prefix = "/api/account", endpoint = "sessions", client = Api, protocol = Call)]
pub async fn sessions() -> Result<Vec<SessionView>, ApiError> {
    serve(|cx| async move { service::own_sessions(&cx.kontor, &cx.viewer).await }).await
}

/// Ends one of them.
#[server(prefix = "/api/account", endpoint = "end_session", client = Api, protocol = Call)]
pub async fn end_session(session: SessionId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::end_session(&cx.kontor, &cx.viewer, session).await?;
        cx.done("session_ended");
        Ok(())
    })
    .await
}

/// Ends all of them, this one included.
#[server(prefix = "/api/account", endpoint = "end_all_sessions", client = Api, protocol = Call)]
pub async fn end_all_sessions() -> Result<(), ApiError> {
    serve(|cx| async move {
        service::end_all_sessions(&cx.kontor, &cx.viewer).await?;
        cookie::clear_session();
        cx.done("signed_out_everywhere");
        redirect("/signin");
        Ok(())
    })
    .await
}

/// What the authenticator app needs.
#[server(prefix = "/api/account", endpoint = "begin_second_factor", client = Api, protocol = Call)]
pub async fn begin_second_factor() -> Result<SecondFactorSetup, ApiError> {
    serve(|cx| async move { service::begin_second_factor(&cx.kontor, &cx.viewer).await }).await
}

/// Puts the second factor in force.
#[server(prefix = "/api/account", endpoint = "confirm_second_factor", client = Api, protocol = Call)]
pub async fn confirm_second_factor(code: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::confirm_second_factor(&cx.kontor, &cx.viewer, &code).await?;
        cx.done("second_factor_on");
        redirect("/account");
        Ok(())
    })
    .await
}

/// Takes the second factor away.
#[server(prefix = "/api/account", endpoint = "drop_second_factor", client = Api, protocol = Call)]
pub async fn drop_second_factor(password: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::drop_second_factor(&cx.kontor, &cx.viewer, &password).await?;
        cx.done("second_factor_off");
        redirect("/account");
        Ok(())
    })
    .await
}

/// Shows again who one is, then goes on to `next`.
#[server(prefix = "/api/account", endpoint = "step_up", client = Api, protocol = Call)]
pub async fn step_up(
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::step_up(&cx.kontor, &cx.viewer, &password, &code).await?;
        if let Some(next) = local(&next) {
            redirect(next);
        }
        Ok(())
    })
    .await
}

/// Keeps the reader's language.
#[server(prefix = "/api/account", endpoint = "set_language", client = Api, protocol = Call)]
pub async fn set_language(language: String) -> Result<(), ApiError> {
    use kontor::{Issue, account::service::Preference, kernel::locale::Locale};
    serve(|cx| async move {
        let locale = Locale::from_key(&language).ok_or(Error::field("language", Issue::NotAChoice))?;
        service::set_preference(&cx.kontor, &cx.viewer, Preference::Language(locale)).await?;
        cookie::set("kontor_language", locale.key(), cookie::YEAR);
        Ok(())
    })
    .await
}

/// Keeps the reader's theme.
#[server(prefix = "/api/account", endpoint = "set_theme", client = Api, protocol = Call)]
pub async fn set_theme(theme: String) -> Result<(), ApiError> {
    use kontor::{Issue, account::service::Preference, kernel::locale::Theme};
    serve(|cx| async move {
        let theme = Theme::from_key(&theme).ok_or(Error::field("theme", Issue::NotAChoice))?;
        service::set_preference(&cx.kontor, &cx.viewer, Preference::Theme(theme)).await?;
        cookie::set("kontor_theme", theme.key(), cookie::YEAR);
        Ok(())
    })
    .await
}

/// An address of ours, or nothing: `next` comes from the reader.
#[cfg(feature = "ssr")]
pub(super) fn local(next: &str) -> Option<&str> {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    safe.then_some(next)
}

/// Where a sign-in through a provider begins.
#[cfg(feature = "ssr")]
pub(super) fn with_provider(provider: IdentityProviderId, next: &str, email: &str) -> String {
    format!("/signin/with/{provider}?next={}&hint={}", encoded(next), encoded(email.trim()))
}

#[cfg(feature = "ssr")]
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_ours_are_gone_on_to() {
        assert_eq!(local("/admin?x=1"), Some("/admin?x=1"));
        for foreign in ["//evil.test", "https://evil.test", "/\\evil.test", "", "/a\r\nSet-Cookie: x"] {
            assert_eq!(local(foreign), None, "{foreign:?}");
        }
    }
}
