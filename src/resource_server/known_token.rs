//! Tokens seen before: when one serves without its signature being checked again, and what ends that.
//!
//! The rule is that the memory changes no verdict: whatever it answers, the whole way from the text to the claims would answer
//! too, at that moment and with those keys. So an entry holds what can't change (the text, the key's verdict, the parsed
//! claims) and everything that can is looked at on each request:
//!
//! * the keys, by the generation of the issuer's set: an entry ends with the set that its key was taken from;
//! * the time, by the same function as on the first request; nothing in an entry is dated by our clock, so a clock that is set
//!   back finds nothing that it could revive;
//! * what the route demands (`requirement.rs`), and introspection where the route asks it.
//!
//! What a token is held against besides (issuer, audience, algorithms, kind, tolerance) stands in one entry of the policy, and a
//! token belongs to one such entry alone: `iss` is part of the text that is compared, and no policy names an issuer twice. The
//! place of that entry is kept with the token. Another policy is another gate, which starts without memory. No route can change
//! whether a token is valid; were one to, that choice would have to become part of what the token is looked for by.

use alloc::sync::Arc;

use super::{key_cache::Generation, key_lookup::Lookup, token_validator::TokenValidator};
use crate::{
    error::Error,
    jwt::{self, ValidatedToken},
    time::UnixTime,
};

/// A token whose signature and claims have held.
#[derive(Clone)]
pub(super) struct KnownToken {
    /// The place of its issuer in the policy.
    pub(super) issuer: usize,
    /// Of the key set that its key was taken from.
    pub(super) generation: Generation,
    pub(super) token: Arc<ValidatedToken>,
    /// No other token that this memory has kept had the same; 0 where it is not kept. What was made of a token can be kept under it
    /// elsewhere, for it is never given out for anything but this token, and never once its entry has ended.
    pub(super) serial: u64,
}

impl KnownToken {
    /// A token that holds by its issuer's word alone, and that the memory does not keep.
    pub(super) fn unkept(issuer: usize, token: Arc<ValidatedToken>) -> Self {
        Self { issuer, generation: Generation::default(), token, serial: 0 }
    }
}

impl TokenValidator {
    /// What is known of a token, where it still holds at `now`. `None` where the token has to go the whole way: it is not known, its
    /// key set was replaced, or the keys have to be fetched first.
    ///
    /// # Errors
    /// `token_expired`, `token_not_yet_valid`, `token_issued_in_future`, `token_too_old`: those of the time.
    pub(super) fn known_token(&mut self, text: &str, now: UnixTime) -> Result<Option<KnownToken>, Error> {
        let Some(known) = self.tokens.find(text) else {
            return Ok(None);
        };
        self.whose = Some(known.issuer);
        let (Some(issuer), Some(keys)) = (self.issuers.get(known.issuer), self.caches.get(known.issuer)) else {
            return Ok(None);
        };
        let lookup = keys.lookup(now);
        if !lookup.serves() {
            return Ok(None);
        }
        if keys.generation() != known.generation {
            self.tokens.forget(text);
            return Ok(None);
        }
        if lookup == Lookup::UseAndRefresh {
            self.refresh_due = Some(known.issuer);
        }
        self.used_stale_keys = lookup == Lookup::UseStale;
        let in_time = jwt::check_times_again(&known.token, &issuer.rules, now);
        if in_time.is_err() {
            self.tokens.forget(text);
        }
        in_time.map(|()| Some(known))
    }
}
