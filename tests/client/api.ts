/** The API that the page calls: guarded by edgeward's own guard, so that every challenge is a real one. */

import { ACR_CONFIRMED } from "../../examples/demo/authorization-server/authentication.ts";
import type { LoopbackServer } from "../../examples/demo/loopback-server.ts";
import { API_AUDIENCE } from "./provider.ts";

type GateModule = typeof import("../../js/gate-node.ts");
const { createGuard }: GateModule = await import(new URL("../../dist/gate-node.js", import.meta.url).href);

export interface Api {
  readonly origin: string;
  /** Every request with its answer, as `METHOD /path status`. */
  readonly answers: string[];
  /** Where `/moved` leads. */
  movesTo: string;
  /** The nonce for proofs that every answer has in place of the guard's, as of a faulty API. */
  nonce: string | undefined;
  /** Whether tokens are no longer taken that were made before now. */
  refuse(token: string): void;
}

const incomingPath = ({ url }: Request): string => new URL(url).pathname;

export function startApi(server: LoopbackServer, issuer: string, page: string): Api {
  const refused = new Set<string>();
  const answers: string[] = [];
  const api: Api = {
    origin: server.origin,
    answers,
    movesTo: "/data",
    nonce: undefined,
    refuse: (token) => refused.add(token),
  };
  const guard = createGuard(
    {
      issuers: [{ issuer, audience: API_AUDIENCE, algorithms: ["ES256"] }],
      routes: [
        { path: "/data", scope: "data:read" },
        { path: "/moved", scope: "data:read" },
        { path: "/bound", scope: "data:read", sender_constraint: "dpop" },
        { path: "/confirmed", scope: "data:read", acr_values: ACR_CONFIRMED },
        { path: "/fresh", scope: "data:read", max_age: 0 },
      ],
      cors: { origins: [page] },
      dpop: { origin: server.origin, replay: "memory", nonce_secret_binding: "NONCES" },
      allow_insecure_loopback: true,
    },
    { secrets: { NONCES: "a secret of the tests that is long enough" } },
  );
  server.serve(async (incoming, outgoing) => {
    const headers = new Headers(
      Object.entries(incoming.headers).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value] as [string, string]] : [],
      ),
    );
    const method = incoming.method ?? "GET";
    const request = new Request(new URL(incoming.url ?? "/", server.origin), { method, headers });
    const answer = await answerTo(request, refused, page);
    if (api.nonce !== undefined) answer.headers.set("dpop-nonce", api.nonce);
    if (method !== "OPTIONS") answers.push(`${method} ${incoming.url} ${answer.status}`);
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(await answer.text());
  });
  async function answerTo(request: Request, refusedTokens: Set<string>, origin: string): Promise<Response> {
    const token = request.headers.get("authorization")?.split(" ")[1] ?? "";
    if (request.method !== "OPTIONS" && incomingPath(request) === "/moved") {
      const headers = { location: api.movesTo, "access-control-allow-origin": origin };
      return new Response(null, { status: 307, headers });
    }
    if (refusedTokens.has(token)) {
      // As an API answers that has heard of a revocation.
      const headers = {
        "www-authenticate": 'Bearer error="invalid_token"',
        "access-control-allow-origin": origin,
        "access-control-expose-headers": "WWW-Authenticate",
      };
      return new Response("revoked", { status: 401, headers });
    }
    const decision = await guard.authorize(request);
    if (decision.outcome === "respond") return decision.response;
    return decision.finish(
      Response.json({ sub: decision.token?.claims.sub, acr: decision.token?.claims.acr, token }),
    );
  }
  return api;
}
