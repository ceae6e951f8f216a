/**
 * The client's core comes in the form that the page allows, and signs in with each; where it can't come, the page is told what to do.
 *
 * A page without WebCrypto is one whose `crypto.subtle` was taken away before its first script, as browsers do where there is no secure
 * context. One without WebAssembly has the demo's Content-Security-Policy without `'wasm-unsafe-eval'`, enforced by the browser.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BrowserContext, Page, Request } from "playwright-core";
import { heldBackCallback } from "./callback-url.ts";
import { openWithoutScript } from "./client-page.ts";
import { type Demo, openDemo } from "./demo.ts";
import { button, call, failureCode, signIn } from "./person.ts";

let demo: Demo;
/** The demo with a page whose policy has no `'wasm-unsafe-eval'`. */
let strict: Demo;
before(async () => {
  [demo, strict] = await Promise.all([openDemo(), openDemo({ allowsWebAssembly: false })]);
});
after(async () => {
  await demo?.close();
  await strict?.close();
});

/** Which of the package's modules were fetched, in whatever form. */
const formsOf = (requests: readonly Request[]): string[] => {
  const paths = requests.map((request) => new URL(request.url()).pathname);
  const names = paths.map((path) => /\/(?:generated|elsewhere)\/(client[^/]*)$/.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
};

const asItIs = async (_: BrowserContext): Promise<void> => undefined;

async function withoutWebCrypto(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined });
  });
}

async function mayCompile(page: Page): Promise<boolean> {
  return await page.evaluate(() =>
    WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)).then(
      () => true,
      () => false,
    ),
  );
}

const FORMS: ReadonlyArray<{
  page: string;
  at: () => Demo;
  prepare: (context: BrowserContext) => Promise<void>;
  forms: string[];
}> = [
  { page: "any page", at: () => demo, prepare: asItIs, forms: ["client.js", "client_bg.wasm"] },
  {
    page: "a page without WebCrypto",
    at: () => demo,
    prepare: withoutWebCrypto,
    forms: ["client_whole.js", "client_whole_wasm.js"],
  },
  {
    page: "a page whose policy forbids WebAssembly",
    at: () => strict,
    prepare: asItIs,
    forms: ["client_plain.js"],
  },
];

for (const { page: name, at, prepare, forms } of FORMS) {
  test(`${name} signs in, with just what it needs`, async () => {
    const { page, context, requests, scriptErrors } = await at().visitor();
    await prepare(context);
    requests.length = 0;
    await page.goto(`${at().stack.urls.page}/`);
    assert.equal(await mayCompile(page), at() === demo);
    await button(page, "Sign in").waitFor();
    await signIn(at(), page);
    assert.match(await call(page, "GET /data"), /^200 OK/);
    assert.deepEqual(formsOf(requests), forms);
    assert.deepEqual(scriptErrors, []);
    await context.close();
  });

  // OIDC Core section 3.1.3.7, rule 6: no form takes an ID token whose signature fails.
  test(`${name} takes no forged ID token`, async () => {
    const { page, context } = await at().visitor();
    await prepare(context);
    const callback = await heldBackCallback(at(), page);
    await page.route(`${at().stack.urls.authorizationServer}/token`, async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { id_token: string };
      const [header, claims, signature = ""] = answer.id_token.split(".");
      const bytes = Buffer.from(signature, "base64url").reverse();
      const id_token = [header, claims, bytes.toString("base64url")].join(".");
      await route.fulfill({ response, json: { ...answer, id_token } });
    });
    await page.goto(callback.href);
    assert.equal(await failureCode(page), "signature_invalid");
    await context.close();
  });
}

test("a page with neither is told what to do", async () => {
  const { page, context, requests } = await strict.visitor();
  await withoutWebCrypto(context);
  requests.length = 0;
  await openWithoutScript(strict, page, `${strict.stack.urls.page}/`);
  const [code, message] = await load(page);
  assert.equal(code, "platform_unsupported");
  assert.match(message ?? "", /over https.*'wasm-unsafe-eval'/);
  assert.deepEqual(formsOf(requests), []);
  await context.close();
});

test("an instance in plain JavaScript that has failed is thrown away like any other", async () => {
  const { page, context } = await strict.visitor();
  await openWithoutScript(strict, page, `${strict.stack.urls.page}/`);
  const told = await page.evaluate(async () => {
    const place = "/edgeward/wasm/browser.js";
    const { loadClient } = (await import(place)) as typeof import("../../js/wasm/browser.ts");
    const module = await loadClient();
    const { ClientPort, instance } = module;
    const memory = instance.memory;
    instance.abandon(instance.generation);
    const isFresh = module.ClientPort !== ClientPort && instance.ready().memory !== memory;
    const answer = new module.ClientPort(true).call(0, "{}", "", 0, 0);
    return [isFresh, JSON.parse(answer.slice(1)).code];
  });
  assert.deepEqual(told, [true, "config_invalid"]);
  await context.close();
});

/** `loadClient` of the built package: the form and what it says of the host, or the code and the sentence of the error. */
async function load(page: Page, source?: "URL" | "Response" | "Module"): Promise<string[]> {
  return await page.evaluate(async (kind) => {
    const place = "/edgeward/wasm/browser.js";
    const { loadClient } = (await import(place)) as typeof import("../../js/wasm/browser.ts");
    const url = new URL("/elsewhere/client.wasm", location.href);
    const sources = {
      URL: () => url,
      Response: () => fetch(url),
      Module: async () => await WebAssembly.compileStreaming(fetch(url)),
    };
    try {
      const { form, asksHost, ClientPort } = await loadClient(kind && (await sources[kind]()));
      return [form, String(asksHost), typeof ClientPort];
    } catch (error) {
      const { code, message } = error as Error & { code: string };
      return [code, message];
    }
  }, source);
}

for (const source of ["URL", "Response", "Module"] as const) {
  test(`a module that bundlers have put elsewhere is handed in as a ${source}`, async () => {
    const { page, context, requests } = await demo.visitor();
    requests.length = 0;
    await page.route("**/elsewhere/client.wasm", async (route) => {
      const module = `${demo.stack.urls.page}/edgeward/wasm/generated/client_bg.wasm`;
      await route.fulfill({ response: await route.fetch({ url: module }) });
    });
    await openWithoutScript(demo, page, `${demo.stack.urls.page}/`);
    assert.deepEqual(await load(page, source), ["wasm", "true", "function"]);
    assert.deepEqual(formsOf(requests), ["client.js", "client.wasm"]);
    await context.close();
  });
}

const FAULTS = {
  "that is not there": { status: 404, contentType: "text/plain", body: "no such file" },
  "that is an error page": { status: 200, contentType: "text/html", body: "<p>Not found</p>" },
  "that can't be reached": undefined,
};

for (const [what, answer] of Object.entries(FAULTS)) {
  test(`a module ${what} is an error that says so, and the next call tries again`, async () => {
    const { page, context } = await demo.visitor();
    let isFaulty = true;
    await page.route("**/client_bg.wasm", (route) => {
      if (!isFaulty) return route.fallback();
      isFaulty = false;
      return answer === undefined ? route.abort() : route.fulfill(answer);
    });
    await openWithoutScript(demo, page, `${demo.stack.urls.page}/`);
    const [code, message] = await load(page);
    assert.equal(code, "module_unavailable");
    assert.match(message ?? "", /edgeward\/client_bg\.wasm/);
    assert.deepEqual(await load(page), ["wasm", "true", "function"]);
    await context.close();
  });
}
