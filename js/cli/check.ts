/**
 * One policy, checked by the core: what is wrong with it, what is doubtful, and what it needs.
 *
 * @module
 */
import { EdgewardError, inCore, type Problem } from "../errors.ts";
import { createVerifier } from "../node.ts";
import type { Policy } from "../policy.ts";
import { GatePolicy } from "../wasm/gate-node.ts";
import { warningsOf } from "./warnings.ts";

/** Whose policy it is: a gate's, a guard's, which sends nothing on, or that of `createVerifier`. */
export type PolicyKind = "gate" | "guard" | "verifier";

/** What came of it. */
export interface Checked {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** The names of the secrets it needs; of some only where they are named. */
  readonly secrets: readonly string[];
  /** What there is, for a person: "1 issuer, 2 routes". */
  readonly counted: string;
}

/** Checks a policy as it is in a file. */
export function check(bytes: Uint8Array, kind: PolicyKind): Checked {
  let text: string;
  try {
    // A byte order mark is the core's to refuse.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bad([{ path: "(document)", problem: "is not UTF-8" }]);
  }
  try {
    const secrets = takenBy[kind](text);
    // The core has taken it, so it has the members of the type.
    const policy: Policy = JSON.parse(text);
    return {
      problems: [],
      warnings: warningsOf(policy),
      secrets: secrets.map((name) => shown(name, policy)),
      counted: counted(policy),
    };
  } catch (error) {
    if (!(error instanceof EdgewardError) || error.code !== "policy_invalid") throw error;
    return bad(error.problems);
  }
}

const bad = (problems: readonly Problem[]): Checked => ({ problems, warnings: [], secrets: [], counted: "" });

/** Takes a policy as its kind does, and gives the names of the secrets it needs. */
const takenBy: Readonly<Record<PolicyKind, (policy: string) => string[]>> = {
  gate: (policy) => inCore(() => new GatePolicy(policy)).secretBindings(),
  guard: (policy) => inCore(() => GatePolicy.forGuard(policy)).secretBindings(),
  verifier(policy) {
    createVerifier(policy);
    // It asks for no introspection.
    return [];
  },
};

/**
 * The name of a secret; or its place, where the name is not of the usual form. There somebody may have written the secret itself, and this
 * goes into logs.
 */
function shown(name: string, { issuers, upstream }: Policy): string {
  if (/^[A-Z][A-Z0-9_]{0,63}$/.test(name)) return name;
  for (const [index, { introspection }] of issuers.entries())
    for (const member of ["client_secret_binding", "private_key_binding"] as const)
      if (introspection?.[member] === name)
        return `the one named at issuers[${index}].introspection.${member}`;
  const token = typeof upstream?.token === "object" ? upstream.token : undefined;
  for (const member of ["client_secret_binding", "private_key_binding"] as const)
    if (token?.[member] === name) return `the one named at upstream.token.${member}`;
  return "one that the policy names";
}

function counted({ issuers, routes }: Partial<Policy>): string {
  const count = (list: readonly unknown[] | undefined, what: string) =>
    list === undefined ? [] : [`${list.length} ${what}${list.length === 1 ? "" : "s"}`];
  return [...count(issuers, "issuer"), ...count(routes, "route")].join(", ");
}
