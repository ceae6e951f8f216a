//! A token's way through a [`TokenValidator`], for whoever judges tokens without a gate.

use alloc::{boxed::Box, string::String, sync::Arc};

use super::{
    Ground, Need, TokenValidator,
    token_validator::{Candidate, Step, Wait},
};
use crate::{error::Error, jose::UntrustedJws, jwt::ValidatedToken, time::UnixTime};

/// How far a token has come.
#[derive(Debug)]
pub enum Validation {
    /// Something is needed; call [`TokenValidator::resume`] with it, or with `None` where it can't be had.
    Need(Need, PendingToken),
    /// It holds.
    Valid {
        /// What it says.
        token: Arc<ValidatedToken>,
        /// A number under which what was made of the token can be kept: it is given out for this token alone. `None` where the
        /// validator does not remember the token.
        serial: Option<u64>,
    },
}

/// A token under way, to be handed back with the answer to its [`Need`].
#[derive(Debug)]
pub struct PendingToken {
    text: Text,
    issuer: usize,
    /// Boxed, for it holds a whole token taken apart: most tokens are judged at once and should not carry its size.
    wait: Box<Wait>,
}

/// The token's text, which is never shown.
struct Text(String);

impl core::fmt::Debug for Text {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("(a token)")
    }
}

impl TokenValidator {
    /// Judges a token at `now`: from memory, with the keys there are, or saying what is needed.
    ///
    /// # Errors
    /// Those of [`UntrustedJws::parse`], [`jose::verify`](crate::jose::verify()) and [`jwt::validate`](crate::jwt::validate), and
    /// `issuer_unknown`, `key_set_unavailable`.
    pub fn validate(&mut self, token: &str, now: UnixTime) -> Result<Validation, Error> {
        if let Some(known) = self.known_token(token, now)? {
            return Ok(valid(Step::Valid(known, Ground::TokenKnown), token, 0));
        }
        let jws = UntrustedJws::parse(token)?;
        let issuer = self.issuer_of(&jws)?;
        let step = self.judge(jws, Candidate { text: token, issuer, beside: 0 }, now)?;
        Ok(valid(step, token, issuer))
    }

    /// The same for a caller that can't wait: keys that are due to be fetched again serve while they are not too old.
    ///
    /// # Errors
    /// Those of [`Self::validate`]; `key_set_unavailable` where no keys are there.
    pub fn validate_at_once(&mut self, token: &str, now: UnixTime) -> Result<Validation, Error> {
        if let Some(known) = self.known_token(token, now)? {
            return Ok(valid(Step::Valid(known, Ground::TokenKnown), token, 0));
        }
        let jws = UntrustedJws::parse(token)?;
        let issuer = self.issuer_of(&jws)?;
        let step = self.judge_with_what_is_there(jws, Candidate { text: token, issuer, beside: 0 }, now);
        Ok(valid(step.ok_or(Error::KEY_SET_UNAVAILABLE)??, token, issuer))
    }

    /// Goes on with a token, given what it needed, or `None` where that could not be had.
    ///
    /// # Errors
    /// Those of [`Self::validate`].
    pub fn resume(&mut self, pending: PendingToken, answer: Option<&str>, now: UnixTime) -> Result<Validation, Error> {
        let PendingToken { text: Text(text), issuer, wait } = pending;
        let step = self.go_on(*wait, Candidate { text: &text, issuer, beside: 0 }, answer, now)?;
        Ok(valid(step, &text, issuer))
    }
}

fn valid(step: Step, token: &str, issuer: usize) -> Validation {
    match step {
        Step::Need(need, wait) => {
            Validation::Need(need, PendingToken { text: Text(token.into()), issuer, wait: Box::new(wait) })
        }
        Step::Valid(known, _) => {
            Validation::Valid { token: known.token, serial: Some(known.serial).filter(|serial| *serial != 0) }
        }
    }
}
