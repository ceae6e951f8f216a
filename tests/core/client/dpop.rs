//! Proofs that the client makes (RFC 9449 section 4.2), held against the crate's own check and a real P-256 key.

use edgeward::{
    Error,
    client::{
        ClientConfig, DpopKey, ProofRequest, Session, TokenSet,
        authorization::{Options, start},
        is_nonce, proof,
    },
    crypto::FastEngine,
    jose::{Jwk, JwkSet},
    limits,
    resource_server::{DpopProof, DpopRequest, DpopRules},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    id_token::{claims, sign},
    sign_in::{NOW, config, config_with, metadata, parameter, parameters, random, transaction, url_of, with},
    signing::{EC_D, EC_X, EC_Y, RSA_N, decode, encode, key_set},
};

const URL: &str = "https://api.example/notes";
const TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

fn jwk() -> Value {
    json!({"kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y})
}

fn key() -> DpopKey {
    DpopKey::parse(&jwk().to_string(), &FastEngine).unwrap()
}

fn bytes(first: u8) -> [u8; limits::RANDOM_BYTES] {
    core::array::from_fn(|index| first ^ u8::try_from(index).unwrap())
}

fn input(request: &ProofRequest<'_>) -> String {
    key().signing_input(request, &bytes(0), NOW).unwrap()
}

fn at_api(nonce: Option<&'static str>) -> ProofRequest<'static> {
    ProofRequest { method: "GET", url: URL, access_token: Some(TOKEN), nonce }
}

fn parts(input: &str) -> (Value, Value) {
    let (header, claims) = input.split_once('.').unwrap();
    (serde_json::from_slice(&decode(header)).unwrap(), serde_json::from_slice(&decode(claims)).unwrap())
}

/// The proof, signed as a platform's key signs it.
fn signed(input: &str) -> String {
    let key = SigningKey::from_slice(&decode(EC_D)).unwrap();
    let signature: Signature = key.sign(input.as_bytes());
    proof(input, &signature.to_vec()).unwrap()
}

/// RFC 9449 section 4.2: these members, and no others.
#[test]
fn a_proof_says_what_it_is_for_and_nothing_else() {
    let (header, claims) = parts(&input(&ProofRequest { method: "POST", url: URL, access_token: None, nonce: None }));
    assert_eq!(header, json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk()}));
    let jti = encode(&bytes(0));
    assert_eq!(claims, json!({"jti": jti, "htm": "POST", "htu": URL, "iat": NOW.as_seconds()}));
    let (_, claims) = parts(&input(&at_api(Some("eyJ7S_zG.eyJH0-Z.HX4w-7v"))));
    let ath = encode(&Sha256::digest(TOKEN));
    let expected = json!({
        "jti": jti, "htm": "GET", "htu": URL, "iat": NOW.as_seconds(), "ath": ath, "nonce": "eyJ7S_zG.eyJH0-Z.HX4w-7v",
    });
    assert_eq!(claims, expected);
    assert!(!claims.to_string().contains(TOKEN), "the token itself is not in it");
}

/// RFC 9449 section 4.2: "without query and fragment parts".
#[test]
fn htu_has_neither_query_nor_fragment() {
    let rows = ["", "?a=b", "#f", "?a=b#f", "#f?a", "?", "#", "?a=https://x.example/#y"];
    for rest in rows {
        let url = format!("{URL}{rest}");
        let (_, claims) = parts(&input(&ProofRequest { url: &url, ..at_api(None) }));
        assert_eq!(claims["htu"], URL, "{rest}");
    }
}

/// RFC 9449 section 4.2: `jti` is unique, so what makes it is the platform's randomness, of which none is no randomness.
#[test]
fn jti_is_the_randomness_of_this_proof() {
    let jti = |random: &[u8; limits::RANDOM_BYTES]| {
        key().signing_input(&at_api(None), random, NOW).map(|input| parts(&input).1["jti"].clone())
    };
    assert_ne!(jti(&bytes(0)).unwrap(), jti(&bytes(1)).unwrap());
    assert_eq!(jti(&bytes(7)).unwrap(), encode(&bytes(7)));
    for byte in [0x00, 0xff] {
        assert_eq!(jti(&[byte; limits::RANDOM_BYTES]).unwrap_err().code(), "randomness_invalid");
    }
}

/// RFC 9449 section 4.3: what our own check takes, for this request alone.
#[test]
fn a_signed_proof_is_taken_for_its_own_request_alone() {
    let proof = signed(&input(&at_api(Some("n-1"))));
    let jkt = Jwk::parse(jwk().to_string().as_bytes(), &FastEngine).unwrap().key().thumbprint();
    assert_eq!(key().thumbprint(), jkt);
    let check = |change: &dyn Fn(&mut DpopRequest<'_>)| {
        let mut request =
            DpopRequest { method: "GET", url: URL, access_token: Some(TOKEN), jkt: Some(&jkt), nonces: &["n-1"] };
        change(&mut request);
        DpopProof::check(&proof, &request, &DpopRules::default(), &FastEngine, NOW)
            .map(|proof| proof.thumbprint().to_owned())
            .map_err(|error| error.code())
    };
    assert_eq!(check(&|_| ()), Ok(jkt.clone()));
    assert_eq!(check(&|request| request.url = "https://api.example/notes?sort=date"), Ok(jkt.clone()));
    assert_eq!(check(&|request| request.method = "POST"), Err("proof_request_mismatch"));
    assert_eq!(check(&|request| request.url = "https://api.example/notes/1"), Err("proof_request_mismatch"));
    assert_eq!(check(&|request| request.url = "https://evil.example/notes"), Err("proof_request_mismatch"));
    assert_eq!(check(&|request| request.access_token = Some("another")), Err("proof_token_mismatch"));
    assert_eq!(check(&|request| request.nonces = &["n-2"]), Err("proof_nonce_mismatch"));
    assert_eq!(
        check(&|request| request.jkt = Some("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")),
        Err("proof_key_mismatch")
    );
    let late = DpopProof::check(
        &proof,
        &DpopRequest { method: "GET", url: URL, access_token: Some(TOKEN), jkt: Some(&jkt), nonces: &["n-1"] },
        &DpopRules::default(),
        &FastEngine,
        NOW.plus(limits::DPOP_PROOF_MAX_AGE_SECONDS + 1),
    );
    assert_eq!(late.unwrap_err().code(), "proof_too_old");
}

/// RFC 9449 section 4.2, attack 40: a public key on P-256, and nothing private with it.
#[test]
fn only_a_public_key_on_p_256_is_taken() {
    let p_384 = json!({
        "kty": "EC", "crv": "P-384",
        "x": "iA7lWQLzVrKGEFjfGMfMHfTEZ2KnLiKU7JuNT3E7ygsfE7ygsfE7ygsfE7ygsf", "y": "AAAA",
    });
    let rows = [
        with(jwk(), json!({"d": EC_D})),
        with(jwk(), json!({"k": "AAAA"})),
        with(jwk(), json!({"crv": "secp256k1"})),
        with(jwk(), json!({"crv": "P-384"})),
        with(jwk(), json!({"x": EC_Y})),
        p_384,
        json!({"kty": "RSA", "n": RSA_N, "e": "AQAB"}),
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
        json!({"kty": "oct", "k": "AAAA"}),
        json!({}),
        json!([]),
    ];
    for row in rows {
        let error = DpopKey::parse(&row.to_string(), &FastEngine).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "key_unusable", "{row}");
        assert!(!format!("{error} {error:?}").contains(EC_D));
    }
    assert!(DpopKey::parse("", &FastEngine).is_err());
    // What a platform's export adds is not handed on.
    let exported = with(jwk(), json!({"ext": true, "key_ops": ["verify"], "alg": "ES256", "kid": "mine"}));
    let key = DpopKey::parse(&exported.to_string(), &FastEngine).unwrap();
    let (header, _) = parts(&key.signing_input(&at_api(None), &bytes(0), NOW).unwrap());
    assert_eq!(header["jwk"], jwk());
    assert!(!format!("{key:?}").contains(EC_X));
}

