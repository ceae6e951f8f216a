/**
 * The keeper of refresh tokens, asked by a page that a hostile script is in: what it is told to do with a handle, it does only where the token
 * came from (RFC 9700 section 4.14).
 */

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { KeptTokens } from "../../js/client/kept-tokens.ts";

const TOKEN_ENDPOINT = "https://as.example/token";
const REVOCATION_ENDPOINT = "https://as.example/revoke";
const bounds = {
  max_kept_tokens: 100,
  max_bytes: 10_000,
  timeout_milliseconds: 1_000,
  revocation_endpoint: REVOCATION_ENDPOINT,
};

/** What has left for a server: where to, and the form. */
let sent: Array<{ url: string; form: Record<string, string> }>;
let answer: string;
const platform = globalThis.fetch;

beforeEach(() => {
  sent = [];
  answer = '{"access_token":"at","token_type":"Bearer","refresh_token":"the real one"}';
  globalThis.fetch = async (input, init) => {
    sent.push({ url: String(input), form: Object.fromEntries(new URLSearchParams(String(init?.body))) });
    return new Response(answer);
  };
});
afterEach(() => {
  globalThis.fetch = platform;
});

/** A keeper that has got a token, and the handle that the page was given for it. */
async function keeping(): Promise<{ tokens: KeptTokens; handle: string }> {
  const tokens = new KeptTokens();
  const got = await tokens.post({
    ...bounds,
    url: TOKEN_ENDPOINT,
    body: "grant_type=authorization_code&code=c",
  });
  const { refresh_token } = JSON.parse(got?.text ?? "") as { refresh_token: string };
  sent.length = 0;
  return { tokens, handle: refresh_token };
}

const refresh = (handle: string) =>
  new URLSearchParams({ grant_type: "refresh_token", refresh_token: handle });

test("the page is given a handle in place of the token, another one each time", async () => {
  const [one, other] = [await keeping(), await keeping()];
  assert.match(one.handle, /^edgeward-handle\.[0-9a-f]{32}$/);
  assert.notEqual(one.handle, other.handle);
});

test("a handle is a token only at the endpoint that the token came from", async () => {
  const { tokens, handle } = await keeping();
  const got = await tokens.post({ ...bounds, url: TOKEN_ENDPOINT, body: refresh(handle).toString() });
  assert.deepEqual(sent, [
    { url: TOKEN_ENDPOINT, form: { grant_type: "refresh_token", refresh_token: "the real one" } },
  ]);
  assert.doesNotMatch(got?.text ?? "", /the real one/);
});

for (const url of [
  "https://evil.example/token",
  "https://as.example/token?",
  "https://as.example/token/",
  "https://as.example.evil.example/token",
]) {
  test(`nothing leaves for ${url}, whatever the page says that endpoint is`, async () => {
    const { tokens, handle } = await keeping();
    for (const member of ["refresh_token", "token"]) {
      const body = new URLSearchParams({ [member]: handle }).toString();
      const got = await tokens.post({ ...bounds, url, body, revocation_endpoint: url });
      assert.deepEqual([got?.status, got?.text], [400, '{"error":"invalid_grant"}']);
    }
    assert.deepEqual(sent, []);
  });
}

test("a rotated token keeps its handle, and the new one is what is sent (RFC 6749 section 6)", async () => {
  const { tokens, handle } = await keeping();
  answer = '{"access_token":"at2","token_type":"Bearer","refresh_token":"the next one"}';
  const got = await tokens.post({ ...bounds, url: TOKEN_ENDPOINT, body: refresh(handle).toString() });
  assert.equal((JSON.parse(got?.text ?? "") as { refresh_token: string }).refresh_token, handle);
  await tokens.post({ ...bounds, url: TOKEN_ENDPOINT, body: refresh(handle).toString() });
  assert.equal(sent.at(-1)?.form.refresh_token, "the next one");
});

test("a token that was revoked is forgotten (RFC 7009)", async () => {
  const { tokens, handle } = await keeping();
  answer = "";
  await tokens.post({
    ...bounds,
    url: REVOCATION_ENDPOINT,
    body: `token=${handle}&token_type_hint=refresh_token`,
  });
  assert.equal(sent[0]?.form.token, "the real one");
  sent.length = 0;
  const got = await tokens.post({ ...bounds, url: TOKEN_ENDPOINT, body: refresh(handle).toString() });
  assert.equal(got?.status, 400);
  assert.deepEqual(sent, []);
});

test("a handle that nobody was given is a token that is taken no more", async () => {
  const { tokens } = await keeping();
  const guessed = `edgeward-handle.${"0".repeat(32)}`;
  const got = await tokens.post({ ...bounds, url: TOKEN_ENDPOINT, body: refresh(guessed).toString() });
  assert.equal(got?.text, '{"error":"invalid_grant"}');
  assert.deepEqual(sent, []);
});

test("the keeper keeps no more than a hundred tokens, the newest", async () => {
  const { tokens, handle } = await keeping();
  for (let more = 0; more < 100; more += 1) {
    await tokens.post({ ...bounds, url: TOKEN_ENDPOINT, body: "grant_type=authorization_code&code=c" });
  }
  const got = await tokens.post({ ...bounds, url: TOKEN_ENDPOINT, body: refresh(handle).toString() });
  assert.equal(got?.status, 400);
});
