/** The verifier in Node: what it says of tokens, what it remembers, and where it gets keys from. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { type Stack, startStack } from "../../examples/demo/stack.ts";
import { machineToken } from "../../examples/demo/walkthrough/oauth-client.ts";
import { createVerifier, EdgewardError } from "../../js/node.ts";
import { verifiersOf } from "../../js/verifier.ts";
import { instance, VerifierCore } from "../../js/wasm/verifier-node.ts";
import { type FaultyIssuer, KEY_SET, METADATA, sendText, startIssuer } from "../conformance/issuer.ts";

let issuer: FaultyIssuer;
before(async () => {
  issuer = await startIssuer();
});
beforeEach(() => issuer.reset());
after(() => issuer?.close());

const policy = (more: object = {}) => ({
  issuers: [{ issuer: issuer.issuer, audience: API_AUDIENCE }],
  allow_insecure_loopback: true,
  ...more,
});

/** A clock to set. */
function clock() {
  let offset = 0;
  return {
    now: () => Date.now() + offset * 1000,
    forward: (seconds: number) => {
      offset += seconds;
    },
  };
}

test("a token of a real authorization server holds, by keys found through its metadata", async () => {
  const stack: Stack = await startStack();
  try {
    const { authorizationServer } = stack.urls;
    const verifier = createVerifier({
      issuers: [{ issuer: authorizationServer, audience: API_AUDIENCE }],
      allow_insecure_loopback: true,
    });
    const text = await machineToken(authorizationServer, stack.clients.gauge, "data:read");
    const token = await verifier.verify(text);
    assert.equal(token.claims.iss, authorizationServer);
    assert.deepEqual(token.scope, ["data:read"]);
    assert.equal(token.expires_at, token.claims.exp);
    assert.equal(verifier.verifySync(text), token, "it is remembered");
  } finally {
    await stack.stop();
  }
});

test("keys are fetched once, and a new key is found by its unknown `kid`", async () => {
  const verifier = createVerifier(policy());
  await verifier.verify(issuer.token());
  await verifier.verify(issuer.token({ sub: "another" }));
  assert.deepEqual(Object.fromEntries(issuer.fetches), { [METADATA]: 1, [KEY_SET]: 1 });
  issuer.rotate({ publish: true });
  await verifier.verify(issuer.token());
  assert.equal(issuer.fetches.get(KEY_SET), 2);
});

test("many tokens at once, each with its own answer", async () => {
  const verifier = createVerifier(policy(), { engine: "webcrypto" });
  const subjects = Array.from({ length: 40 }, (_, i) => `user-${i}`);
  const tokens = await Promise.all(subjects.map((sub) => verifier.verify(issuer.token({ sub }))));
  assert.deepEqual(
    tokens.map(({ claims }) => claims.sub),
    subjects,
  );
});

/** Attack: a handler that changes the claims it was given would otherwise change them for every later request. */
test("what is given out is frozen through and through, and the same object for the same token", async () => {
  const verifier = createVerifier(policy());
  const text = issuer.token({ realm_access: { roles: ["reader"] } });
  const token = await verifier.verify(text);
  const roles = (token.claims.realm_access as { roles: string[] }).roles;
  assert.throws(() => roles.push("admin"), TypeError);
  assert.throws(() => Object.assign(token.claims, { sub: "root" }), TypeError);
  assert.throws(() => (token.scope as string[]).push("admin"), TypeError);
  assert.equal(await verifier.verify(text), token);
  const forgetful = createVerifier(policy({ token_cache: false }));
  assert.notEqual(await forgetful.verify(text), await forgetful.verify(text));
});

test("more tokens than are remembered: each still has its own claims", async () => {
  const verifier = createVerifier(policy({ token_cache: { max_entries: 3 } }));
  const texts = Array.from({ length: 8 }, (_, i) => issuer.token({ sub: `user-${i}` }));
  for (let round = 0; round < 3; round += 1) {
    for (const [i, text] of texts.entries())
      assert.equal((await verifier.verify(text)).claims.sub, `user-${i}`);
  }
});

