/** `edgeward/pkce` as it is built, in Node; the core's own tests hold its arithmetic against RFC 7636's example. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mock, test } from "node:test";
import { createNonce, createPkce, createState, EdgewardError } from "../../js/pkce-node.ts";

/** 43 of the unreserved characters, as RFC 7636 section 4.1 recommends. */
const form = /^[A-Za-z0-9_-]{43}$/;

test("RFC 7636 4.1, 4.2: a verifier of 43 characters, and the S256 challenge that Node computes of it", async () => {
  for (let i = 0; i < 100; i += 1) {
    const { code_verifier, code_challenge, ...rest } = await createPkce();
    assert.match(code_verifier, form);
    assert.equal(code_challenge, createHash("sha256").update(code_verifier).digest("base64url"));
    assert.deepEqual(rest, { code_challenge_method: "S256" });
  }
});

type Generator = typeof crypto.getRandomValues;

test("RFC 7636 7.1: every text has its own 32 bytes of the platform's generator", async () => {
  const bytes: Buffer[] = [];
  const generator: Generator = crypto.getRandomValues.bind(crypto);
  const watched: Generator = (array) => {
    const { buffer, byteOffset, byteLength } = generator(array);
    bytes.push(Buffer.from(buffer.slice(byteOffset, byteOffset + byteLength)));
    return array;
  };
  const spy = mock.method(crypto, "getRandomValues", watched);
  const texts = [await createState(), await createNonce(), (await createPkce()).code_verifier];
  spy.mock.restore();
  assert.deepEqual(
    texts,
    bytes.map((filled) => filled.toString("base64url")),
  );
  assert.deepEqual(
    bytes.map(({ length }) => length),
    [32, 32, 32],
  );
  assert.equal(new Set(texts).size, 3);
});

test("many at once do not get into each other", async () => {
  const pairs = await Promise.all(Array.from({ length: 200 }, () => createPkce()));
  assert.equal(new Set(pairs.map(({ code_verifier }) => code_verifier)).size, 200);
  for (const { code_verifier, code_challenge } of pairs) {
    assert.equal(code_challenge, createHash("sha256").update(code_verifier).digest("base64url"));
  }
});

test("RFC 7636 7.1: a generator that fills in nothing, or fails, makes no text", async () => {
  const isRefused = (error: unknown) =>
    error instanceof EdgewardError &&
    error.code === "randomness_invalid" &&
    /no random values/.test(error.message);
  // What was made before is known to others, and must not be taken for randomness.
  for (const broken of [
    (array: Uint8Array) => array.fill(0),
    (array: Uint8Array) => array.fill(7),
    (array: Uint8Array) => array,
    () => {
      throw new Error("none here");
    },
  ]) {
    await createPkce();
    const fault = mock.method(crypto, "getRandomValues", broken);
    for (const create of [createPkce, createState, createNonce]) await assert.rejects(create(), isRefused);
    fault.mock.restore();
  }
  assert.match(await createState(), form);
});
