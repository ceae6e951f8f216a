/** workerd: the module is compiled when the Worker is deployed and imported ready. */
import {
  __wbg_reset_state,
  initSync,
  makeCodeChallenge,
  makeRandomText,
  placeAddress,
} from "./generated/pkce.js";
import module from "./generated/pkce_bg.wasm";
import { Instance } from "./instance.ts";

initSync({ module });
const instance = new Instance({ initSync, __wbg_reset_state });

export const load = () => ({ instance, makeCodeChallenge, makeRandomText, placeAddress });
