//! Which engine a core gets.

use alloc::{boxed::Box, vec::Vec};

use crate::{
    crypto::{FastEngine, Host, SignatureEngine},
    error::{Error, Problems},
    jose::Algorithm,
};

/// The crate's own engine, with the host for the algorithms that are named, separated by spaces.
///
/// # Errors
/// `policy_invalid` where one of them is no signature algorithm.
pub(super) fn engine_with_host(host_algorithms: &str) -> Result<Box<dyn SignatureEngine>, Error> {
    let named: Option<Vec<_>> = host_algorithms.split_whitespace().map(Algorithm::by_name).collect();
    match named {
        Some(algorithms) if algorithms.is_empty() => Ok(Box::new(FastEngine)),
        Some(algorithms) => Ok(Box::new(Host::of(FastEngine, algorithms))),
        None => {
            let problems = Problems::of("(engine)", "the host's algorithms must be names of signature algorithms");
            Err(Error::PolicyInvalid { problems })
        }
    }
}

/// The serial number that a number of JavaScript's stands for.
#[cfg(feature = "wasm-gate")]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is one that was given out by `number`; of another nothing is known"
)]
pub(super) const fn serial_number(number: f64) -> u64 {
    number as u64
}

/// A serial number as JavaScript's: exact up to 2^53, which as many tokens never reach.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "exact for every number that is ever given out")]
pub(super) const fn number(serial: u64) -> f64 {
    serial as f64
}
