// The defences of the crate's own RSA; see list.mjs for what an entry says.

const rsa = (/** @type {string} */ file) => `engine/src/rsa/${file}`;

const verdicts = "engine rsa::tests::verdicts rsa::tests::differential::verdicts";

/**
 * An octet of EMSA-PKCS1-v1_5 that is not looked at. Octets are counted from the last one on: those of a SHA-256 digest, its
 * `DigestInfo` from the 32nd on, what ends the padding, the padding itself, and the two at the front.
 * @param {string} name
 * @param {string} overlooked a condition on `at`
 * @returns {import("./list.mjs").Defence}
 */
const octet = (name, overlooked) => ({
  name: `PKCS #1: ${name}`,
  file: rsa("key.rs"),
  find: ".is_some_and(|(expected, encoded)| expected == encoded)",
  replace: `.is_some_and(|(expected, encoded)| {
    expected.len() == encoded.len()
      && expected.iter().zip(&encoded).rev().enumerate().all(|(at, (one, other))| one == other || ${overlooked})
  })`,
  test: verdicts,
});

/** @param {string} name @param {string} find @param {string} replace @returns {import("./list.mjs").Defence} */
const pss = (name, find, replace) => ({
  ...{ name: `PSS: ${name}`, file: rsa("pss.rs"), find, replace },
  test: verdicts,
});

