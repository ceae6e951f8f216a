/** Tokens bound to a key of the browser (RFC 9449), in real browsers, at a real server and a real guard that both ask for nonces. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inPage, newTab } from "../webdriver/page.ts";
import { inEveryBrowser } from "./stage.ts";
import { afresh, call, hasHarness, signIn, start, tokenRequests, user } from "./visit.ts";

inEveryBrowser("bound tokens", {}, (scene) => {
  test("asked for, tokens are bound, and the API takes them with a proof that carries its nonce", async () => {
    await afresh(scene());
    const { stage } = scene();
    await signIn(scene(), stage.config("app", { dpop: true }));
    const { status, body } = await call(scene(), "/bound");
    assert.equal(status, 200);
    const claims = JSON.parse(Buffer.from((body.token ?? "").split(".")[1] ?? "", "base64url").toString());
    assert.match(claims.cnf.jkt, /^[\w-]{43}$/);
    assert.deepEqual(
      stage.api.answers,
      ["GET /bound 401", "GET /bound 200"],
      "without the nonce, and with it",
    );
    assert.equal((await call(scene(), "/bound")).status, 200);
    assert.equal(stage.api.answers.length, 3, "the nonce is known now");
  });

  // RFC 9449 section 5.2: a client that is registered so gets no other tokens.
  test("a client that is registered for bound tokens gets them where it asks, and a typed refusal where not", async () => {
    await afresh(scene());
    const { stage } = scene();
    assert.equal(await signIn(scene(), stage.config("bound-app", { dpop: true })), "ada");
    assert.equal((await call(scene(), "/bound")).status, 200);
    await afresh(scene());
    await assert.rejects(signIn(scene(), stage.config("bound-app")), { code: "token_request_refused" });
  });

  test("a server that asks for a proof gets one though nobody has configured it", async () => {
    await afresh(scene());
    const { stage } = scene();
    stage.server.demandsProofs = true;
    assert.equal(await signIn(scene()), "ada");
    assert.equal((await call(scene(), "/bound")).status, 200);
    assert.equal(tokenRequests(scene()), 2);
  });

  test("a server's nonce is sent back in one more request (use_dpop_nonce)", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    stage.server.requiresNonce = true;
    assert.equal(await signIn(scene(), stage.config("app", { dpop: true })), "ada");
    // RFC 9449 section 8: the pushed request and the token request each have been refused at most once.
    const posts = stage.server.requests.filter((request) => request.startsWith("POST "));
    assert.ok(posts.length <= 4, posts.join(", "));
    await inPage(browser.driver, () => harness.client.renew());
    assert.equal((await call(scene(), "/bound")).status, 200);
  });

  // RFC 9449 section 8.1: what such a server demands can't be given; but that must not outlast its fault.
  for (const [what, nonce] of [
    ["is too long", "n".repeat(1_025)],
    ["has other characters", "one, two"],
  ] as const) {
    test(`a nonce that ${what} is not kept: once the API is mended, it is called as before`, async () => {
      await afresh(scene());
      const { stage } = scene();
      await signIn(scene(), stage.config("app", { dpop: true }));
      stage.api.nonce = nonce;
      assert.equal((await call(scene(), "/bound")).status, 401, "the API's own answer");
      assert.deepEqual(stage.api.answers, ["GET /bound 401"]);
      stage.api.nonce = undefined;
      assert.equal((await call(scene(), "/bound")).status, 200);
      stage.api.nonce = nonce;
      assert.equal((await call(scene(), "/bound")).status, 200, "by the nonce from before");
      assert.equal((await call(scene(), "/bound")).status, 200);
    });

    test(`a nonce of the authorization server that ${what} is not kept: tokens are renewed as before`, async () => {
      await afresh(scene());
      const { stage, browser } = scene();
      await signIn(scene(), stage.config("app", { dpop: true }));
      stage.server.nonce = nonce;
      await inPage(browser.driver, () => harness.client.renew());
      await inPage(browser.driver, () => harness.client.renew());
      assert.equal((await call(scene(), "/bound")).status, 200);
    });
  }

  test("no script can read the private key, and no storage but IndexedDB has it", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    await signIn(scene(), stage.config("app", { dpop: true }));
    const found = await inPage(browser.driver, async () => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open("edgeward");
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const pair = await new Promise<CryptoKeyPair>((resolve) => {
        const all = database.transaction("keys").objectStore("keys").getAll();
        all.onsuccess = () => resolve(all.result[0]);
      });
      database.close();
      const exported = await crypto.subtle.exportKey("jwk", pair.privateKey).then(
        () => "exported",
        () => "refused",
      );
      return {
        extractable: pair.privateKey.extractable,
        exported,
        stored: { ...sessionStorage, ...localStorage },
      };
    });
    assert.deepEqual(found, { extractable: false, exported: "refused", stored: {} });
  });

  test("another tab has the session and the key, and so does the tab after a reload", async () => {
    await afresh(scene());
    const { stage, browser } = scene();
    const { driver } = browser;
    const config = stage.config("app", { dpop: true });
    await signIn(scene(), config);
    await newTab(driver, `${stage.pages.origin}/`);
    await hasHarness(driver);
    await start(driver, config);
    assert.equal(await user(driver), "ada");
    assert.equal((await call(scene(), "/bound")).status, 200);
    await driver.navigate().refresh();
    await hasHarness(driver);
    await start(driver, config);
    assert.equal((await call(scene(), "/bound")).status, 200);
    assert.equal(tokenRequests(scene()), 1);
  });

  test("a token that is bound to nothing is not taken where one has to be (RFC 9449 section 7.2)", async () => {
    await afresh(scene());
    await signIn(scene());
    assert.equal((await call(scene(), "/bound")).status, 401);
  });
});
