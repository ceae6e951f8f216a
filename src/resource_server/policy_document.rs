//! The policy as it is written: one JSON document, unknown members refused.

use core::fmt;

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyDocument {
    pub(super) realm: Option<String>,
    pub(super) issuers: Vec<IssuerDocument>,
    pub(super) routes: Vec<RouteDocument>,
    pub(super) upstream: UpstreamDocument,
    pub(super) cors: Option<CorsDocument>,
    #[serde(default)]
    pub(super) token_cache: TokenCacheDocument,
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

/// How many verified tokens are kept: `false` for none, `true` for as many as is usual, or an object of bounds.
pub(super) enum TokenCacheDocument {
    Off,
    On { max_entries: Option<u64>, max_bytes: Option<u64> },
}

impl Default for TokenCacheDocument {
    fn default() -> Self {
        Self::On { max_entries: None, max_bytes: None }
    }
}

impl<'de> Deserialize<'de> for TokenCacheDocument {
    /// By hand, because serde's untagged enum can't say which member of the object it does not know.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TokenCacheVisitor)
    }
}

struct TokenCacheVisitor;

impl<'de> Visitor<'de> for TokenCacheVisitor {
    type Value = TokenCacheDocument;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true, false or an object of bounds")
    }

    fn visit_bool<E>(self, is_on: bool) -> Result<Self::Value, E> {
        Ok(if is_on { TokenCacheDocument::default() } else { TokenCacheDocument::Off })
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        let bounds = TokenCacheBounds::deserialize(MapAccessDeserializer::new(members))?;
        Ok(TokenCacheDocument::On { max_entries: bounds.max_entries, max_bytes: bounds.max_bytes })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenCacheBounds {
    max_entries: Option<u64>,
    max_bytes: Option<u64>,
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
