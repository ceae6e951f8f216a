//! Every bound of the crate, in one place: the unit is in the name, the reason beside the value.
//!
//! A hostile caller chooses the token, a hostile or broken issuer chooses the documents. Nothing of either is worked
//! on before its size has been compared with a bound of this file.

mod client;
mod keys;
mod token_endpoint;

use core::ops::RangeInclusive;

pub use client::*;
pub use keys::*;
pub use token_endpoint::*;

/// A compact JWS in bytes. Access tokens with many roles reach 8 KiB; servers refuse header blocks past 16 to 32 KiB.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A decoded JOSE header in bytes. `alg`, `kid` and `typ` need about 100; an `x5c` chain, which is ignored, about 4,000.
pub const MAX_HEADER_BYTES: usize = 8 * 1024;

/// A `kid` in bytes. Thumbprints have 43 characters; the longest seen at providers are under 100.
pub const MAX_KID_BYTES: usize = 256;

/// How deep objects and arrays may nest in a JOSE header, a claims set or a key. Real claims stay under 6.
pub const MAX_JSON_DEPTH: usize = 16;

/// A key set document in bytes: a thousand RSA keys of 2,048 bits, many times what providers serve.
pub const MAX_KEY_SET_BYTES: usize = 512 * 1024;

/// Keys in one set. Past this the set is refused whole: selecting is linear in it.
pub const MAX_KEY_SET_KEYS: usize = 1_000;

/// An RSA modulus in bits, at least (RFC 7518 section 3.3).
pub const MIN_RSA_MODULUS_BITS: usize = edgeward_engine::MIN_RSA_MODULUS_BITS;

/// An RSA modulus in bits, at most: a verification grows with its square, and the issuer chooses it.
pub const MAX_RSA_MODULUS_BITS: usize = edgeward_engine::MAX_RSA_MODULUS_BITS;

/// An RSA public exponent in bits, at most: the work grows with its length, no issuer needs more than 65537 (17 bits), and the
/// engines take no more than this.
pub const MAX_RSA_EXPONENT_BITS: usize = edgeward_engine::MAX_RSA_EXPONENT_BITS;

/// Memory that all keys together may keep for being checked faster: 160 tables of P-256, or about a thousand RSA keys. What has no
/// room is computed each time.
pub const MAX_PREPARED_KEYS_BYTES: usize = edgeward_engine::MAX_PREPARED_KEYS_BYTES;

/// The greatest `NumericDate` in seconds, the end of the year 9999: later dates are mistakes (milliseconds, mostly).
pub const MAX_NUMERIC_DATE_SECONDS: u64 = 253_402_300_799;

/// The clock tolerance in seconds when a policy names none: hosts that keep time by NTP differ by less.
pub const DEFAULT_CLOCK_TOLERANCE_SECONDS: u64 = 30;

/// The clock tolerance in seconds, at most: beyond five minutes it only lengthens the life of stolen tokens.
pub const MAX_CLOCK_TOLERANCE_SECONDS: u64 = 300;

/// How long ago a DPoP proof may have been made, in seconds: each is made for one request, and every one seen has to be
/// remembered for as long (RFC 9449 section 11.1).
pub const DPOP_PROOF_MAX_AGE_SECONDS: u64 = 300;

/// The same when a policy names none: a proof is made for the request that it is sent with.
pub const DEFAULT_DPOP_PROOF_AGE_SECONDS: u64 = 60;

/// A DPoP proof in bytes at the gate, which keeps it while its request waits: one with an RSA key of 8,192 bits has about 3,500.
pub const MAX_PROOF_BYTES: usize = 8 * 1024;

/// Used DPoP proofs that the memory of one gate holds: about 4 MiB.
pub const MAX_REMEMBERED_PROOFS: usize = 100_000;

/// Those of one key: a hundred requests a second with the default age. One client can't take all places.
pub const MAX_PROOFS_OF_ONE_KEY: usize = 10_000;

/// Used DPoP proofs that the Durable Object of one key holds: a thousand requests a second with the default age, which is what one object does.
pub const MAX_PROOFS_IN_OBJECT: usize = 100_000;

/// How long that object may take to answer, in milliseconds. The caller of the API waits for it.
pub const PROOF_USE_TIMEOUT_MILLISECONDS: u32 = 2_000;

/// How often used proofs that are over are looked for, in seconds: often enough that they never gather, and seldom enough to cost nothing.
pub const PROOF_SWEEP_SECONDS: u64 = 10;

