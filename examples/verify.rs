//! Checks an access token on the command line, without a network: who can read the key set can say what is wrong with a token.
//!
//! ```text
//! cargo run --example verify --features all-algorithms -- KEY_SET_FILE ISSUER AUDIENCE < TOKEN_FILE
//! ```
//!
//! The token comes from standard input, because what is on a command line can be read by others and is kept in the shell's history.

use core::error::Error;
use std::{
    env, fs, io,
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use edgeward::{
    UnixTime, Verifier,
    crypto::FastEngine,
    jose::{Algorithm, JwkSet},
    jwt::{Rules, ValidatedToken},
};

fn main() -> ExitCode {
    match check() {
        Ok(token) => {
            println!("The token holds. Its subject is {}.", token.subject().unwrap_or("not said"));
            println!("scope: {}", token.scope().iter().collect::<Vec<_>>().join(" "));
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn check() -> Result<ValidatedToken, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [key_set, issuer, audience] = arguments.as_slice() else {
        return Err(
            "Call it with three arguments: KEY_SET_FILE ISSUER AUDIENCE. The token comes from standard input.".into()
        );
    };
    let keys = JwkSet::parse(&fs::read(key_set)?, &FastEngine)?;
    let rules = Rules::access_token().issuer(issuer).audience(audience).build()?;
    let verifier = Verifier::new(rules, Algorithm::available());

    let token = io::read_to_string(io::stdin())?;
    let now = UnixTime::from_seconds(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
    // An error has a stable code, for programs, and a sentence that says what to do next.
    verifier
        .verify(token.trim_end(), &keys, now)
        .map_err(|error| format!("The token is refused: {} ({error})", error.code()).into())
}
