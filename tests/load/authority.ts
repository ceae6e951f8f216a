/**
 * The issuer of the load: keys that it rotates in front of everybody, and an introspection endpoint.
 *
 * A rotation has no moment in which it would be open what is right. The new key is published beside the old one, and signs nothing before the
 * gate has it; then the old one signs nothing more, and only when none of its good tokens is under way it is taken out; and its tokens count as
 * bad once the gate has the set without it.
 */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { API_AUDIENCE } from "../../examples/demo/resources.ts";
import { accessTokenClaims, type JsonObject, signToken } from "../../examples/demo/tokens.ts";

export interface IssuerKey {
  readonly alg: "ES256" | "RS256";
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What opaque tokens that are good begin with. */
export const ACTIVE = "opaque-active-";
export const INTROSPECTION_SCOPE = "audit:read";

export interface Authority {
  readonly issuer: string;
  /** Signs good tokens. */
  readonly key: IssuerKey;
  /** Never rotated. */
  readonly rsaKey: IssuerKey;
  /** Was published, and no gate has it any more. */
  readonly removedKey: IssuerKey | undefined;
  /** How many keys were replaced, from the first announcement to the last token refused. */
  readonly rotations: number;
  readonly questions: number;
  readonly keySetFetches: number;
  /** One step of a rotation, where the time for it has come. `passed` says whether all requests up to a number have been answered. */
  step(now: number, nextRequest: number, passed: (request: number) => boolean): void;
  token(changes?: JsonObject, key?: IssuerKey, header?: JsonObject): string;
  close(): Promise<void>;
}

/** What a rotation waits for next. */
type Phase =
  /** The time of the next one. */
  | { readonly name: "rest"; readonly until: number }
  /** That the gate fetches the set, which holds both keys, or the new one alone. */
  | { readonly name: "both published" | "new one published"; readonly next: IssuerKey }
  /** That every request up to a number is answered: twice, because the first round may have begun the second's fetch. */
  | {
      readonly name: "both known" | "old one idle" | "old one gone";
      readonly next: IssuerKey;
      readonly after: number;
      readonly rounds: number;
    };

export async function startAuthority(rotateEveryMilliseconds: number): Promise<Authority> {
  const rsaKey: IssuerKey = {
    alg: "RS256",
    kid: "rsa",
    ...generateKeyPairSync("rsa", { modulusLength: 2048 }),
  };
  let numberOfKeys = 0;
  const newKey = (): IssuerKey => {
    numberOfKeys += 1;
    return { alg: "ES256", kid: `es-${numberOfKeys}`, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
  };
  let key = newKey();
  let retired = key;
  let removedKey: IssuerKey | undefined;
  let published: readonly IssuerKey[] = [key, rsaKey];
  let [rotations, questions, keySetFetches, servedSets] = [0, 0, 0, 0];
  let phase: Phase = { name: "rest", until: Date.now() + rotateEveryMilliseconds };
  let issuer = "";

  const publish = (...keys: IssuerKey[]) => {
    published = [...keys, rsaKey];
    servedSets = 0;
  };
  const server = createServer((request, response) => {
    switch (request.url) {
      case "/.well-known/openid-configuration":
        send(response, {
          issuer,
          jwks_uri: `${issuer}/jwks`,
          introspection_endpoint: `${issuer}/introspect`,
        });
        break;
      case "/jwks": {
        const keys = published;
        keySetFetches += 1;
        response.once("finish", () => {
          if (keys === published) servedSets += 1;
        });
        send(response, { keys: keys.map(publicJwk) });
        break;
      }
      case "/introspect":
        questions += 1;
        void introspect(request, response);
        break;
      default:
        response.writeHead(404).end();
    }
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const step: Authority["step"] = (now, nextRequest, passed) => {
    switch (phase.name) {
      case "rest":
        if (now < phase.until) return;
        phase = { name: "both published", next: newKey() };
        publish(key, phase.next);
        return;
      case "both published":
        if (servedSets > 0) phase = { name: "both known", next: phase.next, after: nextRequest, rounds: 2 };
        return;
      case "new one published":
        if (servedSets > 0) phase = { name: "old one gone", next: phase.next, after: nextRequest, rounds: 2 };
        return;
      default: {
        if (!passed(phase.after)) return;
        if (phase.rounds > 1) {
          phase = { ...phase, after: nextRequest, rounds: phase.rounds - 1 };
          return;
        }
        const { name, next } = phase;
        if (name === "both known") {
          // The old one signs nothing from here on. It is no good key and no bad one until it is gone.
          [retired, key] = [key, next];
          phase = { name: "old one idle", next, after: nextRequest, rounds: 1 };
        } else if (name === "old one idle") {
          publish(key);
          phase = { name: "new one published", next };
        } else {
          removedKey = retired;
          rotations += 1;
          phase = { name: "rest", until: now + rotateEveryMilliseconds };
        }
      }
    }
  };

  return {
    get issuer() {
      return issuer;
    },
    get key() {
      return key;
    },
    rsaKey,
    get removedKey() {
      return removedKey;
    },
    get rotations() {
      return rotations;
    },
    get questions() {
      return questions;
    },
    get keySetFetches() {
      return keySetFetches;
    },
    step,
    token: (changes, by = key, header) => signToken(accessTokenClaims(issuer, changes), by, header),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** RFC 7662 section 2.2: an opaque token is active or not by its first characters; a JWT that is shown here is. */
async function introspect(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const token = new URLSearchParams(Buffer.concat(chunks).toString("utf8")).get("token") ?? "";
  const exp = Math.floor(Date.now() / 1000) + 3_600;
  const good = { active: true, aud: API_AUDIENCE, exp, scope: INTROSPECTION_SCOPE };
  const named = { ...good, sub: token.slice(ACTIVE.length) };
  const isJwt = token.split(".").length === 3;
  send(response, token.startsWith(ACTIVE) ? named : isJwt ? good : { active: false });
}

function send(response: ServerResponse, document: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
}

function publicJwk({ alg, kid, publicKey }: IssuerKey): object {
  return { ...publicKey.export({ format: "jwk" }), alg, kid, use: "sig" };
}
