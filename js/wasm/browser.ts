/** Browsers: the module lies beside this file and is compiled while it streams in. */
import initialize from "./generated/edgeward.js";

export const loadWasm = (): Promise<unknown> =>
  initialize({ module_or_path: new URL("./generated/edgeward_bg.wasm", import.meta.url) });

export { ClientCore, codeChallenge, generateCodeVerifier } from "./generated/edgeward.js";
