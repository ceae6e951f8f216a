/** What `wrangler deploy` would upload, by `--dry-run` and `wrangler.toml` as it is: and it answers. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundleGate, type Deployed, modulesOf, startBundle } from "./deployed.ts";
import { bearer, plainPolicyFor } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

/** What a Worker may weigh compressed in the free plan (Cloudflare's documentation, "Limits", Worker size). */
const MOST_KIB = 3 * 1024;

const folder = mkdtempSync(join(tmpdir(), "edgeward-deployment-"));
let said: string;
let issuer: FaultyIssuer;
let origin: Origin;
let worker: Deployed | undefined;

before(async () => {
  [said, issuer, origin] = await Promise.all([bundleGate(folder), startIssuer(), startOrigin()]);
});
after(async () => {
  await worker?.stop();
  await Promise.all([issuer?.close(), origin?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

test("the upload is a script with one wasm module, within what a Worker may weigh", () => {
  const [script = "", module = "", ...more] = modulesOf(folder);
  assert.equal(script, "main.js");
  assert.match(module, /gate_bg\.wasm$/);
  assert.deepEqual(more, []);
  const kibibytes = Number(/Total Upload: .* \/ gzip: ([\d.]+) KiB/.exec(said)?.[1]);
  assert.ok(kibibytes > 0 && kibibytes < MOST_KIB, `${kibibytes} KiB`);
});

test("the script exports every Durable Object that the configuration names, and wrangler lists its bindings", () => {
  const configuration = readFileSync("wrangler.toml", "utf8");
  const objects = [...configuration.matchAll(/^name = "(\w+)"\nclass_name = "(\w+)"$/gm)];
  assert.equal(objects.length, 3);
  const script = readFileSync(join(folder, "bundle", "main.js"), "utf8");
  const exported: string[] = /\nexport \{([^}]*)\};/.exec(script)?.[1]?.match(/\w+(?=,|\s*$)/gm) ?? [];
  for (const [, binding, className = ""] of objects) {
    assert.match(said, new RegExp(`env\\.${binding} \\(${className}\\) +Durable Object`));
    assert.ok(exported.includes(className), `${className}, of ${exported}`);
  }
  assert.match(said, /env\.EDGEWARD_POLICY \(.*\) +Environment Variable/);
});

test("what was made for the upload decides, and uses its objects", async () => {
  const { routes, ...policy } = plainPolicyFor(issuer.issuer, origin.origin);
  const denyList = { path: "/deny-list", scope: "admin", deny_list: true };
  const revocation = { durable_object_binding: "DENY_LIST" };
  worker = await startBundle(folder, { ...policy, routes: [...routes, denyList], revocation });
  assert.equal((await fetch(`${worker.origin}/data`)).status, 401);
  assert.equal((await fetch(`${worker.origin}/data`, bearer(issuer.token()))).status, 200);
  const entry = { ...bearer(issuer.token({ scope: "admin" })), method: "POST", body: '{"jti":"a"}' };
  assert.equal((await fetch(`${worker.origin}/deny-list`, entry)).status, 201);
});
