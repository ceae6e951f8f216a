//! One issuer's keys in memory: when they serve, when they must be fetched, when the endpoint is left alone.

use alloc::string::String;

use sha2::{Digest, Sha256};

use super::{
    back_off::BackOff,
    issuer::Issuer,
    key_lookup::Lookup,
    key_policy::KeyPolicy,
    moments::{is_within, seconds_left},
    unknown_key::UnknownKey,
};
use crate::{
    error::Error, http_url::HttpUrl, jose::JwkSet, limits, metadata::AuthorizationServerMetadata, time::UnixTime,
};

/// Tells one content of an issuer's key set from every other that it had since the gate was set up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Generation(u64);

/// A fetch that has not ended.
#[derive(Debug)]
struct UnderWay {
    since: UnixTime,
    /// The tokens of those who wait for it.
    waiting_bytes: usize,
}

/// Keys and metadata of one issuer, with the moments that decide about them.
#[derive(Debug)]
pub(super) struct KeyCache {
    policy: KeyPolicy,
    set: Option<(JwkSet, UnixTime)>,
    generation: Generation,
    /// The SHA-256 digest of the document that the set was read from; `None` without a set.
    fingerprint: Option<[u8; 32]>,
    /// When the issuer was asked that has last answered with no usable key: what it had said before that is over.
    emptied_at: Option<UnixTime>,
    metadata: Option<(AuthorizationServerMetadata, UnixTime)>,
    /// `None` where no fetch is under way.
    under_way: Option<UnderWay>,
    /// Of the way to the keys.
    back_off: BackOff,
    /// Of metadata on the way to introspection: it must not hold up the key set.
    introspection_back_off: BackOff,
    asked_for_unknown_at: Option<UnixTime>,
}

impl KeyCache {
    /// Without keys.
    pub(super) const fn new(policy: KeyPolicy) -> Self {
        Self {
            policy,
            set: None,
            generation: Generation(0),
            fingerprint: None,
            emptied_at: None,
            metadata: None,
            under_way: None,
            back_off: BackOff::new(),
            introspection_back_off: BackOff::new(),
            asked_for_unknown_at: None,
        }
    }

    /// Whether the set in memory serves at `now`.
    pub(super) fn lookup(&self, now: UnixTime) -> Lookup {
        let is_younger_than = |seconds| self.set.as_ref().is_some_and(|(_, at)| is_within(*at, seconds, now));
        if is_younger_than(limits::KEY_SET_REFRESH_AHEAD_SECONDS) {
            return Lookup::Use;
        }
        if is_younger_than(limits::KEY_SET_TTL_SECONDS) {
            let is_cared_for = self.is_being_fetched(now) || self.is_backing_off(now);
            return if is_cared_for { Lookup::Use } else { Lookup::UseAndRefresh };
        }
        if self.is_backing_off(now) {
            return self.fallback(now);
        }
        // While one request fetches a new set, the others go on with the one that has just become due. Not for long: the request may be one
        // that never comes back, and those who begin such can do it again and again.
        let serves_meanwhile =
            is_younger_than(limits::KEY_SET_TTL_SECONDS.saturating_add(limits::KEY_SET_GRACE_SECONDS));
        if serves_meanwhile && self.is_being_fetched(now) { Lookup::UseStale } else { Lookup::Fetch }
    }

    /// Notes that a fetch begins: others wait for it, and make none of their own.
    pub(super) const fn fetch_begins(&mut self, now: UnixTime) {
        self.under_way = Some(UnderWay { since: now, waiting_bytes: 0 });
    }

    /// Notes that the next fetch begins on the same way.
    pub(super) const fn fetch_goes_on(&mut self, now: UnixTime) {
        match &mut self.under_way {
            Some(under_way) => under_way.since = now,
            None => self.fetch_begins(now),
        }
    }

    /// Whether a request is fetching the set. One that never came back is not waited for longer than a fetch may take, whatever the clock has
    /// done since.
    pub(super) fn is_being_fetched(&self, now: UnixTime) -> bool {
        self.under_way.as_ref().is_some_and(|UnderWay { since, .. }| {
            *since <= now && now.since(*since).as_secs() < limits::FETCH_UNDER_WAY_SECONDS
        })
    }

    /// Whether one more may wait for the fetch under way, with a token of so many bytes.
    pub(super) fn admits_waiting(&mut self, bytes: usize) -> bool {
        let Some(under_way) = &mut self.under_way else { return false };
        under_way.waiting_bytes = under_way.waiting_bytes.saturating_add(bytes);
        under_way.waiting_bytes <= limits::MAX_WAITING_TOKENS_BYTES
    }

