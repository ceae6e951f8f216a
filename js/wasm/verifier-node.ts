/** Node, Deno and Bun: the module lies beside this file and is compiled when it is imported. They have SIMD. */
import { readFileSync } from "node:fs";
import { initSync } from "./generated/verifier.js";

export const { memory } = initSync({
  module: readFileSync(new URL("./generated/verifier_bg.wasm", import.meta.url)),
});

export { VerifierCore } from "./generated/verifier.js";
