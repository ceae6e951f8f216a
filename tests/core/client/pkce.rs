use edgeward::client::pkce::{code_challenge, random_text};

use super::sign_in::random;

/// Where it is from, the `code_verifier`, the `code_challenge`.
const KNOWN_ANSWERS: [(&str, &str, &str); 3] = [
    (
        "RFC 7636 appendix B",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    ),
    (
        "luikyv/go-oidc (MIT), its tests",
        "4ea55634198fb6a0c120d46b26359cf50ccea86fd03302b9bca9fa98",
        "ZObPYv2iA-CObk06I1Z0q5zWRG7gbGjZEWLX5ZC6rjQ",
    ),
    (
        "luikyv/go-oidc (MIT), its tests",
        "42d92ec716da149b8c0a553d5cbbdc5fd474625cdffe7335d643105b",
        "yQ0Wg2MXS83nBOaS3yit-n-xEaEw5LQ8TlhtX_2NkLw",
    ),
];

/// RFC 7636 section 4.2.
#[test]
fn the_s256_challenge_is_that_of_the_known_answers() {
    for (source, verifier, challenge) in KNOWN_ANSWERS {
        assert_eq!(code_challenge(verifier), challenge, "{source}");
    }
}

/// RFC 7636 section 4.1: 43 to 128 unreserved characters; appendix B derives them from 32 bytes just so.
#[test]
fn a_verifier_is_its_32_random_bytes_in_43_unreserved_characters() {
    let appendix_b = [
        116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
        240, 91, 88, 5, 88, 83, 132, 141, 121,
    ];
    assert_eq!(random_text(&appendix_b).unwrap(), KNOWN_ANSWERS[0].1);
    for block in random().chunks_exact(32) {
        let text = random_text(block).unwrap();
        assert_eq!(text.len(), 43);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)), "{text}");
    }
}

/// RFC 7636 section 7.1: 256 bits; fewer make a guess possible, more are a sign of a mistake.
#[test]
fn any_other_number_of_random_bytes_is_refused() {
    for length in [0, 1, 16, 31, 33, 64, 96] {
        assert_eq!(random_text(&random()[..length]).unwrap_err().code(), "randomness_invalid", "{length} bytes");
    }
}

/// RFC 7636 section 7.1: a buffer that the generator never wrote to holds the same byte throughout.
#[test]
fn constant_bytes_are_refused() {
    for byte in [0x00, 0x01, 0x55, 0xaa, 0xff] {
        assert_eq!(random_text(&[byte; 32]).unwrap_err().code(), "randomness_invalid", "{byte:#04x}");
    }
    let mut all_but_the_last = [0; 32];
    all_but_the_last[31] = 1;
    random_text(&all_but_the_last).expect("one different byte is chance, however small");
}
