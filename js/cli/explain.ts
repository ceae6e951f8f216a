/**
 * One request with one token, decided by the core that decides at work. Nothing is judged here: this file hands the core what it needs, and
 * notes what it asked for and what it came to.
 *
 * @module
 */
import { algorithmNames } from "../algorithm-name.ts";
import type { CoreErrorCode } from "../error-code.ts";
import { inCore } from "../errors.ts";
import { type GroundCode, groundCodes } from "../ground-code.ts";
import type { DocumentNeed, GateAnswer } from "../needs.ts";
import type { GuardPolicy } from "../policy.ts";
import { documentNeed, signatureRequest, verdictNumbers } from "../steps.ts";
import { GateCore, GatePolicy, instance } from "../wasm/gate-node.ts";
import { Standing } from "../wasm/generated/gate.js";
import { Input } from "../wasm/input.ts";
import { type SignatureVerdict, WebCrypto } from "../webcrypto.ts";

/** What is to be explained. */
export interface Question {
  /** JSON text of a gate's or a guard's policy. */
  policy: string;
  method: string;
  path: string;
  query: string;
  /** `undefined` for a request without one. */
  token: string | undefined;
  /** The moment that counts, in seconds since the epoch. */
  at: number;
}

/** Where the core's documents come from; `null` where one can't be had. */
export interface Documents {
  /** An issuer's metadata or key set. With `isGiven` the key set is there without a network. */
  keys(need: DocumentNeed): Promise<string | null>;
  readonly isGiven: boolean;
  introspection(need: DocumentNeed): Promise<string | null>;
}

/** What the core came to, and what it saw on the way. */
export interface Decided {
  readonly isAllowed: boolean;
  readonly code: CoreErrorCode | GroundCode;
  readonly detail: string | undefined;
  /** What a caller would get, where the request is answered by the gate. */
  readonly answer: GateAnswer | undefined;
  /** Places in the policy. */
  readonly route: number | undefined;
  readonly issuer: number | undefined;
  /** The verdict on the token's signature, where it came to that. */
  readonly signature: SignatureVerdict | undefined;
  /** The key set and the introspection answer that were looked at. */
  readonly keySet: string | undefined;
  readonly introspection: string | undefined;
}

/** Long enough for every use. */
const noSecret = "not-a-secret".repeat(4);

/** Stand in for places that are not asked: what they would say is given, and no secret is needed to hear it. */
const given = { keySet: "https://key-set.invalid/", introspection: "https://introspection.invalid/" };

/**
 * Has the core decide. Its host checks every signature, so that each is seen.
 *
 * @throws EdgewardError `policy_invalid`
 */
export async function decide(question: Question, documents: Documents): Promise<Decided> {
  inCore(() => GatePolicy.forGuard(question.policy)).free();
  const policy: GuardPolicy = JSON.parse(question.policy);
  const checked = inCore(() => GatePolicy.forGuard(JSON.stringify(offline(policy, documents.isGiven))));
  // Nothing is sent that would need one, and no proof comes that a nonce would have to be in.
  const secrets = JSON.stringify(
    Object.fromEntries(checked.secretBindings().map((name) => [name, noSecret])),
  );
  const core = inCore(() => new GateCore(checked, secrets, algorithmNames.join(" ")));
  const webCrypto = new WebCrypto();
  const { method, path, query, token, at } = question;
  const authorization = token === undefined ? "" : `Bearer ${token}`;
  const text = `${method}\n${path}\n${query}\n${authorization}\n\n`;
  let signature: SignatureVerdict | undefined;
  let keySet: string | undefined;
  let introspection: string | undefined;
  let standing = core.authorize(new Input(core, instance.memory).write(text), at);
  while (standing === Standing.Need) {
    const { step } = core;
    if (core.needsSignature(step)) {
      signature = await webCrypto.verify(signatureRequest(core, step, instance.memory));
      standing = core.conclude(step, verdictNumbers[signature], at);
      continue;
    }
    const need = documentNeed(core, step);
    let answer: string | null = null;
    if (need.kind === "introspection") {
      answer = await documents.introspection(need);
      introspection = answer ?? undefined;
    } else if (need.kind === "key_set" || need.kind === "metadata") {
      answer = await documents.keys(need);
      if (need.kind === "key_set") keySet = answer ?? undefined;
    } else if (need.kind === "deny_list") {
      // The list lies in a store of the deployment's, which is not reached from here.
      answer = '{"entries":[]}';
    }
    standing = core.resume(step, answer ?? undefined, at);
  }
  const { route, issuer, ground = -1 } = core;
  const seen = { route, issuer, signature, keySet, introspection };
  const passed = groundCodes[ground];
  if (standing !== Standing.Respond) {
    return { isAllowed: true, code: passed as GroundCode, detail: undefined, answer: undefined, ...seen };
  }
  const answer: GateAnswer = JSON.parse(core.response() ?? "");
  // A preflight, or metadata: what is no refusal is allowed.
  const code = answer.reason?.code ?? (passed as GroundCode);
  return { isAllowed: answer.reason === null, code, detail: answer.reason?.detail, answer, ...seen };
}

/** The policy with places where nothing has to be asked, and with no client of its own that would need a secret. */
function offline(policy: GuardPolicy, hasKeySet: boolean): GuardPolicy {
  const issuers = policy.issuers.map(({ introspection, ...issuer }) => ({
    ...issuer,
    ...(hasKeySet ? { jwks_uri: given.keySet } : {}),
    ...(introspection
      ? {
          introspection: {
            ...{ client_id: "explain", client_secret_binding: "EXPLAIN" },
            introspection_endpoint: given.introspection,
          },
        }
      : {}),
  }));
  return { ...policy, issuers };
}
