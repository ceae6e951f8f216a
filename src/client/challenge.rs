//! What an API's refusal asks of the client: the challenges of `WWW-Authenticate` (RFC 9110 section 11.6.1) with status 401.

use alloc::string::String;

use crate::{json::Object, jwt::Scope, limits};

/// What would help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Nothing that a client can do by itself.
    Nothing,
    /// The same request once more, with a proof that carries the server's nonce (RFC 9449 section 9).
    UseNonce,
    /// The same request once more, with a proof by a better clock: one was not taken (RFC 9449 section 7.1).
    CheckClock,
    /// The same request once more, with a renewed token (RFC 6750 section 3.1).
    Renew,
    /// A sign-in with these demands (RFC 9470 section 3).
    Authenticate {
        /// `acr_values`, space-separated.
        acr_values: Option<String>,
        /// `max_age`, in seconds.
        max_age: Option<u64>,
    },
}

impl Advice {
    /// Reads an answer of an API: its status, and `WWW-Authenticate` where the page may read it. What is malformed is no advice.
    pub fn of(status: u16, www_authenticate: &str) -> Self {
        if status != 401 || www_authenticate.len() > limits::MAX_CHALLENGE_BYTES {
            return Self::Nothing;
        }
        let mut advice = Self::Nothing;
        let mut rest = www_authenticate;
        while let Some((challenge, after)) = Challenge::read(rest) {
            rest = after;
            // Of several the first that can be followed.
            if advice == Self::Nothing {
                advice = challenge.advice();
            }
        }
        if rest.is_empty() { advice } else { Self::Nothing }
    }

    /// It as JSON text: `{"advice": "nothing" | "use_nonce" | "check_clock" | "renew" | "authenticate", "acr_values"?, "max_age"?}`.
    pub fn to_json(&self) -> String {
        let name = match self {
            Self::Nothing => "nothing",
            Self::UseNonce => "use_nonce",
            Self::CheckClock => "check_clock",
            Self::Renew => "renew",
            Self::Authenticate { .. } => "authenticate",
        };
        let mut described = Object::from([("advice", name.into())]);
        if let Self::Authenticate { acr_values, max_age } = self {
            if let Some(acr_values) = acr_values {
                described.insert("acr_values", acr_values.as_str());
            }
            if let Some(max_age) = max_age {
                described.insert("max_age", *max_age);
            }
        }
        described.to_json()
    }
}

#[derive(Default)]
struct Challenge {
    is_ours: bool,
    error: Option<String>,
    acr_values: Option<String>,
    max_age: Option<String>,
}

impl Challenge {
    /// One challenge from the beginning of a list, and what follows it. Nothing where the list is over or malformed.
    fn read(list: &str) -> Option<(Self, &str)> {
        let (scheme, mut rest) = token(list.trim_start_matches([',', ' ', '\t']))?;
        let is_ours = ["Bearer", "DPoP"].iter().any(|own| own.eq_ignore_ascii_case(scheme));
        let mut challenge = Self { is_ours, ..Self::default() };
        if let Some(after) = after_token68(rest) {
            return Some((challenge, after));
        }
        // A parameter has "=" after its name; what has none is the next challenge's scheme.
        loop {
            let from = rest.trim_start_matches([',', ' ', '\t']);
            let Some((name, value)) =
                token(from).and_then(|(name, after)| Some((name, after.trim_start_matches(BLANKS).strip_prefix('=')?)))
            else {
                return Some((challenge, from));
            };
            let (value, after) = value_of(value.trim_start_matches(BLANKS))?;
            challenge.add(name, value)?;
            rest = at_end_of_element(after)?;
        }
    }

    /// Nothing where it was there before: then nobody knows which of the two counts (RFC 9110 section 11.2).
    fn add(&mut self, name: &str, value: String) -> Option<()> {
        let place = match name.to_ascii_lowercase().as_str() {
            "error" => &mut self.error,
            "acr_values" => &mut self.acr_values,
            "max_age" => &mut self.max_age,
            _ => return Some(()),
        };
        place.replace(value).is_none().then_some(())
    }

    fn advice(self) -> Advice {
        match self.error.as_deref().filter(|_| self.is_ours) {
            Some("use_dpop_nonce") => Advice::UseNonce,
            Some("invalid_dpop_proof") => Advice::CheckClock,
            Some("invalid_token") => Advice::Renew,
            Some("insufficient_user_authentication") => self.demands().unwrap_or(Advice::Nothing),
            _ => Advice::Nothing,
        }
    }

    /// Nothing where a demand can't be read: a sign-in without it would be in vain.
    fn demands(&self) -> Option<Advice> {
        let acr_values = match &self.acr_values {
            None => None,
            Some(text) => Some(Scope::parse(text).filter(|values| !values.is_empty())?.to_text()),
        };
        let max_age = match &self.max_age {
            None => None,
            Some(text) => Some(seconds(text)?),
        };
        Some(Advice::Authenticate { acr_values, max_age })
    }
}

/// `max_age`: digits alone (RFC 9470 section 3), of no more seconds than a date has.
fn seconds(text: &str) -> Option<u64> {
    let seconds = text.parse().ok().filter(|seconds| *seconds <= limits::MAX_NUMERIC_DATE_SECONDS);
    seconds.filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Optional white space (RFC 9110 section 5.6.3).
const BLANKS: [char; 2] = [' ', '\t'];

/// What follows an element of a list: a comma, or nothing.
fn at_end_of_element(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(BLANKS);
    (rest.is_empty() || rest.starts_with(',')).then_some(rest)
}

/// What follows the token68 that a challenge may have in place of parameters (RFC 9110 section 11.2). Nothing where it has none.
fn after_token68(text: &str) -> Option<&str> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    let from = text.trim_start_matches(BLANKS);
    let length = from.bytes().take_while(|byte| is_part(*byte)).count();
    let (_, after) = from.split_at_checked(length).filter(|_| length > 0)?;
    at_end_of_element(after.trim_start_matches('='))
}

/// A token (RFC 9110 section 5.6.2) from the beginning of a text, and what follows it.
fn token(text: &str) -> Option<(&str, &str)> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let length = text.bytes().take_while(|byte| is_part(*byte)).count();
    text.split_at_checked(length).filter(|_| length > 0)
}

/// A parameter's value: a token or a quoted text (RFC 9110 section 5.6.4), and what follows it.
fn value_of(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        return token(text).map(|(value, after)| (value.into(), after));
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some((value, characters.as_str())),
            '\\' => value.push(characters.next()?),
            character => value.push(character),
        }
    }
}
