//! How much is kept for requests whose token the issuer is asked about. That is done of any text at all, and whoever hangs up may leave a request
//! behind for as long as a step is kept; so what all of them hold together has a bound, and each gives back what it took when it goes, however
//! it goes. Requests of other routes need no place: what waits for keys has a bound of its own, and what waits for anything else has a good token.

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
        let more = |held: usize| held.checked_add(bytes).filter(|held| *held <= limits::MAX_WAITING_BYTES);
        // At once, because another thread may give back what its request held.
        self.0.fetch_update(Relaxed, Relaxed, more).ok()?;
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
    /// `introspection_unavailable` where there is no room for it.
    pub(super) fn in_flight(
        &self,
        (route, issuer, method): (Arc<Route>, usize, &str),
        token: BearerToken<'_>,
        sent: Sent,
        on_its_way: (String, Vec<Header>),
    ) -> Result<InFlight, Error> {
        // Of the token there are others in its parts, and in the form that asks about it.
        let length = token.expose().len();
        let texts = [length, length, length, sent.bytes(), on_its_way.0.len()];
        let bytes = texts.into_iter().fold(BESIDE_TEXTS_BYTES, usize::saturating_add);
        let full = Error::IntrospectionUnavailable { retry_after_seconds: 1 };
        let place = if route.introspection { Some(self.crowd.admit(bytes).ok_or(full)?) } else { None };
        Ok(InFlight::new(route, token, sent, issuer, on_its_way, place).for_method(method))
    }
}
