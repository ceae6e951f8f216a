/** workerd: the module is compiled when the Worker is deployed and imported ready. */
import { initSync, makeCodeChallenge, makeRandomText, placeAddress } from "./generated/pkce.js";
import module from "./generated/pkce_bg.wasm";

const { memory } = initSync({ module });

export const load = () => ({ memory, makeCodeChallenge, makeRandomText, placeAddress });
