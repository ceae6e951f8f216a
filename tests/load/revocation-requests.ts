/**
 * Tokens that are good, are then put on the deny list, and are bad from the bound on that the policy states. Between the two nobody sends
 * them: it would be open what is right.
 */
import type { LoadRequest } from "./expectation.ts";
import { bearer, encoded, invalidToken, type Kind, type Means, ownClaims } from "./kind.ts";
import { REFRESH_SECONDS } from "./policy.ts";

const ENTRY_SECONDS = 120;
/** Revoked ones that are sent again and again. */
const MOST_REVOKED = 100;

interface Revoked {
  readonly token: string;
  readonly by: string;
  readonly from: number;
  readonly until: number;
}

export function revocationRequests({ chance, authority, follow }: Means): Kind[] {
  const revoked: Revoked[] = [];
  const begun = (): LoadRequest => {
    const claims = ownClaims();
    const token = authority.token(claims);
    const by = chance.pick(["jti", "sub", "sid"]);
    return {
      kind: "good: will be revoked",
      method: "GET",
      path: "/data",
      headers: bearer(token),
      expected: { outcome: "forwarded", sub: encoded(String(claims.sub)) },
      answered: () => follow(written(token, by, claims[by])),
    };
  };
  const written = (token: string, by: string, value: unknown): LoadRequest => {
    const expires_at = Math.floor(Date.now() / 1000) + ENTRY_SECONDS;
    return {
      kind: "deny list: written",
      method: "POST",
      path: "/deny-list",
      headers: bearer(authority.token({ scope: "tokens:revoke" })),
      body: Buffer.from(JSON.stringify({ [by]: value, expires_at })),
      expected: { outcome: "answered", status: 201 },
      answered: () => {
        // Whole seconds: the one in which it was written has to be over, too.
        const from = (Math.floor(Date.now() / 1000) + 1 + REFRESH_SECONDS) * 1000;
        revoked.push({ token, by, from, until: (expires_at - 10) * 1000 });
        if (revoked.length > MOST_REVOKED) revoked.shift();
      },
    };
  };
  const refused = (): LoadRequest | undefined => {
    const now = Date.now();
    const due = revoked.filter(({ from, until }) => from <= now && now < until);
    if (due.length === 0) return undefined;
    const { token, by } = chance.pick(due);
    return {
      ...{ kind: `bad: revoked by ${by}`, method: "GET", path: "/data" },
      ...{ headers: bearer(token), expected: invalidToken },
    };
  };
  const listed = (): LoadRequest => ({
    ...{
      kind: "deny list: no right to it",
      method: chance.pick(["GET", "POST", "DELETE"]),
      path: "/deny-list",
    },
    headers: bearer(authority.token()),
    expected: {
      outcome: "answered",
      status: 403,
      challenge: { error: "insufficient_scope", scope: "tokens:revoke" },
    },
  });
  return [
    [1, () => (chance.percent(10) ? begun() : undefined)],
    [4, refused],
    [1, listed],
  ];
}
