/**
 * Made from `src/resource_server/ground.rs` by `npm run generate`; don't edit.
 *
 * @module
 */

/** Why the core did not refuse something. `docs/errors.md` says what each means. */
export type GroundCode = (typeof groundCodes)[number];

/** All of them, in the core's order. */
export const groundCodes = [
  "public_route",
  "token_verified",
  "token_known",
  "token_introspected",
  "introspection_known",
  "preflight_answered",
  "metadata_served",
  "deny_list_served",
] as const;
