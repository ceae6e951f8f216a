/**
 * Consent: what an authorization request asks for, what of it this person may grant, and the grant that
 * comes out of the form they sent back.
 */

import type { Provider } from "oidc-provider";
import { OPENID_SCOPES, permissionOf } from "../resources.ts";
import type { Account } from "./accounts.ts";
import type { DemoClient } from "./clients.ts";
import type { ConsentChoice } from "./pages.ts";

/** The parameters of an authorization request that consent is about. */
export interface ConsentRequest {
  readonly client: DemoClient;
  readonly account: Account;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
}

type Grant = InstanceType<Provider["Grant"]>;

/** One line of the consent page, and where its answer goes in the grant. */
interface Item extends ConsentChoice {
  readonly resource: string | undefined;
}

export function consentChoices(request: ConsentRequest): ConsentChoice[] {
  return items(request);
}

/**
 * The new grant. What was asked for and not ticked is recorded as refused, so the server doesn't ask again
 * in the same breath. What an earlier consent allowed, and this request is silent about, stays allowed.
 */
export function decide(
  grant: Grant,
  previous: Grant | undefined,
  request: ConsentRequest,
  ticked: ReadonlySet<string>,
): void {
  for (const { resource, scope, value, state } of items(request)) {
    const allowed = state === "required" || (state === "offered" && ticked.has(value));
    if (resource === undefined) {
      if (allowed) grant.addOIDCScope(scope);
      else grant.rejectOIDCScope(scope);
    } else {
      if (allowed) grant.addResourceScope(resource, scope);
      else grant.rejectResourceScope(resource, scope);
    }
  }
  if (previous !== undefined) keepEarlier(grant, previous, request);
}

function keepEarlier(grant: Grant, previous: Grant, request: ConsentRequest): void {
  const asked = new Set(request.scopes);
  for (const resource of request.resources) {
    for (const scope of words(previous.getResourceScope(resource))) {
      if (!asked.has(scope)) grant.addResourceScope(resource, scope);
    }
  }
  for (const scope of words(previous.getOIDCScope())) {
    if (!asked.has(scope)) grant.addOIDCScope(scope);
  }
}

function items({ client, account, scopes, resources }: ConsentRequest): Item[] {
  const identity = scopes
    .filter((scope) => OPENID_SCOPES.has(scope))
    .map(
      (scope): Item => ({
        resource: undefined,
        scope,
        value: scope,
        permission: permissionOf(scope),
        state: scope === "openid" ? "required" : "offered",
      }),
    );
  const api = resources.flatMap((resource) =>
    scopes
      .filter((scope) => client.scopes.includes(scope))
      .map(
        (scope): Item => ({
          resource,
          scope,
          value: `${resource} ${scope}`,
          permission: permissionOf(scope),
          state: account.grantable.has(scope) ? "offered" : "forbidden",
        }),
      ),
  );
  return [...identity, ...api];
}

/** The members of a space-separated list, as `scope` is one (RFC 6749 section 3.3). */
export function words(list: string): string[] {
  return list.split(" ").filter((word) => word !== "");
}
