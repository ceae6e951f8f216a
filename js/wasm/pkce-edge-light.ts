/** Vercel's edge runtime: bundlers for it take `?module` for a module that is compiled when it is deployed. */
import { initSync, makeCodeChallenge, makeRandomText, placeAddress } from "./generated/pkce.js";
import module from "./generated/pkce_bg.wasm?module";
import { ofThisRealm } from "./of-this-realm.ts";

const { memory } = initSync({ module: ofThisRealm(module) });

export const load = () => ({ memory, makeCodeChallenge, makeRandomText, placeAddress });
