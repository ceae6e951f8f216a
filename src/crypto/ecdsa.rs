//! ECDSA on the NIST curves, each with its own hash (FIPS 186-5 section 6.4.2, signature form of RFC 7518 section 3.4).
//!
//! Both `s` and `n - s` are good in JOSE, so a signature identifies nothing.

/// What begins a point given by both coordinates (SEC 1 section 2.3.3).
const UNCOMPRESSED: u8 = 0x04;

/// One module for each curve's crate: they offer the same functions, with types of their own.
macro_rules! curve {
    ($feature:meta, $name:ident, $size:literal, $doc:literal) => {
        #[doc = $doc]
        #[cfg($feature)]
        pub(super) mod $name {
            use $name::ecdsa::{Signature, VerifyingKey, signature::Verifier};

            use super::UNCOMPRESSED;
            use crate::{crypto::InvalidSignature, jose::Point};

            /// Whether the coordinates are those of a point on the curve.
            pub(in crate::crypto) fn is_on_curve(point: &Point<$size>) -> bool {
                import(point).is_ok()
            }

            /// Checks `r || s`, each of the curve's size.
            pub(in crate::crypto) fn verify(
                point: &Point<$size>,
                message: &[u8],
                signature: &[u8],
            ) -> Result<(), InvalidSignature> {
                let signature = Signature::from_slice(signature).map_err(|_| InvalidSignature)?;
                import(point)?.verify(message, &signature).map_err(|_| InvalidSignature)
            }

            fn import(point: &Point<$size>) -> Result<VerifyingKey, InvalidSignature> {
                let encoded = [&[UNCOMPRESSED], point.x.as_slice(), point.y.as_slice()].concat();
                VerifyingKey::from_sec1_bytes(&encoded).map_err(|_| InvalidSignature)
            }
        }
    };
}

curve!(all(feature = "es256", feature = "rustcrypto"), p256, 32, "P-256 with SHA-256.");
curve!(feature = "es384", p384, 48, "P-384 with SHA-384.");
curve!(feature = "es512", p521, 66, "P-521 with SHA-512.");
