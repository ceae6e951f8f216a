/** PKCE in Node, Deno and Bun. */
import { pkceOf } from "./pkce.ts";
import { load } from "./wasm/pkce-node.ts";

export const { createPkce, createState, createNonce } = pkceOf(load);

export type { ErrorCode } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { Pkce } from "./pkce.ts";
