/**
 * The gate: the real Worker of `wrangler.toml`.
 *
 * Nothing about the Worker is special to the demo. What makes it this gate is the policy and the secret in
 * its environment, exactly as in a deployment.
 */

import { randomBytes } from "node:crypto";
import type { Policy } from "../../js/policy.ts";
import { SECRET_BINDING } from "./gate-policy.ts";
import { NONCE_SECRET_BINDING } from "./strict-policy.ts";
import { startWorker, type Worker } from "./worker-process.ts";

/** Read only where a policy names it. */
const nonceSecret = randomBytes(32).toString("base64url");

export interface GateOptions {
  readonly port: number;
  readonly policy: Policy;
  /** The secret of the gate's own client at the introspection endpoint. */
  readonly introspectionSecret: string;
}

export type Gate = Worker;

export async function startGate({ port, policy, introspectionSecret }: GateOptions): Promise<Gate> {
  const variables = {
    EDGEWARD_POLICY: JSON.stringify(policy),
    [SECRET_BINDING]: introspectionSecret,
    [NONCE_SECRET_BINDING]: nonceSecret,
  };
  return await startWorker({ port, config: "wrangler.toml", variables });
}
