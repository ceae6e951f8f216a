/** Requests that no token decides: public ones, preflights, paths and methods that nobody takes. */
import { ALLOWED_PAGES, type Expectation, type LoadRequest } from "./expectation.ts";
import { bearer, type Kind, type Means } from "./kind.ts";
import { METADATA_PATH, PAGE } from "./policy.ts";

const answered = (status: number, headers?: Record<string, string>): Expectation => ({
  ...{ outcome: "answered", status },
  ...(headers && { headers }),
});

export function plainRequests({ chance, authority }: Means): Kind[] {
  const plain = (
    kind: string,
    [method, path]: readonly [string, string],
    headers: LoadRequest["headers"],
    expected: Expectation,
  ): LoadRequest => ({ kind, method, path, headers, expected });
  const preflight = (origin: string) => ({ origin, "access-control-request-method": "GET" });
  const nobody: Expectation = { outcome: "forwarded", sub: undefined };
  return [
    [
      4,
      () => plain("public", ["GET", "/health"], chance.percent(50) ? { "edgeward-sub": "root" } : {}, nobody),
    ],
    [1, () => plain("public, with a bad token", ["GET", "/health"], bearer("nonsense"), nobody)],
    [
      2,
      () => {
        const allowed = { "access-control-allow-methods": "GET" };
        return plain("preflight", ["OPTIONS", "/data"], preflight(PAGE), answered(204, allowed));
      },
    ],
    [
      1,
      () =>
        plain(
          "preflight, another page",
          ["OPTIONS", "/data"],
          preflight("https://evil.example"),
          answered(204),
        ),
    ],
    [
      2,
      () =>
        plain(
          "unknown path",
          ["GET", `/elsewhere/${chance.below(1_000_000)}`],
          bearer(authority.token()),
          answered(404),
        ),
    ],
    [1, () => plain("method not taken", ["PUT", "/data"], bearer(authority.token()), answered(405))],
    [
      1,
      () =>
        plain("ambiguous path", ["GET", "/data/%2e%2e%2fadmin"], bearer(authority.token()), answered(400)),
    ],
    [
      1,
      () =>
        plain(
          "metadata (RFC 9728)",
          ["GET", METADATA_PATH],
          {},
          answered(200, { "content-type": "application/json", [ALLOWED_PAGES]: "*" }),
        ),
    ],
  ];
}
