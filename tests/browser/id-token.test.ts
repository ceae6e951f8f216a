/**
 * What the token endpoint answers is believed only if the ID token in it was made for this very sign-in (OIDC Core
 * section 3.1.3.7). Each answer here is the real one with one thing changed on its way to the browser.
 */

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import type { Page, Request } from "playwright-core";
import { decodeClaims, type JsonObject, signToken, unsignedToken } from "../../examples/demo/tokens.ts";
import { heldBackCallback } from "./callback-url.ts";
import { type Demo, openDemo } from "./demo.ts";
import { button, call, failureCode } from "./person.ts";

let demo: Demo;
before(async () => {
  demo = await openDemo();
});
after(() => demo?.close());

/** The token endpoint's answer, as far as these tests change it. */
type TokenAnswer = Record<string, unknown> & { id_token?: string };

/** Signs with the server's own key: nothing but the claims is wrong then. */
const resigned = ({ id_token = "" }: TokenAnswer, changes: JsonObject): TokenAnswer => ({
  id_token: signToken({ ...decodeClaims(id_token), ...changes }, demo.stack.signingKeys.RS256, {
    typ: "JWT",
  }),
});

const now = () => Math.floor(Date.now() / 1000);

interface Tampering {
  readonly name: string;
  readonly code: string;
  readonly change: (answer: TokenAnswer) => TokenAnswer;
}

const TAMPERINGS: readonly Tampering[] = [
  {
    // Attack class "nonce not bound": the ID token of another sign-in of the same person.
    name: "an ID token with another nonce",
    code: "nonce_mismatch",
    change: (answer) => resigned(answer, { nonce: "of-another-sign-in" }),
  },
  {
    name: "an ID token without a nonce",
    code: "nonce_mismatch",
    change: (answer) => resigned(answer, { nonce: undefined }),
  },
  {
    name: "an ID token for another client",
    code: "audience_mismatch",
    change: (answer) => resigned(answer, { aud: "tidewater-notebook" }),
  },
  {
    name: "an ID token that another client asked for",
    code: "authorized_party_mismatch",
    change: (answer) => resigned(answer, { azp: "tidewater-notebook" }),
  },
  {
    name: "an ID token of another issuer",
    code: "issuer_unknown",
    change: (answer) => resigned(answer, { iss: "https://accounts.other.example" }),
  },
  {
    name: "an ID token that has expired",
    code: "token_expired",
    change: (answer) => resigned(answer, { iat: now() - 7200, exp: now() - 3600 }),
  },
  {
    name: "an ID token signed with a key of somebody's own",
    code: "signature_invalid",
    change: ({ id_token = "" }) => {
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const key = { ...demo.stack.signingKeys.RS256, privateKey };
      return { id_token: signToken(decodeClaims(id_token), key, { typ: "JWT" }) };
    },
  },
  {
    // Attack class "alg none".
    name: "an ID token without a signature",
    code: "algorithm_not_allowed",
    change: ({ id_token = "" }) => ({ id_token: unsignedToken(decodeClaims(id_token)) }),
  },
  {
    // Attack class "cross-JWT confusion": both are signed by the same key.
    name: "the access token in the ID token's place",
    code: "type_mismatch",
    change: ({ access_token }) => ({ id_token: String(access_token) }),
  },
  {
    name: "no ID token",
    code: "token_response_invalid",
    change: () => ({ id_token: undefined }),
  },
  {
    // RFC 6749 section 7.1: a client must not use a token of a type that it does not know.
    name: "an access token of another type than Bearer",
    code: "token_response_invalid",
    change: () => ({ token_type: "mac" }),
  },
];

for (const { name, code, change } of TAMPERINGS) {
  test(`an answer with ${name} signs nobody in (${code})`, async () => {
    const { page, context } = await demo.visitor();
    const callback = await heldBackCallback(demo, page);
    await tamper(page, change);
    await page.goto(callback.href);
    assert.equal(await failureCode(page), code);
    await page.getByText("Nobody yet").waitFor();
    // The access token in the same answer was good: it has to be thrown away with the rest.
    assert.match(await call(page, "GET /data"), /^401 Unauthorized/);
    await context.close();
  });
}

test("an answer signed anew with nothing changed signs in: the refusals above are for what was changed", async () => {
  const { page, context } = await demo.visitor();
  const callback = await heldBackCallback(demo, page);
  await tamper(page, (answer) => resigned(answer, {}));
  await page.goto(callback.href);
  await button(page, "Sign out").waitFor();
  assert.match(await call(page, "GET /data"), /^200 OK/);
  await context.close();
});

test("a page without WebCrypto, as one that is no secure context, has signatures checked by the core", async () => {
  const forged = TAMPERINGS.find(({ code }) => code === "signature_invalid");
  assert.ok(forged);
  for (const { change, code } of [forged, { change: (answer: TokenAnswer) => answer, code: undefined }]) {
    const visitor = await demo.visitor();
    const { page, context, requests } = visitor;
    await context.addInitScript(() => {
      Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined });
    });
    const callback = await heldBackCallback(demo, page);
    await tamper(page, change);
    const earlier = requests.length;
    await page.goto(callback.href);
    if (code === undefined) await button(page, "Sign out").waitFor();
    else assert.equal(await failureCode(page), code);
    assert.deepEqual(modulesOf(requests.slice(earlier)), []);
    await context.close();
  }
});

test("a page with WebCrypto loads no arithmetic of ours", async () => {
  const { page, context, requests } = await demo.visitor();
  const callback = await heldBackCallback(demo, page);
  await page.goto(callback.href);
  await button(page, "Sign out").waitFor();
  assert.deepEqual([...new Set(modulesOf(requests))], ["client_bg.wasm"]);
  await context.close();
});

test("a stored transaction with another nonce does not take the answer either", async () => {
  const { page, context } = await demo.visitor();
  const callback = await heldBackCallback(demo, page);
  await page.evaluate(() => {
    for (const [key, text] of Object.entries(sessionStorage)) {
      sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(text), nonce: "of-another-sign-in" }));
    }
  });
  await page.goto(callback.href);
  assert.equal(await failureCode(page), "nonce_mismatch");
  await context.close();
});

test("a token endpoint that can't be reached is said to be that, and nothing of it is shown as a refusal", async () => {
  const { page, context } = await demo.visitor();
  const callback = await heldBackCallback(demo, page);
  await page.route(`${demo.stack.urls.authorizationServer}/token`, (route) => route.abort());
  await page.goto(callback.href);
  assert.equal(await failureCode(page), "authorization_server_unavailable");
  await context.close();
});

const modulesOf = (requests: Request[]): (string | undefined)[] =>
  requests.map((request) => request.url().split("/").at(-1)).filter((name) => name?.endsWith(".wasm"));

/** Changes members of the token endpoint's answer; undefined takes one out. */
async function tamper(page: Page, change: (answer: TokenAnswer) => TokenAnswer): Promise<void> {
  await page.route(`${demo.stack.urls.authorizationServer}/token`, async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as TokenAnswer;
    await route.fulfill({ response, json: { ...answer, ...change(answer) } });
  });
}
