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
 * @property {boolean} small whether hashes and allocator are the smaller ones, which are slower: for what runs once for each sign-in
 * @property {boolean} simd whether it uses 128-bit vectors, which every server and edge runtime has; a page has WebCrypto for what they are good at
 * @property {boolean} [inScript] whether it is published as text in a script, which only those load who need it, and not as an asset: bundlers
 *   put out every asset that a script names
 * @property {string} [plainJavaScript] the name of the same module as plain JavaScript
 */

/** @type {Module[]} */
export const modules = [
  // All but ES256 the host checks, which has to be there and is faster at RSA: the core's would be a tenth of the module, the other curves
  // as much as all the rest.
  {
    name: "gate",
    features: ["wasm-gate", "es256"],
    profile: "module",
    optLevel: "s",
    small: false,
    simd: true,
  },
  {
    name: "verifier",
    features: ["wasm-verifier", ...ownAlgorithms],
    profile: "module",
    optLevel: "3",
    small: false,
    simd: true,
  },
  {
    name: "verifier_scalar",
    features: ["wasm-verifier", ...ownAlgorithms],
    profile: "module",
    optLevel: "s",
    small: false,
    simd: false,
  },
  {
    name: "slim",
    features: ["wasm-slim", "rs256", "es256"],
    profile: "slim-module",
    optLevel: "z",
    small: false,
    simd: false,
  },
  // The browser checks its signatures.
  {
    name: "client",
    features: ["wasm-client"],
    profile: "slim-module",
    optLevel: "z",
    small: true,
    simd: false,
    plainJavaScript: "client_plain",
  },
  {
    name: "client_whole",
    features: ["wasm-client", "all-algorithms"],
    profile: "slim-module",
    optLevel: "z",
    small: true,
    simd: false,
    inScript: true,
  },
  // Servers check no signature to get a token, and WebCrypto makes those of proofs and assertions.
  {
    name: "machine",
    features: ["wasm-machine"],
    profile: "slim-module",
    optLevel: "z",
    small: false,
    simd: false,
  },
  // Under 4 KB Vite would put it into the script as a `data:` URL, which a strict Content-Security-Policy lets no page fetch.
  { name: "pkce", features: ["wasm-pkce"], profile: "slim-module", optLevel: "z", small: false, simd: false },
];

/** The files of all modules. */
export const moduleFiles = modules.flatMap(({ name, inScript, plainJavaScript: plain }) => [
  ...[`${name}.js`, `${name}.d.ts`],
  ...(inScript ? [`${name}_wasm.js`, `${name}_wasm.d.ts`] : [`${name}_bg.wasm`]),
  ...(plain ? [`${plain}.js`, `${plain}.d.ts`] : []),
]);
