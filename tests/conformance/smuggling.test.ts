/** Attacks 35 to 37 at the real Worker: headers that one reader takes for something and the next does not, and what is told of them. */
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import type { Gate } from "../../examples/demo/gate.ts";
import { plainPolicyFor, startTestGate } from "./gate.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

let issuer: FaultyIssuer;
let origin: Origin;
let gate: Gate;

before(async () => {
  [issuer, origin] = await Promise.all([startIssuer(), startOrigin()]);
  gate = await startTestGate({ ...plainPolicyFor(issuer.issuer, origin.origin), explain: false });
});
after(async () => {
  await gate?.stop();
  await Promise.all([issuer?.close(), origin?.close()]);
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request with these header lines, just as they are: `fetch` would join and rename them. */
function send(path: string, lines: readonly [name: string, value: string][]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = ["host", new URL(gate.origin).host, ...lines.flat()];
    const sent = request(gate.origin + path, { headers }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

const reached = () => origin.received.filter(({ url }) => url.startsWith("/data") || url === "/notes");

test("attack 37: of two Authorization headers none counts, whichever is good", async () => {
  const good = `Bearer ${issuer.token()}`;
  assert.equal((await send("/data", [["authorization", good]])).status, 200);
  const before = reached().length;
  for (const other of ["Bearer a.b.c", "Basic YTpi", good]) {
    for (const pair of [
      [good, other],
      [other, good],
    ]) {
      const { status } = await send(
        "/data",
        pair.map((value) => ["authorization", value]),
      );
      assert.ok([400, 401].includes(status), `${status}`);
    }
  }
  assert.equal(reached().length, before, "nothing reached the origin");
});

test("attack 37: the scheme counts in any case, the header's name too, and an underscore makes another name", async () => {
  const token = issuer.token();
  for (const [name, scheme] of [
    ["AUTHORIZATION", "bearer"],
    ["authorization", "BEARER"],
    ["Authorization", "bEaReR"],
  ]) {
    assert.equal((await send("/data", [[name as string, `${scheme} ${token}`]])).status, 200);
  }
  for (const name of ["authorization_", "http_authorization", "x-authorization", "proxy-authorization"]) {
    assert.equal((await send("/data", [[name, `Bearer ${token}`]])).status, 401, name);
  }
});

test("attack 37: no header that can be taken for one of the gate's reaches the origin", async () => {
  const { status } = await send("/notes", [
    ["Authorization", `Bearer ${issuer.token()}`],
    ["edgeward_sub", "root"],
    ["EDGEWARD_SUB", "root"],
    ["Edgeward-Sub", "root"],
    ["edgeward-sub_", "root"],
    ["edgeward_scope", "admin"],
  ]);
  assert.equal(status, 200);
  const headers = reached().at(-1)?.headers ?? {};
  assert.equal(headers["edgeward-sub"], "ada-lovelace");
  assert.doesNotMatch(JSON.stringify(headers), /root|"admin"/);
});

test("attacks 35 and 36: no answer and no log line of a refusal holds a piece of the token, and each challenge is one line", async () => {
  const marked = { sub: "SECRETMARK", jti: "SECRETMARK" };
  const good = issuer.token(marked);
  const tokens = [
    issuer.token({ ...marked, exp: 1 }),
    issuer.token({ ...marked, aud: "https://SECRETMARK.example" }),
    issuer.token({ ...marked, iss: "https://SECRETMARK.example" }),
    issuer.token({ ...marked, scope: "SECRETMARK" }),
    `${good.slice(0, -20)}AAAAAAAAAAAAAAAAAAAA`,
    `${good}.SECRETMARK`,
    "SECRETMARK",
  ];
  for (const token of tokens) {
    const { status, headers, body } = await send("/data", [["authorization", `Bearer ${token}`]]);
    assert.ok([401, 403].includes(status), `${status}`);
    const challenge = String(headers["www-authenticate"]);
    assert.match(challenge, /^Bearer realm="[ -!#-[\]-~]*"(?:, [a-z_]+="[ -!#-[\]-~]*")*$/);
    assert.deepEqual(
      Object.keys(JSON.parse(body)).filter((name) => ["code", "detail"].includes(name)),
      [],
    );
    const told = JSON.stringify(headers) + body;
    for (const piece of ["SECRETMARK", ...token.split(".").map((segment) => segment.slice(0, 16))]) {
      if (piece.length > 9) assert.ok(!told.includes(piece), piece);
    }
  }
  await send("/the-last", []);
  await gate.untilOutput(/"path":"\/the-last"/);
  assert.doesNotMatch(gate.output(), /SECRETMARK/);
  for (const token of tokens) assert.ok(!gate.output().includes(token.slice(0, 60)));
});
