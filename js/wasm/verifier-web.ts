/** Browsers: the module lies beside this file and is compiled while it streams in. Where there is no SIMD, another one is taken. */
import initialize, { VerifierCore as Vectors } from "./generated/verifier.js";
import initializeScalar, { VerifierCore as Scalar } from "./generated/verifier_scalar.js";

/** A function that makes a vector of 128 bits: valid only where there is SIMD (WebAssembly 2.0, section 5.4.9). */
const vectorFunction = [
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // Its type, () → (); the function; its body, which splats a number and drops the vector.
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x09, 0x01, 0x07, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x1a, 0x0b],
];

const hasSimd = WebAssembly.validate(new Uint8Array(vectorFunction));

export const { memory } = hasSimd
  ? await initialize({ module_or_path: new URL("./generated/verifier_bg.wasm", import.meta.url) })
  : await initializeScalar({
      module_or_path: new URL("./generated/verifier_scalar_bg.wasm", import.meta.url),
    });

export const VerifierCore: typeof Vectors = hasSimd ? Vectors : (Scalar as unknown as typeof Vectors);
