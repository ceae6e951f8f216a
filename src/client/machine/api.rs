//! A machine's requests to APIs: where its token may go, the proofs that go with it, and what a refusal asks for.

use alloc::{string::String, vec, vec::Vec};

use super::MachineClient;
use crate::{
    client::{Advice, ProofRequest, is_nonce},
    error::Error,
    http_url::HttpUrl,
    limits,
    time::UnixTime,
};

/// What is done about an API's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing: the caller gets the answer.
    Nothing,
    /// The same request once more, with a proof that carries the nonce that came.
    Nonce,
    /// The same request once more, if there is another token.
    Token,
}

/// The last nonce of the token endpoint, and of each API by its place (RFC 9449 section 8.2).
pub(super) struct Nonces {
    token_endpoint: Option<String>,
    apis: Vec<Option<String>>,
}

impl Nonces {
    pub(super) fn new(apis: usize) -> Self {
        Self { token_endpoint: None, apis: vec![None; apis] }
    }

    fn place(&mut self, api: Option<usize>) -> Option<&mut Option<String>> {
        match api {
            None => Some(&mut self.token_endpoint),
            Some(place) => self.apis.get_mut(place),
        }
    }

    /// Keeps one that came. Gives whether it can be sent back.
    pub(super) fn note(&mut self, api: Option<usize>, nonce: &str) -> bool {
        match self.place(api).filter(|_| is_nonce(nonce)) {
            Some(place) => {
                *place = Some(nonce.into());
                true
            }
            None => false,
        }
    }

    fn of(&self, api: Option<usize>) -> Option<&str> {
        match api {
            None => self.token_endpoint.as_deref(),
            Some(place) => self.apis.get(place)?.as_deref(),
        }
    }
}

impl MachineClient {
    /// The place of an API by its origin (scheme, host and port, compared exactly), where the token may be sent there.
    pub fn api(&self, origin: &str) -> Option<usize> {
        self.config.api_origins.iter().position(|own: &HttpUrl| own.as_str() == origin)
    }

    /// What is to be signed by ES256 for a proof of a request: with an access token to an API, and without one to the token endpoint. `random` must be
    /// fresh.
    ///
    /// # Errors
    /// `proof_missing` where there is no key; those of [`DpopKey::signing_input`](crate::client::DpopKey::signing_input).
    pub fn proof_input(
        &self,
        (method, url): (&str, &str),
        api: Option<(usize, &str)>,
        random: &[u8; limits::RANDOM_BYTES],
        now: UnixTime,
    ) -> Result<String, Error> {
        let key = self.key.as_ref().ok_or(Error::ProofMissing)?;
        let (place, access_token) = api.unzip();
        key.signing_input(&ProofRequest { method, url, access_token, nonce: self.nonces.of(place) }, random, now)
    }

    /// Looks at an API's answer to a request that carried the token of this number: its nonce is kept, and a token that it does not take is
    /// asked for anew, though not all the time.
    pub fn api_answered(
        &mut self,
        (api, serial): (usize, u64),
        (status, www_authenticate): (u16, &str),
        nonce: Option<&str>,
    ) -> Remedy {
        let has_nonce = self.config.dpop && nonce.is_some_and(|nonce| self.nonces.note(Some(api), nonce));
        match Advice::of(status, www_authenticate) {
            Advice::UseNonce if has_nonce => Remedy::Nonce,
            Advice::Renew => {
                self.tokens.rejected(serial);
                Remedy::Token
            }
            _ => Remedy::Nothing,
        }
    }
}
