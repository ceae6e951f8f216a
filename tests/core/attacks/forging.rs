//! What an attacker computes: HMACs keyed with public things, RSA signatures of chosen paddings, ECDSA's other `s`.

use rsa::{BigUint, RsaPublicKey, pkcs1::EncodeRsaPublicKey, pkcs8::EncodePublicKey, traits::PublicKeyParts};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::signing::{decode, encode, rsa_key};

/// HMAC (RFC 2104) with the hash that the `alg` names.
pub fn hmac(alg: &str, key: &[u8], message: &[u8]) -> Vec<u8> {
    match alg {
        "HS256" => hmac_with::<Sha256>(64, key, message),
        "HS384" => hmac_with::<Sha384>(128, key, message),
        "HS512" => hmac_with::<Sha512>(128, key, message),
        other => panic!("no HMAC: {other}"),
    }
}

fn hmac_with<D: Digest>(block: usize, key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut padded = if key.len() > block { D::digest(key).to_vec() } else { key.to_vec() };
    padded.resize(block, 0);
    let xored = |with: u8| padded.iter().map(|byte| byte ^ with).collect::<Vec<_>>();
    let inner = D::new().chain_update(xored(0x36)).chain_update(message).finalize();
    D::new().chain_update(xored(0x5c)).chain_update(inner).finalize().to_vec()
}

/// The public RSA key in every form in which it lies about.
pub fn public_key_texts(jwk: &str, key_set: &str) -> Vec<(&'static str, Vec<u8>)> {
    let key = RsaPublicKey::from(rsa_key());
    let spki = key.to_public_key_der().expect("DER").into_vec();
    let pkcs1 = key.to_pkcs1_der().expect("DER").as_bytes().to_vec();
    let pem = |label: &str, der: &[u8]| {
        let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
        let lines: Vec<_> = body.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", lines.join("\n"))
    };
    let spki_pem = pem("PUBLIC KEY", &spki);
    vec![
        ("PEM", spki_pem.clone().into_bytes()),
        ("PEM and a line's end", format!("{spki_pem}\n").into_bytes()),
        ("PEM after a space", format!(" {spki_pem}").into_bytes()),
        ("PEM with CR LF", spki_pem.replace('\n', "\r\n").into_bytes()),
        ("PKCS#1 PEM", pem("RSA PUBLIC KEY", &pkcs1).into_bytes()),
        ("DER", spki),
        ("PKCS#1 DER", pkcs1),
        ("JWK", jwk.as_bytes().to_vec()),
        ("JWKS", key_set.as_bytes().to_vec()),
        ("n", key.n().to_bytes_be()),
        ("n as text", encode(&key.n().to_bytes_be()).into_bytes()),
    ]
}

/// `em ^ d mod n`: the private operation on any bytes, as whoever owns a weak key could have it.
pub fn rsa_raw(em: &[u8]) -> Vec<u8> {
    use rsa::traits::PrivateKeyParts;
    let key = rsa_key();
    let signature = BigUint::from_bytes_be(em).modpow(key.d(), key.n()).to_bytes_be();
    [vec![0; key.size() - signature.len()], signature].concat()
}

/// The order of P-256 (SEC 2 section 2.4.2).
pub fn p256_order() -> Vec<u8> {
    decode("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE")
}

/// The same ES256 token with `n − s` for `s`, which holds as well.
pub fn with_other_s(token: &str) -> String {
    let (input, signature) = token.rsplit_once('.').expect("three segments");
    let signature = decode(signature);
    let (order, s) = (BigUint::from_bytes_be(&p256_order()), BigUint::from_bytes_be(&signature[32..]));
    let other = (order - s).to_bytes_be();
    let padded = [vec![0; 32 - other.len()], other].concat();
    format!("{input}.{}", encode(&[&signature[..32], &padded].concat()))
}
