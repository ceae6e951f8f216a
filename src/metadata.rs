//! Authorization server metadata (RFC 8414, OIDC Discovery).

use alloc::{string::String, vec::Vec};

use crate::{
    error::Error,
    http_url::{HttpUrl, Transport},
    json::{Object, Value},
    limits,
};

/// What an authorization server says of itself, checked: the issuer is the one asked for, every endpoint is a plain https URL.
#[derive(Clone, Debug)]
pub struct AuthorizationServerMetadata {
    issuer: String,
    authorization_endpoint: Option<HttpUrl>,
    token_endpoint: Option<HttpUrl>,
    jwks_uri: Option<HttpUrl>,
    userinfo_endpoint: Option<HttpUrl>,
    introspection_endpoint: Option<HttpUrl>,
    revocation_endpoint: Option<HttpUrl>,
    end_session_endpoint: Option<HttpUrl>,
    pushed_authorization_request_endpoint: Option<HttpUrl>,
    offers_s256: bool,
    refuses_es256_proofs: bool,
    names_issuer_in_response: bool,
}

impl AuthorizationServerMetadata {
    /// Where the metadata of an issuer may be, the more common place first: `/.well-known/openid-configuration` after the
    /// issuer's path (OIDC Discovery section 4) and `/.well-known/oauth-authorization-server` before it (RFC 8414 section 3.1).
    pub fn urls(issuer: &HttpUrl) -> Vec<String> {
        let (origin, path) = (issuer.origin(), issuer.path().trim_end_matches('/'));
        [
            [origin, path, "/.well-known/openid-configuration"].concat(),
            [origin, "/.well-known/oauth-authorization-server", path].concat(),
        ]
        .into()
    }

    /// Reads a metadata document. `issuer` in it must be the one expected, exactly (RFC 8414 section 3.3), or another
    /// server's document could be passed off as this one's.
    ///
    /// # Errors
    /// `metadata_invalid` with the member concerned.
    pub fn parse(text: &str, expected_issuer: &str, transport: Transport) -> Result<Self, Error> {
        let invalid = |parameter| Error::MetadataInvalid { parameter };
        if text.len() > limits::MAX_METADATA_BYTES {
            return Err(invalid("(document size)"));
        }
        let members = Object::parse(text.as_bytes()).map_err(|_| invalid("(document)"))?;
        if members.get("issuer").and_then(Value::as_str) != Some(expected_issuer) {
            return Err(invalid("issuer"));
        }
        let endpoint = |parameter: &'static str| match members.get(parameter) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => HttpUrl::parse(text, transport).map(Some).ok_or(invalid(parameter)),
            Some(_) => Err(invalid(parameter)),
        };
        Ok(Self {
            issuer: expected_issuer.into(),
            authorization_endpoint: endpoint("authorization_endpoint")?,
            token_endpoint: endpoint("token_endpoint")?,
            jwks_uri: endpoint("jwks_uri")?,
            userinfo_endpoint: endpoint("userinfo_endpoint")?,
            introspection_endpoint: endpoint("introspection_endpoint")?,
            revocation_endpoint: endpoint("revocation_endpoint")?,
            end_session_endpoint: endpoint("end_session_endpoint")?,
            pushed_authorization_request_endpoint: endpoint("pushed_authorization_request_endpoint")?,
            offers_s256: lists(&members, "code_challenge_methods_supported", "S256"),
            refuses_es256_proofs: members.contains_key("dpop_signing_alg_values_supported")
                && !lists(&members, "dpop_signing_alg_values_supported", "ES256"),
            names_issuer_in_response: members.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
        })
    }

    /// The issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `authorization_endpoint`.
    ///
    /// # Errors
    /// `metadata_invalid` where it is absent.
    pub fn authorization_endpoint(&self) -> Result<&HttpUrl, Error> {
        required(self.authorization_endpoint.as_ref(), "authorization_endpoint")
    }

    /// `token_endpoint`.
    ///
    /// # Errors
    /// `metadata_invalid` where it is absent.
    pub fn token_endpoint(&self) -> Result<&HttpUrl, Error> {
        required(self.token_endpoint.as_ref(), "token_endpoint")
    }

    /// `jwks_uri`.
    ///
    /// # Errors
    /// `metadata_invalid` where it is absent.
    pub fn jwks_uri(&self) -> Result<&HttpUrl, Error> {
        required(self.jwks_uri.as_ref(), "jwks_uri")
    }

    /// `introspection_endpoint` (RFC 7662).
    ///
    /// # Errors
    /// `metadata_invalid` where it is absent.
    pub fn introspection_endpoint(&self) -> Result<&HttpUrl, Error> {
        required(self.introspection_endpoint.as_ref(), "introspection_endpoint")
    }

    /// `userinfo_endpoint` (OIDC Core section 5.3).
    pub const fn userinfo_endpoint(&self) -> Option<&HttpUrl> {
        self.userinfo_endpoint.as_ref()
    }

    /// `revocation_endpoint` (RFC 7009).
    pub const fn revocation_endpoint(&self) -> Option<&HttpUrl> {
        self.revocation_endpoint.as_ref()
    }

    /// `end_session_endpoint` (OIDC RP-Initiated Logout).
    pub const fn end_session_endpoint(&self) -> Option<&HttpUrl> {
        self.end_session_endpoint.as_ref()
    }

    /// `pushed_authorization_request_endpoint` (RFC 9126 section 5).
    pub const fn pushed_authorization_request_endpoint(&self) -> Option<&HttpUrl> {
        self.pushed_authorization_request_endpoint.as_ref()
    }

    /// Whether `dpop_signing_alg_values_supported` is there and leaves ES256 out (RFC 9449 section 5.1).
    pub const fn refuses_es256_proofs(&self) -> bool {
        self.refuses_es256_proofs
    }

    /// Whether `code_challenge_methods_supported` lists S256 (RFC 7636 section 6.2.2, RFC 8414 section 2).
    pub const fn offers_s256(&self) -> bool {
        self.offers_s256
    }

    /// Whether every authorization response names its issuer in `iss` (RFC 9207 section 3).
    pub const fn names_issuer_in_response(&self) -> bool {
        self.names_issuer_in_response
    }
}

fn required<'a>(endpoint: Option<&'a HttpUrl>, parameter: &'static str) -> Result<&'a HttpUrl, Error> {
    endpoint.ok_or_else(|| Error::MetadataInvalid { parameter })
}

fn lists(members: &Object, parameter: &str, wanted: &str) -> bool {
    members
        .get(parameter)
        .and_then(Value::as_array)
        .is_some_and(|values| values.iter().any(|value| value.as_str() == Some(wanted)))
}
