//! Tokens that must not pass: each with its private code, and the one public answer they share.

use serde_json::{Value, json};

use crate::{
    outside::{AUDIENCE, JWKS_URL, NOW, World, claims, claims_with, code, forwarded, header, policy, refused},
    signing::{Key, decode, encode, key_set},
};

const INVALID_TOKEN: &str = concat!(
    r#"Bearer realm="edgeward test", error="invalid_token", "#,
    r#"error_description="The access token is malformed, revoked, or not one for this API""#
);
const INVALID_TOKEN_BODY: &str = concat!(
    r#"{"error":"invalid_token","#,
    r#""error_description":"The access token is malformed, revoked, or not one for this API","#,
    r#""status":401,"title":"Unauthorized","type":"about:blank"}"#
);

/// Refused with this private code and the generic answer; nothing but the key set was fetched.
fn assert_refused(token: &str, expected: &str, what: &str) {
    // Whatever is compiled in, this issuer may use these two.
    let mut policy = policy();
    policy["issuers"][0]["algorithms"] = json!(["ES256", "RS256"]);
    let mut world = World::new(&policy);
    world.key_set = Some(key_set());
    let response = refused(world.get("/data", token));
    assert_eq!(code(&response), expected, "{what}");
    assert_eq!(response.status, 401, "{what}");
    assert_eq!(header(&response.headers, "www-authenticate"), Some(INVALID_TOKEN), "{what}");
    assert_eq!(response.body, INVALID_TOKEN_BODY, "{what}");
    assert!(world.fetched.iter().all(|url| url == JWKS_URL), "{what}: {:?}", world.fetched);
}

fn passes(token: &str) {
    let mut world = World::new(&policy());
    world.key_set = Some(key_set());
    forwarded(world.get("/data", token));
}

fn header_with(key: Key, member: &str, value: Value) -> Value {
    let mut header = json!({ "alg": key.alg(), "kid": key.kid(), "typ": "at+jwt" });
    header[member] = value;
    header
}

/// Attacks 1, 2 and 4: `alg` is one of the table, in its one spelling, and of the key's own type.
#[test]
fn other_algorithms_are_refused() {
    for key in Key::BOTH {
        for alg in [
            "none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "rs256", "RS256 ", "RS512", "PS256",
            "ES256K",
        ] {
            let token = key.sign_with(&header_with(key, "alg", json!(alg)), &claims());
            assert_refused(&token, "algorithm_not_allowed", alg);
            let (input, _) = token.rsplit_once('.').unwrap();
            assert_eq!(refused(World::new(&policy()).get("/data", &format!("{input}."))).status, 401, "{alg}");
        }
        for alg in [json!(null), json!(1), json!(["RS256"]), json!({})] {
            assert_refused(&key.sign_with(&header_with(key, "alg", alg), &claims()), "header_invalid", "alg");
        }
    }
    let swapped = Key::Ec.sign_with(&header_with(Key::Rsa, "alg", json!("RS256")), &claims());
    assert_refused(&swapped, "signature_invalid", "an EC signature under RS256");
    let crossed = Key::Rsa.sign_with(&json!({ "alg": "ES256", "kid": "rsa-1", "typ": "at+jwt" }), &claims());
    assert_refused(&crossed, "key_unknown", "the RSA key's kid under ES256");
}

/// Attack 6: a key that comes with the token proves nothing, and no URL in it is ever asked.
#[test]
fn keys_and_urls_in_the_header_are_never_used() {
    let attacker = "https://evil.example/jwks";
    for (member, value) in [
        ("jwk", Key::Ec.jwk()),
        ("jku", json!(attacker)),
        ("x5u", json!(attacker)),
        ("x5c", json!(["MIIB"])),
        ("kid", json!(attacker)),
    ] {
        // Signed by a key that the issuer's set does not hold.
        let mut header = header_with(Key::Ec, "kid", json!("attacker"));
        header[member] = value;
        let mut world = World::new(&policy());
        world.key_set = Some(json!({ "keys": [Key::Rsa.jwk()] }).to_string());
        let response = refused(world.get("/data", &Key::Ec.sign_with(&header, &claims())));
        assert_eq!((response.status, code(&response)), (401, "key_unknown"), "{member}");
        assert!(world.fetched.iter().all(|url| url == JWKS_URL), "{member}: {:?}", world.fetched);
    }
}

