//! Tokens that name a key which is not in the set. Callers choose `kid`, and keys are rotated: the one must not cost a fetch for each request, and
//! nobody may have the other's tokens refused by it.

use super::{
    TokenValidator,
    key_cache::KeyCache,
    key_fetch::Purpose,
    token_validator::{Candidate, Step},
};
use crate::{error::Error, jose::UntrustedJws, limits, time::UnixTime};

/// Whether a key that is not in the set can have been published since the set was asked for, as far as the token says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnknownKey {
    /// The token was made after that, or as good as: so may its key have been.
    MayBeNew,
    /// The token is older, or does not say. Then its key was in the set once, or never was.
    IsGone,
}

impl UnknownKey {
    /// How long after a fetch for an unknown key no other one is made for such a token.
    pub(super) const fn cool_down_seconds(self) -> u64 {
        match self {
            Self::MayBeNew => limits::UNKNOWN_KEY_COOLDOWN_SECONDS,
            Self::IsGone => limits::REMOVED_KEY_COOLDOWN_SECONDS,
        }
    }
}

impl TokenValidator {
    /// Judges a token that no key in memory fits: has the set fetched, waits for it, or says why not.
    pub(super) fn judge_unknown_key(
        &mut self,
        jws: UntrustedJws,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        let kind = self.unknown_key(&jws, token)?;
        let cache = self.cache(token)?;
        // It may be in the set that is on its way.
        if cache.is_being_fetched(now) || cache.may_fetch_for_unknown_key(kind, now) {
            return self.fetch_keys(jws, Purpose::UnknownKey, token, now);
        }
        if cache.is_backing_off(now) {
            return Err(self.key_set_unavailable(token, now));
        }
        match cache.cool_down(kind, now) {
            // Somebody's unknown `kid` had the set fetched. Were this one refused for it, anybody could have a rotated key's tokens refused.
            Some(retry_after_seconds) if kind == UnknownKey::MayBeNew && self.names_no_key(&jws, token) => {
                Err(Error::KeyNotYetKnown { retry_after_seconds })
            }
            _ => Err(Error::KeyUnknown),
        }
    }

    /// Judges a token that has waited since then for a set that another request had fetched.
    pub(super) fn judge_after_waiting(
        &mut self,
        token: Candidate<'_>,
        since: UnixTime,
        now: UnixTime,
    ) -> Result<Step, Error> {
        match self.judge(UntrustedJws::parse(token.text)?, token, now) {
            // The very set that it has waited for was asked for when the token was here.
            Err(Error::KeyNotYetKnown { .. }) if self.cache(token)?.set_asked_at() >= Some(since) => {
                Err(Error::KeyUnknown)
            }
            judged => judged,
        }
    }

    /// What the token says of the age of its key. Nobody vouches for that: it chooses between two refusals, and nothing else.
    fn unknown_key(&self, jws: &UntrustedJws, token: Candidate<'_>) -> Result<UnknownKey, Error> {
        let tolerance = self.issuer(token)?.rules.tolerance_seconds();
        let asked_at = self.caches.get(token.issuer).and_then(KeyCache::set_asked_at);
        let is_younger = jws.issued_at_hint().zip(asked_at).is_some_and(|(issued_at, asked_at)| {
            // What is newer than the set by our clock may be as much older by the issuer's.
            issued_at.is_after(asked_at.minus(tolerance))
        });
        Ok(if is_younger { UnknownKey::MayBeNew } else { UnknownKey::IsGone })
    }

    /// Whether the token names a key, and no key in memory has that name.
    fn names_no_key(&self, jws: &UntrustedJws, token: Candidate<'_>) -> bool {
        let Some(keys) = self.caches.get(token.issuer).and_then(KeyCache::set) else { return false };
        jws.header().kid().is_some_and(|kid| keys.keys().iter().all(|key| key.kid() != Some(kid)))
    }
}
