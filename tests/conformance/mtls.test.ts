/** RFC 8705 section 3 at the gate in workerd: tokens that are bound to the certificate which `request.cf` tells of. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { createDpopKey } from "../../examples/demo/dpop.ts";
import { SECRET_BINDING } from "../../examples/demo/gate-policy.ts";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import type { MtlsPolicy } from "../../js/policy.ts";
import { policyFor, problemOf } from "./gate.ts";
import { type FaultyIssuer, INTROSPECTION, sendJson, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
let verified: Worker;
let any: Worker;

const API = "https://api.example";
const key = createDpopKey();

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  verified = await start({});
  any = await start({ certificates: "any" });
});
after(async () => {
  await Promise.all([verified?.stop(), any?.stop()]);
  await Promise.all([issuer?.close(), origin?.close()]);
});

async function start(mtls: MtlsPolicy): Promise<Worker> {
  const { routes, ...policy } = policyFor(issuer.issuer, origin.origin);
  return await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/certificate-worker/wrangler.toml",
    variables: {
      POLICY: JSON.stringify({
        ...policy,
        routes: [...routes, { path: "/bound", sender_constraint: "mtls" }],
        mtls,
        dpop: { replay: "memory", origin: API },
        resource_metadata: { resource: API },
      }),
      [SECRET_BINDING]: "secret",
    },
  });
}

/** A certificate's DER, as far as its digests are concerned. */
const certificate = randomBytes(600);
const digest = (encoding: "hex" | "base64url", der = certificate) =>
  createHash("sha256").update(der).digest(encoding);
const cnf = { "x5t#S256": digest("base64url") };

/** What the edge says of a client with this certificate. */
const presented = (changes: Record<string, string> = {}) => ({
  certPresented: "1",
  certVerified: "SUCCESS",
  certRevoked: "0",
  certFingerprintSHA256: digest("hex"),
  ...changes,
});
const other = presented({ certFingerprintSHA256: digest("hex", randomBytes(600)) });
/** What it says of one without. */
const absent = { certPresented: "0", certVerified: "NONE", certRevoked: "0", certFingerprintSHA256: "" };

async function ask(
  worker: Worker,
  headers: Record<string, string>,
  edge?: Record<string, string>,
  path = "/data",
): Promise<Response> {
  const said: Record<string, string> = edge === undefined ? {} : { "x-test-edge": JSON.stringify(edge) };
  return await fetch(worker.origin + path, { headers: { ...headers, ...said } });
}

const bearerOf = (token: string) => ({ authorization: `Bearer ${token}` });

