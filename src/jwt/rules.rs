//! What a token must say to be taken, put together by name.

use core::fmt;

use alloc::{string::String, vec::Vec};

use super::{
    ClaimCondition, Profile, TakenBindings, TenantTemplate,
    condition::CheckConditions,
    id_token::{CheckSignIn, SignIn},
    issuer::IssuerRule,
};
use crate::{
    error::{Error, Problems},
    jose::without_application,
    limits,
};

/// The rules for one kind of token from one issuer. Made by [`RulesBuilder::build`].
#[derive(Clone)]
pub struct Rules {
    pub(super) profile: Profile,
    pub(super) issuer: IssuerRule,
    /// Empty where any will do.
    pub(super) audience: Vec<String>,
    pub(super) clock_tolerance_seconds: u64,
    pub(super) max_age_seconds: Option<u64>,
    pub(super) requires_exp: bool,
    pub(super) takes_future_iat: bool,
    /// Of access tokens: which bindings whoever reads the token demands a proof of.
    pub(super) taken_bindings: TakenBindings,
    pub(super) conditions: Vec<ClaimCondition>,
    /// What holds the claims against them, where there are any: by address, for the same reason as below.
    pub(super) check_conditions: Option<CheckConditions>,
    pub(super) sign_in: SignIn,
    /// What holds the claims against `sign_in`, of ID tokens alone. By address, so that a module which takes no ID tokens comes without it.
    pub(super) check_sign_in: Option<CheckSignIn>,
}

impl fmt::Debug for Rules {
    /// Leaves out what belongs to one sign-in: its nonce, code and access token are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules")
            .field("profile", &self.profile)
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}

impl Rules {
    /// How far the clocks may differ, in seconds.
    pub(crate) const fn tolerance_seconds(&self) -> u64 {
        self.clock_tolerance_seconds
    }

    /// Rules for JWT access tokens (RFC 9068): `typ` "at+jwt", and `sub`, `client_id`, `iat` and `jti` there.
    pub fn access_token() -> RulesBuilder {
        RulesBuilder::new(Profile::AccessToken)
    }

    /// Rules for JWT access tokens of a provider that predates RFC 9068 (see [`Profile::LegacyAccessToken`]).
    pub fn legacy_access_token() -> RulesBuilder {
        RulesBuilder::new(Profile::LegacyAccessToken)
    }

    /// Rules for ID tokens issued to this client (OIDC Core section 3.1.3.7). Its id is the audience.
    ///
    /// ```
    /// # use edgeward::jwt::Rules;
    /// let nonce = "n-0S6_WzA2Mj"; // what this sign-in sent
    /// let rules = Rules::id_token("my-client").issuer("https://login.example").nonce(nonce).max_age_seconds(600).build()?;
    /// # Ok::<(), edgeward::Error>(())
    /// ```
    pub fn id_token(client_id: impl Into<String>) -> RulesBuilder {
        let mut builder = RulesBuilder::new(Profile::IdToken);
        builder.rules.sign_in.client_id = client_id.into();
        builder.rules.check_sign_in = Some(SignIn::check);
        let client_id = builder.rules.sign_in.client_id.clone();
        builder.audience(client_id)
    }

    /// Rules for logout tokens sent to this client (OIDC Back-Channel Logout section 2.6). Its id is the audience.
    pub fn logout_token(client_id: impl Into<String>) -> RulesBuilder {
        RulesBuilder::new(Profile::LogoutToken).audience(client_id)
    }

    /// Rules for what introspection says of a token (RFC 7662 section 2.2), for [`read_introspection`](super::read_introspection).
    pub fn introspection() -> RulesBuilder {
        RulesBuilder::new(Profile::Introspection)
    }

    /// Rules for a JWT of another standard, told by its `typ` (RFC 8725 section 3.11). "application/" may be left out, as in a header.
    pub fn typed(typ: impl Into<String>) -> RulesBuilder {
        RulesBuilder::new(Profile::Typed(without_application(&typ.into()).into()))
    }

    /// Rules for JWTs whose kind the caller knows by other means (see [`Profile::AnyType`]).
    pub fn any_type() -> RulesBuilder {
        RulesBuilder::new(Profile::AnyType)
    }

    /// How far the clocks may differ, in seconds.
    pub(crate) const fn clock_tolerance_seconds(&self) -> u64 {
        self.clock_tolerance_seconds
    }

    /// The kind of token.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }
}

/// Puts [`Rules`] together. Issuer and audience have to be named, or left open by name.
#[derive(Clone, Debug)]
#[must_use = "rules come of `build`"]
pub struct RulesBuilder {
    rules: Rules,
    issuer_is_said: bool,
    audience_is_open: bool,
}

impl RulesBuilder {
    fn new(profile: Profile) -> Self {
        let rules = Rules {
            profile,
            issuer: IssuerRule::Any,
            audience: Vec::new(),
            clock_tolerance_seconds: limits::DEFAULT_CLOCK_TOLERANCE_SECONDS,
            max_age_seconds: None,
            requires_exp: true,
            takes_future_iat: false,
            taken_bindings: TakenBindings::default(),
            conditions: Vec::new(),
            check_conditions: None,
            sign_in: SignIn::default(),
            check_sign_in: None,
        };
        Self { rules, issuer_is_said: false, audience_is_open: false }
    }

