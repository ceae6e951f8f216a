//! The browser client's one way in from JavaScript: every call of [`ClientCore`] by its number, with texts and numbers, answered by a text.
//!
//! A method of its own for each call would cost a page more than the calls themselves: the glue of each, in the module and in its script.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use wasm_bindgen::prelude::wasm_bindgen;

use super::ClientCore;
use crate::{
    error::{Error, Problem, ServerError},
    jose::base64url,
    json::{Object, Value},
};

/// What one call takes. Which of them it reads is said in `js/client/core.ts`, beside its number.
struct Given<'a> {
    first: &'a str,
    second: &'a str,
    number: f64,
    now: f64,
}

impl Given<'_> {
    /// The number as a status code (RFC 9110 section 15), or a place in a short list; what is none becomes the greatest.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates"
    )]
    const fn whole(&self) -> u16 {
        self.number as u16
    }

    /// The number as yes or no.
    fn is_set(&self) -> bool {
        self.number > 0.0
    }
}

/// A core, once it has its configuration.
#[wasm_bindgen]
pub struct ClientPort {
    asks_host: bool,
    core: Option<ClientCore>,
}

#[wasm_bindgen]
impl ClientPort {
    /// `asks_host` is whether the caller has the platform check signatures; without it this module has to.
    #[wasm_bindgen(constructor)]
    pub fn new(asks_host: bool) -> Self {
        Self { asks_host, core: None }
    }

    /// Makes the call with that number. The answer is empty where there is none, else its first character says what follows: `=` the answer, `!` an
    /// error as JSON text (`code`, `message`, and what it has of `subject`, `error`, `error_description`, `problems`).
    pub fn call(&mut self, number_of_call: u8, first: &str, second: &str, number: f64, now: f64) -> String {
        let given = Given { first, second, number, now };
        match self.answer(number_of_call, &given) {
            Ok(None) => String::new(),
            Ok(Some(answer)) => ["=", &answer].concat(),
            Err(error) => ["!", &described(&error)].concat(),
        }
    }

    fn answer(&mut self, call: u8, given: &Given<'_>) -> Result<Option<String>, Error> {
        if call == 0 {
            self.core = Some(ClientCore::new(given.first, self.asks_host)?);
            return Ok(None);
        }
        self.core.as_mut().ok_or(Error::SessionUnknown)?.answer(call, given)
    }
}

impl ClientCore {
    fn answer(&mut self, call: u8, given: &Given<'_>) -> Result<Option<String>, Error> {
        let Given { first, second, now, .. } = *given;
        let answer = match call {
            1 => self.metadata_urls().join(" "),
            2 => return Ok(yes(self.has_metadata())),
            3 => return self.read_metadata(first).map(|()| None),
            4 => self.login(first, now)?,
            5 => self.read_pushed(given.whole(), first)?,
            6 => Self::state_of(first)?,
            7 => self.callback(first, second, now)?,
            8 => return self.renew(),
            9 => return self.read_tokens(given.whole(), first, now),
            10 => return Ok(yes(self.read_key_set(first)?)),
            11 => return Ok(self.signature_request()),
            12 => return self.conclude(u8::try_from(given.whole()).unwrap_or(u8::MAX), now),
            13 => {
                self.abandon();
                return Ok(None);
            }
            14 => return Ok(self.session()),
            15 => return Ok(self.authorization(first, now)),
            16 => Self::advice(given.whole(), first),
            17 => return Ok(yes(self.wants_key())),
            18 => return Ok(yes(self.has_key())),
            19 => return self.use_key(first).map(|()| None),
            20 => {
                let (method, url) = first.split_once(' ').unwrap_or_default();
                let nonce = Some(second).filter(|nonce| !nonce.is_empty()).map(ToString::to_string);
                self.proof_input(method, url, nonce, given.is_set(), now)?
            }
            21 => Self::proof(first, &base64url::decode(second).unwrap_or_default())?,
            22 => return Ok(self.proof_asked(given.whole(), first)),
            23 => return Ok(self.share(given.is_set())),
            24 => return Ok(yes(self.adopt(first)?)),
            25 => return Ok(self.revocation_endpoint()),
            26 => {
                self.forget();
                return Ok(None);
            }
            27 => self.userinfo_request(now)?,
            28 => self.read_userinfo(first)?,
            29 => {
                self.leave();
                return Ok(None);
            }
            30 => self.logout(),
            32 => return Ok(yes(Self::is_nonce(first))),
            31 => Self::bounds(),
            // The script beside the module is another release's.
            _ => return Err(Error::SessionUnknown),
        };
        Ok(Some(answer))
    }

    /// What the host is to check, as JSON text: `alg` (a place in `js/algorithm-name.ts`), `jwk` (a text), `message` and `signature` (base64url).
    /// Nothing where no verdict is waited for.
    fn signature_request(&self) -> Option<String> {
        let message = String::from_utf8(self.signed_message()?).ok()?;
        let described = Object::from([
            ("alg", self.signature_algorithm()?.into()),
            ("jwk", self.signature_jwk()?.into()),
            ("message", message.into()),
            ("signature", base64url::encode(&self.signature()?).into()),
        ]);
        Some(described.to_json())
    }
}

/// Yes as an answer without a text, no as none.
fn yes(is_so: bool) -> Option<String> {
    is_so.then(String::new)
}

/// An error as JSON text.
fn described(error: &Error) -> String {
    let mut described = Object::from([("code", error.code().into()), ("message", error.sentence().into())]);
    let mut set = |name: &str, value: Value| drop(described.insert(name, value));
    if let Some(subject) = error.subject() {
        set("subject", subject.into());
    }
    if let Error::AuthorizationRefused(answer)
    | Error::PushedRequestRefused(answer)
    | Error::TokenRequestRefused(answer) = error
    {
        let ServerError { error, error_description } = &**answer;
        set("error", error.as_str().into());
        if let Some(description) = error_description {
            set("error_description", description.as_str().into());
        }
    }
    if let Error::ConfigInvalid { problems } = error {
        set("problems", Value::from(problems.iter().map(Problem::to_value).collect::<Vec<_>>()));
    }
    described.to_json()
}
