// The stand as a Worker: set up and asked by requests.

import * as nodeCryptoModule from "node:crypto";
// @ts-expect-error: the same
import { createVerifier as createSlim } from "edgeward-dist/slim-workerd.js";
// @ts-expect-error: the same
import { createGate } from "edgeward-dist/worker.js";
// @ts-expect-error: a name that build.mjs resolves
import { createVerifier } from "edgeward-dist/workerd.js";
// @ts-expect-error: the same
import { EngineKey, initSync } from "edgeward-engine";
import { everywhere } from "./contenders/everywhere.mjs";
import { nodeCrypto } from "./contenders/primitives.mjs";
import { wasmEngines } from "./contenders/wasm-engine.mjs";
// @ts-expect-error: beside this file only in the Worker
import engineModule from "./engine_bg.wasm";
import { makeStand } from "./stand.mjs";

initSync({ module: engineModule });

/** @type {import("./contenders/edgeward.mjs").Edgeward} */
const edgeward = { createGate, createVerifier, createSlim, engines: ["wasm", "webcrypto"] };
const stand = makeStand([
  ...everywhere(edgeward),
  ...wasmEngines({ EngineKey }),
  nodeCrypto(nodeCryptoModule),
]);

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const id = searchParams.get("id") ?? "";
    switch (pathname) {
      case "/contenders":
        return Response.json(await stand.contenders());
      case "/pool":
        await stand.pool(id, /** @type {string[]} */ (await request.json()));
        return Response.json(true);
      case "/prepare":
        await stand.prepare(id, /** @type {import("./stand.mjs").Entry} */ (await request.json()));
        return Response.json(true);
      case "/takes":
        return Response.json(await stand.takes(id, await request.text()));
      case "/run":
        await stand.run(id, Number(searchParams.get("operations")));
        return Response.json(true);
      default:
        return new Response(null, { status: 404 });
    }
  },
};
