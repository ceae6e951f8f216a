//! Runs the body of each fuzz target on a fixed number of inputs, on any toolchain: the seeds, and mutations of them by a generator
//! that starts from a constant, so every run is the same. Bounded by count, never by time.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../../../tests/core/chance.rs"]
mod chance;
mod json;
mod mutation;
mod seeds;

use std::collections::BTreeMap;

use edgeward_fuzz::{TARGETS, Target};

use mutation::Mutator;
use seeds::Seeds;

/// Inputs for each target, seeds included. All of them together take some seconds.
const INPUTS: usize = 20_000;

/// Shows the input of a body that panicked, escaped so that it can be pasted into a test.
struct Shown<'a>(&'a [u8]);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the input: b\"{}\"", self.0.escape_ascii());
        }
    }
}

#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn run(&mut self, target: &Target, input: &[u8]) -> bool {
        let shown = Shown(input);
        let verdict = (target.run)(shown.0);
        match verdict {
            Ok(()) => self.accepted += 1,
            Err(code) => *self.refused.entry(code).or_default() += 1,
        }
        verdict.is_ok()
    }
}

/// Every seed has the verdict that its name says, and no property breaks on any input. Mutations have to be accepted, and refused for
/// several reasons, at least so often: or the properties would have been looked at in vain.
fn bounded(name: &str, least_accepted: usize, least_reasons: usize) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let seeds = Seeds::read(name);
    let mut tally = Tally::default();
    for seed in &seeds.files {
        let is_accepted = tally.run(target, &seed.content);
        assert!(seed.expected.is_none_or(|expected| expected == is_accepted), "{name}: the seed {}", seed.name);
    }
    let of_seeds = tally.accepted;
    let mut mutator = Mutator::new(&seeds);
    for _ in seeds.files.len()..INPUTS {
        tally.run(target, &mutator.next_input());
    }
    let Tally { accepted, refused } = &tally;
    println!("{name}: {INPUTS} inputs, {accepted} accepted, refused for {} reasons: {refused:?}", refused.len());
    assert!(accepted - of_seeds >= least_accepted, "{name}: hardly a mutation was accepted");
    assert!(refused.len() >= least_reasons, "{name}: hardly a reason to refuse was reached");
}

macro_rules! targets {
    ($($name:ident $accepted:literal $reasons:literal;)*) => {
        $(
            #[test]
            fn $name() {
                bounded(stringify!($name), $accepted, $reasons);
            }
        )*

        #[test]
        fn every_target_is_run_and_has_an_entry_for_libfuzzer() {
            let here: Vec<&str> = vec![$(stringify!($name)),*];
            assert_eq!(here, TARGETS.iter().map(|target| target.name).collect::<Vec<_>>());
            for name in here {
                let entry = format!("{}/fuzz_targets/{name}.rs", env!("CARGO_MANIFEST_DIR"));
                let entry = std::fs::read_to_string(entry).expect("an entry file");
                assert!(entry.contains(&format!("edgeward_fuzz::{name}::run(input)")), "{name}");
            }
        }
    };
}

targets! {
    jws 20 5;
    jwk_set 1_000 2;
    claims 1_000 10;
    dpop 300 15;
    callback 300 6;
    policy 1_000 1;
    json 3_000 12;
}
