//! How many cases the differential tests judge: a few in every test run, as many as it is told in `npm run prove`. It says so in its
//! environment, which is read here and nowhere else.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test that meets what it doesn't expect has to fail"
)]

extern crate std;

use std::{env, println, thread};

/// All cases of a proof; each kind has its share of them.
const CASES: &str = "EDGEWARD_PROVE_CASES";

/// What all random numbers come from.
const SEED: &str = "EDGEWARD_PROVE_SEED";

/// One kind of differential test.
pub(super) struct Kind {
    /// Its name, as `npm run prove` prints it.
    pub(super) name: &'static str,
    /// How many of 1,000 cases of a proof are of this kind. Those of all kinds come to 1,000.
    pub(super) share: u64,
    /// How many cases are enough where nobody asks for a proof.
    pub(super) few: u64,
}

/// Has cases judged in batches, until there are as many as there have to be. `batch` gets a seed of its own and says how many
/// cases it judged; it panics where one comes out wrong.
pub(super) fn prove(kind: &Kind, mut batch: impl FnMut(u64) -> u64) {
    let asked = number(CASES);
    // Rounded up, so that no kind is left out.
    let wanted = asked.map_or(kind.few, |cases| (cases * kind.share).div_ceil(1_000));
    // The name's octets keep kinds from seeing the same numbers; a batch's seeds are far apart from each other's.
    let start = kind.name.bytes().fold(number(SEED).unwrap_or(1), |seed, octet| mixed(seed ^ u64::from(octet)));
    let mut judged = 0;
    for at in 0.. {
        if judged >= wanted {
            break;
        }
        let named = Named { kind, at };
        judged += batch(mixed(start.wrapping_add(at)));
        drop(named);
    }
    if asked.is_some() {
        println!("\nproved: {judged} {}", kind.name);
    }
}

/// A number from the environment.
fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is to be a number: {text}")))
}

/// Another number for each (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Says which batch it was that panicked.
struct Named<'a> {
    kind: &'a Kind,
    at: u64,
}

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("\ndisagreement: {}, batch {}, {SEED}={}", self.kind.name, self.at, number(SEED).unwrap_or(1));
        }
    }
}
