/** The deployable Worker in real workerd, between a test's issuer and a test's origin. */

import { type Gate, startGate } from "../../examples/demo/gate.ts";
import { SECRET_BINDING } from "../../examples/demo/gate-policy.ts";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import type { Policy } from "../../js/policy.ts";

/** Secrets with every character that needs an escape somewhere on the way (RFC 6749 section 2.3.1). */
export const GATE_SECRET = "s3cret: +/&=%é";

/** A policy with one route of each kind. */
export function policyFor(issuer: string, origin: string): Policy {
  return {
    realm: "conformance",
    issuers: [
      {
        issuer,
        audience: API_AUDIENCE,
        introspection: { client_id: "the gate", client_secret_binding: SECRET_BINDING },
      },
    ],
    routes: [
      { path: "/health", public: true },
      { path: "/data", methods: ["GET"], scope: "data:read" },
      { path: "/notes", methods: ["GET", "POST"] },
      { path: "/admin", scope: "admin" },
      { path: "/files/*" },
      { path: "/fresh", introspection: true, scope: "data:read" },
    ],
    upstream: { origin },
    cors: { origins: ["https://app.example"], headers: ["x-request-id"] },
    explain: true,
    allow_insecure_loopback: true,
  };
}

/** The same without the route that asks introspection, so that it needs no secret. */
export function plainPolicyFor(issuer: string, origin: string): Policy {
  const { issuers, routes, ...policy } = policyFor(issuer, origin);
  return {
    ...policy,
    issuers: issuers.map(({ issuer, audience }) => ({ issuer, audience })),
    routes: routes.filter(({ introspection }) => !introspection),
  };
}

export async function startTestGate(policy: Policy): Promise<Gate> {
  return await startGate({ port: await reservePort("gate", 0), policy, introspectionSecret: GATE_SECRET });
}

export interface Problem {
  status: number;
  title: string;
  error?: string;
  error_description?: string;
  scope?: string;
  acr_values?: string;
  max_age?: number;
  code?: string;
  detail?: string;
}

/** A refusal's body, read after its type was checked (RFC 9457 section 3). */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get("content-type");
  if (type !== "application/problem+json")
    throw new Error(`${response.status} ${type}: ${await response.text()}`);
  return (await response.json()) as Problem;
}

export const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });
