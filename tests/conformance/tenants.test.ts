/** Tenants of one provider side by side: one key set for all, and each token for its own tenant alone. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { bearer, plainPolicyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, KEY_SET, METADATA, sendJson, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

let provider: FaultyIssuer;
let origin: Origin;
let gate: Gate;

const [ours, partners, others] = ["contoso", "fabrikam", "evil-corp"] as const;
const template = () => `${provider.issuer}/{tenantid}/v2.0`;
const issuerOf = (tenant: string) => template().replace("{tenantid}", tenant);
const tokenOf = (tenant: string, changes = {}) =>
  provider.token({ iss: issuerOf(tenant), tid: tenant, ...changes });

before(async () => {
  [provider, origin] = await Promise.all([startIssuer(), startOrigin()]);
  const { keys } = (await (await fetch(provider.issuer + KEY_SET)).json()) as { keys: object[] };
  provider.reset();
  provider.answer(KEY_SET, sendJson({ keys: keys.map((key) => ({ ...key, issuer: template() })) }));
  const policy = plainPolicyFor(provider.issuer, origin.origin);
  const issuers = policy.issuers.map((issuer) => ({
    ...issuer,
    ...{ issuer: template(), tenants: [ours, partners], jwks_uri: provider.issuer + KEY_SET },
  }));
  const routes = [...policy.routes, { path: "/ours", issuer: issuerOf(ours) }];
  gate = await startTestGate({
    ...{ ...policy, issuers, routes },
    resource_metadata: { resource: "https://api.example" },
  });
});
after(async () => {
  await gate?.stop();
  await Promise.all([provider?.close(), origin?.close()]);
});

async function codeOf(path: string, token: string): Promise<string | number | undefined> {
  const response = await fetch(gate.origin + path, bearer(token));
  if (!response.ok) return (await problemOf(response)).code;
  await response.body?.cancel();
  return response.status;
}

test("two tenants pass by one key set, whose one fetch is the only one; a third is nobody's", async () => {
  assert.equal(await codeOf("/data", tokenOf(others)), "issuer_unknown");
  assert.equal(provider.fetches.size, 0);
  for (const tenant of [ours, partners]) assert.equal(await codeOf("/data", tokenOf(tenant)), 200);
  assert.deepEqual([provider.fetches.get(KEY_SET), provider.fetches.get(METADATA)], [1, undefined]);
});

test("attack 21: iss, tid and the list are compared to the letter", async () => {
  for (const tenant of ["", "..", "Contoso", "contoso/", "contoso%2f..", "a/../contoso", "{tenantid}"]) {
    assert.equal(await codeOf("/data", tokenOf(tenant)), "issuer_unknown", tenant);
  }
  for (const tid of [partners, others, "", undefined]) {
    assert.equal(await codeOf("/data", tokenOf(ours, { tid })), "tenant_mismatch", String(tid));
  }
});

test("a route may be one tenant's; the metadata names those that are written down", async () => {
  assert.equal(await codeOf("/ours", tokenOf(ours)), 200);
  assert.equal(await codeOf("/ours", tokenOf(partners)), "token_not_for_route");
  const metadata = await fetch(`${gate.origin}/.well-known/oauth-protected-resource`);
  const { authorization_servers } = (await metadata.json()) as { authorization_servers: string[] };
  assert.deepEqual(authorization_servers, [issuerOf(ours), issuerOf(partners)]);
});
