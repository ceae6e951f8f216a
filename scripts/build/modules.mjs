// The wasm modules there are: what each is for, and what is in it.

/** What the crate's own engine checks, without a curve of anybody else's. */
const ownAlgorithms = ["rs384-rs512", "ps384-ps512", "es256"];

/**
 * @typedef {object} Module
 * @property {string} name of the files it becomes: `NAME.js`, `NAME.d.ts` and `NAME_bg.wasm`
 * @property {string[]} features of the crate
 * @property {boolean} simd whether it uses 128-bit vectors, which every server and edge runtime has, and not every browser in use
 */

/** @type {Module[]} */
export const modules = [
  // ES384, ES512 and Ed25519 the host checks: their curves would be half of the module.
  { name: "gate", features: ["wasm-gate", ...ownAlgorithms], simd: true },
  { name: "verifier", features: ["wasm-verifier", ...ownAlgorithms], simd: true },
  { name: "verifier_scalar", features: ["wasm-verifier", ...ownAlgorithms], simd: false },
  { name: "client", features: ["wasm-client", "all-algorithms"], simd: false },
];

/** The files of all modules. */
export const moduleFiles = modules.flatMap(({ name }) => [`${name}.js`, `${name}.d.ts`, `${name}_bg.wasm`]);
