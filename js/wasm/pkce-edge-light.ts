/** Vercel's edge runtime: bundlers for it take `?module` for a module that is compiled when it is deployed. */
import {
  __wbg_reset_state,
  initSync,
  makeCodeChallenge,
  makeRandomText,
  placeAddress,
} from "./generated/pkce.js";
import module from "./generated/pkce_bg.wasm?module";
import { Instance } from "./instance.ts";
import { ofThisRealm } from "./of-this-realm.ts";

initSync({ module: ofThisRealm(module) });
const instance = new Instance({ initSync, __wbg_reset_state });

export const load = () => ({ instance, makeCodeChallenge, makeRandomText, placeAddress });
