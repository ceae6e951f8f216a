//! Whose tokens are taken: one issuer, or every tenant of a provider that has many (RFC 7519 section 4.1.1, RFC 8725 section 3.8).

use alloc::{format, string::String, vec::Vec};

use super::Claims;
use crate::{error::Error, json::Value};

/// What `iss` must be.
#[derive(Clone, Debug)]
pub(super) enum IssuerRule {
    /// This text, exactly.
    Exact(String),
    /// The issuer of the tenant that the token names.
    Tenant(TenantTemplate, TenantChecks),
    /// A string, or absent; said by name.
    Any,
}

/// What holds claims against a [`TenantTemplate`]: of a signed token, with the key's issuer, and of an introspection answer. By address, so
/// that a module which knows no tenants comes without them.
#[derive(Clone, Copy, Debug)]
pub(super) struct TenantChecks {
    signed: fn(&TenantTemplate, &Claims, Option<&str>) -> Result<(), Error>,
    vouched: fn(&TenantTemplate, &Claims) -> Result<(), Error>,
}

/// An issuer with a place for the tenant, such as Entra's `https://login.microsoftonline.com/{tenantid}/v2.0`.
///
/// ```
/// use edgeward::jwt::{Rules, TenantTemplate};
///
/// let template = TenantTemplate::new("https://login.example/{tenantid}/v2.0", "tid").expect("one place for the tenant");
/// assert_eq!(template.tenant_of("https://login.example/contoso/v2.0"), Some("contoso"));
/// assert_eq!(template.tenant_of("https://evil.example/contoso/v2.0"), None);
///
/// let rules = Rules::legacy_access_token()
///     .tenant_issuer(template.tenants(["contoso", "fabrikam"]))
///     .audience("https://api.example")
///     .build()?;
/// # Ok::<(), edgeward::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantTemplate {
    before: String,
    after: String,
    claim: String,
    /// In order, each once; `None` for all.
    tenants: Option<Vec<String>>,
}

impl TenantTemplate {
    /// An issuer with exactly one `{…}` in it, for which the token's `claim` stands ("tid" at Entra). `None` where it has none,
    /// or more than one, or the claim has no name.
    pub fn new(issuer: &str, claim: &str) -> Option<Self> {
        let (before, rest) = issuer.split_once('{')?;
        let (name, after) = rest.split_once('}')?;
        let is_one = ![before, name, after].iter().any(|part| part.contains(['{', '}']));
        let is_whole = is_one && !before.is_empty() && !name.is_empty() && !claim.is_empty();
        is_whole.then(|| Self { before: before.into(), after: after.into(), claim: claim.into(), tenants: None })
    }

    /// Takes these tenants alone; without it, every tenant of the provider may come.
    #[must_use]
    pub fn tenants<T: Into<String>>(mut self, tenants: impl IntoIterator<Item = T>) -> Self {
        let mut sorted: Vec<String> = Vec::new();
        for tenant in tenants.into_iter().map(Into::into) {
            if let Err(place) = sorted.binary_search(&tenant) {
                sorted.insert(place, tenant);
            }
        }
        self.tenants = Some(sorted);
        self
    }

    /// Whether this is the issuer of a tenant that is taken.
    pub(crate) fn takes(&self, issuer: &str) -> bool {
        self.tenant_of(issuer).is_some_and(|tenant| self.is_listed(tenant))
    }

    /// The issuers of the tenants that are taken; `None` where all are.
    pub(crate) fn issuers(&self) -> Option<Vec<String>> {
        let issuer_of = |tenant: &String| format!("{}{tenant}{}", self.before, self.after);
        Some(self.tenants.as_ref()?.iter().map(issuer_of).collect())
    }

    /// A tenant is one plain word, so it can't bring a path or another host into the issuer.
    pub(crate) fn is_tenant(text: &str) -> bool {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    }

    /// The tenant that an issuer names; `None` where it is none of this template.
    pub fn tenant_of<'a>(&self, issuer: &'a str) -> Option<&'a str> {
        let tenant = issuer.strip_prefix(self.before.as_str())?.strip_suffix(self.after.as_str())?;
        Self::is_tenant(tenant).then_some(tenant)
    }

    /// The token's tenant claim, its `iss` and the `issuer` of the key that signed it must name one tenant.
    fn check(&self, claims: &Claims, key_issuer: Option<&str>) -> Result<(), Error> {
        let issuer = claims.string("iss")?.ok_or_else(|| Error::ClaimMissing { claim: "iss" })?;
        let tenant = self.tenant_of(issuer).ok_or_else(|| Error::IssuerUnknown)?;
        // A key that serves all tenants has the template itself as its issuer, with whatever name in the braces.
        let names_issuer = |own: &str| {
            own == issuer
                || Self::new(own, &self.claim)
                    .is_some_and(|own| format!("{}{tenant}{}", own.before, own.after) == issuer)
        };
        if !self.is_claimed(claims, tenant) || !key_issuer.is_some_and(names_issuer) {
            return Err(Error::TenantMismatch);
        }
        self.check_listed(tenant)
    }

    /// The same of an introspection answer: no key signed it, and `iss` and the tenant claim are optional in it. Without `iss` nothing
    /// says whose token it is, so it must be there where only some tenants are taken.
    fn check_vouched(&self, claims: &Claims) -> Result<(), Error> {
        let Some(issuer) = claims.string("iss")? else {
            return if self.tenants.is_some() { Err(Error::ClaimMissing { claim: "iss" }) } else { Ok(()) };
        };
        let tenant = self.tenant_of(issuer).ok_or_else(|| Error::IssuerUnknown)?;
        if claims.contains(&self.claim) && !self.is_claimed(claims, tenant) {
            return Err(Error::TenantMismatch);
        }
        self.check_listed(tenant)
    }

    fn is_claimed(&self, claims: &Claims, tenant: &str) -> bool {
        claims.get(&self.claim).and_then(Value::as_str) == Some(tenant)
    }

    fn is_listed(&self, tenant: &str) -> bool {
        let is_known = |tenants: &Vec<String>| tenants.binary_search_by(|known| known.as_str().cmp(tenant)).is_ok();
        self.tenants.as_ref().is_none_or(is_known)
    }

    fn check_listed(&self, tenant: &str) -> Result<(), Error> {
        if self.is_listed(tenant) { Ok(()) } else { Err(Error::IssuerUnknown) }
    }
}

impl IssuerRule {
    pub(super) const fn of_tenants(template: TenantTemplate) -> Self {
        let checks = TenantChecks { signed: TenantTemplate::check, vouched: TenantTemplate::check_vouched };
        Self::Tenant(template, checks)
    }

    /// Checks the `iss` of a signed token.
    pub(super) fn check(&self, claims: &Claims, key_issuer: Option<&str>) -> Result<(), Error> {
        match self {
            Self::Tenant(template, checks) => (checks.signed)(template, claims, key_issuer),
            Self::Exact(_) if !claims.contains("iss") => Err(Error::ClaimMissing { claim: "iss" }),
            Self::Exact(_) | Self::Any => self.check_vouched(claims),
        }
    }

    /// Checks the `iss` of an introspection answer. There it is optional (RFC 7662 section 2.2), but never another's.
    pub(super) fn check_vouched(&self, claims: &Claims) -> Result<(), Error> {
        match (self, claims.string("iss")?) {
            (Self::Exact(expected), Some(issuer)) if issuer != expected => Err(Error::IssuerUnknown),
            (Self::Tenant(template, checks), _) => (checks.vouched)(template, claims),
            _ => Ok(()),
        }
    }
}