/// RFC 7518 section 3.4: 64 bytes. DER, as other libraries sign, is no signature here.
#[test]
fn a_signature_of_another_length_makes_no_proof() {
    for length in [0, 1, 63, 65, 70, 72, 128] {
        assert_eq!(proof("a.b", &vec![1; length]).unwrap_err().code(), "signature_invalid", "{length} bytes");
    }
    assert_eq!(proof("a.b", &[0; 64]).unwrap(), format!("a.b.{}", "A".repeat(86)));
}

/// RFC 9449 sections 8 and 8.1: a nonce goes back as it came, within a bound; what is of another form is none.
#[test]
fn a_nonce_goes_back_as_it_came() {
    for nonce in ["a", "!#[]~", "eyJ7S_zG.eyJH0-Z.HX4w-7v=="] {
        assert!(is_nonce(nonce));
        let (_, claims) = parts(&input(&at_api(Some(nonce))));
        assert_eq!(claims["nonce"], nonce);
    }
    let [most, more] =
        [limits::MAX_DPOP_NONCE_BYTES, limits::MAX_DPOP_NONCE_BYTES + 1].map(|length| "n".repeat(length));
    let with = |nonce: &str| {
        let request = ProofRequest { method: "GET", url: URL, access_token: None, nonce: Some(nonce) };
        let made = key().signing_input(&request, &bytes(0), NOW).map(|_| ()).map_err(|error| error.code());
        assert_eq!(made.is_ok(), is_nonce(nonce), "{nonce}");
        made
    };
    for malformed in ["", " ", "a b", "a, b", "a\"b", "a\\b", "a\tb", "\u{e9}", "a\u{7f}"] {
        assert_eq!(with(malformed), Err("proof_nonce_mismatch"), "{malformed}");
    }
    assert_eq!((with(&most), with(&more)), (Ok(()), Err("proof_nonce_mismatch")));
}

