//! The core on a machine without an operating system, as far as a linker can tell: no `std`, an allocator of its own,
//! no start-up code. What it does is verify one token and refuse another, and it ends with 0 when both came out right.

#![no_std]
#![no_main]

mod bare_metal;

use edgeward::{
    crypto::FastEngine,
    jose::{Algorithm, JwkSet, UntrustedJws, verify},
};

/// The key and the token of RFC 7515 appendix A.3.
const KEYS: &[u8] = br#"{"keys":[{"kty":"EC","crv":"P-256",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9\
    .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
    .DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// The same with one letter of the signature changed.
const FORGED: &str = "eyJhbGciOiJFUzI1NiJ9\
    .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
    .DuEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// Called by `bare_metal` once there is a stack; the result is the exit status.
fn main() -> u8 {
    u8::from(!verifies(TOKEN) || verifies(FORGED))
}

fn verifies(token: &str) -> bool {
    let (Ok(keys), Ok(jws)) = (JwkSet::parse(KEYS, &FastEngine), UntrustedJws::parse(token)) else {
        return false;
    };
    Algorithm::by_name("ES256").is_some_and(|algorithm| verify(&jws, &keys, &[algorithm], &FastEngine).is_ok())
}
