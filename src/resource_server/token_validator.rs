//! Judges tokens by what they say themselves: whose they are, the signature, the claims. What a route asks besides is the gate's.

use core::fmt;

use alloc::{boxed::Box, sync::Arc, vec::Vec};

use super::{
    Ground, Need,
    issuer::Issuer,
    key_cache::{Generation, KeyCache},
    key_fetch::{Fetched, KeyFetch, Purpose, moment},
    key_lookup::Lookup,
    key_policy::KeyPolicy,
    key_stores::{KeyStores, StoreWrite},
    known_token::KnownToken,
    token_cache::{Bounds, TokenCache},
    token_policy::TokenPolicy,
};
use crate::{
    crypto::{HostVerdict, SignatureEngine},
    error::{Error, Problems},
    http_url::Transport,
    jose::{Jwk, JwkSet, SignatureCheck, UntrustedJws, VerifiedJws},
    jwt, limits,
    time::UnixTime,
};

/// The issuers of a policy at work, with their keys and the good tokens seen. One for each isolate or server. It says what it needs, and
/// never fetches anything itself.
pub struct TokenValidator {
    pub(super) issuers: Vec<Issuer>,
    /// One for each issuer, in their order.
    pub(super) caches: Vec<KeyCache>,
    pub(super) tokens: TokenCache,
    pub(super) engine: Box<dyn SignatureEngine>,
    pub(super) transport: Transport,
    /// The place of an issuer whose key set is about to be due.
    pub(super) refresh_due: Option<usize>,
    /// Whether the keys used last were of a set that is due.
    pub(super) used_stale_keys: bool,
    /// The place of the issuer whose token was looked at last.
    pub(super) whose: Option<usize>,
    /// Where else keys are.
    pub(super) stores: KeyStores,
    /// What they are to keep, until whoever runs this takes it.
    pub(super) store_write: Option<StoreWrite>,
}

/// What a token waits for.
#[derive(Debug)]
pub(super) enum Wait {
    /// The key set for this token, to which it goes itself.
    Keys(UntrustedJws, KeyFetch),
    /// What another request is fetching, since when, and looked for again after so many milliseconds. Anybody can have requests wait, so
    /// nothing is kept of the token but its text.
    Moment(UnixTime, u32),
    /// The host's verdict on this token's signature under this key of that key set.
    Signature(UntrustedJws, Arc<Jwk>, Generation),
}

/// How far a token has come.
#[allow(
    clippy::large_enum_variant,
    reason = "it is taken apart by whoever called, and never kept; small where words are"
)]
pub(super) enum Step {
    Need(Need, Wait),
    Valid(KnownToken, Ground),
}

/// A token under way: its text, and the place of its issuer.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) text: &'a str,
    pub(super) issuer: usize,
    /// What is kept with it while it waits, in bytes.
    pub(super) beside: usize,
}

impl fmt::Debug for TokenValidator {
    /// Leaves out the tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenValidator").field("issuers", &self.issuers).finish_non_exhaustive()
    }
}

impl TokenValidator {
    /// Sets a policy to work.
    ///
    /// # Errors
    /// `policy_invalid` where an issuer's algorithms are none that the engine has.
    pub fn new(policy: TokenPolicy, engine: Box<dyn SignatureEngine>) -> Result<Self, Error> {
        let TokenPolicy { issuers, keys, token_cache, transport } = policy;
        Self::of(issuers, keys, token_cache, transport, engine)
    }

    /// Sets issuers to work.
    ///
    /// # Errors
    /// Those of [`Self::new`].
    pub(super) fn of(
        mut issuers: Vec<Issuer>,
        keys: KeyPolicy,
        tokens: Bounds,
        transport: Transport,
        engine: Box<dyn SignatureEngine>,
    ) -> Result<Self, Error> {
        let mut problems = Problems::default();
        for (index, issuer) in issuers.iter_mut().enumerate() {
            issuer.choose_algorithms(&*engine, index, &mut problems);
        }
        if !problems.is_empty() {
            return Err(Error::PolicyInvalid { problems: problems.into_vec() });
        }
        let caches = issuers.iter().map(|_| KeyCache::new(keys)).collect();
        let tokens = TokenCache::new(tokens);
        Ok(Self {
            issuers,
            caches,
            tokens,
            engine,
            transport,
            refresh_due: None,
            used_stale_keys: false,
            whose: None,
            stores: KeyStores::default(),
            store_write: None,
        })
    }

    /// What checks signatures.
    pub(super) fn engine(&self) -> &dyn SignatureEngine {
        &*self.engine
    }

    /// How many tokens are remembered at most.
    pub const fn max_remembered(&self) -> usize {
        self.tokens.max_entries()
    }

    /// Gives an issuer's key set before a token asks for it, as if it had been fetched at `now`. The issuer is named as in the policy: where that has
    /// a place for the tenant, it is the key set of all of them.
    ///
    /// # Errors
    /// `issuer_unknown`, `key_set_malformed`.
    pub fn provide_key_set(&mut self, issuer: &str, text: &str, now: UnixTime) -> Result<(), Error> {
        let mut stored = Err(Error::IssuerUnknown);
        for (known, cache) in self.issuers.iter().zip(&mut self.caches) {
            if known.issuer == issuer {
                stored = cache.store_set(JwkSet::parse(text.as_bytes(), &*self.engine)?, text, now).map(drop);
            }
        }
        stored
    }

