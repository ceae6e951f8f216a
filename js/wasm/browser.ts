/** Browsers: the module lies beside this file and is compiled while it streams in. */
import initialize from "./generated/client.js";

export const loadWasm = (): Promise<unknown> =>
  initialize({ module_or_path: new URL("./generated/client_bg.wasm", import.meta.url) });

export { ClientCore } from "./generated/client.js";
