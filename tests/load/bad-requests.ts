/** Tokens that are refused, each for one reason. */
import { generateKeyPairSync } from "node:crypto";
import { ARCHIVE_AUDIENCE } from "../../examples/demo/resources.ts";
import { accessTokenClaims, hmacToken, type JsonObject, unsignedToken } from "../../examples/demo/tokens.ts";
import type { IssuerKey } from "./authority.ts";
import type { Expectation, LoadRequest } from "./expectation.ts";
import { bearer, invalidToken, type Kind, type Means } from "./kind.ts";

const answered = (
  status: number,
  challenge: { error?: string; scope?: string; acr_values?: string },
): Expectation => ({
  outcome: "answered",
  status,
  challenge,
});

export function badRequests({ chance, authority }: Means): Kind[] {
  const foreign: IssuerKey = {
    alg: "ES256",
    kid: "foreign",
    ...generateKeyPairSync("ec", { namedCurve: "P-256" }),
  };
  const now = () => Math.floor(Date.now() / 1000);
  const request = (
    kind: string,
    path: string,
    headers: LoadRequest["headers"],
    expected: Expectation,
  ): LoadRequest => ({
    ...{ kind, method: "GET", path, headers, expected },
  });
  const refused = (kind: string, claims: JsonObject, key?: IssuerKey, header?: JsonObject) =>
    request(`bad: ${kind}`, "/data", bearer(authority.token(claims, key, header)), invalidToken);
  const bad = (kind: string, token: string) => request(`bad: ${kind}`, "/data", bearer(token), invalidToken);
  /** Issued before any key set that the gate has: an unknown key of its is no new one, so that there is no 503. */
  const old = () => ({ iat: now() - 3_600 });
  /** Another character well inside of the signature. */
  const spoilt = (token: string) => {
    const place = token.length - 10 - chance.below(40);
    return token.slice(0, place) + (token[place] === "A" ? "B" : "A") + token.slice(place + 1);
  };
  return [
    [3, () => refused("expired", { iat: now() - 3_600, exp: now() - 600 })],
    [1, () => refused("not yet valid", { nbf: now() + 600 })],
    [2, () => refused("audience", { aud: ARCHIVE_AUDIENCE })],
    [2, () => refused("issuer", { iss: `${authority.issuer}/` })],
    [1, () => refused("typ", {}, undefined, { typ: "JWT" })],
    [3, () => bad("signature", spoilt(authority.token()))],
    [2, () => refused("another's signature", {}, { ...foreign, kid: authority.key.kid })],
    [1, () => bad("unsigned", unsignedToken(accessTokenClaims(authority.issuer)))],
    [
      1,
      () =>
        bad(
          "HMAC by the public key",
          hmacToken(accessTokenClaims(authority.issuer), authority.key.publicKey, authority.key.kid),
        ),
    ],
    [3, () => refused("unknown kid", old(), { ...foreign, kid: `nobody-${chance.below(2 ** 31)}` })],
    [
      2,
      () =>
        authority.removedKey === undefined ? undefined : refused("removed key", old(), authority.removedKey),
    ],
    [2, () => bad("no JWT", `opaque-${chance.below(2 ** 31)}`)],
    [1, () => bad("cut short", authority.token().slice(0, -1 - chance.below(80)))],
    [
      2,
      () =>
        request(
          "bad: malformed header",
          "/data",
          { authorization: "Bearer a b" },
          answered(400, { error: "invalid_request" }),
        ),
    ],
    [
      1,
      () =>
        request(
          "bad: token in the URL",
          "/data?access_token=a",
          {},
          answered(400, { error: "invalid_request" }),
        ),
    ],
    [3, () => request("bad: no credentials", "/data", {}, answered(401, {}))],
    [
      3,
      () => {
        const token = authority.token({ scope: "notes:write" });
        const expected = answered(403, { error: "insufficient_scope", scope: "data:read" });
        return request("bad: scope missing", "/data", bearer(token), expected);
      },
    ],
    [
      2,
      () => {
        const claims = chance.percent(50)
          ? { roles: ["visitor"], station: { level: 3 } }
          : { roles: ["keeper"] };
        const expected = answered(403, { error: "insufficient_scope" });
        return request("bad: role or claim missing", "/admin", bearer(authority.token(claims)), expected);
      },
    ],
    [
      2,
      () => {
        const token = authority.token({ acr: "pwd", auth_time: now() - 60 });
        const expected = answered(401, { error: "insufficient_user_authentication", acr_values: "phr" });
        return request("bad: authentication too weak", "/payments", bearer(token), expected);
      },
    ],
    [
      2,
      () =>
        request("bad: inactive", "/audit", bearer(`opaque-inactive-${chance.below(2 ** 31)}`), invalidToken),
    ],
  ];
}
