//! The host's verdict on a signature, as JavaScript says it.

/// The answer that a number stands for: 0 "fails", 1 "holds", everything else "unable".
pub(super) const fn verdict(number: u8) -> &'static str {
    match number {
        0 => "fails",
        1 => "holds",
        _ => "unable",
    }
}
