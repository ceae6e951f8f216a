// The floor of edgeward's own engines: one signature by the Rust code in WebAssembly.

import { signedBytes } from "./contender.mjs";

/**
 * What engine/ has, handed in because each runtime loads it in its own way.
 * @typedef {{ EngineKey: { read(engine: string, alg: string, jwk: string): any } }} EngineModule
 */

/** A new engine is one more line: the name it is shown under, and its name in engine/src/lib.rs. */
const engines = [
  { name: "edgeward’s engine in wasm", engine: "wasm" },
  { name: "RustCrypto in wasm", engine: "rustcrypto" },
];

/** @param {EngineModule} module @returns {import("./contender.mjs").Contender[]} */
export const wasmEngines = ({ EngineKey }) =>
  engines.map(({ name, engine }) => ({
    name,
    what: "one signature by the Rust engine in WebAssembly, built as the shipped module is, with key and bytes ready",
    states: ["verify"],
    prepare({ alg, jwks }, tokens) {
      const jwk = jwks.keys[jwks.keys.length - 1];
      const key = EngineKey.read(engine, alg, JSON.stringify(jwk));
      if (key === undefined) throw new Error(`${name} does not take the key`);
      const bytes = signedBytes(tokens);
      return (token) => {
        const { message, signature } = bytes(token);
        return key.verify(message, signature);
      };
    },
  }));
