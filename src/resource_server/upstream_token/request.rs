//! What the token endpoint is asked (RFC 6749 section 4.4.2, RFC 8693 section 2.1, RFC 8707 section 2).

use super::policy::{GrantType, TokenRequest};
use crate::{
    form::Form,
    http_url::HttpUrl,
    resource_server::{Need, client_authentication::Credentials},
    time::UnixTime,
};

/// An access token, as RFC 8693 section 3 names the kinds of tokens.
pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The request: what is asked for in a form body, and who asks. `subject` is the client's token, where one is exchanged.
pub(crate) fn token_request(
    request: &TokenRequest,
    endpoint: &HttpUrl,
    secret: &str,
    subject: &str,
    now: UnixTime,
) -> Option<Need> {
    let mut form = Form::default();
    form.append_pair("grant_type", request.grant_type.name());
    if request.grant_type == GrantType::TokenExchange {
        form.append_pair("subject_token", subject)
            .append_pair("subject_token_type", ACCESS_TOKEN)
            .append_pair("requested_token_type", ACCESS_TOKEN);
    }
    if let Some(scope) = &request.scope {
        form.append_pair("scope", scope);
    }
    for (name, targets) in [("resource", &request.resource), ("audience", &request.audience)] {
        for target in targets {
            form.append_pair(name, target);
        }
    }
    let Credentials { authorization, client_assertion } =
        request.client.authenticate(secret, &request.issuer, &mut form, now)?;
    Some(Need::Token { url: endpoint.as_str().into(), authorization, body: form.finish(), client_assertion })
}
