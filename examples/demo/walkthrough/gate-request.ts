/**
 * Sends a request to the gate and puts the answer into a few words.
 */

import { decodeHeader } from "../tokens.ts";
import type { Outcome } from "./row.ts";

export interface GateRequest {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export async function sendToGate(url: string, request: GateRequest = {}): Promise<Response> {
  const { method = "GET", token, headers = {}, body } = request;
  return await fetch(url, {
    method,
    headers: {
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  });
}

/** The outcome of a request to the gate. */
export async function askGate(url: string, request: GateRequest = {}): Promise<Outcome> {
  return await describeGateAnswer(await sendToGate(url, request));
}

/** The same for a good token, with the algorithm that its header names for a reason. */
export async function askWithAlgorithm(url: string, token: string): Promise<Outcome> {
  const { answer, reason } = await askGate(url, { token });
  return { answer, reason: reason ?? String(decodeHeader(token).alg) };
}

/**
 * `200`, `401 invalid_token`, `401 bare challenge`. The OAuth error is read from the challenge, which is
 * what the standard promises; the reason is the gate's own `code`, shown because the policy says `explain`.
 */
export async function describeGateAnswer(response: Response): Promise<Outcome> {
  const problem = await readProblem(response);
  const challenge = response.headers.get("www-authenticate");
  const answer = [String(response.status)];
  if (challenge !== null) answer.push(challengeError(challenge));
  if (response.headers.has("retry-after")) answer.push("Retry-After");
  return { answer: answer.join(" "), reason: problem?.code };
}

async function readProblem(response: Response): Promise<{ code?: string } | undefined> {
  const text = await response.text();
  if (!(response.headers.get("content-type") ?? "").startsWith("application/problem+json")) return undefined;
  return JSON.parse(text) as { code?: string };
}

/** The `error` of a Bearer or DPoP challenge (RFC 6750 section 3, RFC 9449 section 7.1); without credentials there is none to name. */
function challengeError(challenge: string): string {
  if (!/^(?:Bearer|DPoP)\b/i.test(challenge)) return "no challenge of OAuth";
  return /\berror="([^"]*)"/.exec(challenge)?.[1] ?? "bare challenge";
}
