//! The kinds of [`super::crafted`] without end: the same places where verification can go wrong, each time with other numbers.

use alloc::vec::Vec;

use num_bigint::BigUint;
use p256::ProjectivePoint;

use super::{
    Case, Random, case,
    crafted::{forged_with_multipliers, key_for, with_multipliers},
    inverse, lift, multiple, n, negative,
    number::{private_key, special, up_to},
    one, p, r_of, scalar,
};

/// How many pairs of multipliers or digests a key comes with: its table takes as long as a few of them.
const OF_ONE_KEY: usize = 12;

/// Some cases of one kind.
pub(crate) fn boundary(random: &mut Random) -> Vec<Case> {
    match up_to(random, 15) {
        0..=3 => multipliers(random),
        4..=6 => collisions(random),
        7 => infinity(random),
        8 => x_from_n_on(random),
        9 => sums_from_p_on(random),
        10 => small_x(random),
        11..=12 => halves_and_digests(random),
        13 => out_of_range(random),
        _ => extreme_keys(random),
    }
}

/// A case that holds, the same with n - s, and one with a bit of the digest changed.
fn with_changes(random: &mut Random, good: Option<Case>) -> Vec<Case> {
    let Some(good) = good else {
        return Vec::new();
    };
    let mut opposite = good.clone();
    opposite.what = "n - s";
    let s = n() - BigUint::from_bytes_be(&good.signature[32..]);
    opposite.signature[32..].copy_from_slice(&super::bytes(&s));
    let mut changed = Case { what: "a bit of the digest flipped", valid: false, ..good.clone() };
    let bit = up_to(random, 255);
    changed.digest[usize::try_from(bit / 8).expect("small")] ^= 1 << (bit % 8);
    [good, opposite, changed].into()
}

/// Special multipliers of G and of a key.
fn multipliers(random: &mut Random) -> Vec<Case> {
    let d = private_key(random);
    (0..OF_ONE_KEY)
        .flat_map(|_| {
            let (u1, u2) = (special(random), special(random));
            let good = with_multipliers("special multipliers", &d, &u1, &u2);
            let forged = forged_with_multipliers("special multipliers, another r", &d, &u1, &u2, random);
            with_changes(random, good).into_iter().chain([forged]).collect::<Vec<_>>()
        })
        .collect()
}

/// Keys d · G, or their opposites, and multipliers that begin with a · d and a: where both terms' digits are added at one position,
/// the running sum meets itself or its opposite there, or comes close.
fn collisions(random: &mut Random) -> Vec<Case> {
    let small = 1 + up_to(random, 33);
    let opposite = up_to(random, 1) == 0;
    let d = if opposite { n() - small } else { small.into() };
    (0..OF_ONE_KEY)
        .flat_map(|_| {
            let digit = 1 + up_to(random, 16);
            let shift = if up_to(random, 1) == 0 { 6 * up_to(random, 40) } else { up_to(random, 244) };
            let mut lower = || match up_to(random, 3) {
                0 => BigUint::ZERO,
                1 => BigUint::from(up_to(random, 40)),
                2 => special(random) >> (256 - shift),
                _ => one() << up_to(random, 255).min(shift),
            };
            let u1 = ((BigUint::from(digit * small) << shift) + lower()) % n();
            let u2 = ((BigUint::from(digit) << shift) + lower()) % n();
            let good = with_multipliers("multiples that meet", &d, &u1, &u2);
            let forged = forged_with_multipliers("multiples that meet, another r", &d, &u1, &u2, random);
            with_changes(random, good).into_iter().chain([forged]).collect::<Vec<_>>()
        })
        .collect()
}

/// R is the point at infinity.
fn infinity(random: &mut Random) -> Vec<Case> {
    let d = private_key(random);
    let key = multiple(&d);
    (0..OF_ONE_KEY)
        .map(|_| {
            let (r, s) = (special(random), special(random));
            case("R is infinity", &key, &negative(&(&r * &d)), &r, &s, false)
        })
        .collect()
}

/// The first point whose x is a number or a little more.
fn point_from(start: BigUint) -> (BigUint, ProjectivePoint) {
    let mut x = start;
    loop {
        if let Some(point) = lift(&x) {
            return (x, point);
        }
        x += 1u32;
    }
}

/// x(R) from n to p: r is x - n.
fn x_from_n_on(random: &mut Random) -> Vec<Case> {
    let start = n() + BigUint::from_bytes_be(&random.bytes()) % (p() - n() - 64u32);
    let (x, point) = point_from(start);
    let (r, s, e) = (&x - n(), special(random), special(random));
    let key = key_for(&point, &r, &s, &e);
    let good = case("x(R) from n on", &key, &e, &r, &s, true);
    let mut cases = with_changes(random, Some(good));
    cases.push(case("x(R) from n on, another r", &key, &e, &(&r + 1u32), &s, false));
    cases.push(case("x(R) from n on, as r itself", &key, &e, &x, &s, false));
    cases
}

