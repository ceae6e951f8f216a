//! Keys from the stores, before their issuer is asked: what is asked of them, what of their answers counts, and what they are given to keep.

use alloc::{string::String, vec::Vec};

use super::{
    Need, TokenValidator,
    key_fetch::{Fetched, KeyFetch, Leg, Purpose},
    key_stores::{Entry, HAS_STORES, Kept, KeyStores, Store, StoreWrite, key_of},
    token_validator::{Candidate, Step, Wait},
};
use crate::{
    error::Error,
    http_url::HttpUrl,
    jose::{JwkSet, UntrustedJws},
    limits,
    metadata::AuthorizationServerMetadata,
    time::UnixTime,
};

impl Purpose {
    /// Whether a stored set of that age is enough, and its issuer need not be asked.
    const fn is_met_by(self, age_seconds: u64) -> bool {
        match self {
            Self::Serve | Self::UnknownKey => age_seconds < limits::KEY_SET_TTL_SECONDS,
            // One that would have to be refreshed itself is none.
            Self::Refresh => age_seconds < limits::KEY_SET_REFRESH_AHEAD_SECONDS,
        }
    }
}

impl TokenValidator {
    /// Sets the stores.
    pub(super) fn with_stores(mut self, stores: KeyStores) -> Self {
        self.stores = stores;
        self
    }

    /// What is to be kept in stores, of what the last step has brought. It is told once.
    pub const fn take_store_write(&mut self) -> Option<StoreWrite> {
        self.store_write.take()
    }

    /// Asks the next store for the key set or the metadata; `None` where there is none left.
    pub(super) fn ask_store(
        &mut self,
        kept: Kept,
        after: Option<Store>,
        purpose: Purpose,
        token: Candidate<'_>,
    ) -> Option<(Need, KeyFetch)> {
        let store = self.stores.after(after).filter(|_| HAS_STORES)?;
        let key = self.stored_under(kept, token).ok()?;
        let document = match kept {
            Kept::KeySet => limits::MAX_KEY_SET_BYTES,
            Kept::Metadata => limits::MAX_METADATA_BYTES,
        };
        let need = Need::Stored { store, key, max_bytes: document.saturating_add(Entry::HEAD_BYTES) };
        Some((need, KeyFetch { purpose, leg: Leg::Stored(kept, store) }))
    }

    /// Goes on with what a store had of the key set, or without it.
    pub(super) fn take_stored_set(
        &mut self,
        (store, purpose): (Store, Purpose),
        token: Candidate<'_>,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Fetched, Error> {
        let entry = answer.and_then(|text| Entry::read(text, now));
        let set = entry.and_then(|entry| JwkSet::parse(entry.document.as_bytes(), &*self.engine).ok());
        if let Some((entry, set)) = entry.zip(set)
            && self.cache(token)?.take_stored_set(set, entry.document, entry.asked_at, now)
            && purpose.is_met_by(now.since(entry.asked_at).as_secs())
        {
            self.keep_nearer(store, entry, token, now);
            return Ok(Fetched::Found(store));
        }
        self.go_past_store(store, purpose, token, now)
    }

    /// The next store, or else the issuer itself.
    pub(super) fn go_past_store(
        &mut self,
        store: Store,
        purpose: Purpose,
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Fetched, Error> {
        let (need, fetch) = match self.ask_store(Kept::KeySet, Some(store), purpose, token) {
            Some(next) => next,
            None => self.ask_issuer(purpose, token, now)?,
        };
        Ok(Fetched::Need(need, fetch))
    }

    /// Goes on with what a store had of the metadata, or without it.
    pub(super) fn take_stored_metadata(
        &mut self,
        (store, purpose): (Store, Purpose),
        token: Candidate<'_>,
        answer: Option<&str>,
        now: UnixTime,
    ) -> Result<Fetched, Error> {
        let (issuer, transport) = (&self.issuer(token)?.issuer, self.transport);
        let entry = answer.and_then(|text| Entry::read(text, now));
        let metadata = entry.and_then(|entry| {
            AuthorizationServerMetadata::parse(entry.document, issuer, transport).ok().zip(Some(entry.asked_at))
        });
        if let Some((metadata, asked_at)) = metadata {
            self.cache(token)?.store_metadata(metadata, asked_at);
        }
        let next = match self.jwks_uri(token, now) {
            Some(_) => None,
            None => self.ask_store(Kept::Metadata, Some(store), purpose, token),
        };
        let (need, fetch) = match next {
            Some(next) => next,
            None => self.ask_server(purpose, token, now)?,
        };
        Ok(Fetched::Need(need, fetch))
    }

    /// Judges a token by a set that a store had: what it has no key for may be in a newer one.
    pub(super) fn judge_by_stored(
        &mut self,
        jws: UntrustedJws,
        (store, purpose): (Store, Purpose),
        token: Candidate<'_>,
        now: UnixTime,
    ) -> Result<Step, Error> {
        if !HAS_STORES {
            return self.judge_again(jws, token, now);
        }
        let is_unknown = matches!(self.find_key(&jws, token), Err(Error::KeyUnknown));
        if is_unknown && purpose == Purpose::UnknownKey {
            // The set is fetched for this key, as the cool-down has it; the store has only saved nothing.
            return match self.go_past_store(store, purpose, token, now)? {
                Fetched::Need(need, fetch) => Ok(Step::Need(need, Wait::Keys(jws, fetch))),
                _ => self.after_failed_fetch(jws, token, now),
            };
        }
        self.cache(token)?.fetch_ended();
        if is_unknown { self.judge_unknown_key(jws, token, now) } else { self.judge_again(jws, token, now) }
    }

    /// Has all stores keep what its server has just said.
    pub(super) fn keep_in_stores(&mut self, kept: Kept, entry: Entry<'_>, token: Candidate<'_>, now: UnixTime) {
        if !HAS_STORES {
            return;
        }
        let stores = self.stores.all().collect();
        self.keep_in(stores, kept, entry, token, now);
    }

    /// Has the stores that are nearer than this one keep what it had.
    fn keep_nearer(&mut self, store: Store, entry: Entry<'_>, token: Candidate<'_>, now: UnixTime) {
        let stores = self.stores.all().take_while(|nearer| *nearer != store).collect();
        self.keep_in(stores, Kept::KeySet, entry, token, now);
    }

    fn keep_in(&mut self, stores: Vec<Store>, kept: Kept, entry: Entry<'_>, token: Candidate<'_>, now: UnixTime) {
        if stores.is_empty() {
            return;
        }
        let seconds = match kept {
            Kept::KeySet => self.caches.get(token.issuer).map(|cache| cache.seconds_of_use(entry.asked_at, now)),
            Kept::Metadata => Some(limits::METADATA_TTL_SECONDS),
        };
        let key = self.stored_under(kept, token).ok();
        self.store_write =
            seconds.zip(key).map(|(seconds, key)| StoreWrite { stores, key, text: entry.to_text(), seconds });
    }

    fn stored_under(&self, kept: Kept, token: Candidate<'_>) -> Result<String, Error> {
        let issuer = self.issuer(token)?;
        let jwks_uri = issuer.jwks_uri.as_ref().filter(|_| kept == Kept::KeySet);
        Ok(key_of(kept, &issuer.issuer, jwks_uri.map(HttpUrl::as_str)))
    }
}
