/**
 * What the policy names by its bindings, and is no secret: looked at when the gate is set up, so that nothing is found missing later.
 *
 * @module
 */
import { type Problem, policyInvalid } from "./errors.ts";
import type { BindingNeed } from "./needs.ts";

/** The methods by which each kind is known. */
const methods: Readonly<Record<BindingNeed["kind"], readonly string[]>> = {
  durable_object: ["idFromName", "get"],
  kv_namespace: ["get", "put"],
  service: ["fetch"],
  analytics_engine: ["writeDataPoint"],
};

/**
 * Finds each binding, by the place in the policy that names it.
 *
 * @throws EdgewardError `policy_invalid` where one is missing, or is something else.
 */
export function bindingsOf(
  needs: readonly BindingNeed[],
  given: Readonly<Record<string, unknown>>,
): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const problems: Problem[] = [];
  for (const { path, name, kind } of needs) {
    const binding = given[name];
    const has = (method: string) => typeof Reflect.get(binding as object, method) === "function";
    const isOne = typeof binding === "object" && binding !== null && methods[kind].every(has);
    if (isOne) found.set(path, binding);
    else
      problems.push({
        path,
        problem: `names a ${kind} binding, and there is no such one; bind it, or hand it in as one of \`bindings\``,
      });
  }
  if (problems.length === 0) return found;
  throw policyInvalid(...problems);
}
