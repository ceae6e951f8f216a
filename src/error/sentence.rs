//! What each error says to a person: what is wrong, and what to do next.

use core::fmt;

use alloc::string::String;

use super::{Error, Problem};
use crate::json::decimal_text;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}

/// Whether this is a module for browsers alone. It comes without the sentences on what only servers meet, a fifth of its texts.
const IS_FOR_BROWSERS: bool = cfg!(all(
    feature = "wasm",
    target_arch = "wasm32",
    not(any(feature = "wasm-gate", feature = "wasm-verifier", feature = "wasm-slim", feature = "wasm-machine"))
));

/// A sentence, or its beginning or end, on what only servers meet.
const fn server(text: &'static str) -> &'static str {
    if IS_FOR_BROWSERS { "" } else { text }
}

impl Error {
    /// The sentence that `Display` shows: put together as a text, since a formatter is asked through a table of functions for every piece.
    pub(crate) fn sentence(&self) -> String {
        let template = self.template();
        let (head, tail) = template.split_once('%').unwrap_or((template, ""));
        let mut sentence = [head, self.about(), tail].concat();
        match self {
            Self::PolicyInvalid { problems }
            | Self::ConfigInvalid { problems }
            | Self::RevocationInvalid { problems } => push_problems(&mut sentence, problems),
            Self::AuthorizationRefused(answer)
            | Self::PushedRequestRefused(answer)
            | Self::TokenRequestRefused(answer) => {
                if let Some(description) = &answer.error_description {
                    for part in [" (", description, ")"] {
                        sentence.push_str(part);
                    }
                }
            }
            Self::KeyNotYetKnown { retry_after_seconds } if !IS_FOR_BROWSERS => {
                sentence.push_str(&decimal_text(*retry_after_seconds));
                sentence.push_str(" s");
            }
            _ => {}
        }
        sentence
    }

    /// What it says; `%` stands for what it is about.
    #[allow(clippy::too_many_lines, reason = "it is a list: a sentence for each error")]
    const fn template(&self) -> &'static str {
        match self {
            Self::TokenTooLarge => "the token is over the size bound; issue a smaller one",
            Self::TokenMalformed { .. } => "not a compact JWS: %",
            Self::HeaderInvalid { .. } => "the header parameter \"%\" is missing, of the wrong form, or not taken",
            Self::CriticalHeaderUnsupported => "the header names a critical extension; none is supported",
            Self::AlgorithmNotAllowed => "\"alg\" is not allowed for this issuer; see \"algorithms\" in the policy",
            Self::KeySetMalformed { .. } => "not a usable JWK set: %",
            Self::KeyUnusable { .. } => "the JWK can't verify signatures: %",
            Self::KeyUnknown => "no key of the issuer's key set fits the token's \"kid\" and \"alg\"",
            Self::KeyNotYetKnown { .. } => server("no key has the token's \"kid\" yet; ask again in "),
            Self::KeyAmbiguous => {
                "more than one key of the issuer's key set fits the token; give each a \"kid\" of its own"
            }
            Self::SignatureInvalid => "the signature does not hold",
            Self::ClaimMissing { .. } => "the claim \"%\" is required and absent",
            Self::ClaimInvalid { .. } => "the claim \"%\" has a wrong type or form",
            Self::TypeMismatch => {
                "\"typ\" says that this is another kind of token; see \"token_profile\" in the policy"
            }
            Self::IssuerUnknown => "\"iss\" is not a trusted issuer; it is compared exactly",
            Self::AudienceMismatch => "\"aud\" names none of the expected audiences; it is compared exactly",
            Self::TokenExpired => "the token has expired; get a new one",
            Self::TokenNotYetValid => "the token is not valid yet (\"nbf\"); compare the clocks",
            Self::TokenIssuedInFuture => "the token was issued in the future (\"iat\"); compare the clocks",
            Self::TokenTooOld => "the token was issued too long ago (\"iat\"); get a new one",
            Self::ClaimConditionUnmet { .. } => {
                server("the claim \"%\" is absent or does not say what is demanded of it")
            }
            Self::TenantMismatch => {
                server("the tenant claim, \"iss\" and the signing key's \"issuer\" do not name one tenant")
            }
            Self::NonceForbidden => server("a logout token must not carry a \"nonce\""),
            Self::ProofOfPossessionMissing => server(
                "the token is bound to a key (\"cnf\") that was not proved; send a proof where the policy takes one, or get an unbound token",
            ),
            Self::NonceMismatch => "the ID token's \"nonce\" is not the one sent; sign in again",
            Self::AuthorizedPartyMismatch => "the ID token was issued to another client (\"azp\")",
            Self::AuthenticationTooOld => {
                "the user authenticated too long ago (\"auth_time\"); sign in again with \"max_age\""
            }
            Self::AuthenticationContextMismatch => {
                "\"acr\" is none of the contexts asked for; sign in again with \"acr_values\""
            }
            Self::HashMismatch { .. } => "\"%\" is not the hash of what came with the ID token",
            Self::ProofRequestMismatch { .. } => {
                server("the DPoP proof was made for another request: \"%\" differs; make one for each request")
            }
            Self::ProofTokenMismatch => server("the DPoP proof was made for another access token (\"ath\")"),
            Self::ProofKeyMismatch => server("the access token is bound to another key than the DPoP proof's"),
            Self::ProofTooOld => server("the DPoP proof is too old; make one for each request"),
            Self::ProofNonceMismatch => {
                server("the DPoP proof lacks the server's nonce; make one with the nonce it answers with")
            }
            Self::ProofMissing => server("the token was sent with DPoP, and no proof in the header DPoP"),
            Self::ProofInvalid { .. } => server("the DPoP proof is not good by itself: %"),
            Self::TokenUnbound => {
                server("the token was sent with DPoP and is bound to no key; send it with Bearer, or get a bound one")
            }
            Self::CertificateMismatch => server("the token is bound to another certificate than the client's"),
            Self::CertificateUntrusted => server("the client's certificate does not count; see \"mtls\" in the policy"),
            Self::ProofMemoryUnavailable => {
                server("it can't be said now whether the DPoP proof was used before; the request was not let through")
            }
            Self::ProofReplayed => server("the DPoP proof was used before; make one for each request"),
            Self::CredentialsMissing => server("no bearer token; send one in the Authorization header"),
            Self::CredentialsMalformed { .. } => server("malformed credentials: %"),
            Self::PathAmbiguous => {
                server("the path has encoded separators, empty or dot segments; send it in its plain form")
            }
            Self::RouteUnknown => server("no route of the policy matches the path; what is not named is refused"),
            Self::MethodNotAllowed { .. } => server("the route takes only: %"),
            Self::TokenNotForRoute(_) => {
                server("the route takes no tokens like this good one; of the route's demands these are not met: %")
            }
            Self::RightsMissing(_) => {
                server("the token lacks rights that no scope gives; of the route's demands these are not met: %")
            }
            Self::AuthenticationInsufficient(_) => {
                server("the user has to authenticate again; of the route's demands these are not met: %")
            }
            Self::ScopeMissing(_) => {
                server("the token lacks a scope that the route demands; of the route's demands these are not met: %")
            }
            Self::TokenInactive | Self::SubjectTokenInvalid => {
                server("the authorization server says the token is not active")
            }
            Self::TokenRevoked => {
                server("the deny list says that the token is revoked; get a new one by signing in again")
            }
            Self::DenyListUnavailable { .. } => server(
                "the deny list can't be read now, and the copy there is is too old; the token was not let through",
            ),
            Self::DenyListFull => {
                server("the deny list takes no more entries; take some out, or give them an earlier \"expires_at\"")
            }
            Self::RevocationUnknown => server("the deny list has no entry of that id"),
            Self::RevocationInvalid { .. } => server("the entry of the deny list is not valid"),
            Self::KeySetUnavailable { .. } => server("the issuer's keys can't be had now; the token was not judged"),
            Self::IntrospectionUnavailable { .. } => {
                server("the introspection endpoint can't be asked now; the token was not judged")
            }
            Self::UpstreamTokenUnavailable { .. } => {
                server("the token endpoint can't be asked now for the origin's token")
            }
            Self::UpstreamTokenRefused { .. } | Self::SubjectTokenRefused { .. } => {
                server("the token endpoint gives no token for the origin: %; see \"upstream.token\" in the policy")
            }
            Self::UpstreamUnavailable => server("the request was let through, and the origin can't be reached"),
            Self::UpstreamTimeout => server("the request was let through, and the origin took too long to answer"),
            Self::PolicyInvalid { .. } => server("the policy is not valid"),
            Self::ConfigInvalid { .. } => "the client configuration is not valid",
            Self::MetadataInvalid { .. } => "the authorization server's metadata can't be used: \"%\"",
            Self::RandomnessInvalid => "too little randomness was handed in",
            Self::CallbackMalformed { .. } => "not a callback of this client: %",
            Self::ImplicitResponseRefused => "the callback carries a token; the implicit grant is not accepted",
            Self::TransactionUnknown => {
                "no sign-in of this tab waits for this callback, or it waited too long; sign in again"
            }
            Self::StateMismatch => "\"state\" is missing or not the one sent; sign in again",
            Self::CallbackIssuerMismatch => {
                "the callback's \"iss\" is missing or another issuer's; the answer was not used"
            }
            Self::AuthorizationRefused(_) => "the sign-in was refused: %",
            Self::PushedRequestRefused(_) => "the pushed authorization request was refused: %",
            Self::PushedResponseInvalid { .. } => "the answer to the pushed authorization request can't be used: \"%\"",
            Self::SessionMismatch { .. } => {
                "the renewed tokens are another user's, by their \"%\"; they were not used, sign in again"
            }
            Self::SessionUnknown => "nobody is signed in here; sign in",
            Self::TokenResponseInvalid { .. } | Self::UpstreamTokenInvalid { .. } => {
                "the token endpoint's answer can't be used: \"%\""
            }
            Self::TokenRequestRefused(_) => "the token request was refused: %",
        }
    }

    /// What stands where its template has a `%`.
    fn about(&self) -> &str {
        match self {
            Self::TokenMalformed { reason }
            | Self::KeySetMalformed { reason }
            | Self::KeyUnusable { reason }
            | Self::ProofInvalid { reason }
            | Self::CredentialsMalformed { reason }
            | Self::CallbackMalformed { reason } => reason,
            Self::HeaderInvalid { parameter }
            | Self::MetadataInvalid { parameter }
            | Self::PushedResponseInvalid { parameter }
            | Self::TokenResponseInvalid { parameter }
            | Self::UpstreamTokenInvalid { parameter, .. } => parameter,
            Self::ClaimMissing { claim }
            | Self::ClaimInvalid { claim }
            | Self::HashMismatch { claim }
            | Self::ProofRequestMismatch { claim }
            | Self::SessionMismatch { claim } => claim,
            Self::MethodNotAllowed { allow } => allow,
            Self::TokenNotForRoute(unmet)
            | Self::RightsMissing(unmet)
            | Self::AuthenticationInsufficient(unmet)
            | Self::ScopeMissing(unmet) => &unmet.demands,
            Self::UpstreamTokenRefused { error, .. } | Self::SubjectTokenRefused { error } => error,
            Self::AuthorizationRefused(answer)
            | Self::PushedRequestRefused(answer)
            | Self::TokenRequestRefused(answer) => &answer.error,
            Self::ClaimConditionUnmet { claim } => claim,
            _ => "",
        }
    }
}

fn push_problems(out: &mut String, problems: &[Problem]) {
    for (index, Problem { path, problem }) in problems.iter().enumerate() {
        let separator = if index == 0 { ": " } else { "; " };
        for part in [separator, path, ": ", problem] {
            out.push_str(part);
        }
    }
}