    /// Notes that the fetch under way has ended, by what somebody else has fetched.
    pub(super) fn fetch_ended(&mut self) {
        self.under_way = None;
    }

    /// Notes the same, and that the endpoint has answered.
    pub(super) fn fetch_shared(&mut self) {
        self.under_way = None;
        self.back_off.succeeded();
    }

    /// Notes that somebody waits no longer for the fetch under way, unless that has only just begun.
    pub(super) fn fetch_given_up(&mut self, now: UnixTime) {
        self.under_way.take_if(|under_way| now.since(under_way.since).as_secs() >= limits::LATE_FETCH_SECONDS);
    }

    /// What serves when a fetch has just failed: the set in memory while it is not too old.
    pub(super) fn fallback(&self, now: UnixTime) -> Lookup {
        let bound = self.policy.last_age_seconds();
        match &self.set {
            Some((_, at)) if is_within(*at, limits::KEY_SET_TTL_SECONDS, now) => Lookup::Use,
            Some((_, at)) if is_within(*at, bound, now) => Lookup::UseStale,
            _ => Lookup::Unavailable,
        }
    }

    /// Whether the set in memory is due, however it comes that it serves.
    pub(super) fn is_stale(&self, now: UnixTime) -> bool {
        self.set.as_ref().is_some_and(|(_, at)| !is_within(*at, limits::KEY_SET_TTL_SECONDS, now))
    }

    /// The set in memory, fresh or not: see [`Self::lookup`] and [`Self::fallback`].
    pub(super) fn set(&self) -> Option<&JwkSet> {
        self.set.as_ref().map(|(set, _)| set)
    }

    /// Which content the set in memory has. A document that is the same to the byte has the generation of the one before it.
    pub(super) const fn generation(&self) -> Generation {
        self.generation
    }

    /// Whether an unknown `kid` is a reason to fetch the set now. Saying yes starts the cool-down, because callers choose
    /// `kid` and could otherwise have one fetch made for each request.
    pub(super) fn may_fetch_for_unknown_key(&mut self, kind: UnknownKey, now: UnixTime) -> bool {
        if self.cool_down(kind, now).is_some() || self.is_backing_off(now) {
            return false;
        }
        self.asked_for_unknown_at = Some(now);
        true
    }

    /// How many seconds are left until an unknown `kid` may have the set fetched; `None` where it may now.
    pub(super) fn cool_down(&self, kind: UnknownKey, now: UnixTime) -> Option<u64> {
        seconds_left(self.asked_for_unknown_at?, kind.cool_down_seconds(), now)
    }

    /// When the set in memory was asked for.
    pub(super) fn set_asked_at(&self) -> Option<UnixTime> {
        self.set.as_ref().map(|(_, asked_at)| *asked_at)
    }

    /// How many seconds are left until the next fetch may begin: while the endpoint is left alone, and while one is under way. `None` where it may
    /// begin now.
    pub(super) fn seconds_to_next_fetch(&self, now: UnixTime) -> Option<u64> {
        let backing_off = self.back_off.seconds_left(now);
        let under_way = || seconds_left(self.under_way.as_ref()?.since, limits::FETCH_UNDER_WAY_SECONDS, now);
        backing_off.or_else(under_way)
    }

    /// Where the key set is, as far as it is known: the policy's `jwks_uri`, or that of metadata not too old.
    pub(super) fn jwks_uri(&self, issuer: &Issuer, now: UnixTime) -> Option<String> {
        if let Some(url) = &issuer.jwks_uri {
            return Some(url.as_str().into());
        }
        self.metadata(now)?.jwks_uri().ok().map(|url| url.as_str().into())
    }

    /// Where introspection is asked, as far as it is known.
    pub(super) fn introspection_endpoint(&self, configured: Option<&HttpUrl>, now: UnixTime) -> Option<HttpUrl> {
        configured.cloned().or_else(|| self.metadata(now)?.introspection_endpoint().ok().cloned())
    }

    /// Where tokens are asked for, as far as metadata says it.
    pub(super) fn token_endpoint(&self, now: UnixTime) -> Option<&HttpUrl> {
        self.metadata(now)?.token_endpoint().ok()
    }

