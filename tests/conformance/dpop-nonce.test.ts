/** RFC 9449 sections 8 and 9: nonces of two Workers that share a secret and nothing else, with clocks that are set forward. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as DPoP from "dpop";
import { createDpopKey } from "../../examples/demo/dpop.ts";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import type { JsonObject } from "../../examples/demo/tokens.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import { plainPolicyFor, problemOf } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

const LIFETIME = 3_600;
const PAGE = "https://app.example";
const API = "https://api.example";
const SECRET = "a secret of 32 bytes, or of more";

let issuer: FaultyIssuer;
let origin: Origin;
let one: Clocked;
let two: Clocked;

/** A Worker with a clock of its own. */
interface Clocked {
  readonly worker: Worker;
  ahead: number;
}

const policy = () => ({
  ...plainPolicyFor(issuer.issuer, origin.origin),
  dpop: {
    replay: "memory",
    origin: API,
    nonce_secret_binding: "NONCE_SECRET",
    nonce_lifetime_seconds: LIFETIME,
  },
});

async function start(secret = SECRET): Promise<Clocked> {
  const worker = await startWorker({
    port: await reservePort("worker", 0),
    config: "tests/conformance/clock-worker/wrangler.toml",
    variables: { POLICY: JSON.stringify(policy()), NONCE_SECRET: secret },
  });
  return { worker, ahead: 0 };
}

/** To the begin of a step, so that none ends within a test. */
async function startAtStep(secret?: string): Promise<Clocked> {
  const gate = await start(secret);
  await setForward(gate, LIFETIME - (now() % LIFETIME));
  return gate;
}

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  one = await startAtStep();
  two = await startAtStep();
});
after(async () => {
  await Promise.all([one?.worker.stop(), two?.worker.stop()]);
  await Promise.all([issuer?.close(), origin?.close()]);
});

const now = () => Math.floor(Date.now() / 1000);
const key = createDpopKey();
const tokenOf = (jkt: string) => issuer.token({ cnf: { jkt }, exp: now() + 100 * LIFETIME });

async function setForward(gate: Clocked, seconds: number): Promise<void> {
  gate.ahead += seconds;
  await fetch(`${gate.worker.origin}/test/clock?seconds=${seconds}`);
}

/** Sends a new proof with this nonce, made at the gate's own time. */
async function ask(gate: Clocked, nonce: string | undefined, changes: JsonObject = {}): Promise<Response> {
  const token = tokenOf(key.thumbprint);
  const proof = { url: `${API}/data`, token, changes: { nonce, iat: now() + gate.ahead, ...changes } };
  return await fetch(`${gate.worker.origin}/data`, { headers: { ...key.headers(proof), origin: PAGE } });
}

/** The nonce of an answer that asks for one. */
async function told(response: Response): Promise<string> {
  assert.deepEqual([response.status, (await problemOf(response)).error], [401, "use_dpop_nonce"]);
  assert.match(
    response.headers.get("www-authenticate") ?? "",
    /^DPoP realm="conformance", error="use_dpop_nonce"/,
  );
  assert.match(response.headers.get("access-control-expose-headers") ?? "", /dpop-nonce/);
  assert.equal(response.headers.get("cache-control"), "no-store");
  return nonceOf(response) ?? "";
}

/** The nonce that a good answer has, if any. */
async function given(response: Response): Promise<string | null> {
  assert.equal(response.status, 200, await response.text());
  return nonceOf(response);
}

const nonceOf = (response: Response) => response.headers.get("dpop-nonce");

test("RFC 9449 9: a proof without the nonce is told which to use; with it the request passes, by a client of others' making", async () => {
  // Its clock is the machine's.
  const { worker } = await start();
  const pair = await DPoP.generateKeyPair("ES256");
  const token = tokenOf(await DPoP.calculateThumbprint(pair.publicKey));
  const send = async (nonce?: string) => {
    const dpop = await DPoP.generateProof(pair, `${API}/data`, "GET", nonce, token);
    return await fetch(`${worker.origin}/data`, {
      headers: { authorization: `DPoP ${token}`, dpop, origin: PAGE },
    });
  };
  const reached = origin.received.length;
  const nonce = await told(await send());
  assert.match(nonce, /^[\w-]{43}$/);
  assert.equal(origin.received.length, reached, "nothing reaches the origin");
  await given(await send(nonce));
  await given(await send(nonce));
  await worker.stop();
});

test("RFC 9449 8: a Worker takes the nonces of another that has the secret, and none of one that has another", async () => {
  const nonce = await told(await ask(one, undefined));
  assert.equal(await given(await ask(two, nonce)), null);
  const stranger = await startAtStep("another secret of 32 bytes, or more");
  try {
    const other = await told(await ask(stranger, nonce));
    assert.notEqual(other, nonce);
    assert.equal(await told(await ask(one, other)), nonce);
  } finally {
    await stranger.worker.stop();
  }
});

test("RFC 9449 8.2, 9: the nonce before the present one passes and the answer has the next, which no cache keeps; older ones are refused", async () => {
  const first = await told(await ask(one, undefined));
  await setForward(one, LIFETIME);
  const answer = await ask(one, first);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.match(answer.headers.get("access-control-expose-headers") ?? "", /dpop-nonce/);
  const second = await given(answer);
  assert.ok(second !== null && second !== first);
  assert.equal(await given(await ask(one, second)), null);
  await setForward(one, LIFETIME);
  const third = await told(await ask(one, first));
  assert.ok(![first, second].includes(third));
  // The other Worker's clock has stood still: what is to come there is not taken yet.
  assert.equal(await told(await ask(two, third)), first);
  await setForward(two, 2 * LIFETIME);
  assert.equal(await given(await ask(two, second)), third);
});

test("attack 41: a proof that is bad otherwise is told so and gets no nonce, and one with a good nonce is good once", async () => {
  const nonce = await told(await ask(one, undefined));
  for (const sent of [undefined, nonce]) {
    const response = await ask(one, sent, { htm: "POST" });
    assert.deepEqual([(await problemOf(response)).error, nonceOf(response)], ["invalid_dpop_proof", null]);
  }
  assert.equal(await given(await ask(one, nonce, { jti: "once" })), null);
  const again = await ask(one, nonce, { jti: "once" });
  assert.deepEqual([again.status, (await problemOf(again)).code], [401, "proof_replayed"]);
});

test("a secret that is too short lets nothing through, and is told by its place", async () => {
  const variables = {
    EDGEWARD_POLICY: JSON.stringify(policy()),
    EDGEWARD_LOG: "none",
    NONCE_SECRET: "short",
  };
  const config = "wrangler.toml";
  const worker = await startWorker({ port: await reservePort("worker", 0), config, variables });
  try {
    assert.equal((await fetch(`${worker.origin}/health`)).status, 500);
    await worker.untilOutput(/policy_invalid.*dpop\.nonce_secret_binding/);
  } finally {
    await worker.stop();
  }
});
