// The wasm modules there are: what each is for, and what is in it.

/** What our own engine checks, without a curve of anybody else's. */
const ownAlgorithms = ["rs384-rs512", "ps384-ps512", "es256"];

/**
 * @typedef {object} Module
 * @property {string} name of the files it becomes: `NAME.js`, `NAME.d.ts` and `NAME_bg.wasm`
 * @property {string[]} features of the crate
 * @property {"module" | "slim-module"} profile of Cargo.toml
 * @property {"3" | "s" | "z"} optLevel of what is around the engine. For each new token "s" takes some 4 µs less than "z" and "3" some 3 less than
 *   "s", for 5 and 13 KB more, compressed
 * @property {boolean} simd whether it uses 128-bit vectors, which every server and edge runtime has; a page has WebCrypto for what they are good at
 */

/** @type {Module[]} */
export const modules = [
  // All but ES256 the host checks, which has to be there and is faster at RSA: the core's would be a tenth of the module, the other curves
  // as much as all the rest.
  { name: "gate", features: ["wasm-gate", "es256"], profile: "module", optLevel: "s", simd: true },
  {
    name: "verifier",
    features: ["wasm-verifier", ...ownAlgorithms],
    profile: "module",
    optLevel: "3",
    simd: true,
  },
  {
    name: "verifier_scalar",
    features: ["wasm-verifier", ...ownAlgorithms],
    profile: "module",
    optLevel: "s",
    simd: false,
  },
  {
    name: "slim",
    features: ["wasm-slim", "rs256", "es256"],
    profile: "slim-module",
    optLevel: "z",
    simd: false,
  },
  // The browser checks its signatures.
  { name: "client", features: ["wasm-client"], profile: "slim-module", optLevel: "z", simd: false },
  {
    name: "client_whole",
    features: ["wasm-client", "all-algorithms"],
    profile: "slim-module",
    optLevel: "z",
    simd: false,
  },
  // Servers check no signature to get a token, and WebCrypto makes those of proofs and assertions.
  {
    name: "machine",
    features: ["wasm-machine"],
    profile: "slim-module",
    optLevel: "z",
    simd: false,
  },
  { name: "pkce", features: ["wasm-pkce"], profile: "slim-module", optLevel: "z", simd: false },
];

/** The files of all modules. */
export const moduleFiles = modules.flatMap(({ name }) => [`${name}.js`, `${name}.d.ts`, `${name}_bg.wasm`]);
