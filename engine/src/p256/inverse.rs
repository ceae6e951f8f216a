//! Inverses modulo an odd number by division steps (Bernstein and Yang, "Fast constant-time gcd computation and modular inversion",
//! 2019), in time that depends on the number: everything here is public.
//!
//! A division step takes an odd f and a g, and keeps their greatest common divisor: an even g is halved; otherwise f or its negative is
//! added to make g even, and if a counter says so they change places first. Which steps are taken depends on the low bits alone, so 29
//! steps at once become one matrix, which is then applied to the whole numbers. From f = modulus and g = x they end with g = 0 and
//! f = 1 or -1. The same matrices, applied modulo the modulus to d = 0 and e = 1, keep f = d · x and g = e · x; so d is then the
//! inverse, up to its sign. Beginning with e = scale instead makes it scale / x.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "the interval tests prove that nothing leaves i64 in any batch of steps"
)]
#![allow(clippy::many_single_char_names, reason = "the names of the paper")]

use super::{
    limbs::Limbs,
    word::{LIMB_BITS, Word},
};

/// An odd modulus below 2^256.
pub(super) struct Modulus {
    /// Its limbs.
    pub(super) limbs: Limbs<i64>,
    /// -1 divided by it, modulo 2^29.
    pub(super) negative_inverse: i64,
}

/// 754 steps. For numbers below 2^256, (49 · 256 + 57) / 17 = 741 are enough (theorem 11.2 of the paper).
pub(super) const MOST_BATCHES: usize = 26;

/// What 29 steps do: f becomes (u · f + v · g) / 2^29, and g becomes (q · f + r · g) / 2^29.
///
/// The sizes of a row's two numbers add up to 2^29 at most: to 1 at first, and in a step a row stays, is doubled, or becomes the sum
/// of both rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matrix {
    /// How much of f the next f has.
    pub(super) u: i64,
    /// How much of g the next f has.
    pub(super) v: i64,
    /// How much of f the next g has.
    pub(super) q: i64,
    /// How much of g the next g has.
    pub(super) r: i64,
}

/// `scale` divided by `x`, for `x` from 0 to the modulus - 1, and 0 for 0.
///
/// The result is a residue, not yet reduced: within 27 times the modulus of 0, where `scale` is below the modulus. Limbs 0 to 7 are
/// within 2^29 of 0, the last within 2^29 as well.
pub(super) fn inverse(x: &Limbs<i64>, modulus: &Modulus, scale: &Limbs<i64>) -> Limbs<i64> {
    let (mut f, mut g) = (modulus.limbs, *x);
    let (mut d, mut e) = ([0; 9], *scale);
    let mut counter = 1;
    for _ in 0..MOST_BATCHES {
        if g == [0; 9] {
            break;
        }
        let (after, matrix) = division_steps(counter, first(&f), first(&g));
        counter = after;
        let Matrix { u, v, q, r } = matrix;
        (f, g) = (apply(u, v, &f, &g), apply(q, r, &f, &g));
        (d, e) = (apply_modulo(u, v, &d, &e, modulus), apply_modulo(q, r, &d, &e, modulus));
    }
    let [.., sign] = f;
    if sign < 0 { d.map(|limb| -limb) } else { d }
}

/// Takes 29 division steps, for the low limbs of f and g, and returns the counter and the matrix.
///
/// Only as many low bits are right as there are steps left, and no step looks further. As no step makes the greater of |f| and |g|
/// greater, both stay below 2^29.
pub(super) fn division_steps(mut counter: i64, mut f: i64, mut g: i64) -> (i64, Matrix) {
    let (mut u, mut v, mut q, mut r) = (1, 0, 0, 1);
    let mut left = LIMB_BITS;
    loop {
        // Every zero at the end of g is a step that halves it. Instead of halving the row of g, that of f is doubled.
        let zeros = (g | (1 << left)).trailing_zeros();
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        counter += i64::from(zeros);
        left -= zeros;
        if left == 0 {
            return (counter, Matrix { u, v, q, r });
        }
        if counter > 0 {
            counter = -counter;
            (f, g) = (g, -f);
            (u, q) = (q, -u);
            (v, r) = (r, -v);
        }
        // Both are odd, so g becomes even, and the next round halves it: it counts the step, so at least one bit less is left.
        g += f;
        q += u;
        r += v;
    }
}

/// (a · f + b · g) / 2^29, which is a whole number.
pub(super) fn apply<W: Word>(a: W, b: W, f: &Limbs<W>, g: &Limbs<W>) -> Limbs<W> {
    combine(a, b, f, g, W::of(0), &[0; 9])
}

/// (a · d + b · e) / 2^29 modulo the modulus: as many times the modulus are added as make it a whole number, less than 2^29 times. So
/// where d and e are within k times the modulus of 0, the result is within k + 1 times, because |a| + |b| is at most 2^29.
pub(super) fn apply_modulo<W: Word>(a: W, b: W, d: &Limbs<W>, e: &Limbs<W>, modulus: &Modulus) -> Limbs<W> {
    let low = (a * first(d) + b * first(e)).low();
    let times = (low * W::of(modulus.negative_inverse)).low();
    combine(a, b, d, e, times, &modulus.limbs)
}

/// (a · x + b · y + c · z) / 2^29, rounded down, carried.
#[allow(clippy::inline_always, reason = "where c is 0 its products vanish")]
#[inline(always)]
fn combine<W: Word>(a: W, b: W, x: &Limbs<W>, y: &Limbs<W>, c: W, z: &Limbs<i64>) -> Limbs<W> {
    let [x0, x1, x2, x3, x4, x5, x6, x7, x8] = *x;
    let [y0, y1, y2, y3, y4, y5, y6, y7, y8] = *y;
    let [z0, z1, z2, z3, z4, z5, z6, z7, z8] = z.map(W::of);
    let t0 = a * x0 + b * y0 + c * z0;
    let t1 = a * x1 + b * y1 + c * z1 + (t0 >> LIMB_BITS);
    let t2 = a * x2 + b * y2 + c * z2 + (t1 >> LIMB_BITS);
    let t3 = a * x3 + b * y3 + c * z3 + (t2 >> LIMB_BITS);
    let t4 = a * x4 + b * y4 + c * z4 + (t3 >> LIMB_BITS);
    let t5 = a * x5 + b * y5 + c * z5 + (t4 >> LIMB_BITS);
    let t6 = a * x6 + b * y6 + c * z6 + (t5 >> LIMB_BITS);
    let t7 = a * x7 + b * y7 + c * z7 + (t6 >> LIMB_BITS);
    let t8 = a * x8 + b * y8 + c * z8 + (t7 >> LIMB_BITS);
    [t1.low(), t2.low(), t3.low(), t4.low(), t5.low(), t6.low(), t7.low(), t8.low(), t8 >> LIMB_BITS]
}

fn first<W: Word>([first, ..]: &Limbs<W>) -> W {
    *first
}
