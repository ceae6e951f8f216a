/**
 * What a good policy may say and a careful reader would ask about.
 *
 * @module
 */
import type { Problem } from "../errors.ts";
import type { IssuerPolicy, Policy, RoutePolicy } from "../policy.ts";

/** Clocks that are set by a time server differ by less, in seconds. */
const usualToleranceSeconds = 60;

/** What is doubtful in a policy that the core has taken; `routes` and `upstream` may be absent, as they are in a verifier's. */
export function warningsOf(policy: Partial<Policy>): Problem[] {
  return [
    ...(policy.issuers ?? []).flatMap(ofIssuer),
    ...(policy.routes ?? []).flatMap(ofRoute),
    ...when(policy.explain === true, "explain", "tells every caller why it was refused: never in production"),
    ...when(
      policy.server_timing === true,
      "server_timing",
      "tells callers how long each part took, and so what was remembered: of their tokens, and of keys",
    ),
    ...when(
      typeof policy.dpop === "object" && policy.dpop !== null && (policy.dpop.origin ?? "") === "",
      "dpop.origin",
      "is not said, so proofs are held against the URL of the request: outside of Workers callers choose its host",
    ),
    ...when(
      policy.mtls?.certificates === "any",
      "mtls.certificates",
      "takes certificates that nobody has verified, those that have expired too: each proves its key, and nothing else",
    ),
    ...when(
      policy.allow_insecure_loopback === true,
      "allow_insecure_loopback",
      "takes http URLs: for development and tests, never in production",
    ),
  ];
}

function ofIssuer({ clock_tolerance_seconds, tenants }: IssuerPolicy, index: number): Problem[] {
  // `null` is absent.
  const seconds = clock_tolerance_seconds ?? 0;
  return [
    ...when(
      seconds > usualToleranceSeconds,
      `issuers[${index}].clock_tolerance_seconds`,
      `takes tokens that expired ${seconds} seconds ago; clocks differ by less than ${usualToleranceSeconds}`,
    ),
    ...when(
      tenants === "any",
      `issuers[${index}].tenants`,
      "takes tokens of every tenant, and anybody may make one: let what a tenant sees be its own",
    ),
  ];
}

function ofRoute(route: RoutePolicy, index: number): Problem[] {
  const isPublic = route.public === true;
  // Of what stands in other members nothing may be empty. Which issuer or audience it is, or how it is bound, says nothing about the caller.
  const { roles, groups, entitlements, claims, acr_values, max_age, all_of, any_of } = route;
  const further = [roles, groups, entitlements, claims, acr_values, max_age, all_of, any_of];
  const demandsSomething =
    (route.scope ?? "").trim() !== "" || further.some((demand) => demand !== undefined);
  return [
    ...when(
      isPublic && route.path === "/*",
      `routes[${index}].public`,
      "lets anybody call whatever no other route names",
    ),
    ...when(
      !isPublic && !demandsSomething,
      `routes[${index}].scope`,
      "demands none: any caller with a good token may call it",
    ),
  ];
}

const when = (isSo: boolean, path: string, problem: string): Problem[] => (isSo ? [{ path, problem }] : []);
