/** Attack 29: callers choose `kid`, and may have neither the issuer flooded by it nor a rotated key refused. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { bearer, policyFor, problemOf, startTestGate } from "./gate.ts";
import { type FaultyIssuer, KEY_SET, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

/** `UNKNOWN_KEY_COOLDOWN_SECONDS` of the core. */
const COOL_DOWN_SECONDS = 10;
const FLOOD = 10_000;
const AT_ONCE = 50;

let issuer: FaultyIssuer;
let origin: Origin;
let gate: Gate;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  gate = await startTestGate(policyFor(issuer.issuer, origin.origin));
});
after(async () => {
  await gate?.stop();
  await Promise.all([issuer?.close(), origin?.close()]);
});

const ask = (token: string) => fetch(`${gate.origin}/data`, bearer(token));

/** A token that names a key which nobody has. */
function bogus(token: string, kid: string): string {
  const [header = "", ...rest] = token.split(".");
  const members: object = JSON.parse(Buffer.from(header, "base64url").toString());
  return [Buffer.from(JSON.stringify({ ...members, kid })).toString("base64url"), ...rest].join(".");
}

test("attack 29: 10,000 random kids cost one fetch in a cool-down, and a rotation meanwhile is picked up after it", async () => {
  assert.equal((await ask(issuer.token())).status, 200);
  assert.equal(issuer.fetches.get(KEY_SET), 1);
  const began = Date.now();
  const said = new Map<string, number>();
  let [sent, isFound] = [0, false];
  for (let round = 0; sent < FLOOD || !isFound; round += 1) {
    // The key is rotated when the first random `kid`s have had the set fetched.
    if (round === 1) issuer.rotate({ publish: true });
    const honest = issuer.token();
    const asked = Array.from({ length: AT_ONCE }, (_, place) => ask(bogus(honest, `random-${sent + place}`)));
    const rotated = round === 0 ? undefined : await ask(honest);
    if (rotated?.status === 200) isFound = true;
    else if (rotated !== undefined) {
      assert.equal((await problemOf(rotated)).code, "key_not_yet_known", "never refused");
      const seconds = Number(rotated.headers.get("retry-after"));
      assert.ok(seconds >= 1 && seconds <= COOL_DOWN_SECONDS, `${seconds}`);
      assert.ok(!isFound, "once it is found it stays");
    }
    for (const response of await Promise.all(asked)) {
      const { code } = await problemOf(response);
      said.set(`${response.status} ${code}`, (said.get(`${response.status} ${code}`) ?? 0) + 1);
    }
    sent += AT_ONCE;
  }
  const coolDowns = Math.floor((Date.now() - began) / 1000 / COOL_DOWN_SECONDS) + 1;
  const fetches = (issuer.fetches.get(KEY_SET) ?? 0) - 1;
  assert.ok(fetches >= 2 && fetches <= coolDowns, `${fetches} fetches in ${coolDowns} cool-downs`);
  for (const answer of said.keys())
    assert.ok(["401 key_unknown", "503 key_not_yet_known"].includes(answer), answer);
  assert.equal((await ask(issuer.token())).status, 200);
});
