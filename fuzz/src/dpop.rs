//! A DPoP proof for a request (RFC 9449 section 4.3). The input has a line each for the method, the URL, the access token, the
//! thumbprint it is bound to, and the nonce (an empty line: there is none). What follows is the proof; where that starts with "{" its
//! header is the next line, its payload the rest, and its signature holds by decree.

use edgeward::{
    Error, UnixTime,
    crypto::{FastEngine, SignatureEngine},
    jose::base64url,
    limits,
    resource_server::{DpopProof, DpopRequest, DpopRules, UntrustedProof},
};
use serde_json::Value;

use crate::{Verdict, engine::EverySignature, silence, text};

const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);

/// The parts of an input.
struct Input {
    method: String,
    url: String,
    access_token: String,
    jkt: String,
    nonce: String,
    proof: String,
    /// Whether the proof's signature is to be believed.
    by_decree: bool,
}

impl Input {
    fn of(input: &[u8]) -> Self {
        let mut rest = input;
        let mut line = || {
            let (line, after) = text::split_line(rest);
            rest = after;
            text::lossy(line)
        };
        let [method, url, access_token, jkt, nonce] = [line(), line(), line(), line(), line()];
        let by_decree = rest.starts_with(b"{");
        let proof = if by_decree {
            let (header, payload) = text::split_line(rest);
            text::compact(header, payload, &[0])
        } else {
            text::lossy(rest)
        };
        Self { method, url, access_token, jkt, nonce, proof, by_decree }
    }

    fn nonces(&self) -> Vec<&str> {
        [self.nonce.as_str()].into_iter().filter(|nonce| !nonce.is_empty()).collect()
    }

    fn request<'a>(&'a self, nonces: &'a [&'a str]) -> DpopRequest<'a> {
        let present = |text| Some(text).filter(|text: &&str| !text.is_empty());
        DpopRequest {
            method: &self.method,
            url: &self.url,
            access_token: present(&self.access_token),
            jkt: present(&self.jkt),
            nonces,
        }
    }

    fn engine(&self) -> &'static dyn SignatureEngine {
        if self.by_decree { &EverySignature } else { &FastEngine }
    }
}

/// Runs on one input.
pub fn run(input: &[u8]) -> Verdict {
    let input = Input::of(input);
    let check =
        || DpopProof::check(&input.proof, &input.request(&input.nonces()), &DpopRules::default(), input.engine(), NOW);
    let secrets = [input.proof.as_bytes(), input.access_token.as_bytes(), input.nonce.as_bytes()];
    silence::of_debug(&input.request(&input.nonces()), &secrets, &[&input.method]);
    let kept = |proof: DpopProof| (proof.thumbprint().to_owned(), proof.jti().to_owned(), proof.good_until());
    match text::twice(|| check().map(kept)) {
        Err(error) => {
            silence::of_error(&error, &secrets);
            Err(error.code())
        }
        Ok(_) => {
            check_accepted(&input, &check().expect("accepted above"));
            Ok(())
        }
    }
}

