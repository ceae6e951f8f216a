//! How much is kept for requests that wait for something from outside. Whoever hangs up may leave a request behind for as long as a step is kept, so
//! what all of them hold together has a bound, and gives back what it took when it goes, however it goes.

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use alloc::{string::String, sync::Arc, vec::Vec};

use super::{
    BearerToken, Gate,
    credentials::Sent,
    progress::{Header, InFlight},
    route::Route,
};
use crate::{error::Error, limits};

/// What a request holds beside its texts, in bytes: its own fields, those of what it waits for, and who asks an authorization server for it.
const BESIDE_TEXTS_BYTES: usize = 1024;

/// Bytes that are held by requests that wait.
#[derive(Debug, Default)]
pub(super) struct Crowd(Arc<AtomicUsize>);

/// What one request holds, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    bytes: usize,
    crowd: Arc<AtomicUsize>,
}

impl Crowd {
    /// A place for so many bytes; `None` where there is no room.
    fn admit(&self, bytes: usize) -> Option<Place> {
        let held = self.0.load(Relaxed).checked_add(bytes).filter(|held| *held <= limits::MAX_WAITING_BYTES)?;
        self.0.store(held, Relaxed);
        Some(Place { bytes, crowd: self.0.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.crowd.fetch_sub(self.bytes, Relaxed);
    }
}

impl Gate {
    /// A request with a token, which may come to wait; `on_its_way` is where it would go, and with which headers its answer would come back.
    ///
    /// # Errors
    /// That what it would wait for can't be had, where there is no room for it.
    pub(super) fn in_flight(
        &self,
        (route, issuer, method): (Arc<Route>, usize, &str),
        token: BearerToken<'_>,
        sent: Sent,
        on_its_way: (String, Vec<Header>),
    ) -> Result<InFlight, Error> {
        // Of the token there is another copy in the form that asks about it, or for another.
        let texts = [token.expose().len(), token.expose().len(), sent.bytes(), on_its_way.0.len()];
        let bytes = texts.into_iter().fold(BESIDE_TEXTS_BYTES, usize::saturating_add);
        let place = self.crowd.admit(bytes).ok_or_else(|| self.without_room(&route))?;
        Ok(InFlight::new(route, token, sent, issuer, on_its_way, place).for_method(method))
    }

    /// What a request to the route would have waited for, most likely.
    fn without_room(&self, route: &Route) -> Error {
        let retry_after_seconds = 1;
        if route.introspection {
            Error::IntrospectionUnavailable { retry_after_seconds }
        } else if self.upstream_tokens.is_some() {
            Error::UpstreamTokenUnavailable { retry_after_seconds }
        } else if self.revocation.is_some() {
            Error::DenyListUnavailable { retry_after_seconds }
        } else {
            Error::KEY_SET_UNAVAILABLE
        }
    }
}