/// The `jti` of a DPoP proof in bytes: it is kept until the proof is too old, and the client chooses it.
pub const MAX_JTI_BYTES: usize = 512;

/// A `scope` value in bytes, in a token or a policy.
pub const MAX_SCOPE_BYTES: usize = 8 * 1024;

/// A policy document in bytes: ten thousand routes fit.
pub const MAX_POLICY_BYTES: usize = 4 * 1024 * 1024;

/// Issuers in one policy: each keeps a key set in memory.
pub const MAX_ISSUERS: usize = 100;

/// Tenants that one issuer of a policy names: as many customers as are written into a policy by hand or by a script.
pub const MAX_TENANTS: usize = 1_000;

/// Routes in one policy.
pub const MAX_ROUTES: usize = 10_000;

/// How deep requirements may stand inside of a route's (`any_of`, `all_of`): deeper, nobody who reads a policy sees what it asks.
pub const MAX_REQUIREMENT_DEPTH: usize = 4;

/// Requirements inside of one route's: each is looked at on each request.
pub const MAX_ROUTE_REQUIREMENTS: usize = 32;

/// Conditions on claims in one requirement.
pub const MAX_REQUIREMENT_CONDITIONS: usize = 16;

/// Words in one list of a requirement: roles, audiences, values of a claim. Each is compared with each of the token's.
pub const MAX_REQUIREMENT_WORDS: usize = 100;

/// Claims that a policy has sent to the origin as headers: a server takes about as many in all.
pub const MAX_CLAIM_HEADERS: usize = 100;

/// A request path in bytes, as the URL carries it. Longer ones are answered 414 by most servers.
pub const MAX_PATH_BYTES: usize = 8 * 1024;

/// Authorization server metadata in bytes (RFC 8414): the largest seen are about 10 KiB.
pub const MAX_METADATA_BYTES: usize = 128 * 1024;

/// An introspection answer in bytes (RFC 7662): the claims of one token.
pub const MAX_INTROSPECTION_BYTES: usize = 64 * 1024;

/// How long a good introspection answer may serve at most, in seconds, whatever the policy says: within that a revoked token still passes.
pub const MAX_INTROSPECTION_CACHE_SECONDS: u64 = 300;

/// How long the refusal of a token by introspection stands before the server is asked about it again, in seconds: long enough that a client's
/// loop costs nothing, short enough for a token that a replica of the server has not seen yet.
pub const INTROSPECTION_REFUSAL_SECONDS: u64 = 5;

/// How long a token that the introspection server gave no answer about is not asked about again, in seconds: whoever has waited for that
/// answer hears the same.
pub const INTROSPECTION_SILENCE_SECONDS: u64 = 2;

/// Introspection answers that are kept: so many good ones, and so many refusals.
pub const INTROSPECTION_STATEMENTS: usize = 1_000;

/// What an introspection answer that is kept may take in memory, in bytes; a larger one is asked for each time.
pub const MAX_STATEMENT_BYTES: usize = 16 * 1024;

/// How long a client assertion is good, in seconds: it is used at once, and the clocks may differ.
pub const CLIENT_ASSERTION_SECONDS: u64 = 60;

/// Entries of a deny list: as many tokens and users as are revoked within days. Nothing is let go of to make room, so one more is refused.
pub const MAX_DENY_ENTRIES: usize = 10_000;

/// An entry of a deny list in bytes of JSON: an issuer and an identifier, and no more than Workers KV takes beside a key (1,024).
pub const MAX_DENY_ENTRY_BYTES: usize = 1_000;

/// A deny list in bytes of JSON: as many entries as there may be, of 400 bytes each. It is read as a whole.
pub const MAX_DENY_LIST_BYTES: usize = 4 * 1024 * 1024;

/// How long the deny list may take to answer, in milliseconds. The caller of the API waits for it.
pub const DENY_LIST_TIMEOUT_MILLISECONDS: u32 = 2_000;

/// How long after the list was asked for others wait for it, in whole seconds: two more than it may take, so at least one.
pub const DENY_LIST_UNDER_WAY_SECONDS: u64 = 4;

/// How long a list that could not be read is left alone, in seconds: short, because without it there may be no access at all.
pub const DENY_LIST_BACKOFF_SECONDS: u64 = 2;

/// How old the copy of the deny list is at most that a request is decided by, in seconds, unless the policy says otherwise: so long a revoked
/// token still passes.
pub const DENY_LIST_REFRESH_SECONDS: u64 = 10;

