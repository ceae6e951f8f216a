/**
 * A response at the redirect URI that is not the answer to this tab's own question is refused by its own stable code,
 * and the code in it is never redeemed.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { authorizationRequest } from "../../examples/demo/walkthrough/oauth-client.ts";
import { throughThePages } from "../../examples/demo/walkthrough/sign-in.ts";
import { heldBackCallback, rememberedStates } from "./callback-url.ts";
import { type Demo, openDemo, tokenRequests } from "./demo.ts";
import { button, call, failureCode } from "./person.ts";

let demo: Demo;
before(async () => {
  demo = await openDemo();
});
after(() => demo?.close());

interface Forgery {
  readonly name: string;
  readonly code: string;
  /** What is done to the genuine callback before the browser opens it. */
  readonly change: (callback: URL) => void;
}

const FORGERIES: readonly Forgery[] = [
  {
    // RFC 6749 section 10.12, attack class "login CSRF": no sign-in of this tab has that state.
    name: "a state that this tab never sent",
    code: "transaction_unknown",
    change: ({ searchParams }) => searchParams.set("state", "guessed-by-somebody-else"),
  },
  {
    name: "no state at all",
    code: "state_mismatch",
    change: ({ searchParams }) => searchParams.delete("state"),
  },
  {
    // RFC 6749 section 3.1: parameters must not be there twice.
    name: "the genuine state beside another one",
    code: "callback_malformed",
    change: ({ searchParams }) => searchParams.append("state", "guessed-by-somebody-else"),
  },
  {
    name: "a second code beside the genuine one",
    code: "callback_malformed",
    change: ({ searchParams }) => searchParams.append("code", "another"),
  },
  {
    // RFC 9207 section 2.4, attack class "mix-up".
    name: "the iss of another authorization server",
    code: "callback_issuer_mismatch",
    change: ({ searchParams }) => searchParams.set("iss", "https://accounts.other.example"),
  },
  {
    name: "an iss that only ends in a slash more",
    code: "callback_issuer_mismatch",
    change: ({ searchParams }) => searchParams.set("iss", `${searchParams.get("iss")}/`),
  },
  {
    // RFC 9207 section 2.4: this server says in its metadata that it always names itself.
    name: "no iss, from a server that promises one",
    code: "callback_issuer_mismatch",
    change: ({ searchParams }) => searchParams.delete("iss"),
  },
  {
    // RFC 9700 section 2.1.2: the implicit grant is not used, whatever else the response brings.
    name: "an access token in the fragment",
    code: "implicit_response_refused",
    change: (callback) => {
      callback.hash = "access_token=slipped-in&token_type=Bearer";
    },
  },
  {
    name: "an access token in the query",
    code: "implicit_response_refused",
    change: ({ searchParams }) => searchParams.set("access_token", "slipped-in"),
  },
  {
    name: "an ID token in the fragment",
    code: "implicit_response_refused",
    change: (callback) => {
      callback.hash = "id_token=slipped-in";
    },
  },
  {
    name: "code and error at once",
    code: "callback_malformed",
    change: ({ searchParams }) => searchParams.set("error", "access_denied"),
  },
  {
    name: "neither code nor error",
    code: "callback_malformed",
    change: ({ searchParams }) => searchParams.delete("code"),
  },
];

for (const { name, code, change } of FORGERIES) {
  test(`a callback with ${name} is refused (${code}), and no token is asked for`, async () => {
    const visitor = await demo.visitor();
    const { page, context } = visitor;
    const callback = await heldBackCallback(demo, page);
    change(callback);
    await page.goto(callback.href);
    assert.equal(await failureCode(page), code);
    assert.equal(page.url(), `${demo.stack.urls.page}/`);
    assert.equal(tokenRequests(demo, visitor), 0);
    assert.match(await call(page, "GET /data"), /^401 Unauthorized/);
    await context.close();
  });
}

test("the same callback, left as it is, signs in with one token request", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const callback = await heldBackCallback(demo, page);
  await page.goto(callback.href);
  await button(page, "Sign out").waitFor();
  assert.equal(tokenRequests(demo, visitor), 1);
  assert.deepEqual(await rememberedStates(page), []);
  await context.close();
});

// RFC 9700 section 4.7: an attacker signs in as themselves and slips the victim their callback.
for (const busy of [false, true]) {
  const victim = busy ? "somebody who is signing in themselves" : "somebody who is not signing in";
  test(`another person's genuine callback does not sign in ${victim}`, async () => {
    const { urls, clients } = demo.stack;
    const { url } = authorizationRequest(urls.authorizationServer, clients.page, "openid data:read", {});
    const attackers = await throughThePages(demo.stack, url, "grace");

    const visitor = await demo.visitor();
    const { page, context } = visitor;
    if (busy) await heldBackCallback(demo, page);
    await page.goto(attackers.href);
    assert.equal(await failureCode(page), "transaction_unknown");
    assert.equal(tokenRequests(demo, visitor), 0);
    await context.close();
  });
}

test("another person's callback under this tab's own state is refused by the server: the verifier is not its own", async () => {
  const { urls, clients } = demo.stack;
  const { url } = authorizationRequest(urls.authorizationServer, clients.page, "openid data:read", {});
  const attackers = await throughThePages(demo.stack, url, "grace");

  const { page, context } = await demo.visitor();
  const callback = await heldBackCallback(demo, page);
  // RFC 7636 section 4.6: "code injection" gets past state, and ends at PKCE.
  callback.searchParams.set("code", attackers.searchParams.get("code") ?? "");
  await page.goto(callback.href);
  assert.equal(await failureCode(page), "token_request_refused");
  assert.match(await call(page, "GET /data"), /^401 Unauthorized/);
  await context.close();
});

// RFC 6749 section 10.12: finding a transaction under a state is not yet the comparison with the one that was sent.
test("a transaction that is filed under a state it did not send is refused (state_mismatch)", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const callback = await heldBackCallback(demo, page);
  await page.evaluate(() => {
    for (const [key, transaction] of Object.entries(sessionStorage)) {
      sessionStorage.setItem(key.replace(/[^.]+$/, "of-somebody-else"), transaction);
    }
  });
  callback.searchParams.set("state", "of-somebody-else");
  await page.goto(callback.href);
  assert.equal(await failureCode(page), "state_mismatch");
  assert.equal(tokenRequests(demo, visitor), 0);
  await context.close();
});

// RFC 6749 section 4.1.2.1: an error is believed only where a code would be.
test("an error that nobody asked for is not shown as the server's answer", async () => {
  const visitor = await demo.visitor();
  const { page, context } = visitor;
  const issuer = encodeURIComponent(demo.stack.urls.authorizationServer);
  const claim = "error_description=Call+this+number";
  await page.goto(
    `${demo.stack.clients.page.redirect_uri}?error=server_error&${claim}&state=made-up&iss=${issuer}`,
  );
  assert.equal(await failureCode(page), "transaction_unknown");
  assert.doesNotMatch(await page.locator("#notice").innerText(), /Call this number/);
  assert.equal(tokenRequests(demo, visitor), 0);
  await context.close();
});
