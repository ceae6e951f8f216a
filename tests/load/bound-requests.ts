/** Tokens that are bound to a key (RFC 9449), with good proofs and bad ones. */
import { createDpopKey, type DpopKey } from "../../examples/demo/dpop.ts";
import type { JsonObject } from "../../examples/demo/tokens.ts";
import type { Answer, Expectation, LoadRequest } from "./expectation.ts";
import { bearer, encoded, invalidToken, type Kind, type Means, poolOf, subjectOf } from "./kind.ts";

const CLIENTS = 16;
const PATH = "/bound";

interface Bound {
  readonly key: DpopKey;
  readonly token: string;
  readonly sub: string;
}

const refusedProof = (error: string): Expectation => ({
  outcome: "answered",
  status: 401,
  challenge: { error },
});

export function boundRequests(means: Means): Kind[] {
  const { chance, authority, gateOrigin, follow } = means;
  const keys = Array.from({ length: CLIENTS }, () => createDpopKey());
  const tokens = poolOf<Bound>(CLIENTS * 4, means);
  /** The last one that the gate has given out: it serves for twice its lifetime (5 minutes), and a new one comes all the time. */
  let nonce: string | undefined;
  const learn = ({ headers }: Answer) => {
    const given = headers["dpop-nonce"];
    if (typeof given === "string") nonce = given;
  };
  const bound = (): Bound => {
    const found = tokens.pick();
    if (found !== undefined) return found;
    const [key, sub] = [chance.pick(keys), subjectOf(chance)];
    const made = { key, sub, token: authority.token({ sub, cnf: { jkt: key.thumbprint } }) };
    tokens.put(made);
    return made;
  };
  const proven = (
    kind: string,
    { key, token }: Bound,
    changes: JsonObject,
    expected: Expectation,
  ): LoadRequest => ({
    kind,
    method: "GET",
    path: PATH,
    headers: key.headers({ url: gateOrigin + PATH, token, changes }),
    expected,
    answered: learn,
  });
  const good = (own: Bound): LoadRequest | undefined =>
    nonce === undefined
      ? undefined
      : proven("DPoP: good", own, { nonce }, { outcome: "forwarded", sub: encoded(own.sub) });
  const bad = (kind: string, changes: () => JsonObject, error: string) => (): LoadRequest | undefined =>
    nonce === undefined
      ? undefined
      : proven(`DPoP: ${kind}`, bound(), { nonce, ...changes() }, refusedProof(error));
  const replayed = (): LoadRequest | undefined => {
    const first = good(bound());
    if (first === undefined) return undefined;
    const again = { ...first, kind: "DPoP: replayed", expected: refusedProof("invalid_dpop_proof") };
    return { ...first, answered: () => follow(again) };
  };
  const anothersKey = (): LoadRequest | undefined => {
    const own = bound();
    const key = keys.find(({ thumbprint }) => thumbprint !== own.key.thumbprint) ?? own.key;
    return nonce === undefined
      ? undefined
      : proven("DPoP: another's key", { ...own, key }, { nonce }, invalidToken);
  };
  const asBearer = (): LoadRequest => ({
    kind: "DPoP: bound, as Bearer",
    method: "GET",
    path: PATH,
    headers: bearer(bound().token),
    expected: invalidToken,
  });
  const unbound = (): LoadRequest => ({
    ...asBearer(),
    kind: "DPoP: unbound",
    headers: bearer(authority.token()),
  });
  return [
    [6, () => good(bound())],
    [2, replayed],
    [1, bad("another htu", () => ({ htu: `${gateOrigin}/data` }), "invalid_dpop_proof")],
    [1, bad("another htm", () => ({ htm: "POST" }), "invalid_dpop_proof")],
    [1, bad("too old", () => ({ iat: Math.floor(Date.now() / 1000) - 600 }), "invalid_dpop_proof")],
    [1, () => proven("DPoP: no nonce", bound(), {}, refusedProof("use_dpop_nonce"))],
    [1, anothersKey],
    [1, asBearer],
    [1, unbound],
  ];
}
