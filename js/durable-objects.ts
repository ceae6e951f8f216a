/**
 * The Durable Objects that policies can name by their bindings. A Worker exports the classes it uses: `export { DenyList, DpopReplay, KeySets } from
 * "edgeward/durable-objects"`.
 *
 * @module
 */
export { DenyList } from "./durable-objects/deny-list.ts";
export { DpopReplay } from "./durable-objects/dpop-replay.ts";
export { KeySets } from "./durable-objects/key-sets.ts";