/** 200, or the private code of a 401 that says `invalid_token`. */
async function verdict(response: Response): Promise<number | string | undefined> {
  if (response.ok) {
    await response.body?.cancel();
    return response.status;
  }
  const { status, error, code } = await problemOf(response);
  assert.deepEqual([status, error], [401, "invalid_token"], code);
  assert.match(response.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
  return code;
}

test("RFC 8705 3: a bound token passes over a connection with its certificate alone, and is remembered without it", async () => {
  const headers = bearerOf(issuer.token({ cnf }));
  for (let i = 0; i < 2; i += 1) {
    assert.equal(await verdict(await ask(verified, headers, presented())), 200);
    assert.equal(await verdict(await ask(verified, headers, other)), "certificate_mismatch");
    assert.equal(await verdict(await ask(verified, headers, absent)), "proof_of_possession_missing");
    assert.equal(await verdict(await ask(verified, headers)), "proof_of_possession_missing");
  }
  assert.equal(await verdict(await ask(verified, bearerOf(issuer.token()), absent)), 200, "bound to nothing");
});

test("RFC 8705 3: no header of the client's stands for a certificate", async () => {
  const token = issuer.token({ cnf });
  const pem = encodeURIComponent(`-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}`);
  const claims: Record<string, string>[] = [
    { "client-cert": `:${certificate.toString("base64")}:` },
    { "cf-client-cert-sha256": digest("hex"), "cf-client-cert-der-base64": certificate.toString("base64") },
    { "x-client-cert": pem, "ssl-client-cert": pem, "x-ssl-client-fingerprint": digest("hex") },
    { "x-forwarded-client-cert": `Hash=${digest("hex")}` },
  ];
  for (const claimed of claims) {
    const headers = { ...bearerOf(token), ...claimed };
    assert.equal(await verdict(await ask(verified, headers, absent)), "proof_of_possession_missing");
  }
});

test("RFC 8705 6.2: the policy says whether a certificate counts that nobody has verified; one that was revoked never does", async () => {
  const headers = bearerOf(issuer.token({ cnf }));
  const of = async (changes: Record<string, string>) => [
    await verdict(await ask(verified, headers, presented(changes))),
    await verdict(await ask(any, headers, presented(changes))),
  ];
  const untrusted = "certificate_untrusted";
  assert.deepEqual(await of({ certVerified: "FAILED:self signed certificate" }), [untrusted, 200]);
  assert.deepEqual(await of({ certVerified: "FAILED" }), [untrusted, untrusted]);
  assert.deepEqual(await of({ certVerified: "NONE" }), [untrusted, untrusted]);
  assert.deepEqual(await of({ certRevoked: "1" }), [untrusted, untrusted]);
  assert.deepEqual(await of({ certFingerprintSHA256: "" }), [untrusted, untrusted]);
});

test("RFC 8705 3, RFC 9449 7.1: a token that is bound to a key and a certificate needs both", async () => {
  const token = issuer.token({ cnf: { ...cnf, jkt: key.thumbprint } });
  const proven = () => key.headers({ url: `${API}/data`, token });
  assert.equal(await verdict(await ask(verified, proven(), presented())), 200);
  assert.equal(await verdict(await ask(verified, proven(), other)), "certificate_mismatch");
  assert.equal(await verdict(await ask(verified, proven(), absent)), "proof_of_possession_missing");
  assert.equal(
    await verdict(await ask(verified, bearerOf(token), presented())),
    "proof_of_possession_missing",
  );
  const stolen = createDpopKey().headers({ url: `${API}/data`, token });
  assert.equal(await verdict(await ask(verified, stolen, presented())), "proof_key_mismatch");
});

test("RFC 8705 3: a route may take tokens alone that are bound to a certificate", async () => {
  const answer = async (changes: Parameters<FaultyIssuer["token"]>[0]) =>
    verdict(await ask(verified, bearerOf(issuer.token(changes)), presented(), "/bound"));
  assert.equal(await answer({ cnf }), 200);
  assert.equal(await answer({}), "token_not_for_route");
  assert.equal(await answer({ cnf: { jkt: key.thumbprint } }), "token_not_for_route");
});

test("RFC 8705 3.2: an opaque token is bound to a certificate by what introspection says", async () => {
  const exp = Math.floor(Date.now() / 1000) + 60;
  const said = { active: true, iss: issuer.issuer, aud: API_AUDIENCE, exp, scope: "data:read", cnf };
  issuer.answer(INTROSPECTION, sendJson(said));
  const answer = async (edge: Record<string, string>) =>
    verdict(await ask(verified, bearerOf("opaque"), edge, "/fresh"));
  assert.equal(await answer(presented()), 200);
  assert.equal(await answer(other), "certificate_mismatch");
  assert.equal(await answer(absent), "proof_of_possession_missing");
});

test("RFC 8705 3.3, RFC 9728 2: the metadata says that tokens may be bound to certificates", async () => {
  const response = await ask(verified, {}, undefined, "/.well-known/oauth-protected-resource");
  const metadata = (await response.json()) as Record<string, unknown>;
  assert.equal(metadata.tls_client_certificate_bound_access_tokens, true);
  assert.equal(metadata.dpop_bound_access_tokens_required, undefined);
});
