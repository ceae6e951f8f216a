/** PKCE in Vercel's edge runtime. */
import { pkceOf } from "./pkce.ts";
import { load } from "./wasm/pkce-edge-light.ts";

export const { createPkce, createState, createNonce } = pkceOf(load);

export type { ErrorCode } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { Pkce } from "./pkce.ts";
