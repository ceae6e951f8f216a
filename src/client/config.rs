//! What a client must know of itself and of its authorization server.

use alloc::{string::String, vec::Vec};

use crate::{
    error::{Error, Problems},
    http_url::{HttpUrl, Transport},
    json::{Fields, Object},
    jwt::Scope,
    limits,
};

/// What a configuration may say.
const MEMBERS: [&str; 9] = [
    "issuer",
    "client_id",
    "redirect_uri",
    "scope",
    "resource",
    "post_logout_redirect_uri",
    "api_origins",
    "dpop",
    "allow_insecure_loopback",
];

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
    pub(super) dpop: bool,
    pub(super) transport: Transport,
}

impl ClientConfig {
    /// Reads and checks a configuration: a JSON object of `issuer`, `client_id`, `redirect_uri` (without a query), `scope`
    /// (with "openid" in it, because the ID token carries the nonce), and optionally `resource` (RFC 8707),
    /// `post_logout_redirect_uri`, `api_origins` (where the access token may be sent), `dpop` (whether the tokens have to be bound to a key,
    /// RFC 9449) and `allow_insecure_loopback`.
    ///
    /// # Errors
    /// `config_invalid` with every problem and its place.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let document = Object::parse(text.as_bytes())
            .map_err(|error| Error::ConfigInvalid { problems: Problems::of("(configuration)", error.sentence()) })?;
        let mut problems = Problems::default();
        let config = Self::read(&document, &mut problems);
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(Error::ConfigInvalid { problems: problems.into_vec() }),
        }
    }

    /// Reads the members. Whoever adds one adds it to [`MEMBERS`] as well, or it is refused as unknown.
    fn read(document: &Object, problems: &mut Problems) -> Option<Self> {
        let fields = Fields::of_document(document, &MEMBERS, problems);
        let transport = Transport::from_switch(fields.switch("allow_insecure_loopback", problems));
        let plain = |text: &str| HttpUrl::parse(text, transport).filter(|url| url.query().is_none());
        let issuer = fields.text_as("issuer", "must be an https URL without query and fragment", plain, problems);
        let redirect_uri = fields.text_as(
            "redirect_uri",
            "must be an https URL as the address bar shows it and as it is registered, without query and fragment",
            |text| plain(text).filter(|url| url.has_serialized_origin() && !url.path().is_empty()),
            problems,
        );
        let is_visible = |text: &&str| !text.is_empty() && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        let client_id = fields.text_as(
            "client_id",
            "must be printable ASCII (RFC 6749 appendix A.1)",
            |text| Some(text).filter(is_visible).map(String::from),
            problems,
        );
        let scope = fields.text_as(
            "scope",
            "must be space-separated scopes with \"openid\" among them",
            |text| Scope::parse(text).filter(|scope| scope.iter().any(|word| word == "openid")),
            problems,
        );
        let resource = fields.optional_text_as(
            "resource",
            "must be an absolute URI without fragment (RFC 8707 section 2)",
            |text| is_absolute_uri(text).then(|| text.into()),
            problems,
        );
        let post_logout_redirect_uri = fields.optional_text_as(
            "post_logout_redirect_uri",
            "must be an https URL without fragment",
            |text| HttpUrl::parse(text, transport),
            problems,
        );
        let api_origins = read_api_origins(&fields, transport, problems);
        Some(Self {
            issuer: issuer?,
            client_id: client_id?,
            redirect_uri: redirect_uri?,
            scope: scope?,
            resource,
            post_logout_redirect_uri,
            api_origins,
            dpop: fields.switch("dpop", problems),
            transport,
        })
    }

    /// Where the issuer's metadata may be; see [`AuthorizationServerMetadata::urls`](super::AuthorizationServerMetadata::urls).
    pub fn metadata_urls(&self) -> Vec<String> {
        super::AuthorizationServerMetadata::urls(&self.issuer)
    }

    /// Reads this issuer's metadata. S256 must be offered: a server that ignores PKCE would leave the code unprotected
    /// (RFC 9700 section 2.1.1). So must proofs by ES256 where `dpop` is asked for and the server says which it takes.
    ///
    /// # Errors
    /// `metadata_invalid`.
    pub fn read_metadata(&self, text: &str) -> Result<super::AuthorizationServerMetadata, Error> {
        let metadata = super::AuthorizationServerMetadata::parse(text, self.issuer.as_str(), self.transport)?;
        if !metadata.offers_s256() {
            return Err(Error::MetadataInvalid { parameter: "code_challenge_methods_supported" });
        }
        if self.dpop && metadata.refuses_es256_proofs() {
            return Err(Error::MetadataInvalid { parameter: "dpop_signing_alg_values_supported" });
        }
        Ok(metadata)
    }

    /// Whether the tokens have to be bound to a key (RFC 9449).
    pub const fn dpop(&self) -> bool {
        self.dpop
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

/// The origins that the access token may be sent to.
pub(super) fn read_api_origins(fields: &Fields<'_>, transport: Transport, problems: &mut Problems) -> Vec<HttpUrl> {
    let mut api_origins = Vec::new();
    for (index, text) in fields.defaulted_texts("api_origins", problems).into_iter().flatten().enumerate() {
        match HttpUrl::parse(text, transport).filter(HttpUrl::is_serialized_origin) {
            Some(origin) => api_origins.push(origin),
            None => problems.add(
                &fields.at_element("api_origins", index),
                "must be an https origin as browsers and URL.origin write it: no path, lower case, no implied port",
            ),
        }
    }
    api_origins
}

/// Visible ASCII that starts with a scheme (RFC 3986 section 3.1), without a fragment.
fn is_absolute_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}
