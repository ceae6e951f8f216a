/** Good tokens of several kinds, new ones and such as the gate knows. */
import type { JsonObject } from "../../examples/demo/tokens.ts";
import { ACTIVE, INTROSPECTION_SCOPE } from "./authority.ts";
import type { LoadRequest } from "./expectation.ts";
import { bearer, encoded, type Kind, type Means, poolOf, subjectOf } from "./kind.ts";
import { PAGE } from "./policy.ts";

const MOST_BODY_BYTES = 32 * 1024;
/** Fewer than the gate remembers, so that they are known. */
const KNOWN_TOKENS = 200;
const OPAQUE_TOKENS = 50;

export function goodRequests(means: Means): Kind[] {
  const { chance, authority } = means;
  const known = poolOf<{ token: string; sub: string }>(KNOWN_TOKENS, means);
  /** What a hostile client adds: headers that would say who he is, or where he goes. */
  const added = (): Record<string, string> => ({
    ...(chance.percent(10) && { "edgeward-sub": "root", "x-original-url": "/admin" }),
    ...(chance.percent(20) && { origin: PAGE }),
  });
  const good = (kind: string, path: string, sub: string, token: string): LoadRequest => ({
    kind,
    method: "GET",
    path: chance.percent(20) ? `${path}?page=${chance.below(100)}` : path,
    headers: { ...bearer(token), ...added() },
    expected: { outcome: "forwarded", sub: encoded(sub) },
  });
  const fresh = (kind: string, path: string, claims: JsonObject = {}, key = authority.key) => {
    const sub = subjectOf(chance);
    return good(kind, path, sub, authority.token({ ...claims, sub }, key));
  };
  const now = () => Math.floor(Date.now() / 1000);
  return [
    [10, () => fresh("good: new, ES256", "/data")],
    [4, () => fresh("good: new, RS256", "/data", {}, authority.rsaKey)],
    [
      26,
      () => {
        const found = known.pick();
        if (found !== undefined) return good("good: known", "/data", found.sub, found.token);
        const own = { sub: subjectOf(chance), token: "" };
        own.token = authority.token({ sub: own.sub });
        known.put(own);
        return good("good: new, ES256", "/data", own.sub, own.token);
      },
    ],
    [
      4,
      () => ({
        ...fresh("good: with a body", "/notes", { scope: "notes:write" }),
        method: "POST",
        body: Buffer.alloc(chance.below(MOST_BODY_BYTES), "a"),
      }),
    ],
    [4, () => fresh("good: role and claim", "/admin", { roles: ["keeper"], station: { level: 3 } })],
    [3, () => fresh("good: authentication", "/payments", { acr: "phr", auth_time: now() - 60 })],
    [
      5,
      () => {
        const name = `client-${chance.below(OPAQUE_TOKENS)}`;
        return good("good: introspected", "/audit", name, ACTIVE + name);
      },
    ],
    [2, () => fresh("good: both, introspected", "/audit", { scope: INTROSPECTION_SCOPE })],
  ];
}
