/** PKCE in Workers. */
import { pkceOf, randomTextOf } from "./pkce.ts";
import { load } from "./wasm/pkce-workerd.ts";

/** A fresh verifier of 256 random bits, with its S256 challenge. */
export const createPkce = /* @__PURE__ */ pkceOf(load);

/** A fresh `state` of 256 random bits (RFC 6749 section 10.12): keep it in the tab, and compare it when the answer comes. */
export const createState = /* @__PURE__ */ randomTextOf(load);

/** A fresh `nonce` of 256 random bits (OIDC Core section 15.5.2): the ID token has to say the same. */
export const createNonce = /* @__PURE__ */ randomTextOf(load);

export type { ErrorCode } from "./errors.ts";
export { EdgewardError } from "./errors.ts";
export type { Pkce } from "./pkce.ts";
