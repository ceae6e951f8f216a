//! An issuer of a policy that is many: the tenants of a provider, which share one key set. The provider's issuer has a place for the tenant, as
//! Microsoft Entra's metadata says it (`https://login.microsoftonline.com/{tenantid}/v2.0`), and its tokens name the tenant in `tid`.
//!
//! What the token, its `iss` and its key say of the tenant is compared by [`TenantTemplate`].

use alloc::{format, string::String, vec::Vec};

use super::issuer::Issuer;
use crate::{
    error::Problems,
    http_url::{HttpUrl, Transport},
    json::{Fields, Value},
    jwt::TenantTemplate,
    limits,
};

/// The place of the tenant in an issuer, one segment of its path.
const PLACE: &str = "{tenantid}";

/// The claim that names the tenant.
const CLAIM: &str = "tid";

/// What stands for all tenants of a provider.
const ANY: &str = "any";

const NO_ISSUER: &str = "must be an https URL without query and fragment (RFC 8414 section 2)";

/// Reads `issuer` and `tenants` of an element of a policy's `issuers`: its text, and the template where it is many.
pub(super) fn read_issuer(
    fields: &Fields<'_>,
    transport: Transport,
    problems: &mut Problems,
) -> Option<(String, Option<TenantTemplate>)> {
    let tenants = fields.defaulted_text_or_texts("tenants", problems);
    let text = fields.text("issuer", problems)?;
    if !text.contains(['{', '}']) {
        if tenants.is_some() {
            fields.refuse("tenants", &format!("needs a place for the tenant in the issuer: {PLACE}"), problems);
        }
        if HttpUrl::parse(text, transport).is_none_or(|url| url.query().is_some()) {
            fields.refuse("issuer", NO_ISSUER, problems);
            return None;
        }
        return Some((text.into(), None));
    }
    if !has_place(text, transport) {
        let rule =
            format!("{NO_ISSUER}; where it has a place for the tenant, that is one segment of its path: {PLACE}");
        fields.refuse("issuer", &rule, problems);
    }
    // Which tenants are trusted is never a default.
    if fields.value("tenants").is_none() {
        fields.refuse(
            "tenants",
            "is missing; it must be a list of tenants, or \"any\" for all of the provider's",
            problems,
        );
    }
    // What metadata says is said of one issuer, exactly (RFC 8414 section 3.3), so there is none for all tenants.
    if fields.value("jwks_uri").is_none_or(Value::is_null) {
        fields.refuse(
            "jwks_uri",
            "is needed, because the issuer has many tenants and metadata is one issuer's",
            problems,
        );
    }
    let template = TenantTemplate::new(text, CLAIM)?;
    let template = match (tenants, fields.value("tenants").and_then(Value::as_str)) {
        (_, Some(ANY)) => template,
        (Some(tenants), None)
            if (1..=limits::MAX_TENANTS).contains(&tenants.len()) && tenants.iter().all(is_tenant) =>
        {
            template.tenants(tenants)
        }
        (None, _) => return None,
        _ => {
            let most = limits::MAX_TENANTS;
            let rule =
                format!("must be \"any\", or a list of from 1 to {most} tenants: letters, digits, \"-\" and \"_\"");
            fields.refuse("tenants", &rule, problems);
            return None;
        }
    };
    Some((text.into(), Some(template)))
}

/// The template of an element of `issuers`, for who names its issuers elsewhere in the policy. What is wrong with it, [`read_issuer`] tells.
pub(super) fn template_of(issuer: &Value) -> Option<TenantTemplate> {
    let template = TenantTemplate::new(issuer.get("issuer")?.as_str()?, CLAIM)?;
    match issuer.get("tenants")? {
        Value::String(text) if text == ANY => Some(template),
        Value::Array(tenants) => Some(template.tenants(tenants.iter().filter_map(Value::as_str))),
        _ => None,
    }
}

impl Issuer {
    /// Whether tokens with this `iss` are its own.
    pub(super) fn issues(&self, iss: &str) -> bool {
        match &self.tenants {
            None => self.issuer == iss,
            Some(template) => template.takes(iss),
        }
    }

    /// What `iss` of its tokens can be; `None` where that is not written down, as all tenants of a provider may come.
    pub(super) fn identifiers(&self) -> Option<Vec<String>> {
        match &self.tenants {
            None => Some([self.issuer.clone()].into()),
            Some(template) => template.issuers(),
        }
    }

    /// Whether some `iss` could be of both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        match (self.identifiers(), other.identifiers()) {
            (Some(own), _) => own.iter().any(|iss| other.issues(iss)),
            (None, Some(others)) => others.iter().any(|iss| self.issues(iss)),
            (None, None) => may_be_equal(&self.issuer, &other.issuer),
        }
    }
}

/// Whether an issuer of one template could be of another, whoever the tenants are.
fn may_be_equal(own: &str, other: &str) -> bool {
    let same = |(own, other): (&str, &str)| match (own, other) {
        (PLACE, PLACE) => true,
        (PLACE, segment) | (segment, PLACE) => is_tenant(&segment),
        _ => own == other,
    };
    let (own, other) = (segments(own), segments(other));
    own.len() == other.len() && own.into_iter().zip(other).all(same)
}

/// The parts of a URL between slashes. One function, because the search in it is compiled wherever it stands.
#[inline(never)]
fn segments(text: &str) -> Vec<&str> {
    text.split('/').collect()
}

fn is_tenant(text: &&str) -> bool {
    TenantTemplate::is_tenant(text)
}

/// Whether it is the URL of an issuer but for one segment of its path, which is the tenant's.
fn has_place(text: &str, transport: Transport) -> bool {
    let mut segments = segments(text);
    let mut places = 0_usize;
    for segment in segments.iter_mut().filter(|segment| **segment == PLACE) {
        *segment = "tenant";
        places = places.saturating_add(1);
    }
    let url = HttpUrl::parse(&segments.join("/"), transport).filter(|url| url.query().is_none());
    url.is_some_and(|url| text.starts_with(url.origin())) && places == 1
}
