//! What each error says to a person: what is wrong, and what to do next.

use core::fmt;

use super::{Error, Problem, ServerError, Unmet};

impl fmt::Display for Error {
    #[allow(clippy::too_many_lines, reason = "it is a list: a sentence for each error")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenTooLarge => f.write_str("the token is over the size bound; issue a smaller one"),
            Self::TokenMalformed { reason } => write!(f, "not a compact JWS: {reason}"),
            Self::HeaderInvalid { parameter } => {
                write!(f, "the header parameter \"{parameter}\" is missing, of the wrong form, or not taken")
            }
            Self::CriticalHeaderUnsupported => f.write_str("the header names a critical extension; none is supported"),
            Self::AlgorithmNotAllowed => {
                f.write_str("\"alg\" is not allowed for this issuer; see \"algorithms\" in the policy")
            }
            Self::KeySetMalformed { reason } => write!(f, "not a usable JWK set: {reason}"),
            Self::KeyUnusable { reason } => write!(f, "the JWK can't verify signatures: {reason}"),
            Self::KeyUnknown => f.write_str("no key of the issuer's key set fits the token's \"kid\" and \"alg\""),
            Self::KeyNotYetKnown { retry_after_seconds } => {
                write!(f, "no key has the token's \"kid\" yet; ask again in {retry_after_seconds} s")
            }
            Self::KeyAmbiguous => {
                f.write_str("more than one key of the issuer's key set fits the token; give each a \"kid\" of its own")
            }
            Self::SignatureInvalid => f.write_str("the signature does not hold"),
            Self::ClaimMissing { claim } => write!(f, "the claim \"{claim}\" is required and absent"),
            Self::ClaimInvalid { claim } => write!(f, "the claim \"{claim}\" has a wrong type or form"),
            Self::TypeMismatch => {
                f.write_str("\"typ\" says that this is another kind of token; see \"token_profile\" in the policy")
            }
            Self::IssuerUnknown => f.write_str("\"iss\" is not a trusted issuer; it is compared exactly"),
            Self::AudienceMismatch => {
                f.write_str("\"aud\" names none of the expected audiences; it is compared exactly")
            }
            Self::TokenExpired => f.write_str("the token has expired; get a new one"),
            Self::TokenNotYetValid => f.write_str("the token is not valid yet (\"nbf\"); compare the clocks"),
            Self::TokenIssuedInFuture => {
                f.write_str("the token was issued in the future (\"iat\"); compare the clocks")
            }
            Self::TokenTooOld => f.write_str("the token was issued too long ago (\"iat\"); get a new one"),
            Self::ClaimConditionUnmet { claim } => {
                write!(f, "the claim \"{claim}\" is absent or does not say what is demanded of it")
            }
            Self::TenantMismatch => {
                f.write_str("the tenant claim, \"iss\" and the signing key's \"issuer\" do not name one tenant")
            }
            Self::NonceForbidden => f.write_str("a logout token must not carry a \"nonce\""),
            Self::ProofOfPossessionMissing => f.write_str(
                "the token is bound to a key (\"cnf\") that was not proved; send a proof where the policy takes one, or get an unbound token",
            ),
            Self::NonceMismatch => f.write_str("the ID token's \"nonce\" is not the one sent; sign in again"),
            Self::AuthorizedPartyMismatch => f.write_str("the ID token was issued to another client (\"azp\")"),
            Self::AuthenticationTooOld => {
                f.write_str("the user authenticated too long ago (\"auth_time\"); sign in again with \"max_age\"")
            }
            Self::AuthenticationContextMismatch => {
                f.write_str("\"acr\" is none of the contexts asked for; sign in again with \"acr_values\"")
            }
            Self::HashMismatch { claim } => write!(f, "\"{claim}\" is not the hash of what came with the ID token"),
            Self::ProofRequestMismatch { claim } => {
                write!(f, "the DPoP proof was made for another request: \"{claim}\" differs; make one for each request")
            }
            Self::ProofTokenMismatch => f.write_str("the DPoP proof was made for another access token (\"ath\")"),
            Self::ProofKeyMismatch => f.write_str("the access token is bound to another key than the DPoP proof's"),
            Self::ProofTooOld => f.write_str("the DPoP proof is too old; make one for each request"),
            Self::ProofNonceMismatch => {
                f.write_str("the DPoP proof lacks the server's nonce; make one with the nonce it answers with")
            }
            Self::ProofMissing => f.write_str("the token was sent with DPoP, and no proof in the header DPoP"),
            Self::ProofInvalid { reason } => write!(f, "the DPoP proof is not good by itself: {reason}"),
            Self::TokenUnbound => {
                f.write_str("the token was sent with DPoP and is bound to no key; send it with Bearer, or get a bound one")
            }
            Self::CertificateMismatch => f.write_str("the token is bound to another certificate than the client's"),
            Self::CertificateUntrusted => f.write_str("the client's certificate does not count; see \"mtls\" in the policy"),
            Self::ProofMemoryUnavailable => {
                f.write_str("it can't be said now whether the DPoP proof was used before; the request was not let through")
            }
            Self::ProofReplayed => f.write_str("the DPoP proof was used before; make one for each request"),
            Self::CredentialsMissing => f.write_str("no bearer token; send one in the Authorization header"),
            Self::CredentialsMalformed { reason } => write!(f, "malformed credentials: {reason}"),
            Self::PathAmbiguous => {
                f.write_str("the path has encoded separators, empty or dot segments; send it in its plain form")
            }
            Self::RouteUnknown => f.write_str("no route of the policy matches the path; what is not named is refused"),
            Self::MethodNotAllowed { allow } => write!(f, "the route takes only: {allow}"),
            Self::ScopeMissing(unmet)
            | Self::TokenNotForRoute(unmet)
            | Self::RightsMissing(unmet)
            | Self::AuthenticationInsufficient(unmet) => write_unmet(f, self, unmet),
            Self::TokenInactive | Self::SubjectTokenInvalid => {
                f.write_str("the authorization server says the token is not active")
            }
            Self::TokenRevoked => f.write_str("the deny list says that the token is revoked; get a new one by signing in again"),
            Self::DenyListUnavailable { .. } => {
                f.write_str("the deny list can't be read now, and the copy there is is too old; the token was not let through")
            }
            Self::DenyListFull => {
                f.write_str("the deny list takes no more entries; take some out, or give them an earlier \"expires_at\"")
            }
            Self::RevocationUnknown => f.write_str("the deny list has no entry of that id"),
            Self::RevocationInvalid { problems } => write_problems(f, "entry of the deny list", problems),
            Self::KeySetUnavailable { .. } => {
                f.write_str("the issuer's keys can't be had now; the token was not judged")
            }
            Self::IntrospectionUnavailable { .. } => {
                f.write_str("the introspection endpoint can't be asked now; the token was not judged")
            }
            Self::UpstreamTokenUnavailable { .. } => {
                f.write_str("the token endpoint can't be asked now for the origin's token")
            }
            Self::UpstreamTokenRefused { error, .. } | Self::SubjectTokenRefused { error } => {
                write!(f, "the token endpoint gives no token for the origin: {error}; see \"upstream.token\" in the policy")
            }
            Self::UpstreamUnavailable => f.write_str("the request was let through, and the origin can't be reached"),
            Self::UpstreamTimeout => f.write_str("the request was let through, and the origin took too long to answer"),
            Self::PolicyInvalid { problems } => write_problems(f, "policy", problems),
            Self::ConfigInvalid { problems } => write_problems(f, "client configuration", problems),
            Self::MetadataInvalid { parameter } => {
                write!(f, "the authorization server's metadata can't be used: \"{parameter}\"")
            }
            Self::RandomnessInvalid => f.write_str("too little randomness was handed in"),
            Self::CallbackMalformed { reason } => write!(f, "not a callback of this client: {reason}"),
            Self::ImplicitResponseRefused => {
                f.write_str("the callback carries a token; the implicit grant is not accepted")
            }
            Self::TransactionUnknown => {
                f.write_str("no sign-in of this tab waits for this callback, or it waited too long; sign in again")
            }
            Self::StateMismatch => f.write_str("\"state\" is missing or not the one sent; sign in again"),
            Self::CallbackIssuerMismatch => {
                f.write_str("the callback's \"iss\" is missing or another issuer's; the answer was not used")
            }
            Self::AuthorizationRefused(answer) => write_server_error(f, "the sign-in was refused", answer),
            Self::PushedRequestRefused(answer) => write_server_error(f, "the pushed authorization request was refused", answer),
            Self::PushedResponseInvalid { parameter } => {
                write!(f, "the answer to the pushed authorization request can't be used: \"{parameter}\"")
            }
            Self::SessionMismatch { claim } => {
                write!(f, "the renewed tokens are another user's, by their \"{claim}\"; they were not used, sign in again")
            }
            Self::SessionUnknown => f.write_str("nobody is signed in here; sign in"),
            Self::TokenResponseInvalid { parameter } | Self::UpstreamTokenInvalid { parameter, .. } => {
                write!(f, "the token endpoint's answer can't be used: \"{parameter}\"")
            }
            Self::TokenRequestRefused(answer) => write_server_error(f, "the token request was refused", answer),
        }
    }
}

fn write_problems(f: &mut fmt::Formatter<'_>, what: &str, problems: &[Problem]) -> fmt::Result {
    write!(f, "the {what} is not valid")?;
    for (index, Problem { path, problem }) in problems.iter().enumerate() {
        let separator = if index == 0 { ": " } else { "; " };
        write!(f, "{separator}{path}: {problem}")?;
    }
    Ok(())
}

fn write_unmet(f: &mut fmt::Formatter<'_>, error: &Error, unmet: &Unmet) -> fmt::Result {
    let what = match error {
        Error::TokenNotForRoute(_) => "the route takes no tokens like this good one",
        Error::RightsMissing(_) => "the token lacks rights that no scope gives",
        Error::AuthenticationInsufficient(_) => "the user has to authenticate again",
        _ => "the token lacks a scope that the route demands",
    };
    write!(f, "{what}; of the route's demands these are not met: {}", unmet.demands)
}

fn write_server_error(f: &mut fmt::Formatter<'_>, what: &str, answer: &ServerError) -> fmt::Result {
    write!(f, "{what}: {}", answer.error)?;
    match &answer.error_description {
        Some(description) => write!(f, " ({description})"),
        None => Ok(()),
    }
}
