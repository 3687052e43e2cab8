//! Identity providers over the network: OpenID Connect.

mod known;
mod logout;

use super::guarded::Guarded;
use async_trait::async_trait;
use known::{Known, Metadata};
use kontor::{
    identity::port::{Answer, Binding, Claims, Client, Fault, IdentityPort, SignedOut},
    kernel::instant::Instant,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthType, AuthenticationFlow, AuthorizationCode,
    ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IdTokenFields, LoginHint, LogoutRequest, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, TokenResponse, UserInfoError,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType,
        CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Seconds by which a provider's clock may be ahead of ours.
const SKEW: i64 = 60;
/// Seconds after which an ID token is too old to have been made for this sign-in.
const OLD: i64 = 600;

/// The signatures that are believed: none without a key of the provider's own, and none made with a shared secret.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Claims that OpenID Connect does not name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Extra {
    #[serde(flatten)]
    all: serde_json::Map<String, serde_json::Value>,
}
impl AdditionalClaims for Extra {}

type Fields = IdTokenFields<
    Extra,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Party = openidconnect::Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
type IdToken = openidconnect::IdToken<
    Extra,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type IdTokenClaims = openidconnect::IdTokenClaims<Extra, CoreGenderClaim>;

/// Identity providers over the network.
pub struct RealIdentity {
    guarded: Guarded,
    known: Known,
}

fn bad(what: impl std::fmt::Display) -> Fault {
    Fault::Bad(what.to_string())
}

impl RealIdentity {
    /// Asks providers through the guard.
    pub fn new(guarded: Guarded) -> Self {
        Self { guarded, known: Known::default() }
    }

    async fn metadata(&self, client: &Client) -> Result<Arc<Metadata>, Fault> {
        self.known.of(client, &self.guarded).await
    }

    /// The same with keys that were fetched just now, if it was not done a moment ago.
    async fn newer(&self, client: &Client) -> Result<Option<Arc<Metadata>>, Fault> {
        self.known.newer(client, &self.guarded).await
    }

    /// Checks the ID token against the provider's keys; once more with newer ones if it was signed with another.
    async fn checked(
        &self,
        client: &Client,
        metadata: &Metadata,
        token: &IdToken,
        access: &openidconnect::AccessToken,
        (nonce, now): (&str, Instant),
    ) -> Result<IdTokenClaims, Fault> {
        match check(&party(client, metadata)?, token, access, nonce, now) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_),
            )) => match self.newer(client).await? {
                Some(newer) => check(&party(client, &newer)?, token, access, nonce, now).map_err(bad),
                None => Err(bad("signed with a key the provider does not have")),
            },
            other => other.map_err(bad),
        }
    }
}

/// This programme, as the provider knows it.
fn party(client: &Client, metadata: &Metadata) -> Result<Party, Fault> {
    let secret = client.secret.clone().map(ClientSecret::new);
    let redirect = RedirectUrl::new(client.redirect_url.clone()).map_err(bad)?;
    let id = ClientId::new(client.client_id.clone());
    let party = Party::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(redirect);
    // HTTP Basic, which every provider has to know, unless it says that it does not.
    let methods = metadata.token_endpoint_auth_methods_supported();
    let basic = methods.is_none_or(|all| all.contains(&CoreClientAuthMethod::ClientSecretBasic));
    Ok(if basic { party } else { party.set_auth_type(AuthType::RequestBody) })
}

/// Every check of OpenID Connect Core, section 3.1.3.7, and of the access token's hash (3.1.3.8).
fn check(
    party: &Party,
    token: &IdToken,
    access: &openidconnect::AccessToken,
    nonce: &str,
    now: Instant,
) -> Result<IdTokenClaims, ClaimsVerificationError> {
    let seconds = now.0.div_euclid(1000);
    let verifier = party
        .id_token_verifier()
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default())
        .set_issue_time_verifier_fn(move |issued| {
            let age = seconds - issued.timestamp();
            if (-SKEW..=OLD).contains(&age) { Ok(()) } else { Err(format!("issued {age} seconds ago")) }
        });
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned()))?.clone();
    // Section 3.1.3.7, step 5: made for us and not only to be shown to us.
    if claims.authorized_party().is_some_and(|azp| azp != party.client_id()) {
        return Err(ClaimsVerificationError::InvalidAudience("made for another party".into()));
    }
    if let Some(expected) = claims.access_token_hash() {
        let of = |error| ClaimsVerificationError::SignatureVerification(error);
        let key = token.signing_key(&verifier).map_err(of)?;
        let found = AccessTokenHash::from_token(access, token.signing_alg().map_err(of)?, key);
        if !found.is_ok_and(|found| found == *expected) {
            return Err(ClaimsVerificationError::Other("at_hash is another token's".into()));
        }
    }
    Ok(claims)
}