    /// Judges a token that is not known with a set that may be due to be fetched again, but is not too old. `None` without one.
    pub(super) fn judge_with_what_is_there(
        &mut self,
        jws: UntrustedJws,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Option<Result<Step, Error>> {
        if !self.caches.get(token.issuer)?.fallback(now).serves() {
            return None;
        }
        let key = self.find_key(&jws, token);
        Some(key.and_then(|key| self.with_key(jws, key, token, now)))
    }

    /// Judges a token that is not known, with the keys in memory, or says that they have to be fetched.
    pub(super) fn judge(&mut self, jws: UntrustedJws, token: Candidate<'_>, now: UnixTime) -> Result<Step, Error> {
        let lookup = self.cache(token)?.lookup(now);
        if lookup == Lookup::UseAndRefresh {
            self.refresh_due = Some(token.issuer);
        }
        match lookup {
            Lookup::Unavailable => Err(self.key_set_unavailable(token, now)),
            Lookup::Fetch => self.fetch_keys(jws, Purpose::Serve, token, now),
            Lookup::Use | Lookup::UseAndRefresh | Lookup::UseStale => match self.find_key(&jws, token) {
                Ok(key) => self.with_key(jws, key, token, now),
                Err(Error::KeyUnknown) => self.judge_unknown_key(jws, token, now),
                Err(error) => Err(error),
            },
        }
    }

    /// Goes on with what was waited for, or without it where it could not be had.
    pub(super) fn go_on(
        &mut self,
        wait: Wait,
        token: Candidate<'_>,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        match wait {
            Wait::Keys(jws, fetch) => {
                let purpose = fetch.purpose;
                match self.go_on_fetching(fetch, token, answer, now)? {
                    Fetched::Need(need, fetch) => Ok(Step::Need(need, Wait::Keys(jws, fetch))),
                    Fetched::Found(store) => self.judge_by_stored(jws, (store, purpose), token, now),
                    Fetched::Shared(since) => self.judge_by_shared(jws, since, token, now),
                    Fetched::Stored => self.judge_again(jws, token, now),
                    Fetched::Failed => self.after_failed_fetch(jws, token, now),
                }
            }
            Wait::Moment(since, waited) => {
                let cache = self.cache(token)?;
                if now.since(since).as_secs() >= limits::MAX_WAIT_FOR_OTHERS_SECONDS {
                    cache.fetch_given_up(now);
                }
                if cache.is_being_fetched(now) {
                    return Ok(moment(since, waited.saturating_mul(2)));
                }
                match self.known_token(token.text, now)? {
                    Some(known) => Ok(Step::Valid(known, Ground::TokenKnown)),
                    None => self.judge_after_waiting(token, since, now),
                }
            }
            Wait::Signature(jws, key, generation) => {
                let check = SignatureCheck::with_key(&jws, &key, &self.issuer(token)?.algorithms)?;
                let verified = check.conclude(HostVerdict::from_answer(answer), &*self.engine)?;
                self.take(&verified, generation, token, now)
            }
        }
    }

    /// The key in memory that may have signed the token.
    pub(super) fn find_key(&self, jws: &UntrustedJws, token: Candidate<'_>) -> Result<Arc<Jwk>, Error> {
        let keys = self.caches.get(token.issuer).and_then(KeyCache::set).ok_or(Error::KEY_SET_UNAVAILABLE)?;
        Ok(SignatureCheck::select(jws, keys, &self.issuer(token)?.algorithms)?.key().clone())
    }

    /// Judges a token when keys have been waited for: it may be known by now, or have been known all the while.
    pub(super) fn judge_again(
        &mut self,
        jws: UntrustedJws,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        let key = self.find_key(&jws, token)?;
        match self.known_token(token.text, now)? {
            Some(known) => Ok(Step::Valid(known, Ground::TokenKnown)),
            None => self.with_key(jws, key, token, now),
        }
    }

    /// The signature, by the engine or the host; then the claims.
    fn with_key(
        &mut self,
        jws: UntrustedJws,
        key: Arc<Jwk>,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        let keys = self.cache(token)?;
        let (generation, is_stale) = (keys.generation(), keys.is_stale(now));
        self.used_stale_keys = is_stale;
        let check = SignatureCheck::with_key(&jws, &key, &self.issuer(token)?.algorithms)?;
        if !self.engine.asks_host(check.algorithm().scheme()) {
            let verified = check.verify(&*self.engine)?;
            return self.take(&verified, generation, token, now);
        }
        let need = Need::Signature { jws: jws.clone(), key: key.clone() };
        Ok(Step::Need(need, Wait::Signature(jws, key, generation)))
    }

    /// The claims; then the token is known.
    fn take(
        &mut self,
        verified: &VerifiedJws,
        generation: Generation,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        let valid = Arc::new(jwt::validate(verified, &self.issuer(token)?.rules, now)?);
        // The generation is that of the signature's check: where the host has checked it, the set may be another by now.
        let known = KnownToken { issuer: token.issuer, generation, token: valid, serial: 0 };
        Ok(Step::Valid(self.tokens.insert(token.text, known), Ground::TokenVerified))
    }

    /// Whose token it claims to be. The claim is compared again once the signature has held.
    pub(super) fn issuer_of(&mut self, jws: &UntrustedJws) -> Result<usize, Error> {
        let claimed = jws.issuer_hint()?;
        self.whose = self.issuers.iter().position(|issuer| issuer.issues(claimed));
        self.whose.ok_or(Error::IssuerUnknown)
    }

    pub(super) fn issuer(&self, token: Candidate<'_>) -> Result<&Issuer, Error> {
        self.issuers.get(token.issuer).ok_or(Error::IssuerUnknown)
    }

    pub(super) fn cache(&mut self, token: Candidate<'_>) -> Result<&mut KeyCache, Error> {
        self.caches.get_mut(token.issuer).ok_or(Error::IssuerUnknown)
    }
}
