/** APIs that answer with redirects: the token goes to the origins that are named, and a proof is for one URL (RFC 9449 section 4.3). */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type LoopbackServer, openServer } from "../../examples/demo/loopback-server.ts";
import { inPage } from "../webdriver/page.ts";
import { inEveryBrowser, type Scene } from "./stage.ts";
import { afresh, call, signIn } from "./visit.ts";

/** Another origin, which lets any page send it anything. What it got: the path, and which of the two headers. */
let elsewhere: LoopbackServer;
const received: string[] = [];
before(async () => {
  elsewhere = await openServer("another origin", 0);
  elsewhere.serve((request, response) => {
    const { method, url, headers } = request;
    const carried = ["authorization", "dpop"].filter((name) => headers[name] !== undefined);
    if (method !== "OPTIONS") received.push([url, ...carried].join(" "));
    response.writeHead(200, {
      // After a redirect of another origin a browser says no more where the request came from.
      "access-control-allow-origin": headers.origin ?? "*",
      "access-control-allow-headers": "authorization, dpop",
    });
    response.end("elsewhere");
  });
});
after(() => elsewhere.close());

/** What comes of a request to `/moved`: how the answer looks to the page, or the name and code of an error. */
const moved = ({ stage, browser }: Scene, redirect?: RequestRedirect): Promise<string> =>
  inPage(
    browser.driver,
    async (url, how) => {
      const init = how === undefined || how === null ? {} : { redirect: how };
      return await harness.client.fetch(url, init).then(
        ({ type, status }) => `${type} ${status}`,
        (error) => [error.name, error.code].filter((part) => typeof part === "string").join(" "),
      );
    },
    `${stage.api.origin}/moved`,
    redirect,
  );

async function signedIn(scene: Scene, dpop: boolean): Promise<void> {
  await afresh(scene);
  received.length = 0;
  await signIn(scene, scene.stage.config("app", { dpop }));
}

inEveryBrowser("redirects", {}, (scene) => {
  for (const dpop of [false, true]) {
    const kind = dpop ? "a bound token and its proof" : "a bearer token";

    test(`${kind}: a redirect to an origin that is not named gets neither, and the page is told`, async () => {
      await signedIn(scene(), dpop);
      scene().stage.api.movesTo = `${elsewhere.origin}/taken`;
      assert.equal(await moved(scene()), "EdgewardError redirect_refused");
      assert.equal(await moved(scene(), "follow"), "EdgewardError redirect_refused");
      assert.deepEqual(received, []);
    });

    test(`${kind}: a redirect within the API is not followed either, whatever the page asks for`, async () => {
      await signedIn(scene(), dpop);
      assert.equal(await moved(scene()), "EdgewardError redirect_refused");
      assert.equal(await moved(scene(), "manual"), "opaqueredirect 0");
      assert.equal(await moved(scene(), "error"), "TypeError");
      const { answers } = scene().stage.api;
      assert.deepEqual(new Set(answers), new Set(["GET /moved 307"]));
      assert.equal((await call(scene(), "/data")).status, 200, "the session goes on");
    });
  }

  test("a request that goes without a token is the browser's own affair", async () => {
    await afresh(scene());
    received.length = 0;
    const { stage } = scene();
    await signIn(scene(), stage.config("app", { api_origins: [] }));
    stage.api.movesTo = `${elsewhere.origin}/open`;
    assert.equal(await moved(scene()), "cors 200");
    assert.deepEqual(received, ["/open"]);
  });
});
