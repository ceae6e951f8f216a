/** Node, Deno and Bun: the module lies beside this file and is compiled when it is imported. */
import { readFileSync } from "node:fs";
import {
  __wbg_reset_state,
  initSync,
  makeCodeChallenge,
  makeRandomText,
  placeAddress,
} from "./generated/pkce.js";
import { Instance } from "./instance.ts";

initSync({ module: readFileSync(new URL("./generated/pkce_bg.wasm", import.meta.url)) });
const instance = new Instance({ initSync, __wbg_reset_state });

export const load = () => ({ instance, makeCodeChallenge, makeRandomText, placeAddress });
