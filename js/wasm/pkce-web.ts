/** Browsers: the module lies beside this file and is compiled while it streams in, once somebody asks for it. */
import type { PkceCore } from "../pkce.ts";
import initialize, { makeCodeChallenge, makeRandomText, placeAddress } from "./generated/pkce.js";

export async function load(): Promise<PkceCore> {
  const { memory } = await initialize({
    module_or_path: new URL("./generated/pkce_bg.wasm", import.meta.url),
  });
  return { memory, makeCodeChallenge, makeRandomText, placeAddress };
}
