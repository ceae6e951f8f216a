/** Node, Deno and Bun: the module lies beside this file and is compiled when it is imported. */
import { readFileSync } from "node:fs";
import { initSync, makeCodeChallenge, makeRandomText, placeAddress } from "./generated/pkce.js";

const { memory } = initSync({ module: readFileSync(new URL("./generated/pkce_bg.wasm", import.meta.url)) });

export const load = () => ({ memory, makeCodeChallenge, makeRandomText, placeAddress });
