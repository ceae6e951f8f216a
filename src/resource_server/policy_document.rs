//! The policy as it is written: one JSON document, unknown members refused.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyDocument {
    pub(super) realm: Option<String>,
    pub(super) issuers: Vec<IssuerDocument>,
    pub(super) routes: Vec<RouteDocument>,
    pub(super) upstream: UpstreamDocument,
    pub(super) cors: Option<CorsDocument>,
    #[serde(default)]
    pub(super) explain: bool,
    #[serde(default)]
    pub(super) allow_insecure_loopback: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssuerDocument {
    pub(super) issuer: String,
    pub(super) audience: OneOrMany,
    pub(super) algorithms: Option<Vec<String>>,
    pub(super) jwks_uri: Option<String>,
    #[serde(default)]
    pub(super) token_profile: TokenProfile,
    pub(super) clock_tolerance_seconds: Option<u64>,
    pub(super) introspection: Option<IntrospectionDocument>,
}

/// Which kind of access token the issuer makes.
#[derive(Clone, Copy, Default, Deserialize)]
pub(super) enum TokenProfile {
    /// RFC 9068.
    #[default]
    #[serde(rename = "at+jwt")]
    AccessToken,
    /// A provider that predates RFC 9068.
    #[serde(rename = "jwt")]
    LegacyAccessToken,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IntrospectionDocument {
    pub(super) client_id: String,
    pub(super) client_secret_binding: String,
    pub(super) introspection_endpoint: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteDocument {
    pub(super) path: String,
    pub(super) methods: Option<Vec<String>>,
    #[serde(default)]
    pub(super) public: bool,
    #[serde(default)]
    pub(super) scope: String,
    #[serde(default)]
    pub(super) introspection: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UpstreamDocument {
    pub(super) origin: String,
    pub(super) claim_headers: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorsDocument {
    pub(super) origins: Vec<String>,
    #[serde(default)]
    pub(super) headers: Vec<String>,
    #[serde(default)]
    pub(super) expose_headers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "must be a text or a list of texts")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => [text].into(),
            Self::Many(texts) => texts,
        }
    }
}