/** @type {import("./list.mjs").Defence[]} */
export const rsaDefences = [
  {
    name: "an RSA signature is below n",
    file: rsa("scalar.rs"),
    find: "if !is_less(&base, &self.limbs) {",
    replace: "if !is_less(&base, &self.limbs) && base.is_empty() {",
    test: verdicts,
  },
  {
    name: "an RSA signature is below n (by vectors)",
    file: rsa("simd.rs"),
    find: "if !is_less(&base, &self.limbs) {",
    replace: "if !is_less(&base, &self.limbs) && base.is_empty() {",
    test: "engine rsa::tests::powers::narrow rsa::tests::powers::powers_by_vectors",
  },
  {
    name: "an RSA signature is as long as n",
    file: rsa("key.rs"),
    find: "if signature.len() != length {",
    replace: "if signature.len() > length {",
    test: verdicts,
  },
  {
    name: "an RSA modulus is odd",
    file: rsa("key.rs"),
    find: "n.last()? & 1 == 1",
    replace: "n.last()? & 1 <= 1",
    test: "engine rsa::tests::keys::moduli",
  },
  {
    name: "an RSA modulus is not short",
    file: rsa("key.rs"),
    find: "(MIN_RSA_MODULUS_BITS..=",
    replace: "(1_024..=",
    test: "engine rsa::tests::keys::moduli",
  },
  {
    name: "an RSA modulus is not too long",
    file: rsa("key.rs"),
    find: "..=MAX_RSA_MODULUS_BITS)",
    replace: "..=16_384)",
    test: "engine rsa::tests::keys::moduli",
  },
  {
    name: "zeros before an RSA modulus make it no longer",
    file: rsa("key.rs"),
    find: "let n = without_leading_zeros(n);\n        let bits = modulus_bits(n)?;",
    replace:
      "let bits = n.len().checked_mul(8).filter(|_| modulus_bits(without_leading_zeros(n)).is_some())?;",
    test: "engine rsa::tests::keys::leading_zeros",
  },
  {
    name: "an RSA exponent is odd",
    file: rsa("key.rs"),
    find: "exponent >= 3 && exponent & 1 == 1",
    replace: "exponent >= 3",
    test: "engine rsa::tests::keys::exponents",
  },
  {
    name: "an RSA exponent is not 1",
    file: rsa("key.rs"),
    find: "exponent >= 3 && exponent & 1 == 1",
    replace: "exponent & 1 == 1",
    test: "engine rsa::tests::keys::exponents",
  },
  {
    name: "an RSA exponent is not too long",
    file: rsa("key.rs"),
    find: "bit_length(octets) > MAX_RSA_EXPONENT_BITS",
    replace: "bit_length(octets) > 64",
    test: "engine rsa::tests::keys::exponents",
  },
  octet("the first octet is 0", "at + 1 == encoded.len()"),
  octet("the block type is 1", "at + 2 == encoded.len()"),
  octet("the padding is all ones", "(52..encoded.len() - 2).contains(&at)"),
  octet("a 0 ends the padding", "at == 51"),
  octet("the DigestInfo is the hash's own", "(32..51).contains(&at)"),
  octet("the digest is the message's", "at < 32"),
  {
    name: "PKCS #1: the padding fills the modulus, and nothing is behind the digest",
    file: rsa("key.rs"),
    find: ".is_some_and(|(expected, encoded)| expected == encoded)",
    replace: `.is_some_and(|(expected, encoded)| {
    let padding = expected.iter().skip(2).take_while(|octet| **octet == 0xff).count();
    let rest = expected.len() - 2 - padding;
    expected[..2] == encoded[..2] && encoded.windows(rest).any(|part| expected.ends_with(part))
  })`,
    test: verdicts,
  },
  pss("an octet before the encoding is 0", "surplus.iter().any(|octet| *octet != 0)", "surplus.len() > 1"),
  pss("the trailer is compared", "trailer != [TRAILER]", "trailer.is_empty()"),
  pss("the first bits are 0", "masked.first()? & !padding_mask != 0", "masked.is_empty()"),
  pss("the padding is 0", " || zeros.iter().any(|octet| *octet != 0)", " || zeros.len() > 10_000"),
  pss("a 1 ends the padding", "*one != 0x01 ||", "one.leading_zeros() > 8 ||"),
  pss(
    "the salt is as long as the hash",
    "block.split_at_checked(block.len().checked_sub(digest_length)?)?",
    "block.split_at_checked(block.iter().position(|octet| *octet != 0)?.checked_add(1)?)?",
  ),
  pss(
    "the digest is the message's",
    "&message_digest, salt])? == salted_digest",
    "&message_digest, salt])?.len() == salted_digest.len()",
  ),
  {
    name: "R is longer than n by four bits",
    file: rsa("scalar.rs"),
    find: "const SPARE_BITS: usize = 4;",
    replace: "const SPARE_BITS: usize = 0;",
    test: "engine rsa::tests::proofs_scalar",
  },
  {
    name: "R is longer than n by four bits (by vectors)",
    file: rsa("simd.rs"),
    find: "const SPARE_BITS: usize = 4;",
    replace: "const SPARE_BITS: usize = 0;",
    test: "engine rsa::tests::proofs_simd",
  },
  {
    name: "limbs leave room for every sum",
    file: rsa("scalar/accumulator.rs"),
    find: "LIMB_BITS: u32 = 27;",
    replace: "LIMB_BITS: u32 = 28;",
    test: "engine rsa::tests::proofs_scalar",
  },
  {
    name: "a column's carry goes on (RSA)",
    file: rsa("scalar/reduction.rs"),
    find: "let s3 = s3.add(s2.carry());",
    replace: "",
    test: "engine rsa::tests::differential::products",
  },
  {
    name: "a power is below n",
    file: rsa("scalar.rs"),
    find: "if !is_less(&limbs, modulus) {",
    replace: "if !is_less(&limbs, modulus) && limbs.is_empty() {",
    test: "engine rsa::tests::powers::powers_by_64",
  },
  {
    name: "a power is not negative (by vectors)",
    file: rsa("simd.rs"),
    find: "if borrow == 0 {",
    replace: "if borrow <= 0 {",
    test: "engine rsa::tests::powers::narrow rsa::tests::powers::powers_by_vectors",
  },
  {
    name: "a modulus is asked for the sum of its limbs (by vectors)",
    file: rsa("simd/reduction.rs"),
    find: " && constants.iter().all(|limbs| of_constant(limbs) <= COLUMN_LIMIT)",
    replace: " && constants.iter().all(|limbs| of_constant(limbs) >= 0)",
    test: "engine rsa::tests::proofs_simd",
  },
  {
    name: "a square's columns are in bounds (by vectors)",
    file: rsa("simd/reduction.rs"),
    find: "square <= COLUMN_LIMIT &&",
    replace: "square >= 0 &&",
    test: "engine rsa::tests::proofs_simd",
  },
  {
    name: "a long product is carried in between (by vectors)",
    file: rsa("simd/reduction.rs"),
    find: "PRODUCT_GROUPS: usize = 7;",
    replace: "PRODUCT_GROUPS: usize = 22;",
    test: "engine rsa::tests::proofs_simd",
  },
  {
    name: "a modulus that is too long is not computed by vectors",
    file: rsa("simd.rs"),
    find: "const MAX_BITS: usize = 4_096;",
    replace: "const MAX_BITS: usize = 4_200;",
    test: "engine rsa::tests::powers::narrow",
  },
];
