/**
 * The machine's token: the core says who asks for it and who waits, and here the authorization server is asked.
 *
 * @module
 */
import { ClientAssertions } from "../client-assertion.ts";
import { type Fetch, fetchDocument } from "../documents.ts";
import { EdgewardError } from "../errors.ts";
import type { ClientAssertion } from "../needs.ts";
import type { MachineCore } from "../wasm/generated/machine.js";
import type { ProofKey } from "./proof-key.ts";
import type { Working } from "./state.ts";
import type { MachineToken, PrivateJwk } from "./types.ts";

/** A token as the core tells it. */
export interface KnownToken extends MachineToken {
  /** The whole header. */
  readonly authorization: string;
  /** By which the core knows it. */
  readonly serial: number;
}

interface Question {
  url: string;
  authorization: string | null;
  /** A form, or nothing where a document is fetched. */
  body: string | null;
  client_assertion: ClientAssertion | null;
  asked: { at: number; round: number; for_token: boolean };
}

/** What comes next; see `MachineCore.token`. */
type Step =
  | (Omit<KnownToken, "expires_at"> & { expires_at: number | null })
  | { milliseconds: number }
  | { retry_after_seconds: number }
  | Question;

export interface MachineTokensParts {
  core: MachineCore;
  working: Working;
  /** Of an answer of the authorization server. */
  bounds: { max_bytes: number; timeout_milliseconds: number };
  key: ProofKey;
  private_key: PrivateJwk | undefined;
  fetch: Fetch;
  /** In seconds since the epoch. */
  now: () => number;
}

export class MachineTokens {
  readonly #parts: MachineTokensParts;
  readonly #assertions: ClientAssertions;

  constructor(parts: MachineTokensParts) {
    this.#parts = parts;
    this.#assertions = new ClientAssertions({ private_key: JSON.stringify(parts.private_key) });
  }

  /** A token that serves now. */
  async get(): Promise<KnownToken> {
    const { core, key, now } = this.#parts;
    await key.ready();
    const since = now();
    let step = this.#step(() => core.token(since, 0, since));
    for (;;) {
      if ("serial" in step) return { ...step, expires_at: step.expires_at ?? undefined };
      if ("retry_after_seconds" in step) throw unavailable(step.retry_after_seconds);
      if ("milliseconds" in step) {
        const { milliseconds } = step;
        // Another caller asks. Its promise can't be awaited: in workerd it may belong to another request.
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        step = this.#step(() => core.token(since, milliseconds, now()));
      } else {
        step = await this.#ask(step);
      }
    }
  }

  async #ask({ url, authorization, body, client_assertion, asked }: Question): Promise<Step> {
    const { core, bounds, key, fetch, now } = this.#parts;
    let form = body ?? undefined;
    if (client_assertion !== null) {
      const signed = await this.#assertions.sign(client_assertion);
      if (signed === undefined) return this.#step(() => core.unsigned(asked.at, now()));
      form = `${form}&client_assertion=${signed}`;
    }
    const dpop = form === undefined ? undefined : await key.proof({ method: "POST", url });
    const document = await fetchDocument(
      { url, body: form, authorization: authorization ?? undefined, dpop, ...bounds },
      fetch,
    );
    const { status, text, headers } = document ?? { status: 0, text: undefined, headers: undefined };
    const nonce = headers?.get("dpop-nonce") ?? undefined;
    const { at, round, for_token } = asked;
    return this.#step(() => core.answered(at, round, for_token, status, text, nonce, now()));
  }

  #step(call: () => string): Step {
    return JSON.parse(this.#parts.working(call));
  }
}

const unavailable = (seconds: number) =>
  new EdgewardError(
    "authorization_server_unavailable",
    `the authorization server can't be asked for a token; it is asked again in ${seconds} s`,
  );
