//! The bodies of the fuzz targets: functions from bytes to a verdict, which panic where a property of the core does not hold.
//!
//! `fuzz_targets/` hands them to libFuzzer. `tests/bounded` runs each on a fixed number of inputs, on any toolchain. They go through
//! the crate's public surface alone, and judge what was accepted by rules of their own, not by the core's.

pub mod callback;
pub mod claims;
pub mod dpop;
mod engine;
pub mod json;
pub mod jwk_set;
pub mod jws;
mod keys;
pub mod policy;
mod request;
mod silence;
mod text;

/// What the core said of an input: taken, or the code of the error it was refused with.
pub type Verdict = Result<(), &'static str>;

/// A target: its name, which its corpus and dictionary have too, and its body.
pub struct Target {
    /// The name.
    pub name: &'static str,
    /// Runs on one input.
    pub run: fn(&[u8]) -> Verdict,
}

/// Every target there is.
pub const TARGETS: [Target; 7] = [
    Target { name: "jws", run: jws::run },
    Target { name: "jwk_set", run: jwk_set::run },
    Target { name: "claims", run: claims::run },
    Target { name: "dpop", run: dpop::run },
    Target { name: "callback", run: callback::run },
    Target { name: "policy", run: policy::run },
    Target { name: "json", run: json::run },
];