/// r + n of p or more, which would be x(R) modulo p or 2^256.
fn sums_from_p_on(random: &mut Random) -> Vec<Case> {
    let d = random.scalar();
    let key = multiple(&d);
    let k = special(random);
    let point = multiple(&k);
    let x = BigUint::from_bytes_be(&super::coordinates(&point).0);
    let mut cases = Vec::new();
    for (what, r) in [
        ("r + n is x(R) + p", &x + p() - n()),
        ("r + n is x(R) + 2^256", &x + (one() << 256) - n()),
        ("x(R)", &x % n()),
    ] {
        if r < n() && r > BigUint::ZERO {
            let s = special(random);
            let e = (&s * &k + negative(&(&r * &d))) % n();
            cases.push(case(what, &key, &e, &r, &s, what == "x(R)"));
        }
    }
    cases
}

/// x(R) below p - n or just above: r + n is below p or not, and is not x(R); and r + n in the place of r.
fn small_x(random: &mut Random) -> Vec<Case> {
    let start = match up_to(random, 2) {
        0 => p() - n() - up_to(random, 1_000),
        1 => p() - n() + up_to(random, 1_000),
        _ => (BigUint::from_bytes_be(&random.bytes()) >> up_to(random, 120)) >> 129,
    };
    let (x, point) = point_from(start + 1u32);
    let (s, e) = (special(random), special(random));
    let key = key_for(&point, &x, &s, &e);
    let good = case("a small x(R)", &key, &e, &x, &s, true);
    let mut cases = with_changes(random, Some(good));
    cases.push(case("a small x(R), as r + n", &key, &e, &(&x + n()), &s, false));
    cases
}

/// Special digests, n and more included, and special s.
fn halves_and_digests(random: &mut Random) -> Vec<Case> {
    let d = private_key(random);
    let key = multiple(&d);
    (0..OF_ONE_KEY)
        .flat_map(|_| {
            let k = random.scalar();
            let r = r_of(&multiple(&k));
            let digest_first = up_to(random, 1) == 0;
            let (e, s) = if digest_first {
                let e = match up_to(random, 4) {
                    0 => BigUint::ZERO,
                    1 => n() + up_to(random, 40),
                    2 => (one() << 256) - 1u32 - up_to(random, 40),
                    _ => special(random),
                };
                let s = inverse(&k) * (&e + &r * &d) % n();
                (e, s)
            } else {
                let s = special(random);
                ((&s * &k + negative(&(&r * &d))) % n(), s)
            };
            if s == BigUint::ZERO {
                return Vec::new();
            }
            let good = case("a special digest or s", &key, &e, &r, &s, true);
            with_changes(random, Some(good))
        })
        .collect()
}

/// r or s out of their range, by themselves and as another form of good ones.
fn out_of_range(random: &mut Random) -> Vec<Case> {
    let d = private_key(random);
    let key = multiple(&d);
    let mut cases = Vec::new();
    for _ in 0..OF_ONE_KEY / 2 {
        // A small s has a second form below 2^256.
        let (k, s) = (random.scalar(), BigUint::from_bytes_be(&random.bytes()) >> (33 + up_to(random, 220)));
        let r = r_of(&multiple(&k));
        let e = (&s * &k + negative(&(&r * &d))) % n();
        cases.push(case("a small s", &key, &e, &r, &s, s != BigUint::ZERO));
        cases.push(case("a small s, as s + n", &key, &e, &r, &(&s + n()), false));
        let beyond = n() + (BigUint::from_bytes_be(&random.bytes()) >> (33 + up_to(random, 222)));
        cases.push(case("r out of range", &key, &e, &beyond, &random.scalar(), false));
        cases.push(case("s out of range", &key, &e, &r, &beyond, false));
        cases.push(case("r is 0", &key, &e, &BigUint::ZERO, &special(random), false));
        cases.push(case("s is 0", &key, &e, &r, &BigUint::ZERO, false));
    }
    cases
}

/// Keys whose x in Montgomery's form has limbs of zeros and ones, to base 2^29.
fn extreme_keys(random: &mut Random) -> Vec<Case> {
    let from_montgomery = (one() << 261_u32).modinv(&p()).expect("p is a prime");
    let ones = BigUint::from((1u32 << 29) - 1);
    let key = loop {
        let pattern = random.next();
        let low = (0..8)
            .filter(|limb| (pattern >> limb) & 1 == 1)
            .fold(BigUint::ZERO, |sum, limb| sum + (&ones << (29 * limb)));
        let form = (BigUint::from(pattern >> 40) << 232) + low;
        if form < p()
            && let Some(key) = lift(&(form * &from_montgomery % p()))
        {
            break if up_to(random, 1) == 0 { key } else { -key };
        }
    };
    (0..OF_ONE_KEY)
        .flat_map(|_| {
            let (k, u2) = (random.scalar(), special(random));
            let r = r_of(&(multiple(&k) + key * scalar(&u2)));
            let s = &r * inverse(&u2) % n();
            let good = case("a key of extreme limbs", &key, &(&k * &s % n()), &r, &s, true);
            with_changes(random, Some(good))
        })
        .collect()
}
