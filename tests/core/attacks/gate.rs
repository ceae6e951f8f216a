//! The door: a gate with both public keys, and what must be true of every refusal there.

use edgeward::{limits::UNKNOWN_KEY_COOLDOWN_SECONDS, resource_server::Decision};
use serde_json::{Value, json};

use crate::{
    outside::{JWKS_URL, World, claims, code, forwarded, header, merged, policy, refused},
    signing::{Key, encode, key_set},
};

const INVALID: &str = concat!(
    r#"Bearer realm="edgeward test", error="invalid_token", "#,
    r#"error_description="The access token is malformed, revoked, or not one for this API""#
);
const EXPIRED: &str = concat!(
    r#"Bearer realm="edgeward test", error="invalid_token", "#,
    r#"error_description="The access token has expired""#
);

/// A gate and the keys it finds at the issuer.
pub struct Door {
    world: World,
}

impl Door {
    pub fn new() -> Self {
        Self::with_keys(key_set())
    }

    pub fn with_keys(key_set: String) -> Self {
        Self::of(&policy(), key_set)
    }

    pub fn of(policy: &Value, key_set: String) -> Self {
        let mut world = World::new(policy);
        world.key_set = Some(key_set);
        Self { world }
    }

    pub fn at(mut self, now: u64) -> Self {
        self.world.now = now;
        self
    }

    pub fn set_time(&mut self, now: u64) {
        self.world.now = now;
    }

    pub fn send(&mut self, token: &str) -> Decision {
        self.world.get("/me", token)
    }

    pub fn lets_through(&mut self, token: &str) {
        forwarded(self.send(token));
    }

    /// Refuses the token, as every token is refused, and gives the private reason.
    pub fn refuses(&mut self, token: &str) -> &'static str {
        let response = refused(self.send(token));
        let reason = code(&response);
        assert_eq!(response.status, 401, "{reason}");
        let challenge = if reason == "token_expired" { EXPIRED } else { INVALID };
        assert_eq!(header(&response.headers, "www-authenticate"), Some(challenge), "{reason}");
        assert!(!response.body.contains(reason), "the private reason stays private: {}", response.body);
        for segment in token.split('.').filter(|segment| segment.len() > 11) {
            assert!(!response.body.contains(segment), "{}", response.body);
        }
        // The next token with an unknown `kid` is judged once the set may be fetched again.
        if reason == "key_unknown" {
            self.world.now += UNKNOWN_KEY_COOLDOWN_SECONDS;
        }
        // No attack makes the gate ask anybody else (class 6), nor spoils it for the next caller.
        assert!(self.world.take_fetched().iter().all(|url| url == JWKS_URL));
        reason
    }
}

/// A token with the good claims under this header, by the key whose algorithm the header names in an honest token.
pub fn headed(key: Key, header: &Value) -> String {
    key.sign_with(header, &claims())
}

/// The header of an honest token of this key.
pub fn honest_header(key: Key) -> Value {
    json!({"alg": key.alg(), "kid": key.kid(), "typ": "at+jwt"})
}

/// The same with some members set; a null takes one away.
pub fn header_with(key: Key, changes: Value) -> Value {
    merged(honest_header(key), changes)
}

pub fn honest(key: Key) -> String {
    headed(key, &honest_header(key))
}

/// Good claims under this header with these signature bytes.
pub fn unsigned(header: &Value, signature: &[u8]) -> String {
    let input = format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims().to_string().as_bytes()));
    format!("{input}.{}", encode(signature))
}

/// Every token is refused for this reason at a fresh gate, where honest tokens pass before and after.
pub fn refused_for(reason: &str, tokens: impl IntoIterator<Item = String>) -> usize {
    let mut door = Door::new();
    door.lets_through(&honest(Key::Ec));
    let mut count = 0;
    for token in tokens {
        assert_eq!(door.refuses(&token), reason, "{token:.200}");
        count += 1;
    }
    for key in Key::BOTH {
        door.lets_through(&honest(key));
    }
    count
}
