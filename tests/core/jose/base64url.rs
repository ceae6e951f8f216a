//! RFC 7515 section 2, RFC 4648 section 5: one text for one sequence of bytes.

use edgeward::jose::base64url::{decode, encode};

#[test]
fn known_answers_of_rfc7515_appendix_c() {
    assert_eq!(encode(&[3, 236, 255, 224, 193]), "A-z_4ME");
    assert_eq!(decode("A-z_4ME").unwrap(), [3, 236, 255, 224, 193]);
}

/// Attack class 12: padding, white space, the other alphabet, trailing bits, other characters.
#[test]
fn every_form_but_the_canonical_is_refused() {
    let laxities = [
        "A-z_4ME=",
        "A-z_4ME==",
        "A-z_4ME\n",
        " A-z_4ME",
        "A-z_ 4ME",
        "A+z/4ME",
        "A-z_4ME\0",
        "A-z_4ME!",
        "A-z_4M\u{c9}",
        "A",
        "AAAAA",
        "AB",
        "AAB",
        "A-z_4MF",
        "AA.A",
        "%41A",
    ];
    for laxity in laxities {
        assert_eq!(decode(laxity), None, "{laxity:?}");
    }
}

#[test]
fn all_lengths_round_trip() {
    for length in 0..70_u8 {
        let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
        assert_eq!(decode(&encode(&bytes)).unwrap(), bytes);
    }
}
