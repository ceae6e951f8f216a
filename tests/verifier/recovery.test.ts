/**
 * A trap inside WebAssembly: what it happened in fails closed, with a typed error, and everything that shared the instance is made anew for the next call,
 * with keys that are fetched again. Each trap here is a real one.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { createGate, createGuard, type GateDecision } from "../../js/gate-node.ts";
import { createVerifier } from "../../js/node.ts";
import { type PkceCore, pkceOf, randomTextOf } from "../../js/pkce.ts";
import { createPkce } from "../../js/pkce-node.ts";
import { createVerifier as createSlimVerifier } from "../../js/slim-node.ts";
import { instance as gateInstance } from "../../js/wasm/gate-node.ts";
import { initSync as gateScript } from "../../js/wasm/generated/gate.js";
import { initSync as slimScript } from "../../js/wasm/generated/slim.js";
import { initSync as verifierScript } from "../../js/wasm/generated/verifier.js";
import { load } from "../../js/wasm/pkce-node.ts";
import { instance as slimInstance } from "../../js/wasm/slim-node.ts";
import { instance as verifierInstance } from "../../js/wasm/verifier-node.ts";
import { type FaultyIssuer, KEY_SET, METADATA, startIssuer } from "../conformance/issuer.ts";
import { makeSigner, spoilt } from "./tokens.ts";
import { exhaust, nothing } from "./trap.ts";

let issuer: FaultyIssuer;
before(async () => {
  issuer = await startIssuer();
});
beforeEach(() => issuer.reset());
after(() => issuer?.close());

const issuers = () => [{ issuer: issuer.issuer, audience: API_AUDIENCE }];
const policy = () => ({ issuers: issuers(), allow_insecure_loopback: true });
const guardPolicy = () => ({ ...policy(), routes: [{ path: "/data", scope: "data:read" }] });
const ask = (token: string) =>
  new Request("https://api.example/data", { headers: { authorization: `Bearer ${token}` } });

const failed = { name: "EdgewardError", code: "internal_error" };
const trapVerifier = () => exhaust(verifierScript(nothing));
const trapGate = () => exhaust(gateScript(nothing));

test("verifier: what it traps in is refused, and the next token is judged rightly by keys fetched again", async () => {
  const verifier = createVerifier(policy());
  const [good, bad] = [issuer.token(), spoilt(issuer.token())];
  await verifier.verify(good);
  const { generation } = verifierInstance;
  trapVerifier();
  // Another one, because the first is remembered and needs no memory.
  const failure = await verifier.verify(issuer.token()).catch((thrown: unknown) => thrown);
  assert.ok(failure instanceof Error);
  assert.deepEqual({ name: failure.name, code: Reflect.get(failure, "code") }, failed);
  assert.equal(verifierInstance.generation, generation + 1);
  assert.throws(() => verifier.verifySync(good), { code: "key_set_unavailable" });
  assert.equal((await verifier.verify(good)).claims.iss, issuer.issuer);
  await assert.rejects(verifier.verify(bad), { code: "signature_invalid" });
  assert.deepEqual(Object.fromEntries(issuer.fetches), { [METADATA]: 2, [KEY_SET]: 2 });
});

test("verifier: `verifySync` and `provideKeySet` fail and recover alike", async () => {
  const signer = await makeSigner();
  const [first, token] = [await signer.token("ES256"), await signer.token("ES256", { sub: "later" })];
  const verifier = createVerifier({
    issuers: [{ issuer: "https://issuer.example", audience: API_AUDIENCE }],
  });
  verifier.provideKeySet("https://issuer.example", signer.keySet);
  verifier.verifySync(first);
  trapVerifier();
  assert.throws(() => verifier.verifySync(token), failed);
  // It was given its keys, and has them again.
  assert.equal(verifier.verifySync(token).claims.sub, "later");
  assert.throws(() => verifier.verifySync(spoilt(token)), { code: "signature_invalid" });
  trapVerifier();
  assert.throws(() => verifier.provideKeySet("https://issuer.example", { keys: [] }), failed);
  assert.equal(verifier.verifySync(token).claims.sub, "later", "what failed was not taken");
});

test("verifier: keys that were given come not again where others were fetched meanwhile", async () => {
  const [former, later] = [await makeSigner(), await makeSigner()];
  let now = Date.now();
  const far = { exp: Math.floor(now / 1000) + 86_400 };
  const options = { issuer: "https://issuer.example", audience: API_AUDIENCE };
  const verifier = createVerifier(
    { issuers: [{ ...options, jwks_uri: "https://issuer.example/jwks" }] },
    { fetch: async () => new Response(JSON.stringify(later.keySet)), now: () => now },
  );
  verifier.provideKeySet("https://issuer.example", former.keySet);
  const old = await former.token("ES256", far);
  verifier.verifySync(old);
  now += 3_600_000;
  await verifier.verify(await later.token("ES256", far));
  assert.throws(() => verifier.verifySync(old), { code: "signature_invalid" }, "the key was taken back");
  const another = await later.token("RS256", far);
  trapVerifier();
  await assert.rejects(verifier.verify(another), failed);
  assert.throws(() => verifier.verifySync(old), { code: "key_set_unavailable" });
  await assert.rejects(verifier.verify(old), { code: "signature_invalid" });
});

test("verifier: another one of the same instance is made anew as well, and who was waiting fails closed", async () => {
  const signer = await makeSigner();
  const set = JSON.stringify(signer.keySet);
  const waiting: ((answer: Response) => void)[] = [];
  const fetch = () => new Promise<Response>((resolve) => void waiting.push(resolve));
  const options = { issuer: "https://issuer.example", audience: API_AUDIENCE };
  const slow = createVerifier(
    { issuers: [{ ...options, jwks_uri: "https://issuer.example/jwks" }] },
    { fetch },
  );
  const other = createVerifier({ issuers: [options] });
  other.provideKeySet("https://issuer.example", set);
  const token = await signer.token("ES256");
  const left = slow.verify(token);
  const { generation } = verifierInstance;
  trapVerifier();
  assert.throws(() => other.verifySync(token), failed);
  waiting.shift()?.(new Response(set));
  await assert.rejects(left, failed, "the core it was waiting for is gone");
  assert.equal(verifierInstance.generation, generation + 1, "which is no failure of the fresh one");
  const again = slow.verify(token);
  waiting.shift()?.(new Response(set));
  assert.equal((await again).claims.iss, "https://issuer.example");
  assert.equal(other.verifySync(token).claims.iss, "https://issuer.example");
  assert.throws(() => other.verifySync(spoilt(token)), { code: "signature_invalid" });
});

test("verifier: where there is no room for a fresh instance nothing is judged, until there is", async () => {
  const verifier = createVerifier(policy());
  const token = issuer.token();
  await verifier.verify(token);
  const { Instance } = WebAssembly;
  trapVerifier();
  WebAssembly.Instance = class {
    constructor() {
      throw new RangeError("no room");
    }
  } as unknown as typeof Instance;
  try {
    for (let call = 0; call < 3; call += 1) await assert.rejects(verifier.verify(issuer.token()), failed);
    assert.throws(() => verifier.verifySync(token), failed, "a token that was known");
    assert.throws(() => createVerifier(policy()), failed);
  } finally {
    WebAssembly.Instance = Instance;
  }
  assert.equal((await verifier.verify(token)).claims.iss, issuer.issuer);
});

test("slim verifier: it fails closed, and the next token is judged by the key set it was given", async () => {
  const signer = await makeSigner();
  const token = await signer.token("ES256");
  const verifier = createSlimVerifier(
    { issuer: "https://issuer.example", audience: API_AUDIENCE },
    signer.keySet,
  );
  const { generation } = slimInstance;
  exhaust(slimScript(nothing));
  assert.throws(() => verifier.verifySync(token), failed);
  assert.equal(slimInstance.generation, generation + 1);
  assert.equal(verifier.verifySync(token).claims.iss, "https://issuer.example");
  assert.throws(() => verifier.verifySync(spoilt(token)), { code: "signature_invalid" });
});

test("guard: the request it traps in is answered by 500, the next ones rightly, by every guard of the instance", async () => {
  const [guard, other] = [createGuard(guardPolicy()), createGuard(guardPolicy())];
  const outcome = async (which: typeof guard, token: string) => {
    const decision = await which.authorize(ask(token));
    return decision.outcome === "forward" ? "forward" : `${decision.response.status} ${decision.code}`;
  };
  const good = issuer.token();
  for (const which of [guard, other]) assert.equal(await outcome(which, good), "forward");
  const { generation } = gateInstance;
  trapGate();
  assert.equal(await outcome(guard, issuer.token()), "500 internal_error");
  assert.equal(gateInstance.generation, generation + 1);
  for (const which of [guard, other]) {
    assert.equal(await outcome(which, good), "forward");
    assert.equal(await outcome(which, spoilt(good)), "401 signature_invalid");
  }
  assert.equal(issuer.fetches.get(KEY_SET), 4, "each has fetched its keys twice");
});

test("gate: a trap while the origin is asked ends in 500 without the origin's answer, and the next request passes", async () => {
  const decisions: GateDecision[] = [];
  let trap = false;
  const gate = createGate(
    { ...guardPolicy(), upstream: { origin: "https://origin.example" } },
    {
      onDecision: (decision) => void decisions.push(decision),
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (!request.url.startsWith("https://origin.example")) return await fetch(request);
        if (trap) trapGate();
        // A header that the core is asked about for the first time.
        return new Response("secret", { headers: { connection: "x-one-more, close", "x-never-seen": "1" } });
      },
    },
  );
  const token = issuer.token();
  assert.equal((await gate.fetch(ask(token))).status, 200);
  trap = true;
  const broken = await gate.fetch(ask(token));
  trap = false;
  assert.equal(broken.status, 500);
  assert.ok(!(await broken.text()).includes("secret"));
  assert.equal((await gate.fetch(ask(token))).status, 200);
  assert.equal((await gate.fetch(ask(spoilt(token)))).status, 401);
});

test("gate: a trap on the way to the origin is none of the origin's: 500, and a fresh instance", async () => {
  let trap = false;
  const gate = createGate(
    { ...guardPolicy(), upstream: { origin: "https://origin.example" } },
    {
      // Told of between the decision and the origin. The answer that says "502" would have room.
      onDecision: () => {
        if (trap) exhaust(gateScript(nothing), 2 ** 15);
        trap = false;
      },
      fetch: async (input, init) => {
        const request = new Request(input, init);
        return request.url.startsWith("https://origin.example") ? new Response("data") : await fetch(request);
      },
    },
  );
  const token = issuer.token();
  const request = () => {
    const asked = ask(token);
    // The core is asked about each name in it.
    asked.headers.set("connection", `x-${"a".repeat(2 ** 16)}`);
    return asked;
  };
  assert.equal((await gate.fetch(request())).status, 200);
  const { generation } = gateInstance;
  trap = true;
  assert.equal((await gate.fetch(request())).status, 500);
  assert.equal(gateInstance.generation, generation + 1);
  assert.equal((await gate.fetch(request())).status, 200);
});

test("pkce: a function of the module that traps gives nothing, and the next call has a fresh instance", async () => {
  // The real module has no pointer that could be spoilt from outside, so one function of another module takes a function's place: () → i32, unreachable.
  const trapping = new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f],
    ...[
      0x03, 0x02, 0x01, 0x00, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00, 0x0a, 0x05, 0x01, 0x03, 0x00, 0x00,
      0x0b,
    ],
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(trapping));
  const makeRandomText = exports.f as () => never;
  assert.throws(makeRandomText, WebAssembly.RuntimeError);
  const core: PkceCore = load();
  const { generation, memory } = core.instance;
  await assert.rejects(pkceOf(() => ({ ...core, makeRandomText }))(), failed);
  assert.equal(core.instance.generation, generation + 1);
  assert.notEqual(core.instance.memory, memory, "the memory is another one");
  await assert.rejects(randomTextOf(() => ({ ...core, makeRandomText }))(), failed);
  const { code_verifier, code_challenge } = await createPkce();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code_verifier));
  assert.equal(code_challenge, Buffer.from(digest).toString("base64url"));
});
