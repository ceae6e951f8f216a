//! Asking the authorization server about a token (RFC 7662 section 2.1). What it says is read in `jwt/introspection.rs`.

use alloc::string::String;

use super::{BearerToken, issuer::IntrospectionClient};
use crate::{basic_credentials::basic_credentials, http_url::HttpUrl, resource_server::Need};

/// The request: the token in a form body (RFC 7662 section 2.1), the gate's own credentials as HTTP Basic.
pub(super) fn request(endpoint: &HttpUrl, client: &IntrospectionClient, secret: &str, token: &BearerToken<'_>) -> Need {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("token", token.expose())
        .append_pair("token_type_hint", "access_token")
        .finish();
    Need::Introspection {
        url: endpoint.as_str().into(),
        authorization: basic_credentials(&client.client_id, secret),
        body,
    }
}