    /// The issuer, compared exactly (RFC 7519 section 4.1.1; RFC 8414 section 2 gives it one spelling).
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer_is_said = true;
        self.rules.issuer = IssuerRule::Exact(issuer.into());
        self
    }

    /// The tenants of a provider: the token's tenant claim, its `iss` and the `issuer` member of the key that signed it have to
    /// name one of them, the same one.
    pub fn tenant_issuer(mut self, template: TenantTemplate) -> Self {
        self.issuer_is_said = true;
        self.rules.issuer = IssuerRule::of_tenants(template);
        self
    }

    /// Leaves `iss` open. Only for keys that no issuer but one has.
    pub fn any_issuer(mut self) -> Self {
        self.issuer_is_said = true;
        self.rules.issuer = IssuerRule::Any;
        self
    }

    /// One audience more: `aud` must name one of them exactly (RFC 7519 section 4.1.3).
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.rules.audience.push(audience.into());
        self
    }

    /// Leaves `aud` open, and lets it be absent. A token meant for another service is then taken (RFC 8725 section 3.9).
    pub const fn any_audience(mut self) -> Self {
        self.audience_is_open = true;
        self
    }

    /// How far the clocks may differ, in seconds; it widens every comparison with the time. 30 where it isn't said.
    pub const fn clock_tolerance_seconds(mut self, seconds: u64) -> Self {
        self.rules.clock_tolerance_seconds = seconds;
        self
    }

    /// How long ago a token may have been issued, in seconds. `iat` is then required.
    pub const fn max_age_seconds(mut self, seconds: u64) -> Self {
        self.rules.max_age_seconds = Some(seconds);
        self
    }

    /// Takes tokens without `exp`; one that is there still counts. Such a token is good for ever, so see to revocation.
    pub const fn without_expiry_required(mut self) -> Self {
        self.rules.requires_exp = false;
        self
    }

    /// Takes tokens whose `iat` lies in the future. RFC 7519 section 4.1.6 doesn't forbid it; a wrong clock is the likelier reason.
    pub const fn future_issuance_allowed(mut self) -> Self {
        self.rules.takes_future_iat = true;
        self
    }

    /// Takes access tokens with these bindings, because a proof of them is demanded afterwards: see
    /// [`ValidatedToken::confirmation`](super::ValidatedToken::confirmation).
    pub(crate) const fn taking_bindings(mut self, taken: TakenBindings) -> Self {
        self.rules.taken_bindings = taken;
        self
    }

    /// One demand more on a claim; all have to be met.
    pub fn condition(mut self, condition: ClaimCondition) -> Self {
        self.rules.conditions.push(condition);
        self.rules.check_conditions = Some(ClaimCondition::check_all);
        self
    }

    /// The claim must be there and not null; a path like `realm_access.roles` names a nested one.
    pub fn require_claim(self, path: &str) -> Self {
        self.condition(ClaimCondition::present(path))
    }

    /// ID token: the `nonce` that was sent; it must come back.
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.rules.sign_in.nonce = Some(nonce.into());
        self
    }

    /// ID token: the `max_age` that was sent, in seconds; `auth_time` is then required.
    pub const fn max_authentication_age_seconds(mut self, seconds: u64) -> Self {
        self.rules.sign_in.max_age_seconds = Some(seconds);
        self
    }

    /// ID token: the contexts that were asked for; `acr` must be one of them.
    pub fn acr_values<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.rules.sign_in.acr_values = values.into_iter().map(Into::into).collect();
        self
    }

    /// ID token: the access token that came with it; `at_hash`, where present, must be its hash.
    pub fn access_token(mut self, token: impl Into<String>) -> Self {
        self.rules.sign_in.access_token = Some(token.into());
        self
    }

    /// ID token: the authorization code that came with it; `c_hash`, where present, must be its hash.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.rules.sign_in.code = Some(code.into());
        self
    }

    /// The rules.
    ///
    /// # Errors
    /// `config_invalid` where issuer or audience are neither named nor left open by name, where one of them, the type or the
    /// nonce is empty, or where something is demanded that only an ID token has.
    pub fn build(self) -> Result<Rules, Error> {
        let Self { mut rules, issuer_is_said, audience_is_open } = self;
        let mut problems = Problems::default();
        let is_nameless = matches!(&rules.issuer, IssuerRule::Exact(issuer) if issuer.is_empty());
        if !issuer_is_said || is_nameless {
            problems.add("issuer", "must be named; `any_issuer` leaves it open");
        }
        if (rules.audience.is_empty() && !audience_is_open) || rules.audience.iter().any(String::is_empty) {
            problems.add("audience", "must be named; `any_audience` leaves it open");
        }
        if rules.profile == Profile::Typed(String::new()) {
            problems.add("typ", "must be named; `any_type` leaves it open");
        }
        let of_sign_in = &rules.sign_in;
        let asks_for_sign_in = of_sign_in.nonce.is_some()
            || of_sign_in.max_age_seconds.is_some()
            || !of_sign_in.acr_values.is_empty()
            || of_sign_in.access_token.is_some()
            || of_sign_in.code.is_some();
        if asks_for_sign_in && rules.profile != Profile::IdToken {
            problems.add("profile", "nonce, max_age, acr_values and the hashes are rules for ID tokens alone");
        }
        if of_sign_in.nonce.as_ref().is_some_and(String::is_empty) {
            problems.add("nonce", "must not be empty; leave it out where none was sent");
        }
        if !problems.is_empty() {
            return Err(Error::ConfigInvalid { problems: problems.into_vec() });
        }
        if audience_is_open {
            rules.audience.clear();
        }
        Ok(rules)
    }
}