fn check_accepted(input: &Input, proof: &DpopProof) {
    assert!(input.proof.len() <= limits::MAX_TOKEN_BYTES);
    let segments: Vec<Vec<u8>> = input.proof.split('.').filter_map(base64url::decode).collect();
    let header: Value = serde_json::from_slice(&segments[0]).expect("a header is JSON");
    let claims: Value = serde_json::from_slice(&segments[1]).expect("a payload is JSON");

    let typ = header["typ"].as_str().unwrap_or_default().to_ascii_lowercase();
    assert_eq!(typ.strip_prefix("application/").unwrap_or(&typ), "dpop+jwt", "attack 23");
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert!(header["jwk"].get(member).is_none(), "attack 40");
    }
    assert_eq!(claims["htm"], input.method.as_str(), "attack 41");
    assert_eq!(claims["jti"], proof.jti());
    assert!((1..=limits::MAX_JTI_BYTES).contains(&proof.jti().len()));
    let (thumbprint, nonce) = (proof.thumbprint(), claims["nonce"].as_str().unwrap_or_default());
    assert!(input.jkt.is_empty() || input.jkt == thumbprint, "attack 41");
    assert!(input.nonce.is_empty() || input.nonce == nonce, "attack 41");
    assert!(input.access_token.is_empty() || claims["ath"].is_string(), "attack 41");
    let issued_at = claims["iat"].as_f64().expect("a NumericDate");
    assert!((1_699_999_700.0..=1_700_000_030.0).contains(&issued_at), "attack 41: {issued_at}");

    check_times(input, proof, &claims);
    check_htu(input, &header, &claims);
    let other = |request: DpopRequest<'_>| {
        DpopProof::check(&input.proof, &request, &DpopRules::default(), input.engine(), NOW).map(|_| ())
    };
    let mismatch = |claim| Err(Error::ProofRequestMismatch { claim });
    let nonces = input.nonces();
    let request = input.request(&nonces);
    let method = format!("{}X", input.method);
    assert_eq!(other(DpopRequest { method: &method, ..request }), mismatch("htm"));
    assert_eq!(other(DpopRequest { url: "https://another.invalid/", ..request }), mismatch("htu"));
    assert_eq!(other(DpopRequest { jkt: Some("another"), ..request }), Err(Error::ProofKeyMismatch));
    assert_eq!(other(DpopRequest { nonces: &["another nonce"], ..request }), Err(Error::ProofNonceMismatch));
    let token = other(DpopRequest { access_token: Some("another token"), ..request });
    assert!(matches!(token, Err(Error::ProofTokenMismatch | Error::ClaimMissing { claim: "ath" })), "{token:?}");
    silence::of_debug(proof, &[input.proof.as_bytes()], &[thumbprint, proof.jti()]);
    let used = proof.clone().unless_used(true).err();
    assert_eq!(used, Some(Error::ProofReplayed), "attack 39");
}

/// It has to be remembered for exactly as long as it would be taken.
fn check_times(input: &Input, proof: &DpopProof, claims: &Value) {
    let check = |now| {
        DpopProof::check(&input.proof, &input.request(&input.nonces()), &DpopRules::default(), input.engine(), now)
    };
    let last = proof.good_until();
    assert!(check(last.plus(1)).is_err(), "taken after it was forgotten");
    if claims.get("exp").is_none() {
        assert!(check(last).is_ok(), "remembered for longer than it is taken");
    }
}

/// Whether two URLs are the same does not depend on which is asked about which, nor on query and fragment (RFC 9449 section 4.3).
fn check_htu(input: &Input, header: &Value, claims: &Value) {
    let htu = claims["htu"].as_str().expect("attack 41: a text");
    let compare = |htu: &str, url: &str| {
        let mut claims = claims.clone();
        claims["htu"] = htu.into();
        let proof = text::compact(header.to_string().as_bytes(), claims.to_string().as_bytes(), &[0]);
        let nonces = input.nonces();
        let request = DpopRequest { url, ..input.request(&nonces) };
        match DpopProof::check(&proof, &request, &DpopRules::default(), &EverySignature, NOW) {
            Ok(_) => Some(true),
            Err(Error::ProofRequestMismatch { claim: "htu" }) => Some(false),
            // Written again, it may be over a bound, or a decimal over the edge.
            Err(_) => None,
        }
    };
    let bare = |url: &str| url.split(['?', '#']).next().unwrap_or_default().to_owned();
    for (one, other) in [
        (htu, input.url.as_str()),
        (&input.url, htu),
        (htu, htu),
        (&bare(htu), &input.url),
        (htu, &format!("{}?query#fragment", bare(&input.url))),
    ] {
        assert_ne!(compare(one, other), Some(false), "{one} and {other}");
    }
    let scheme = |url: &str| url.split("://").next().unwrap_or_default().to_ascii_lowercase();
    assert_eq!(scheme(htu), scheme(&input.url));
    for other in [format!("{}/more", bare(&input.url)), input.url.replacen("://", "://x", 1)] {
        assert_ne!(compare(htu, &other), Some(true), "{htu} and {other}");
    }
    let parsed = UntrustedProof::parse(&input.proof, input.engine()).expect("accepted above");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let jwk = &header["jwk"];
    let shown = [&header["kid"], &header["typ"], &jwk["kid"], &jwk["issuer"]].map(text);
    silence::of_debug(&parsed, &[input.proof.as_bytes()], &shown.each_ref().map(String::as_str));
}
