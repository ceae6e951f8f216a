//! Bounds of the way to an authorization server's documents: how long is waited, how long they serve, how long a server is left alone.

use core::ops::RangeInclusive;

/// How long one fetch to an authorization server may take, in milliseconds. The caller of the API waits for it.
pub const FETCH_TIMEOUT_MILLISECONDS: u32 = 5_000;

/// How long a store of key sets may take to answer, in milliseconds: KV takes tens of them, and some hundreds for what was not asked for long.
/// The caller of the API waits for it, and then for the authorization server.
pub const STORE_TIMEOUT_MILLISECONDS: u32 = 500;

/// How long the Durable Object that fetches for many isolates may take to answer, in milliseconds: a second more than its own fetch.
pub const SHARED_FETCH_TIMEOUT_MILLISECONDS: u32 = FETCH_TIMEOUT_MILLISECONDS + 1_000;

/// How long after a fetch has begun others wait for it, in seconds: two more than it may take. Then whoever began it is gone.
pub const FETCH_UNDER_WAY_SECONDS: u64 = 7;

/// How long a request waits for others' fetches in all, in seconds. Then it makes its own: whoever begins fetches and hangs up must not hold
/// up everybody else.
pub const MAX_WAIT_FOR_OTHERS_SECONDS: u64 = 14;

/// How old a fetch is before those who have waited long for others give it up, in seconds: else each of them would begin one of its own in the
/// same moment.
pub const LATE_FETCH_SECONDS: u64 = 2;

/// How long a key set that is due goes on serving while one request fetches the next, in seconds: two places of metadata and the set, each as
/// slow as may be.
pub const KEY_SET_GRACE_SECONDS: u64 = 15;

/// Tokens of requests that wait for one fetch, in bytes for each issuer: four thousand of a usual size. Whoever would be one too many is told
/// that the keys can't be had now.
pub const MAX_WAITING_TOKENS_BYTES: usize = 4 * 1024 * 1024;

/// What all requests hold whose tokens the issuer is asked about, in bytes: an eighth of the 128 MiB that an isolate has, and some four thousand
/// requests with usual tokens. Whoever would be one too many is told that introspection can't be asked now.
pub const MAX_WAITING_BYTES: usize = 16 * 1024 * 1024;

/// How long something may wait for what it needs, in seconds: several times what a fetch may take. Whoever would have gone on with it is gone.
pub const STEP_MAX_AGE_SECONDS: u64 = 30;

/// How long who waits for another's fetch waits first and at most before asking again, in milliseconds: an authorization server answers in
/// tens of them.
pub const MOMENT_MILLISECONDS: RangeInclusive<u32> = 5..=80;

/// How long a key set is used before it is fetched again, in seconds. A removed key stops working within that and
/// [`KEY_SET_GRACE_SECONDS`].
pub const KEY_SET_TTL_SECONDS: u64 = 600;

/// When a key set that is in use is refreshed beside the requests, in seconds after it was asked for: early enough that a slow answer, and a second
/// try after a failure, come before it is due.
pub const KEY_SET_REFRESH_AHEAD_SECONDS: u64 = 480;

/// How long a key set that is due still serves where it can't be refreshed, in seconds, unless the policy says otherwise: a day of the
/// authorization server's outage.
pub const STALE_IF_ERROR_SECONDS: u64 = 86_400;

/// The same at most, in seconds: a week. A key that leaked in an outage could be used as long.
pub const MAX_STALE_IF_ERROR_SECONDS: u64 = 604_800;

/// After a fetch for an unknown `kid`, how long no other such fetch is made, in seconds: callers choose `kid` freely. Whatever they send, a key
/// that was published is found after that time, so it is short; and no shorter than a fetch may be under way, or there could be two at once.
pub const UNKNOWN_KEY_COOLDOWN_SECONDS: u64 = 10;

const _: () = assert!(UNKNOWN_KEY_COOLDOWN_SECONDS >= FETCH_UNDER_WAY_SECONDS);

/// The same for tokens that are older than the set, in seconds: their key was taken out of it, most likely, and a client that goes on with such a
/// token should not have the set fetched all the time.
pub const REMOVED_KEY_COOLDOWN_SECONDS: u64 = 30;

/// After a first failed fetch, how long the endpoint is left alone, in seconds; after each further one twice as long.
pub const FETCH_BACKOFF_SECONDS: u64 = 5;

/// How long it is left alone at most, in seconds: an outage that is over should not be felt much longer.
pub const MAX_FETCH_BACKOFF_SECONDS: u64 = 60;
