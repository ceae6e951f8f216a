/** Browsers: the module lies beside this file and is compiled while it streams in, once somebody asks for it. */
import type { PkceCore } from "../pkce.ts";
import initialize, {
  __wbg_reset_state,
  initSync,
  makeCodeChallenge,
  makeRandomText,
  placeAddress,
} from "./generated/pkce.js";
import { Instance } from "./instance.ts";

const instance = new Instance({ initSync, __wbg_reset_state });

export async function load(): Promise<PkceCore> {
  await initialize({ module_or_path: new URL("./generated/pkce_bg.wasm", import.meta.url) });
  return { instance, makeCodeChallenge, makeRandomText, placeAddress };
}
