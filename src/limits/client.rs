//! Bounds of the client's own: when it renews its tokens, and what it reads of an API's challenges.

/// How long before its end an access token is renewed, in seconds: a request is under way for a while, and the clocks may differ. One that lives
/// less than five times as long is renewed when a fifth of its life is left.
pub const RENEWAL_MARGIN_SECONDS: u64 = 60;

/// `WWW-Authenticate` in bytes: a few challenges. A longer one is not read.
pub const MAX_CHALLENGE_BYTES: usize = 8 * 1024;

/// A nonce that a server gives out for DPoP proofs, in bytes (RFC 9449 section 8): it comes back in every proof.
pub const MAX_DPOP_NONCE_BYTES: usize = 1_024;

/// How long the next try waits after a failed renewal, in seconds: the last of them after every further failure.
pub const RENEWAL_RETRY_SECONDS: [u64; 5] = [5, 10, 20, 40, 60];

/// By how many seconds a server's clock may seem to differ from the device's without anything being made of it: a `Date` is cut to seconds, and was
/// under way.
pub const CLOCK_TOLERANCE_SECONDS: u64 = 5;

/// Refresh tokens that the worker keeps, of one page or of all of a site; the oldest is let go of where there are more.
pub const MAX_KEPT_REFRESH_TOKENS: usize = 100;

/// A session as it is shared between tabs or kept by choice, in bytes of JSON: the tokens, and the ID token's claims.
pub const MAX_SESSION_BYTES: usize = 2 * super::MAX_TOKEN_RESPONSE_BYTES;

/// How long a tab waits for another to answer on their channel, in milliseconds: it answers at once, or is frozen.
pub const TAB_ANSWER_MILLISECONDS: u32 = 500;

/// How long a worker that keeps the refresh token may take to start, in milliseconds; then the page keeps it.
pub const WORKER_START_MILLISECONDS: u32 = 2_000;
