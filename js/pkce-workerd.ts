/** PKCE in Workers. */
import { pkceOf } from "./pkce.ts";
import { load } from "./wasm/pkce-workerd.ts";

export const { createPkce, createState, createNonce } = pkceOf(load);

export type { ErrorCode } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { Pkce } from "./pkce.ts";
