//! Cases without end, here and for other implementations alike: as many as `proof` says.

use super::{powers, products};
use crate::proof::{Kind, prove};

#[test]
fn verdicts_are_those_of_another_implementation() {
    const KIND: Kind =
        Kind { name: "RSA: signatures, spoilt ones and flawed encodings, by RustCrypto", share: 90, few: 300 };
    prove(&KIND, super::verdicts::check_verdicts);
}

#[test]
fn powers_are_those_of_big_integers() {
    const KIND: Kind =
        Kind { name: "RSA: powers for moduli and bases with extreme limbs, by big integers", share: 40, few: 20 };
    prove(&KIND, powers::check_powers);
}

#[test]
fn products_are_those_of_big_integers() {
    const KIND: Kind = Kind { name: "RSA: products with limbs at their bounds, by big integers", share: 20, few: 100 };
    prove(&KIND, products::check_products);
}