test("attack 25: a remembered token ends with its time, and with its key", async () => {
  const time = clock();
  const verifier = createVerifier(policy(), { now: time.now });
  const text = issuer.token();
  await verifier.verify(text);
  time.forward(3_700);
  await assert.rejects(verifier.verify(text), { code: "token_expired" });
  assert.throws(() => verifier.verifySync(text), { code: "token_expired" });
  const other = issuer.token({ exp: Math.floor(time.now() / 1000) + 600 });
  await verifier.verify(other);
  verifier.provideKeySet(issuer.issuer, { keys: [{ kty: "EC", crv: "P-256", ...anotherPoint }] });
  assert.throws(() => verifier.verifySync(other), { code: "key_unknown" });
  await until(() => issuer.fetches.get(KEY_SET) === 3);
});

/** RFC 7517 appendix A.1. */
const anotherPoint = {
  x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
  y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
};

test("`verifySync` without keys says so, has them fetched once, and then has them", async () => {
  const verifier = createVerifier(policy());
  const text = issuer.token();
  for (let call = 0; call < 5; call += 1) {
    assert.throws(() => verifier.verifySync(text), { code: "key_set_unavailable" });
  }
  await until(() => tryIt(() => verifier.verifySync(text)));
  assert.equal(verifier.verifySync(text).claims.iss, issuer.issuer);
  assert.deepEqual(Object.fromEntries(issuer.fetches), { [METADATA]: 1, [KEY_SET]: 1 });
});

/** As in workerd. Were the core told of a fetch that nobody makes, it would leave the endpoint alone for a while. */
test("where nothing can be fetched meanwhile, an unknown `kid` at once delays no real rotation", async () => {
  const runtime = { VerifierCore, instance, hostAlgorithms: [], outlivesCall: false };
  const verifier = verifiersOf(runtime)(policy());
  await verifier.verify(issuer.token());
  issuer.rotate({ publish: true });
  const rotated = issuer.token();
  assert.throws(() => verifier.verifySync(rotated), { code: "key_unknown" });
  assert.equal((await verifier.verify(rotated)).claims.iss, issuer.issuer);
});

test("`verifySync` goes on with keys that are due, and never with those too old", async () => {
  const time = clock();
  const verifier = createVerifier(policy(), { now: time.now });
  const far = { exp: Math.floor(Date.now() / 1000) + 30 * 86_400 };
  const text = issuer.token(far);
  await verifier.verify(text);
  issuer.answer(KEY_SET, sendText(500, "down"));
  time.forward(3_600);
  assert.equal(verifier.verifySync(text).claims.iss, issuer.issuer);
  time.forward(7 * 86_400);
  assert.throws(() => verifier.verifySync(text), { code: "key_set_unavailable" });
});

test("errors name what to do and never hold the token", async () => {
  const verifier = createVerifier(policy());
  const good = issuer.token();
  const rows: [string, string][] = [
    ["", "token_malformed"],
    ["a.b", "token_malformed"],
    [`${good}é`, "token_malformed"],
    ["a".repeat(100_000), "token_too_large"],
    [issuer.token({ aud: "https://other.example" }), "audience_mismatch"],
    [issuer.token({ iss: "https://other.example" }), "issuer_unknown"],
    [issuer.token({ exp: 1 }), "token_expired"],
  ];
  for (const [text, code] of rows) {
    const error = await verifier.verify(text).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof EdgewardError, code);
    assert.equal(error.code, code);
    assert.ok(text.length < 5 || !error.message.includes(text.slice(-20)), code);
  }
  const problem = "must hold from 1 to 100 issuers";
  assert.throws(() => createVerifier({ issuers: [] }), {
    code: "policy_invalid",
    message: `the policy is not valid: issuers: ${problem}`,
    problems: [{ path: "issuers", problem }],
  });
  assert.throws(() => verifier.verifySync("a.b"), { code: "token_malformed", problems: [] });
  assert.throws(() => createVerifier("{"), { code: "policy_invalid" });
  const engine = "openssl" as "wasm";
  assert.throws(() => createVerifier(policy(), { engine }), { code: "policy_invalid" });
  assert.throws(() => verifier.provideKeySet("https://other.example", { keys: [] }), {
    code: "issuer_unknown",
  });
  assert.throws(() => verifier.provideKeySet(issuer.issuer, "[]"), { code: "key_set_malformed" });
});

function tryIt(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}

/** Waits for what other parts of this process are doing. */
async function until(holds: () => boolean): Promise<void> {
  const limit = Date.now() + 10_000;
  while (!holds()) {
    assert.ok(Date.now() < limit, "it took too long");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
