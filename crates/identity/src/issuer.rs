//! What an issuer has published about itself, and the two questions put to it.

use crate::admission::Claims;
use crate::error_chain::whole;
use crate::http::{Http, HttpError};
use crate::{IssuerConfig, Refused};
use domain::Timestamp;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AdditionalClaims, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenClaims, IdTokenFields, IssuerUrl,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, StandardErrorResponse, StandardTokenResponse, SubjectIdentifier,
    UserInfoClaims, UserInfoError,
};
use serde::{Deserialize, Serialize};

/// Google's claim beyond the standard's: the company whose directory holds the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct HostedDomain {
    hd: Option<String>,
}

impl AdditionalClaims for HostedDomain {}

type Fields = IdTokenFields<
    HostedDomain,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
pub(crate) type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
pub(crate) type TokenClaims = IdTokenClaims<HostedDomain, CoreGenderClaim>;
type TokenError = StandardErrorResponse<CoreErrorResponseType>;
type OidcClient = Client<
    HostedDomain,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    TokenError,
    Tokens,
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

/// An issuer as discovered: its addresses and keys at that moment.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) client: OidcClient,
    pub(crate) discovered_at: Timestamp,
}

impl Issuer {
    pub(crate) async fn discover(config: &IssuerConfig, http: &Http, now: Timestamp) -> Result<Self, Refused> {
        let url = IssuerUrl::new(config.issuer.clone()).map_err(|error| misconfigured(config, &error))?;
        let metadata =
            CoreProviderMetadata::discover_async(url, http).await.map_err(|error| discovery_refused(config, &error))?;
        let redirect = RedirectUrl::from_url(config.redirect_url.clone());
        let auth_type = auth_type(&metadata);
        let client = Client::from_provider_metadata(
            metadata,
            ClientId::new(config.client_id.clone()),
            Some(ClientSecret::new(config.client_secret.expose().clone())),
        )
        .set_redirect_uri(redirect)
        .set_auth_type(auth_type);
        Ok(Self { client, discovered_at: now })
    }

    /// Redeems a code. The issuer does so once.
    pub(crate) async fn redeem(
        &self,
        config: &IssuerConfig,
        http: &Http,
        code: String,
        verifier: String,
    ) -> Result<Tokens, Refused> {
        let request = self
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| misconfigured(config, &error))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier));
        request.request_async(http).await.map_err(|error| code_refused(config, error))
    }

    /// What the userinfo endpoint says of the same account. Many issuers put the address only there, as the standard has it.
    pub(crate) async fn ask_about(
        &self,
        config: &IssuerConfig,
        http: &Http,
        token: AccessToken,
        subject: SubjectIdentifier,
    ) -> Result<Claims, Refused> {
        let Ok(request) = self.client.user_info(token, Some(subject)) else {
            return Err(Refused::NoEmail { provider: config.name() });
        };
        let answer: UserInfoClaims<HostedDomain, CoreGenderClaim> =
            request.request_async(http).await.map_err(|error| userinfo_refused(config, &error))?;
        Ok(Claims {
            subject: answer.subject().to_string(),
            email: answer.email().map(|email| email.to_string()),
            email_verified: answer.email_verified().unwrap_or(false),
            name: answer.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
            hosted_domain: answer.additional_claims().hd.clone(),
        })
    }
}

impl From<&TokenClaims> for Claims {
    fn from(token: &TokenClaims) -> Self {
        Self {
            subject: token.subject().to_string(),
            email: token.email().map(|email| email.to_string()),
            email_verified: token.email_verified().unwrap_or(false),
            name: token.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
            hosted_domain: token.additional_claims().hd.clone(),
        }
    }
}

/// The secret in a header, unless the issuer says that it only reads it from the body.
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let methods = metadata.token_endpoint_auth_methods_supported();
    let takes_header = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    if takes_header { AuthType::BasicAuth } else { AuthType::RequestBody }
}

fn misconfigured(config: &IssuerConfig, error: &dyn std::error::Error) -> Refused {
    Refused::Misconfigured { provider: config.name(), cause: whole(error) }
}

fn discovery_refused(config: &IssuerConfig, error: &DiscoveryError<HttpError>) -> Refused {
    let (provider, cause) = (config.name(), whole(error));
    match error {
        DiscoveryError::Request(_) => Refused::Unreachable { provider, cause },
        DiscoveryError::Validation(_) => Refused::WrongIssuer { provider, cause },
        _ => Refused::Misconfigured { provider, cause },
    }
}

fn userinfo_refused(config: &IssuerConfig, error: &UserInfoError<HttpError>) -> Refused {
    let (provider, cause) = (config.name(), whole(error));
    match error {
        UserInfoError::Request(_) => Refused::Unreachable { provider, cause },
        UserInfoError::ClaimsVerification(_) => Refused::BadToken { provider, cause },
        _ => Refused::ProviderRefused { provider, cause },
    }
}

fn code_refused(config: &IssuerConfig, error: RequestTokenError<HttpError, TokenError>) -> Refused {
    let (provider, cause) = (config.name(), whole(&error));
    match error {
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            CoreErrorResponseType::InvalidGrant => Refused::CodeRefused { cause },
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                Refused::Misconfigured { provider, cause }
            }
            _ => Refused::ProviderRefused { provider, cause },
        },
        RequestTokenError::Request(_) => Refused::Unreachable { provider, cause },
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Refused::BadToken { provider, cause },
    }
}
