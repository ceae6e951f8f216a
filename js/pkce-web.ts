/** PKCE in browsers, and wherever else there is `fetch` for the module. */
import { pkceOf } from "./pkce.ts";
import { load } from "./wasm/pkce-web.ts";

export const { createPkce, createState, createNonce } = pkceOf(load);

export type { ErrorCode } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { Pkce } from "./pkce.ts";
