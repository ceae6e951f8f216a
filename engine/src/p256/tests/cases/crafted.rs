//! Signatures made for the places where verification can go wrong.

use alloc::vec::Vec;

use num_bigint::BigUint;
use p256::ProjectivePoint;

use super::{Case, Random, case, inverse, lift, multiple, n, negative, one, p, r_of, scalar};

/// The key under which (r, s) over the digest e leads to the point R: (s R - e G) / r.
pub(super) fn key_for(point: &ProjectivePoint, r: &BigUint, s: &BigUint, e: &BigUint) -> ProjectivePoint {
    (*point * scalar(s) + multiple(&negative(e))) * scalar(&inverse(r))
}

/// A good signature for which verification multiplies G by u1 and the key d · G by u2, where those don't sum to infinity.
pub(super) fn with_multipliers(what: &'static str, d: &BigUint, u1: &BigUint, u2: &BigUint) -> Option<Case> {
    let sum = (u1 + u2 * d) % n();
    if sum == BigUint::ZERO {
        return None;
    }
    let r = r_of(&multiple(&sum));
    let s = &r * inverse(u2) % n();
    Some(case(what, &multiple(d), &(u1 * &s % n()), &r, &s, true))
}

/// A signature that does not hold, for which verification has these multipliers all the same: r is another number than x(R).
pub(super) fn forged_with_multipliers(
    what: &'static str,
    d: &BigUint,
    u1: &BigUint,
    u2: &BigUint,
    random: &mut Random,
) -> Case {
    let r = random.scalar();
    let s = &r * inverse(u2) % n();
    case(what, &multiple(d), &(u1 * &s % n()), &r, &s, false)
}

/// The points whose x is found from a number on.
fn points_from(start: BigUint, step_up: bool) -> impl Iterator<Item = (BigUint, ProjectivePoint)> {
    let step = move |x: &BigUint| Some(if step_up { x + 1u32 } else { x - 1u32 });
    core::iter::successors(Some(start), step).filter_map(|x| lift(&x).map(|point| (x, point)))
}

/// x(R) of n or more: r is x - n, and verification has to think of r + n.
pub(crate) fn x_from_n_on() -> Vec<Case> {
    let mut random = Random::new(1);
    let mut cases = Vec::new();
    let near_n = points_from(n(), true).take(6);
    let near_p = points_from(p() - 1u32, false).take(4);
    for (x, point) in near_n.chain(near_p) {
        let (r, s, e) = (&x - n(), random.scalar(), random.scalar());
        let key = key_for(&point, &r, &s, &e);
        cases.push(case("x(R) from n on", &key, &e, &r, &s, true));
        cases.push(case("x(R) from n on, n - s", &key, &e, &r, &(n() - &s), true));
        cases.push(case("x(R) from n on, another r", &key, &e, &(&r + 1u32), &s, false));
        cases.push(case("x(R) from n on, another digest", &key, &(&e ^ one()), &r, &s, false));
        cases.push(case("x(R) from n on, as r itself", &key, &e, &x, &s, false));
    }
    cases
}

/// r + n that is p or more, and becomes x(R) only where a sum modulo p or 2^256 is taken for the number.
pub(crate) fn r_plus_n_from_p_on() -> Vec<Case> {
    let mut random = Random::new(2);
    let mut cases = Vec::new();
    let mut push = |what, point: &ProjectivePoint, r: &BigUint, valid| {
        let (s, e) = (random.scalar(), random.scalar());
        cases.push(case(what, &key_for(point, r, &s, &e), &e, r, &s, valid));
    };
    for (x, point) in points_from(BigUint::ZERO, true).take(4) {
        push("r + n is x(R) + p", &point, &(&x + p() - n()), false);
        push("r + n is x(R) + 2^256", &point, &(&x + (one() << 256) - n()), false);
    }
    for (x, point) in points_from(one(), true).take(3) {
        push("a small x(R)", &point, &x, true);
    }
    for (x, point) in points_from(p() - n() - 1u32, false).take(3).chain(points_from(p() - n(), true).take(3)) {
        push("x(R) about p - n", &point, &x, true);
    }
    for (x, point) in points_from(n() - 1u32, false).take(3) {
        push("x(R) just below n", &point, &x, true);
    }
    cases
}

/// Private keys whose points collide with small multiples of G, and others.
fn private_keys() -> Vec<BigUint> {
    let mut keys: Vec<BigUint> = [1u32, 2, 3, 31, 32, 33].map(BigUint::from).into();
    keys.extend([1u32, 2, 32].map(|small| n() - small));
    keys.extend([6, 24, 128, 255].map(|bit| one() << bit));
    keys.extend([(n() + 1u32) / 2u32, inverse(&BigUint::from(3u32)), Random::new(3).scalar()]);
    keys
}

/// R is the point at infinity, whatever r.
pub(crate) fn infinity() -> Vec<Case> {
    let mut random = Random::new(4);
    let mut cases = Vec::new();
    for d in private_keys() {
        let (r, s) = (random.scalar(), random.scalar());
        let e = negative(&(&r * &d));
        cases.push(case("R is infinity", &multiple(&d), &e, &r, &s, false));
    }
    cases
}

