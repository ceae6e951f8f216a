/**
 * What the core compared with what, for a person to see: values of the token's own beside those of the policy. Nothing is decided here.
 *
 * @module
 */
import type { GuardPolicy, RequirementPolicy } from "../policy.ts";
import type { Check } from "./checks.ts";
import type { Decided, Question } from "./explain.ts";

/** One thing that was looked at. */
export interface Comparison {
  readonly what: string;
  /** What the token has, or the request. */
  readonly has: string;
  /** What the policy, the key set or the moment wants of it. */
  readonly wants?: string;
}

/** What there is to show. */
export interface Evidence {
  readonly question: Question;
  readonly policy: GuardPolicy;
  readonly decided: Decided;
  readonly header: Members;
  readonly claims: Members;
}

export type Members = Readonly<Record<string, unknown>>;

/** A longer value is cut: it is there to be recognized. */
const maxShown = 200;

/** A value as JSON, so that nothing in it can be taken for something else. */
export function shown(value: unknown): string {
  if (value === undefined) return "(absent)";
  const text = JSON.stringify(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

/** A date of a token's: what it says, and when that is. */
export function shownDate(value: unknown): string {
  const date = typeof value === "number" ? new Date(value * 1000) : undefined;
  return date === undefined || Number.isNaN(date.getTime())
    ? shown(value)
    : `${value} (${date.toISOString()})`;
}

/** The header and the claims of a token, as far as they can be read; never the signature. */
export function readToken(token: string | undefined): Pick<Evidence, "header" | "claims"> {
  const [header, claims] = (token ?? "").split(".").map((part) => {
    try {
      const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
      return typeof value === "object" && value !== null ? (value as Members) : {};
    } catch {
      return {};
    }
  });
  return { header: header ?? {}, claims: claims ?? {} };
}

/** What a check looks at. */
export const comparisonsOf: Readonly<Record<Check, (evidence: Evidence) => Comparison[]>> = {
  route: ({ question, policy, decided: { route = -1 } }) => {
    const found = policy.routes[route];
    const wants =
      found === undefined
        ? "no route that takes it"
        : `routes[${route}]: ${shown(found.path)} ${(found.methods ?? ["all methods"]).join(" ")}`;
    return [{ what: "request", has: `${question.method} ${question.path}`, wants }];
  },
  credentials: ({ question: { token } }) => [
    {
      what: "Authorization",
      has: token === undefined ? "(absent)" : "Bearer, and the token from standard input",
    },
  ],
  form: ({ header }) => ["alg", "typ", "kid"].map((what) => ({ what, has: shown(header[what]) })),
  issuer: ({ policy, claims, decided: { issuer } }) => {
    const known = policy.issuers.map((own) => shown(own.issuer)).join(", ");
    const own = policy.issuers[issuer ?? -1];
    const wants = own === undefined ? known : `issuers[${issuer}]: ${shown(own.issuer)}`;
    const tenants = own?.tenants;
    return [
      { what: "iss", has: shown(claims.iss), wants },
      ...(tenants === undefined
        ? []
        : [
            {
              what: "tid",
              has: shown(claims.tid),
              wants: `the tenant of iss and of the key, of: ${shown(tenants)}`,
            },
          ]),
    ];
  },
  keys: ({ policy, header, decided: { issuer = -1, keySet } }) => [
    { what: "kid", has: shown(header.kid), wants: `key set: ${kidsOf(keySet)}` },
    {
      what: "alg",
      has: shown(header.alg),
      wants: `policy: ${shown(policy.issuers[issuer]?.algorithms ?? "all")}`,
    },
  ],
  signature: ({ decided: { signature } }) =>
    signature === undefined
      ? []
      : [{ what: "signature", has: signature === "unable" ? "left to the core" : signature }],
  claims: ({ question: { at }, policy, header, claims, decided: { issuer = -1 } }) => {
    const { audience, token_profile = "at+jwt", clock_tolerance_seconds = 30 } = policy.issuers[issuer] ?? {};
    const moment = `moment: ${shownDate(at)}, tolerance ${clock_tolerance_seconds} s`;
    const there = ["nbf", "iat"].filter((what) => what in claims);
    return [
      { what: "typ", has: shown(header.typ), wants: `policy: ${shown(token_profile)}` },
      { what: "aud", has: shown(claims.aud), wants: `policy: ${shown(audience)}` },
      ...["exp", ...there].map((what) => ({ what, has: shownDate(claims[what]), wants: moment })),
      ...["sub", "client_id", "jti"].map((what) => ({ what, has: shown(claims[what]) })),
    ];
  },
  demands: ({ policy, claims, decided: { route = -1 } }) => {
    const demands = policy.routes[route];
    return demands === undefined ? [] : demandsOf(demands, claims, `routes[${route}].`);
  },
  introspection: ({ policy, decided: { issuer = -1, introspection } }) => {
    const said = membersOf(introspection);
    const wants = [
      ["active", true],
      ["aud", policy.issuers[issuer]?.audience],
      ["iss", policy.issuers[issuer]?.issuer],
    ] as const;
    return introspection === undefined
      ? []
      : [
          ...wants.map(([what, want]) => ({ what, has: shown(said[what]), wants: shown(want) })),
          { what: "exp", has: shownDate(said.exp) },
          { what: "scope", has: shown(said.scope) },
        ];
  },
  revocation: ({ claims }) => [
    ...["jti", "sub", "sid"].map((what) => ({ what, has: shown(claims[what]) })),
    { what: "iat", has: shownDate(claims.iat), wants: "not in the deny list, which explain takes for empty" },
  ],
  possession: ({ claims }) => [
    { what: "cnf", has: shown(claims.cnf), wants: "absent, or proved, which explain can't do" },
  ],
  origin: () => [],
};

function kidsOf(keySet: string | undefined): string {
  const { keys } = membersOf(keySet);
  if (!Array.isArray(keys)) return "none";
  return keys
    .map((key: Members) => `${shown(key.kid)} ${shown(key.alg ?? key.kty)}`)
    .join(", ")
    .slice(0, maxShown);
}

function membersOf(text: string | undefined): Members {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}

/** Each demand of a route beside the claim that it is about. */
function demandsOf(demands: RequirementPolicy, claims: Members, at: string): Comparison[] {
  const { scope, roles, groups, entitlements, acr_values, max_age, issuer, audience, sender_constraint } =
    demands;
  const about = [
    ["scope", scope, claims.scope ?? claims.scp],
    ...(
      [
        ["roles", roles],
        ["groups", groups],
        ["entitlements", entitlements],
      ] as const
    ).map(([name, wants]) => [name, wants, claims[name]] as const),
    ["acr_values", acr_values, claims.acr],
    ["max_age", max_age, claims.auth_time],
    ["issuer", issuer, claims.iss],
    ["audience", audience, claims.aud],
    ["sender_constraint", sender_constraint, claims.cnf],
  ] as const;
  const own = about
    .filter(([, wants]) => wants !== undefined)
    .map(([name, wants, has]) => ({
      what: at + name,
      has: name === "max_age" ? shownDate(has) : shown(has),
      wants: shown(wants),
    }));
  const conditions = (demands.claims ?? []).map(({ path, ...wants }, index) => ({
    what: `${at}claims[${index}]`,
    has: shown(valueAt(claims, path)),
    wants: shown(wants),
  }));
  const nested = (["all_of", "any_of"] as const).flatMap((list) =>
    (demands[list] ?? []).flatMap((inner, index) => demandsOf(inner, claims, `${at}${list}[${index}].`)),
  );
  return [...own, ...conditions, ...nested];
}

function valueAt(claims: Members, path: string | readonly string[]): unknown {
  const names = typeof path === "string" ? path.split(".") : path;
  let value: unknown = claims;
  for (const name of names) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value;
}