    /// Keeps a key set that was read from `document`; it replaces the one before, so a key that was removed stops working.
    ///
    /// It counts as old as the question it answers (`asked_at`), and one that took longer than a newer one is dropped.
    ///
    /// # Errors
    /// `key_set_malformed` where no key in it can be used. The set before is then gone all the same: the issuer has said that
    /// those keys are none any more.
    ///
    /// `Ok` says whether it is kept.
    pub(super) fn store_set(&mut self, set: JwkSet, document: &str, asked_at: UnixTime) -> Result<bool, Error> {
        self.under_way = None;
        if self.set.as_ref().is_some_and(|(_, newer)| *newer > asked_at && is_within(*newer, 1, asked_at)) {
            return Ok(false);
        }
        if !self.replace_set(set, document, asked_at) {
            self.emptied_at = Some(asked_at);
            return Err(Error::KeySetMalformed { reason: "no key in it can be used" });
        }
        self.back_off.succeeded();
        Ok(true)
    }

    /// Keeps a key set that a store has had since its issuer was asked at `asked_at`, and says whether it did: where it is newer than the one in
    /// memory. How long it serves is found on each request. It says nothing of the endpoint, and takes nothing away.
    pub(super) fn take_stored_set(&mut self, set: JwkSet, document: &str, asked_at: UnixTime, now: UnixTime) -> bool {
        let is_newer = |own: UnixTime| asked_at > own || own > now.plus(limits::MAX_CLOCK_SETBACK_SECONDS);
        let is_over = self.emptied_at.is_some_and(|emptied_at| asked_at <= emptied_at);
        let is_taken = !set.is_empty() && !is_over && self.set_asked_at().is_none_or(is_newer);
        is_taken && self.replace_set(set, document, asked_at)
    }

    /// Puts a set in place of the one before, or nothing where it is empty; says whether there is one now.
    fn replace_set(&mut self, set: JwkSet, document: &str, asked_at: UnixTime) -> bool {
        let fingerprint = (!set.is_empty()).then(|| Sha256::digest(document).into());
        if fingerprint != self.fingerprint {
            self.generation = Generation(self.generation.0.wrapping_add(1));
        }
        self.fingerprint = fingerprint;
        self.set = (!set.is_empty()).then_some((set, asked_at));
        self.set.is_some()
    }

    /// For how many seconds more a set that was asked for at `asked_at` is of use at all.
    pub(super) const fn seconds_of_use(&self, asked_at: UnixTime, now: UnixTime) -> u64 {
        self.policy.last_age_seconds().saturating_sub(now.since(asked_at).as_secs())
    }

    /// Keeps metadata.
    pub(super) fn store_metadata(&mut self, metadata: AuthorizationServerMetadata, now: UnixTime) {
        self.metadata = Some((metadata, now));
    }

    /// Notes that what was asked for at `asked_at` could not be had, so that the endpoint is left alone for a moment. Who comes with that long after
    /// all others have given him up says nothing of the endpoint as it is now, and ends no fetch but his own.
    pub(super) fn fetch_failed(&mut self, asked_at: UnixTime, now: UnixTime) {
        if is_late(asked_at, now) {
            return;
        }
        self.under_way = None;
        self.back_off.failed(now);
    }

    /// Whether the endpoint is being left alone.
    pub(super) fn is_backing_off(&self, now: UnixTime) -> bool {
        self.back_off.seconds_left(now).is_some()
    }

    /// Notes the same of metadata on the way to introspection.
    pub(super) fn introspection_metadata_failed(&mut self, asked_at: UnixTime, now: UnixTime) {
        if !is_late(asked_at, now) {
            self.introspection_back_off.failed(now);
        }
    }

    /// Failures of metadata on the way to introspection.
    pub(super) const fn introspection_back_off(&mut self) -> &mut BackOff {
        &mut self.introspection_back_off
    }

    /// For how many seconds more metadata is not asked for introspection's sake; `None` where it may be.
    pub(super) fn seconds_to_introspection_metadata(&self, now: UnixTime) -> Option<u64> {
        self.introspection_back_off.seconds_left(now)
    }

    fn metadata(&self, now: UnixTime) -> Option<&AuthorizationServerMetadata> {
        let (metadata, fetched_at) = self.metadata.as_ref()?;
        is_within(*fetched_at, limits::METADATA_TTL_SECONDS, now).then_some(metadata)
    }
}

/// Whether nobody waits any more for what was asked for at that moment.
fn is_late(asked_at: UnixTime, now: UnixTime) -> bool {
    now.since(asked_at).as_secs() > limits::FETCH_UNDER_WAY_SECONDS
}
