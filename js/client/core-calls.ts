/**
 * A port of the module: each call by its number (`src/wasm/client_port.rs`), answered by a text or refused by an `EdgewardError`.
 *
 * @module
 */
import type { CoreErrorCode } from "../error-code.ts";
import { EdgewardError, type Problem } from "../errors.ts";
import type { ClientPort } from "../wasm/generated/client.js";

/** Makes a call: its number, and what it takes of two texts, a number and the moment. Gives its answer, or nothing where it has none. */
export type Call = (
  number: number,
  first?: string,
  second?: string,
  value?: number,
  now?: number,
) => string | undefined;

/** Calls after which the session may be another: `readTokens`, `conclude`, `adopt`, `forget`, `leave`, `logout`. */
export const changing: ReadonlySet<number> = new Set([9, 12, 24, 26, 29, 30]);

/**
 * The calls of a port that has been given its configuration, as JSON text.
 *
 * @throws EdgewardError `config_invalid`.
 */
export function callsOf(port: ClientPort, config: string): Call {
  const call: Call = (number, first = "", second = "", value = 0, now = 0) => {
    const answer = port.call(number, first, second, value, now);
    const text = answer.slice(1);
    if (answer.startsWith("!")) throw refusal(text);
    return answer === "" ? undefined : text;
  };
  call(0, config);
  return call;
}

interface Refusal {
  code: CoreErrorCode;
  message: string;
  subject?: string;
  error?: string;
  error_description?: string;
  problems?: Problem[];
}

function refusal(text: string): EdgewardError {
  const told: Refusal = JSON.parse(text);
  return new EdgewardError(told.code, told.message, told);
}