/// Attacks 7 and 8: `kid` is compared exactly; without one, the token's type of key decides where just one fits.
#[test]
fn the_kid_is_compared_exactly() {
    for key in Key::BOTH {
        for kid in ["", "RSA-1", "rsa-1 ", "rsa-1\0", "../rsa-1", "' OR 1=1 --", "rsa-2", "*", "ec-1/../rsa-1"] {
            assert_refused(&key.sign_with(&header_with(key, "kid", json!(kid)), &claims()), "key_unknown", kid);
        }
        for kid in [json!(1), json!(null), json!(["rsa-1"]), json!("k".repeat(257))] {
            assert_refused(&key.sign_with(&header_with(key, "kid", kid), &claims()), "header_invalid", "kid");
        }
        passes(&key.sign_with(&json!({ "alg": key.alg(), "typ": "at+jwt" }), &claims()));
    }
}

/// Attacks 9, 10, 24 and 34: extensions that would change what the token means are refused before anything is fetched.
#[test]
fn extensions_in_the_header_are_refused() {
    for key in Key::BOTH {
        for crit in [json!([]), json!(["exp"]), json!(["b64"]), json!("exp"), json!(null), json!(1)] {
            let token = key.sign_with(&header_with(key, "crit", crit.clone()), &claims());
            assert_refused(&token, "critical_header_unsupported", &crit.to_string());
        }
        for (member, value) in
            [("enc", json!("A256GCM")), ("zip", json!("DEF")), ("b64", json!(false)), ("cty", json!("JWT"))]
        {
            assert_refused(&key.sign_with(&header_with(key, member, value), &claims()), "header_invalid", member);
        }
    }
}

/// Attacks 12, 24 and 33: three segments of canonical base64url, and nothing else.
#[test]
fn what_is_no_compact_jws_is_refused() {
    for key in Key::BOTH {
        let good = key.sign(&claims());
        let parts: Vec<&str> = good.split('.').collect();
        let (head, payload, signature) = (parts[0], parts[1], parts[2]);
        for token in [
            format!("{head}.{payload}"),
            format!("{head}.{payload}."),
            format!("{head}..{signature}"),
            format!(".{payload}.{signature}"),
            format!("{good}."),
            format!("{good}.."),
            format!("{good}.{head}.{payload}"),
            format!("{good}="),
            format!("{head}.{payload}.{signature}A+"),
            "..".into(),
            ".".repeat(10_000),
            format!("{}.{payload}.{signature}", encode(b"[]")),
            format!("{}.{payload}.{signature}", encode(b"{\"alg\":\"RS256\",\"alg\":\"RS256\"}")),
            format!("{}.{payload}.{signature}", encode(format!("{{\"x\":{}", "[".repeat(5_000)).as_bytes())),
        ] {
            assert_refused(&token, "token_malformed", &token);
        }
    }
}

/// RFC 7515 section 5.2: any change of what was signed, or of the signature, is noticed.
#[test]
fn a_changed_token_is_refused() {
    for key in Key::BOTH {
        let good = key.sign(&claims());
        let other = key.sign(&claims_with(json!({ "sub": "admin" })));
        let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
        let (one, two) = (parts(&good), parts(&other));
        assert_refused(&format!("{}.{}.{}", one[0], two[1], one[2]), "signature_invalid", "another payload");
        assert_refused(&format!("{}.{}.{}", one[0], one[1], two[2]), "signature_invalid", "another signature");
        let signature = decode(&one[2]);
        for length in [1, signature.len() - 1, signature.len() / 2] {
            let truncated = format!("{}.{}.{}", one[0], one[1], encode(&signature[..length]));
            assert_refused(&truncated, "signature_invalid", "a truncated signature");
        }
        assert_refused(&format!("{}.{}.{}", one[0], one[1], encode(&[0; 64])), "signature_invalid", "attack 5: zeros");
        assert_refused(&format!("{}.{}.{}", one[0], one[1], encode(&[0; 256])), "signature_invalid", "zeros");
    }
}