#[async_trait]
impl IdentityPort for RealIdentity {
    async fn authorise(&self, client: &Client, binding: &Binding, hint: &str) -> Result<String, Fault> {
        let metadata = self.known.alive(client, &self.guarded).await?;
        let party = party(client, &metadata)?;
        let verifier = PkceCodeVerifier::new(binding.verifier.clone());
        let (state, nonce) = (binding.state.clone(), binding.nonce.clone());
        let mut request = party
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_scopes(client.scopes.iter().cloned().map(Scope::new));
        if !hint.is_empty() {
            request = request.set_login_hint(LoginHint::new(hint.to_owned()));
        }
        let (url, ..) = request.url();
        readable(&url, client)
    }

    async fn exchange(
        &self,
        client: &Client,
        binding: &Binding,
        answer: &Answer,
        now: Instant,
    ) -> Result<Claims, Fault> {
        let metadata = self.metadata(client).await?;
        // RFC 9207: an answer of one provider is not taken to another.
        let says_so =
            metadata.additional_metadata().additional_metadata.authorization_response_iss_parameter_supported;
        match &answer.issuer {
            Some(issuer) if *issuer != client.issuer => return Err(bad("the answer is another issuer's")),
            None if says_so => return Err(bad("the answer names no issuer")),
            _ => {}
        }
        let party = party(client, &metadata)?;
        let response = party
            .exchange_code(AuthorizationCode::new(answer.code.clone()))
            .map_err(bad)?
            .set_pkce_verifier(PkceCodeVerifier::new(binding.verifier.clone()))
            .request_async(&self.guarded)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(error) => Fault::Down(error.to_string()),
                RequestTokenError::ServerResponse(said) => bad(format!("code refused: {said}")),
                other => bad(other),
            })?;
        let token = response.id_token().ok_or_else(|| bad("no ID token"))?;
        let (nonce, access) = (binding.nonce.as_str(), response.access_token());
        let said = self.checked(client, &metadata, token, access, (nonce, now)).await?;
        let mut claims = of_token(&said);
        let asks = claims.email.is_none() && metadata.userinfo_endpoint().is_some();
        if asks {
            // The person must be the one of the ID token (section 5.3.2): openidconnect compares.
            let request = party.user_info(access.clone(), Some(said.subject().clone())).map_err(bad)?;
            let more: openidconnect::UserInfoClaims<Extra, CoreGenderClaim> =
                request.request_async(&self.guarded).await.map_err(|error| match error {
                    UserInfoError::Request(error) => Fault::Down(error.to_string()),
                    other => bad(other),
                })?;
            claims.email = more.email().map(|email| email.as_str().to_owned());
            claims.email_verified = more.email_verified().unwrap_or(false);
            if claims.first_name.is_empty() && claims.last_name.is_empty() {
                claims.first_name =
                    more.given_name().and_then(|n| n.get(None)).map(|n| n.to_string()).unwrap_or_default();
                claims.last_name =
                    more.family_name().and_then(|n| n.get(None)).map(|n| n.to_string()).unwrap_or_default();
            }
            for (key, value) in &more.additional_claims().all {
                claims.other.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        Ok(claims)
    }

    async fn signed_out(&self, client: &Client, token: &str, now: Instant) -> Result<SignedOut, Fault> {
        let token = logout::Token::read(token)?;
        let metadata = self.metadata(client).await?;
        if !token.is_signed_by(metadata.jwks()) {
            let newer = self.newer(client).await?;
            if !newer.is_some_and(|newer| token.is_signed_by(newer.jwks())) {
                return Err(bad("signed with a key the provider does not have"));
            }
        }
        token.checked(client, now.0.div_euclid(1000))
    }

    async fn leave(&self, client: &Client, back: &str) -> Result<Option<String>, Fault> {
        let metadata = self.metadata(client).await?;
        let Some(endpoint) = metadata.additional_metadata().end_session_endpoint.clone() else {
            return Ok(None);
        };
        let url = LogoutRequest::from(endpoint)
            .set_client_id(ClientId::new(client.client_id.clone()))
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(back.to_owned()).map_err(bad)?)
            .http_get_url();
        readable(&url, client).map(Some)
    }
}

/// An address that people are sent to: over TLS wherever the provider itself is.
fn readable(url: &url::Url, client: &Client) -> Result<String, Fault> {
    let as_issuer = client.issuer.starts_with("http://") && url.scheme() == "http";
    if url.scheme() != "https" && !as_issuer {
        return Err(bad("an address without TLS"));
    }
    Ok(url.to_string())
}

/// What the ID token says.
fn of_token(said: &IdTokenClaims) -> Claims {
    let other = said.additional_claims().all.clone();
    let methods = said.auth_method_refs().map(|all| all.iter().map(|m| m.as_str().to_owned()).collect());
    Claims {
        subject: said.subject().as_str().to_owned(),
        email: said.email().map(|email| email.as_str().to_owned()),
        email_verified: said.email_verified().unwrap_or(false),
        first_name: said.given_name().and_then(|n| n.get(None)).map(|n| n.to_string()).unwrap_or_default(),
        last_name: said.family_name().and_then(|n| n.get(None)).map(|n| n.to_string()).unwrap_or_default(),
        sid: other.get("sid").and_then(|sid| sid.as_str()).map(str::to_owned),
        methods: methods.unwrap_or_default(),
        other,
    }
}
