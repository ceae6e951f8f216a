/** Protected resource metadata (RFC 9728), as a client without a token finds it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { bearer, policyFor, startTestGate } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

const RESOURCE = "https://api.example/tidewater";

let issuer: FaultyIssuer;
let origin: Origin;
let gate: Gate;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  gate = await startTestGate({
    ...policyFor(issuer.issuer, origin.origin),
    resource_metadata: { resource: RESOURCE, scopes_supported: ["data:read"], resource_name: "Tidewater" },
  });
});
after(async () => {
  await gate?.stop();
  await Promise.all([issuer?.close(), origin?.close()]);
});

/** Where a challenge says that the metadata is, asked of the gate. */
async function metadataNamedBy(response: Response): Promise<Response> {
  const challenge = response.headers.get("www-authenticate") ?? "";
  const [, url] = /, resource_metadata="([^"]*)"/.exec(challenge) ?? [];
  assert.ok(url, challenge);
  // RFC 9728 section 3.1: the place follows from the resource's identifier.
  assert.equal(url, "https://api.example/.well-known/oauth-protected-resource/tidewater");
  return await fetch(gate.origin + new URL(url).pathname, { headers: { origin: "https://anyone.example" } });
}

test("5.1, 2, 3.2, 3.3: a client finds by its first refusal who issues tokens for the API", async () => {
  const response = await metadataNamedBy(await fetch(`${gate.origin}/data`));
  assert.deepEqual([response.status, response.headers.get("content-type")], [200, "application/json"]);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  const document = (await response.json()) as { resource: string; authorization_servers: string[] };
  assert.deepEqual(document, {
    resource: RESOURCE,
    authorization_servers: [issuer.issuer],
    bearer_methods_supported: ["header"],
    scopes_supported: ["data:read"],
    resource_name: "Tidewater",
  });
  // RFC 8414 section 3: what is named there leads on.
  const server = await fetch(`${document.authorization_servers[0]}/.well-known/openid-configuration`);
  assert.equal(((await server.json()) as { issuer: string }).issuer, issuer.issuer);
});

test("5.1: every challenge names it, and no other answer does", async () => {
  const refusals: [status: number, path: string, init: RequestInit][] = [
    [400, "/data", { headers: { authorization: "Bearer a b" } }],
    [401, "/data", bearer("a.b.c")],
    [403, "/admin", bearer(issuer.token())],
  ];
  for (const [status, path, init] of refusals) {
    const response = await fetch(gate.origin + path, init);
    assert.equal(response.status, status);
    assert.equal((await metadataNamedBy(response)).status, 200);
  }
  const unknown = await fetch(`${gate.origin}/nowhere`);
  assert.deepEqual([unknown.status, unknown.headers.get("www-authenticate")], [404, null]);
});

test("3.1: only there, only to be read, and a page's preflight is answered", async () => {
  const reached = origin.received.length;
  const place = `${gate.origin}/.well-known/oauth-protected-resource`;
  assert.equal((await fetch(place)).status, 404);
  const post = await fetch(`${place}/tidewater`, { method: "POST", body: "x" });
  assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD, OPTIONS"]);
  const head = await fetch(`${place}/tidewater`, { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  const preflight = await fetch(`${place}/tidewater`, {
    method: "OPTIONS",
    headers: {
      origin: "https://anyone.example",
      "access-control-request-method": "GET",
      "access-control-request-headers": "mcp-protocol-version",
    },
  });
  assert.deepEqual([preflight.status, preflight.headers.get("access-control-allow-headers")], [204, "*"]);
  assert.equal(origin.received.length, reached, "nothing is sent on");
});
