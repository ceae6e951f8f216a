//! The constants of a modulus n that Montgomery's method needs: −1/n modulo R, and R² modulo n, where R is a power of two with as
//! many bits as the modulus' limbs.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "limbs have at most 28 bits where they are doubled and 13 where they are multiplied; bits and indices are those of a modulus"
)]

use alloc::{vec, vec::Vec};

use super::number::double_modulo;
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "simd128")))]
use super::number::mask;

/// Bits of an exponent of two that are doubled for one by one, before squaring: it gains nothing below that.
const DOUBLED_BITS: u32 = 5;

/// −1/n modulo 2^32 for an odd `n`, by Newton's iteration: `n` is its own inverse modulo 8, and each step doubles the right bits.
pub(super) fn negated_inverse(n: u32) -> u32 {
    let mut inverse = n;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}

/// −1/n modulo R for an odd `n`, limb by limb: each is the one that clears the lowest limb of 1 + n · x for the x so far. A limb may
/// have 15 bits.
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) fn negated_inverse_modulo_radix(n: &[u32], width: u32) -> Vec<u32> {
    let last = n.first().copied().map_or(0, negated_inverse);
    let mut sum = vec![0_u32; n.len()];
    sum[0] = 1;
    let mut inverse = Vec::with_capacity(n.len());
    for place in 0..n.len() {
        let limb = sum[place].wrapping_mul(last) & mask(width);
        let mut carry = 0;
        for (sum, n) in sum[place..].iter_mut().zip(n) {
            let column = *sum + limb * n + carry;
            *sum = column & mask(width);
            carry = column >> width;
        }
        inverse.push(limb);
    }
    inverse
}

/// R² modulo `n` of `bits` bits, in the form that `read` makes of limbs. R·2^k becomes R·2^2k by `square`, Montgomery's, and
/// R·2^(k + 1) by `double`; so k grows from the first bits of R's own exponent to all of them.
pub(super) fn radix_squared<T>(
    n: &[u32],
    bits: usize,
    width: u32,
    read: impl Fn(Vec<u32>) -> T,
    square: impl Fn(T) -> T,
    double: impl Fn(T) -> T,
) -> T {
    let exponent = n.len() * width as usize;
    let squares = (exponent.ilog2() + 1).saturating_sub(DOUBLED_BITS);
    let mut power = read(power_of_two_modulo(n, bits, exponent + (exponent >> squares), width));
    for bit in (0..squares).rev() {
        power = square(power);
        if exponent >> bit & 1 == 1 {
            power = double(power);
        }
    }
    power
}

/// 2^exponent modulo `n` of `bits` bits, for an exponent that is not less than `bits` − 1.
fn power_of_two_modulo(n: &[u32], bits: usize, exponent: usize, width: u32) -> Vec<u32> {
    // 2^(bits − 1) is less than n: only a power of two equals it, and n is odd.
    let top = bits - 1;
    let mut power = vec![0_u32; n.len()];
    power[top / width as usize] = 1 << (top % width as usize);
    for _ in top..exponent {
        double_modulo(&mut power, n, width);
    }
    power
}
