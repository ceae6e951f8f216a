//! What a client must know of itself and of its authorization server.

use alloc::{format, string::String, vec::Vec};

use serde::Deserialize;

use crate::{
    error::{Error, Problems},
    http_url::{HttpUrl, Transport},
    jwt::Scope,
    limits,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigDocument {
    issuer: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    resource: Option<String>,
    post_logout_redirect_uri: Option<String>,
    #[serde(default)]
    api_origins: Vec<String>,
    #[serde(default)]
    allow_insecure_loopback: bool,
}

/// A public client's configuration, checked. It holds no secret: a page can't keep one (RFC 9700 section 2.5).
#[derive(Clone, Debug)]
pub struct ClientConfig {
    pub(super) issuer: HttpUrl,
    pub(super) client_id: String,
    pub(super) redirect_uri: HttpUrl,
    pub(super) scope: Scope,
    pub(super) resource: Option<String>,
    pub(super) post_logout_redirect_uri: Option<HttpUrl>,
    pub(super) api_origins: Vec<HttpUrl>,
    pub(super) transport: Transport,
}

impl ClientConfig {
    /// Reads and checks a configuration: a JSON object of `issuer`, `client_id`, `redirect_uri` (without a query), `scope`
    /// (with "openid" in it, because the ID token carries the nonce), and optionally `resource` (RFC 8707),
    /// `post_logout_redirect_uri`, `api_origins` (where the access token may be sent) and `allow_insecure_loopback`.
    ///
    /// # Errors
    /// `config_invalid` with every problem and its place.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let document: ConfigDocument = serde_json::from_str(text)
            .map_err(|error| Error::ConfigInvalid { problems: Problems::of_json("(configuration)", &error) })?;
        let transport = Transport::from_switch(document.allow_insecure_loopback);
        let mut problems = Problems::default();
        let mut wrong = |path: &str, problem: &str| problems.add(path, problem);
        let plain = |text: &str| HttpUrl::parse(text, transport).filter(|url| url.query().is_none());
        let issuer = plain(&document.issuer);
        if issuer.is_none() {
            wrong("issuer", "must be an https URL without query and fragment");
        }
        let redirect_uri =
            plain(&document.redirect_uri).filter(|url| url.has_serialized_origin() && !url.path().is_empty());
        if redirect_uri.is_none() {
            wrong(
                "redirect_uri",
                "must be an https URL as the address bar shows it and as it is registered, without query and fragment",
            );
        }
        let is_visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if !is_visible(&document.client_id) {
            wrong("client_id", "must be printable ASCII (RFC 6749 appendix A.1)");
        }
        let scope = Scope::parse(&document.scope).filter(|scope| scope.iter().any(|word| word == "openid"));
        if scope.is_none() {
            wrong("scope", "must be space-separated scopes with \"openid\" among them");
        }
        let resource = document.resource;
        if resource.as_ref().is_some_and(|resource| !is_absolute_uri(resource)) {
            wrong("resource", "must be an absolute URI without fragment (RFC 8707 section 2)");
        }
        let post_logout_redirect_uri = document.post_logout_redirect_uri.and_then(|text| {
            let url = HttpUrl::parse(&text, transport);
            if url.is_none() {
                wrong("post_logout_redirect_uri", "must be an https URL without fragment");
            }
            url
        });
        let mut api_origins = Vec::new();
        for (index, text) in document.api_origins.iter().enumerate() {
            match plain(text).filter(HttpUrl::is_serialized_origin) {
                Some(origin) => api_origins.push(origin),
                None => wrong(
                    &format!("api_origins[{index}]"),
                    "must be an https origin as browsers write it: no path, lower case, no implied port",
                ),
            }
        }
        match (issuer, redirect_uri, scope) {
            (Some(issuer), Some(redirect_uri), Some(scope)) if problems.is_empty() => Ok(Self {
                issuer,
                client_id: document.client_id,
                redirect_uri,
                scope,
                resource,
                post_logout_redirect_uri,
                api_origins,
                transport,
            }),
            _ => Err(Error::ConfigInvalid { problems: problems.into_vec() }),
        }
    }

    /// Where the issuer's metadata may be; see [`AuthorizationServerMetadata::urls`](super::AuthorizationServerMetadata::urls).
    pub fn metadata_urls(&self) -> Vec<String> {
        super::AuthorizationServerMetadata::urls(&self.issuer)
    }

    /// Reads this issuer's metadata. S256 must be offered: a server that ignores PKCE would leave the code unprotected
    /// (RFC 9700 section 2.1.1).
    ///
    /// # Errors
    /// `metadata_invalid`.
    pub fn read_metadata(&self, text: &str) -> Result<super::AuthorizationServerMetadata, Error> {
        let metadata = super::AuthorizationServerMetadata::parse(text, self.issuer.as_str(), self.transport)?;
        if metadata.offers_s256() {
            Ok(metadata)
        } else {
            Err(Error::MetadataInvalid { parameter: "code_challenge_methods_supported" })
        }
    }

    /// Whether the access token may be sent to an origin (scheme, host and port, compared exactly).
    pub fn allows_api_origin(&self, origin: &str) -> bool {
        self.api_origins.iter().any(|own| own.as_str() == origin)
    }

    /// Whether a URL, without its query and fragment, is the redirect URI: compared exactly (RFC 9700 section 2.1).
    pub fn is_redirect_uri(&self, url: &str) -> bool {
        url.len() <= limits::MAX_CALLBACK_BYTES && url.split(['?', '#']).next() == Some(self.redirect_uri.as_str())
    }
}

/// Visible ASCII that starts with a scheme (RFC 3986 section 3.1), without a fragment.
fn is_absolute_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}
