/** Pages that take no plain text for the address of a script (Trusted Types): the refresh token is in a worker there as well. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inPage } from "../webdriver/page.ts";
import { inEveryBrowser, type Scene } from "./stage.ts";
import { afresh, call, signIn } from "./visit.ts";

/** Notes what the page fetches by itself, and what its policy refuses. */
const watching = `
  globalThis.watched = { fetched: [], refused: [] };
  const { fetch } = globalThis;
  globalThis.fetch = (...request) => (watched.fetched.push(String(request[0]?.url ?? request[0])), fetch(...request));
  addEventListener("securitypolicyviolation", ({ effectiveDirective }) => watched.refused.push(effectiveDirective));`;

/** A visit to a page with these directives. */
async function visit({ stage }: Scene, directives: string): Promise<void> {
  stage.pages.policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${stage.server.issuer} ${stage.api.origin}; img-src data:; ${directives}`;
  stage.pages.before = watching;
}

/** What the page has seen, and whether it has asked for tokens itself. */
async function watched({ stage, browser }: Scene): Promise<{ hasToken: boolean; refused: string[] }> {
  const { fetched, refused } = await inPage(
    browser.driver,
    () => Reflect.get(globalThis, "watched") as { fetched: string[]; refused: string[] },
  );
  return { hasToken: fetched.includes(`${stage.server.issuer}/token`), refused };
}

/** Signs in, renews and calls. */
async function useAll(scene: Scene): Promise<void> {
  assert.equal(await signIn(scene), "ada");
  await inPage(scene.browser.driver, () => harness.client.renew());
  assert.equal((await call(scene, "/data")).status, 200);
}

// Firefox 140 has them behind a preference.
const prefs = { "dom.security.trusted_types.enabled": true };

inEveryBrowser("trusted types", { prefs }, (scene) => {
  test("they are enforced in this browser, or the others prove nothing", async () => {
    await afresh(scene());
    await visit(scene(), "require-trusted-types-for 'script'");
    await scene().browser.driver.get(`${scene().stage.pages.origin}/`);
    const outcome = await inPage(scene().browser.driver, () => {
      try {
        return new Worker("/nothing-here.js") && "taken";
      } catch (error) {
        return (error as Error).name;
      }
    });
    assert.equal(outcome, "TypeError");
  });

  for (const directives of [
    "require-trusted-types-for 'script'; trusted-types edgeward",
    "require-trusted-types-for 'script'",
  ]) {
    test(`with \`${directives}\` the worker keeps the refresh token, and nothing is refused`, async () => {
      await afresh(scene());
      await visit(scene(), directives);
      // The worker is under the page's own policy for workers.
      scene().stage.pages.policy += "; worker-src 'self'";
      await useAll(scene());
      assert.deepEqual(await watched(scene()), { hasToken: false, refused: [] });
    });
  }

  test("the platform's constructors are what they were afterwards", async () => {
    await afresh(scene());
    await visit(scene(), "worker-src 'self'; require-trusted-types-for 'script'; trusted-types edgeward");
    scene().stage.pages.before += "globalThis.constructors = [Worker, SharedWorker];";
    assert.equal(await signIn(scene()), "ada");
    const areSame = await inPage(scene().browser.driver, () => {
      const [own, shared] = Reflect.get(globalThis, "constructors") as unknown[];
      return own === Worker && shared === SharedWorker;
    });
    assert.equal(areSame, true);
  });

  test("where the policy `edgeward` is forbidden the page keeps the refresh token, and all goes on", async () => {
    await afresh(scene());
    await visit(scene(), "worker-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'");
    await useAll(scene());
    const { hasToken } = await watched(scene());
    assert.equal(hasToken, true, "the page asks for the tokens itself");
  });

  test("a page that names its policies, and enforces none, has its worker as ever", async () => {
    await afresh(scene());
    await visit(scene(), "worker-src 'self'; trusted-types 'none'");
    await useAll(scene());
    const { hasToken } = await watched(scene());
    assert.equal(hasToken, false);
  });

  test("without WebAssembly, too, no script's address is refused", async () => {
    await afresh(scene());
    const { pages } = scene().stage;
    await visit(scene(), "worker-src 'self'; require-trusted-types-for 'script'; trusted-types edgeward");
    pages.policy = pages.policy?.replace("'wasm-unsafe-eval'", "");
    await useAll(scene());
    assert.ok(
      pages.files.some((file) => file.endsWith("/client_plain.js")),
      "by the script",
    );
    const { hasToken, refused } = await watched(scene());
    assert.equal(hasToken, false);
    assert.deepEqual(
      refused.filter((directive) => directive.includes("trusted-types")),
      [],
    );
  });
});