/// The same at most, in seconds: most access tokens have expired by themselves then.
pub const MAX_DENY_LIST_REFRESH_SECONDS: u64 = 300;

/// How much older the copy may be where the list can't be read, in seconds, unless the policy says otherwise: a restart of what keeps it.
pub const DENY_LIST_STALE_IF_ERROR_SECONDS: u64 = 60;

/// The same at most, in seconds: an hour.
pub const MAX_DENY_LIST_STALE_IF_ERROR_SECONDS: u64 = 3_600;

/// How long an entry of the deny list is kept, in seconds, unless the policy or the entry says otherwise: a week, when nearly every access token
/// has expired.
pub const DENY_ENTRY_SECONDS: u64 = 604_800;

/// The least that a policy may say there, in seconds: what Workers KV keeps at least.
pub const MIN_DENY_ENTRY_SECONDS: u64 = 60;

/// The longest, in seconds: a year.
pub const MAX_DENY_ENTRY_SECONDS: u64 = 31_536_000;

/// How long a policy may have the origin take until its answer begins, in milliseconds, at most: ten minutes, when whoever asked is gone.
pub const MAX_UPSTREAM_TIMEOUT_MILLISECONDS: u32 = 600_000;

/// How long a nonce for proofs of possession is taken at least, in seconds, unless the policy says otherwise; at most it is twice that. A client asks
/// once more in that time than it would have to.
pub const DPOP_NONCE_LIFETIME_SECONDS: u64 = 300;

/// What a policy may have it be, in seconds: no shorter than a slow request may be under way, no longer than would make nonces pointless.
pub const DPOP_NONCE_LIFETIMES_SECONDS: RangeInclusive<u64> = 10..=3_600;

/// The secret behind those nonces, at least, in bytes: as long as what it keys (RFC 2104 section 3).
pub const MIN_NONCE_SECRET_BYTES: usize = 32;

/// A callback URL in bytes: code, state and `iss`; some codes are themselves tokens.
pub const MAX_CALLBACK_BYTES: usize = 16 * 1024;

/// Verified tokens that are kept, unless the policy says otherwise: the callers that one isolate sees within minutes.
pub const TOKEN_CACHE_ENTRIES: usize = 1_000;

/// Verified tokens that are kept, at most, whatever the policy says.
pub const MAX_TOKEN_CACHE_ENTRIES: usize = 100_000;

/// What the verified tokens may take in memory, in bytes, unless the policy says otherwise. As they are weighed on a machine of 64 bits,
/// some 2,000 tokens of 400 bytes with eight claims fit, or 1,250 of 950 bytes with twelve; a Worker's isolate has 128 MB in all
/// (Cloudflare's limits of Workers).
pub const TOKEN_CACHE_BYTES: usize = 4 * 1024 * 1024;

/// The least that a policy may give them, in bytes: some tokens of usual size fit.
pub const MIN_TOKEN_CACHE_BYTES: usize = 64 * 1024;

/// The most that a policy may give them, in bytes: room for as many as the most tokens. It is more than a Worker's isolate has; servers
/// have it.
pub const MAX_TOKEN_CACHE_BYTES: usize = 256 * 1024 * 1024;

/// How far a clock may go back before what it has dated is no longer believed, in seconds: more than NTP ever corrects at once.
pub const MAX_CLOCK_SETBACK_SECONDS: u64 = 300;

/// How long a browser may keep a preflight's answer, in seconds: the most that Chromium takes.
pub const PREFLIGHT_MAX_AGE_SECONDS: u64 = 7_200;

/// How long clients may keep the protected resource's metadata, in seconds: what it says changes with the policy, seldom.
pub const RESOURCE_METADATA_MAX_AGE_SECONDS: u64 = 3_600;

/// How long metadata is used before it is fetched again, in seconds.
pub const METADATA_TTL_SECONDS: u64 = 3_600;

/// How long a sign-in may take from leaving the page to its callback, in seconds.
pub const TRANSACTION_MAX_AGE_SECONDS: u64 = 3_600;

/// A text from the authorization server that is shown in an error (`error_description`), in characters.
pub const MAX_SERVER_TEXT_CHARACTERS: usize = 200;

/// Random bytes behind `state`, `nonce` and `code_verifier`: 256 bits, as RFC 7636 section 7.1 asks for the verifier.
pub const RANDOM_BYTES: usize = 32;
