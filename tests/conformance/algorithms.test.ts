/** Every algorithm in real workerd, by each engine: what the core checks, what the platform checks, and what neither may take. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { accessTokenClaims } from "../../examples/demo/tokens.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import { algorithmNames } from "../../js/algorithm-name.ts";
import { bearer, policyFor, problemOf } from "./gate.ts";
import { type FaultyIssuer, KEY_SET, sendJson, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

const own = ["ES256"];
const hostAlone = algorithmNames.filter((name) => !own.includes(name));

let issuer: FaultyIssuer;
let origin: Origin;
const workers: Worker[] = [];
/** A good token by its algorithm. */
const tokens = new Map<string, string>();

/** The identity of edwards25519 (RFC 8032 section 5.1.4), as a key and as the `R` of a signature under it that fits every message. */
const identity = Buffer.from([1, ...Array.from({ length: 31 }, () => 0)]);

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  const keys: JWK[] = [{ kty: "OKP", crv: "Ed25519", x: identity.toString("base64url"), kid: "small order" }];
  for (const alg of [...own, ...hostAlone]) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    keys.push({ ...(await exportJWK(publicKey)), kid: alg, alg, use: "sig" });
    const claims = new SignJWT(accessTokenClaims(issuer.issuer));
    tokens.set(alg, await claims.setProtectedHeader({ alg, kid: alg, typ: "at+jwt" }).sign(privateKey));
  }
  issuer.answer(KEY_SET, sendJson({ keys }));
});
after(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all([issuer?.close(), origin?.close()]);
});

/** A Worker with this engine; gives status and private reason for a token. */
async function start(engine: string, algorithms?: string[]) {
  const policy = policyFor(issuer.issuer, origin.origin);
  const issuers = policy.issuers.map(({ issuer, audience }) => ({ issuer, audience, algorithms }));
  const routes = policy.routes.filter(({ introspection }) => !introspection);
  const worker = await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/engine-worker/wrangler.toml",
    variables: { POLICY: JSON.stringify({ ...policy, issuers, routes }), ENGINE: engine },
  });
  workers.push(worker);
  return (token: string) => fetch(`${worker.origin}/data`, bearer(token));
}

/** A token with the first character of its signature changed. */
const spoilt = (token: string) =>
  token.replace(/\.(.)([^.]+)$/, (_, first: string, rest: string) => `.${first === "A" ? "B" : "A"}${rest}`);

for (const [engine, taken] of [
  ["", [...own, ...hostAlone]],
  ["webcrypto", [...own, ...hostAlone]],
  ["wasm", own],
] as const) {
  test(`engine ${engine || "by measurement"}: good signatures pass, others do not`, async () => {
    const ask = await start(engine);
    for (const [alg, token] of tokens) {
      const isTaken = (taken as readonly string[]).includes(alg);
      assert.equal((await ask(token)).status, isTaken ? 200 : 401, alg);
      const refused = await ask(spoilt(token));
      assert.equal(refused.status, 401, alg);
      const reason = isTaken ? "signature_invalid" : "algorithm_not_allowed";
      assert.equal((await problemOf(refused)).code, reason, alg);
    }
    // BoringSSL takes this key, and with it the signature.
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const header = encode({ alg: "EdDSA", kid: "small order", typ: "at+jwt" });
    const signature = Buffer.concat([identity, Buffer.alloc(32)]).toString("base64url");
    const forged = await ask(`${header}.${encode(accessTokenClaims(issuer.issuer))}.${signature}`);
    assert.equal((await problemOf(forged)).code, engine === "wasm" ? "algorithm_not_allowed" : "key_unknown");
  });
}

test("a policy that names an algorithm which the engine has not is refused, with the place and what there is", async () => {
  const ask = await start("wasm", ["ES256", "ES384"]);
  const answer = await ask(tokens.get("ES256") ?? "");
  const [status, text] = [answer.status, await answer.text()];
  assert.equal(status, 500);
  assert.match(text, /issuers\[0\]\.algorithms.*the engine has: ES256$/m);
});
