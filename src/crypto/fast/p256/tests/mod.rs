//! What the limbs hold is no public surface, so these tests are part of the crate.

extern crate std;

mod bounds;
pub(super) mod cases;
mod crafted;
mod differential;
mod digits;
mod field;
mod interval;
mod numbers;
mod points;
mod scalar;
mod vectors;