/// Sums in which the running sum meets itself or its opposite at the window of 2^(6 k), and what comes after it counts: with the r that
/// it leads to, and with another.
///
/// The key is G, or -G. Both scalars have the one digit there. Where what lies between that and the next digit with multiples of its
/// own leaves room, one has a 1 at its end as well.
pub(crate) fn collisions() -> Vec<Case> {
    let mut random = Random::new(8);
    let mut cases = Vec::new();
    for (what, d) in [("the sum meets itself", one()), ("the sum meets its opposite", n() - 1u32)] {
        for window in 0..43 {
            let digit = one() << (6 * window);
            let with_end = &digit + u32::from(window % 4 != 0);
            let (u1, u2) = if window % 8 < 4 { (digit, with_end) } else { (with_end, digit) };
            cases.extend(with_multipliers(what, &d, &u1, &u2));
            cases.push(forged_with_multipliers(what, &d, &u1, &u2, &mut random));
        }
    }
    cases
}

/// Multipliers with few or many digits, as they come and negative, under special keys.
pub(crate) fn special_multipliers() -> Vec<Case> {
    let mut random = Random::new(5);
    let pattern = |word: u32| BigUint::new([word; 8].to_vec()) % n();
    let mut multipliers: Vec<BigUint> = [1u32, 2, 15, 16, 17, 32, 33].map(BigUint::from).into();
    multipliers.extend([one() << 255, (one() << 255) - 1u32, (n() + 1u32) / 2u32, n() - 1u32, n() - 16u32]);
    multipliers.extend([0x8888_8888, 0x7777_7777, 0x8421_0842, 0x7fff_ffff, 0xffff_fffe, 0x8208_2082].map(pattern));
    multipliers.push(random.scalar());
    let mut cases = Vec::new();
    for d in private_keys() {
        for (index, u1) in multipliers.iter().enumerate() {
            let others =
                [u1.clone(), negative(u1), u1 * inverse(&d) % n(), multipliers[index * 7 % multipliers.len()].clone()];
            cases.extend(with_multipliers("special multipliers", &d, u1, &others[index % 4]));
        }
    }
    cases
}

/// Digests of 0, of n and more; halves of signatures at both ends of their range; and changed ones.
pub(crate) fn special_digests_and_halves() -> Vec<Case> {
    let mut random = Random::new(6);
    let mut cases = Vec::new();
    for d in [one(), n() - 1u32, random.scalar()] {
        let key = multiple(&d);
        let u2 = random.scalar();
        // u1 is 0.
        let r = r_of(&multiple(&(&u2 * &d)));
        let s = &r * inverse(&u2) % n();
        cases.push(case("digest 0", &key, &BigUint::ZERO, &r, &s, true));
        cases.push(case("digest n", &key, &n(), &r, &s, true));
        cases.push(case("digest 1 for 0", &key, &one(), &r, &s, false));
        let all_ones = (one() << 256) - 1u32;
        for e in [all_ones, n() + 1u32, n() - 1u32, one()] {
            let k = random.scalar();
            let r = r_of(&multiple(&k));
            let s = inverse(&k) * (&e + &r * &d) % n();
            cases.push(case("a digest about n", &key, &e, &r, &s, true));
            cases.push(case("a digest about n, changed", &key, &(&e ^ one()), &r, &s, false));
        }
        for s in [
            one(),
            BigUint::from(2u32),
            n() - 1u32,
            n() - 2u32,
            (n() + 1u32) / 2u32,
            one() << 255,
            (one() << 29) - 1u32,
        ] {
            let k = random.scalar();
            let r = r_of(&multiple(&k));
            let e = (&s * &k + negative(&(&r * &d))) % n();
            cases.push(case("s at an end", &key, &e, &r, &s, true));
            cases.push(case("s at an end, changed", &key, &e, &r, &(&s + 3u32), false));
        }
        let five = BigUint::from(5u32);
        let outside = [BigUint::ZERO, n(), n() + 1u32, (one() << 256) - 1u32];
        for half in &outside {
            cases.push(case("r out of range", &key, &five, half, &one(), false));
            cases.push(case("s out of range", &key, &five, &one(), half, false));
            cases.push(case("both out of range", &key, &five, half, half, false));
        }
    }
    cases
}

/// Keys with limbs of zeros and ones in Montgomery's form to base 2^29.
pub(crate) fn keys_of_extreme_limbs() -> Vec<Case> {
    let mut random = Random::new(7);
    let two_to_261: BigUint = one() << 261;
    let from_montgomery = two_to_261.modinv(&p()).expect("p is a prime");
    let ones = BigUint::from((1u32 << 29) - 1);
    let mut cases = Vec::new();
    for pattern in [0u32, 0xff, 0x55, 0xaa, 0x0f, 0xf0] {
        let low = (0..8)
            .filter(|limb| (pattern >> limb) & 1 == 1)
            .fold(BigUint::ZERO, |sum, limb| sum + (&ones << (29 * limb)));
        let tops =
            [1u32, 0x7f_ffff, 0xff_fffe].into_iter().flat_map(|top| (0..20).map(move |less| BigUint::from(top ^ less)));
        let keys = tops.filter_map(|top| {
            let form = (top << 232) + &low;
            (form < p()).then(|| lift(&(form * &from_montgomery % p()))).flatten()
        });
        for key in keys.take(2) {
            for key in [key, -key] {
                let (k, u2) = (random.scalar(), random.scalar());
                let r = r_of(&(multiple(&k) + key * scalar(&u2)));
                let s = &r * inverse(&u2) % n();
                let e = &k * &s % n();
                cases.push(case("a key of extreme limbs", &key, &e, &r, &s, true));
                cases.push(case("a key of extreme limbs, changed", &key, &(&e ^ one()), &r, &s, false));
            }
        }
    }
    cases
}
