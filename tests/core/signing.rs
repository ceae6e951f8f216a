//! Makes tokens, good and hostile, with the private keys that RFC 7515 appendices A.2.1 and A.3.1 publish.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const RSA_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const RSA_D: &str = "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ";
const RSA_P: &str = "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc";
const RSA_Q: &str = "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc";
pub const EC_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
pub const EC_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
pub const EC_D: &str = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

/// Which key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Rsa,
    Ec,
}

impl Key {
    pub const BOTH: [Self; 2] = [Self::Rsa, Self::Ec];

    pub fn alg(self) -> &'static str {
        match self {
            Self::Rsa => "RS256",
            Self::Ec => "ES256",
        }
    }

    pub fn kid(self) -> &'static str {
        match self {
            Self::Rsa => "rsa-1",
            Self::Ec => "ec-1",
        }
    }

    /// The public JWK, with `kid`, `use` and `alg`.
    pub fn jwk(self) -> Value {
        match self {
            Self::Rsa => json!({"kty": "RSA", "kid": "rsa-1", "use": "sig", "alg": "RS256", "n": RSA_N, "e": "AQAB"}),
            Self::Ec => {
                json!({"kty": "EC", "crv": "P-256", "kid": "ec-1", "use": "sig", "alg": "ES256", "x": EC_X, "y": EC_Y})
            }
        }
    }

    /// Signs header and payload texts just as they are, well-formed or not.
    pub fn sign_texts(self, header: &[u8], payload: &[u8]) -> String {
        let input = format!("{}.{}", encode(header), encode(payload));
        let signature = match self {
            Self::Rsa => {
                rsa_key().sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&input)).expect("the RFC's key signs")
            }
            Self::Ec => {
                let key = SigningKey::from_slice(&decode(EC_D)).expect("the RFC's key");
                let signature: Signature = key.sign(input.as_bytes());
                signature.to_vec()
            }
        };
        format!("{input}.{}", encode(&signature))
    }

    /// Signs claims under this header.
    pub fn sign_with(self, header: &Value, claims: &Value) -> String {
        self.sign_texts(header.to_string().as_bytes(), claims.to_string().as_bytes())
    }

    /// Signs claims as an RFC 9068 access token.
    pub fn sign(self, claims: &Value) -> String {
        self.sign_with(&json!({"alg": self.alg(), "kid": self.kid(), "typ": "at+jwt"}), claims)
    }
}

/// A set of both public keys.
pub fn key_set() -> String {
    json!({"keys": [Key::Rsa.jwk(), Key::Ec.jwk()]}).to_string()
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("canonical base64url")
}

pub fn rsa_key() -> RsaPrivateKey {
    let number = |text| BigUint::from_bytes_be(&decode(text));
    let primes = vec![number(RSA_P), number(RSA_Q)];
    RsaPrivateKey::from_components(number(RSA_N), number("AQAB"), number(RSA_D), primes).expect("the RFC's key")
}