/// RFC 9449 section 10: the code is bound to the key before it is made.
#[test]
fn the_authorization_request_names_the_key() {
    let start = |jkt| url_of(&start(&config(), &metadata(), &Options::default(), &random(), jkt, NOW).unwrap());
    let key = key();
    assert_eq!(parameter(&start(Some(key.thumbprint())), "dpop_jkt"), key.thumbprint());
    assert!(!parameters(&start(None)).iter().any(|(name, _)| name == "dpop_jkt"));
}

/// RFC 9449 sections 5 and 7.2, attack 41: who asked for bound tokens takes no bearer token, and the other way round.
#[test]
fn a_token_of_the_other_type_is_refused() {
    let read = |token_type: &str, jkt| {
        let text = json!({"access_token": "at", "token_type": token_type}).to_string();
        TokenSet::from_response(200, &text, "openid", jkt, NOW)
    };
    for token_type in ["DPoP", "dpop", "DPOP"] {
        assert_eq!(read(token_type, Some("jkt")).unwrap().jkt(), Some("jkt"));
        assert_eq!(read(token_type, None).unwrap_err().subject(), Some("token_type"), "no key proved");
    }
    for token_type in ["Bearer", "bearer", "", "DPoP ", "Bearer DPoP", "N_A"] {
        let error = read(token_type, Some("jkt")).unwrap_err();
        assert_eq!((error.code(), error.subject()), ("token_response_invalid", Some("token_type")), "{token_type}");
    }
    assert_eq!(read("Bearer", None).unwrap().jkt(), None);
}

/// RFC 9449 section 7.1: a bound token is sent with its own scheme, and never as a bearer token.
#[test]
fn a_bound_token_is_sent_by_its_scheme() {
    let id_token = sign(&claims(&transaction()));
    let text = json!({"access_token": "at", "token_type": "DPoP", "id_token": id_token}).to_string();
    let tokens = TokenSet::from_response(200, &text, "openid", Some(key().thumbprint()), NOW).unwrap();
    let keys = JwkSet::parse(key_set().as_bytes(), &FastEngine).unwrap();
    let session = Session::start(tokens, &transaction(), &config(), &keys, &FastEngine, NOW).unwrap();
    let config = config_with(json!({"api_origins": ["https://api.example"], "dpop": true}));
    assert_eq!(session.authorization("https://api.example", &config, NOW).as_deref(), Some("DPoP at"));
    assert_eq!(session.authorization("https://evil.example", &config, NOW), None);
    let (_, authorization) = session.userinfo_request(&metadata(), NOW).unwrap();
    assert_eq!(authorization, "DPoP at");
}

/// RFC 9449 section 5.1: a server that says it takes no ES256 takes no proof of this client; `dpop_signing_alg_values_supported` is optional.
#[test]
fn metadata_that_leaves_es256_out_is_refused_where_proofs_are_needed() {
    let read = |config: &ClientConfig, algorithms: Value| {
        let changes = json!({ "dpop_signing_alg_values_supported": algorithms });
        let text = with(super::sign_in::metadata_document(), changes).to_string();
        config.read_metadata(&text).map(|_| ()).map_err(|error: Error| error.subject().map(String::from))
    };
    let member = "dpop_signing_alg_values_supported";
    let bound = config_with(json!({"dpop": true}));
    for algorithms in [json!(["ES256"]), json!(["RS256", "ES256"]), json!(null)] {
        assert_eq!(read(&bound, algorithms), Ok(()));
    }
    for algorithms in [json!([]), json!(["RS256"]), json!("ES256"), json!(["es256"])] {
        assert_eq!(read(&bound, algorithms.clone()), Err(Some(member.to_owned())), "{algorithms}");
        assert_eq!(read(&config(), algorithms), Ok(()), "who needs none does not care");
    }
    assert!(bound.dpop() && !config().dpop());
}