/// Attack 20: `aud` names this API exactly, in a string or a list of strings.
#[test]
fn the_audience_is_compared_exactly() {
    for (audience, code) in [
        (json!("https://other.example"), "audience_mismatch"),
        (json!("https://api.example/"), "audience_mismatch"),
        (json!("https://api.example.evil.example"), "audience_mismatch"),
        (json!("https://api.exampl"), "audience_mismatch"),
        (json!("HTTPS://api.example"), "audience_mismatch"),
        (json!("api.example"), "audience_mismatch"),
        (json!(" https://api.example"), "audience_mismatch"),
        (json!("https://api.example https://other.example"), "audience_mismatch"),
        (json!(""), "audience_mismatch"),
        (json!("*"), "audience_mismatch"),
        (json!([]), "audience_mismatch"),
        (json!(["https://other.example", ""]), "audience_mismatch"),
        (json!([[AUDIENCE]]), "claim_invalid"),
        (json!([AUDIENCE, 1]), "claim_invalid"),
        (json!([AUDIENCE, null]), "claim_invalid"),
        (json!({ AUDIENCE: true }), "claim_invalid"),
        (json!(true), "claim_invalid"),
        (json!(0), "claim_invalid"),
    ] {
        assert_refused(&Key::Ec.sign(&claims_with(json!({ "aud": audience }))), code, &audience.to_string());
    }
    assert_refused(&Key::Ec.sign(&claims_with(json!({ "aud": null }))), "claim_missing", "no aud");
    for audience in [json!(AUDIENCE), json!([AUDIENCE]), json!(["https://other.example", AUDIENCE])] {
        for key in Key::BOTH {
            passes(&key.sign(&claims_with(json!({ "aud": audience }))));
        }
    }
}

/// Attacks 17 and 18 (CVE-2026-25537): a date of a wrong type or out of range is an error, never "no date".
#[test]
fn dates_of_a_wrong_form_are_refused() {
    let future = NOW + 300;
    let rows = [
        format!("\"{future}\""),
        "\"\"".into(),
        "\"never\"".into(),
        "null".into(),
        "true".into(),
        "false".into(),
        format!("[{future}]"),
        "{}".into(),
        "-1".into(),
        "-0.5".into(),
        "253402300800".into(),
        format!("{}", u64::MAX),
        "18446744073709551616".into(),
        "9223372036854775808".into(),
        "1e300".into(),
        format!("{future}000"),
    ];
    for claim in ["exp", "nbf", "iat"] {
        for value in &rows {
            let payload =
                claims_with(json!({ claim: null })).to_string().replacen('{', &format!("{{\"{claim}\":{value},"), 1);
            let header = json!({ "alg": "ES256", "kid": "ec-1", "typ": "at+jwt" }).to_string();
            let token = Key::Ec.sign_texts(header.as_bytes(), payload.as_bytes());
            assert_refused(&token, "claim_invalid", &format!("{claim} = {value}"));
        }
    }
    assert_refused(&Key::Rsa.sign(&claims_with(json!({ "exp": null }))), "claim_missing", "no exp");
}

/// Attack 11: a claim that is there twice, in either order or under an escaped name, is refused under a good signature.
#[test]
fn claims_named_twice_are_refused() {
    let good = claims().to_string();
    let header = json!({ "alg": "RS256", "kid": "rsa-1", "typ": "at+jwt" }).to_string();
    for extra in [r#""sub":"admin""#, r#""su\u0062":"admin""#, r#""exp":9999999999"#, r#""x":{"a":1,"a":2}"#] {
        let first = good.replacen('{', &format!("{{{extra},"), 1);
        let last = format!("{},{extra}}}", good.strip_suffix('}').unwrap());
        for payload in [first, last] {
            let token = Key::Rsa.sign_texts(header.as_bytes(), payload.as_bytes());
            let mut world = World::new(&policy());
            world.key_set = Some(key_set());
            assert_eq!(refused(world.get("/data", &token)).status, 401, "{payload}");
        }
    }
}

/// Attack 32: a payload nested without end is refused, and nothing overflows.
#[test]
fn a_deeply_nested_payload_is_refused() {
    let header = json!({ "alg": "ES256", "kid": "ec-1", "typ": "at+jwt" }).to_string();
    for depth in [17, 50, 1_000, 4_000] {
        let nested = format!("{{\"x\":{}{},", "[".repeat(depth), "]".repeat(depth));
        let payload = claims().to_string().replacen('{', &nested, 1);
        let token = Key::Ec.sign_texts(header.as_bytes(), payload.as_bytes());
        let mut world = World::new(&policy());
        world.key_set = Some(key_set());
        assert_eq!(refused(world.get("/data", &token)).status, 401, "{depth}");
    }
}
