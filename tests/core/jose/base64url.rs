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

/// RFC 4648 section 3.5: of all texts of two and of three characters there are just as many good ones as sequences of one and of two
/// bytes, so no two texts decode to the same.
#[test]
fn there_is_one_text_for_each_sequence_of_bytes() {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut ones, mut twos) = (0, 0);
    for first in alphabet.chars() {
        for second in alphabet.chars() {
            let text = String::from_iter([first, second]);
            ones += usize::from(decode(&text).is_some_and(|bytes| bytes.len() == 1 && encode(&bytes) == text));
            for third in alphabet.chars() {
                let text = String::from_iter([first, second, third]);
                twos += usize::from(decode(&text).is_some_and(|bytes| bytes.len() == 2 && encode(&bytes) == text));
            }
        }
        assert_eq!(decode(&first.to_string()), None, "{first}");
    }
    assert_eq!((ones, twos), (256, 65_536));
}

/// RFC 4648 section 5: its 64 characters, wherever they stand, and none of the others.
#[test]
fn no_character_but_those_of_the_alphabet_is_taken() {
    let taken = |character: char| {
        let verdicts = [0, 1, 2, 3, 4].map(|at| {
            let (before, after) = ("AAAAAAAA"[..at].to_owned(), &"AAAAAAAA"[at + 1..]);
            decode(&format!("{before}{character}{after}")).is_some()
        });
        assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]), "{character:?}");
        verdicts[0]
    };
    let good: String = ('\0'..='\u{17f}').filter(|character| taken(*character)).collect();
    assert_eq!(good, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
}

/// RFC 4648 section 5: held against another implementation, every octet at every place of texts of every length up to 9.
#[test]
fn decoding_and_encoding_are_another_implementations() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    for length in 0..10 {
        let text = &"Zm9vYmFyA"[..length];
        assert_eq!(decode(text), URL_SAFE_NO_PAD.decode(text).ok(), "{text}");
        for place in 0..length {
            for octet in 0..128_u8 {
                let mut octets = text.as_bytes().to_vec();
                octets[place] = octet;
                let text = str::from_utf8(&octets).unwrap();
                assert_eq!(decode(text), URL_SAFE_NO_PAD.decode(text).ok(), "{text:?}");
                assert_eq!(encode(text.as_bytes()), URL_SAFE_NO_PAD.encode(text), "{text:?}");
            }
        }
    }
}
