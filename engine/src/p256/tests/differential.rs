//! Cases without end, here and for other implementations alike: as many as `proof` says.

use alloc::vec::Vec;

use super::{
    cases::{self, Random, boundary::boundary},
    crafted, field, points, scalar,
};
use crate::proof::{Kind, prove};

/// Judges as many random signatures as are asked for on every path.
fn differential(count: u64, seed: u64) {
    let cases: Vec<cases::Case> = cases::random(count, seed).collect();
    assert!(cases.iter().any(|case| case.valid) && cases.iter().any(|case| !case.valid));
    crafted::judge(&cases);
}

#[test]
fn random_signatures_come_out_as_for_rustcrypto() {
    differential(60, 256);
}

/// Through the engines, with what they keep of a key: its first signatures are checked without a table, the later ones with one.
#[test]
fn both_engines_come_to_one_verdict() {
    use edgeward::{
        crypto::{PreparedKey, RustCrypto, SignatureEngine},
        jose::{Point, PublicKey, algorithm::Scheme},
    };

    use super::cases::related::signed;
    use crate::{Workspace, is_on_p256};

    const KIND: Kind = Kind { name: "ES256: random and spoilt signatures, by both engines", share: 400, few: 48 };
    prove(&KIND, |seed| {
        let batch = signed(&mut Random::new(seed));
        let public = PublicKey::EcP256(Point { x: batch.x, y: batch.y });
        assert!(is_on_p256(&batch.x, &batch.y) && RustCrypto.accepts_key(&public));
        let (key, workspace) = (PreparedKey::from(public), Workspace::default());
        for case in &batch.signatures {
            let signature = case.octets.as_slice().try_into();
            let ours = signature.is_ok_and(|octets| workspace.verify_es256(&batch.x, &batch.y, &case.message, octets));
            let theirs = RustCrypto.verify(Scheme::EcdsaP256Sha256, &key, &case.message, &case.octets).is_ok();
            let verdicts = (ours, theirs);
            assert_eq!(verdicts, (case.holds, case.holds), "{}: {case:?}, key {:?} {:?}", case.what, batch.x, batch.y);
        }
        count(batch.signatures.len())
    });
}

/// The tables of one key are no other's, whoever asks.
#[test]
fn a_workspace_answers_for_the_key_that_it_is_asked_about() {
    use super::cases::related::signed;
    use crate::Workspace;

    let workspace = Workspace::default();
    let [first, second] = [7, 8].map(|seed| signed(&mut Random::new(seed)));
    for batch in [&first, &second, &first] {
        for case in &batch.signatures {
            let signature = case.octets.as_slice().try_into();
            let holds = signature.is_ok_and(|octets| workspace.verify_es256(&batch.x, &batch.y, &case.message, octets));
            assert_eq!(holds, case.holds, "{}: {case:?}", case.what);
        }
    }
}

#[test]
fn boundaries_come_out_right() {
    const KIND: Kind = Kind { name: "ES256: boundaries, crafted sums and keys, on four paths", share: 300, few: 150 };
    prove(&KIND, |seed| {
        let cases = boundary(&mut Random::new(seed));
        crafted::judge(&cases);
        count(cases.len())
    });
}

#[test]
fn residues_are_those_of_big_integers() {
    const KIND: Kind =
        Kind { name: "P-256: residues with limbs at their bounds, by big integers", share: 90, few: 4_000 };
    prove(&KIND, field::check_at_bounds);
}

#[test]
fn quotients_and_digits_are_those_of_big_integers() {
    const KIND: Kind = Kind { name: "P-256: quotients, inverses and digits, by big integers", share: 30, few: 150 };
    prove(&KIND, scalar::check_at_bounds);
}

#[test]
fn points_are_rustcryptos() {
    const KIND: Kind = Kind { name: "P-256: sums of points, by RustCrypto", share: 30, few: 120 };
    prove(&KIND, points::check_sums);
}

fn count(cases: usize) -> u64 {
    u64::try_from(cases).expect("64 bits")
}
