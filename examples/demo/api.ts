/**
 * The API behind the gate: a small tide station. It checks no token and knows no key.
 *
 * Who is calling stands in the headers the gate sets, and those can be believed for one reason: the gate
 * drops whatever a client sends under these names. That holds only as long as nobody reaches this server
 * around the gate, so a real origin listens on a private network or behind a service binding.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { type LoopbackServer, readBody, sendJson } from "./loopback-server.ts";

/** What arrived at the origin, for tests and for the walkthrough: this is what the gate let through. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ApiOptions {
  readonly onRequest?: ((request: ReceivedRequest) => void) | undefined;
}

/** The caller, as the gate vouches for it. */
interface Caller {
  readonly sub: string | undefined;
  readonly client_id: string | undefined;
  readonly scope: string[];
}

interface Note {
  readonly id: number;
  readonly text: string;
  readonly written_at: string;
}

/** Notes live in memory: so many people, so many notes each, so long a note. The oldest make room. */
const MAX_AUTHORS = 100;
const MAX_NOTES_PER_AUTHOR = 20;
const MAX_NOTE_CHARACTERS = 280;

export function startApi(server: LoopbackServer, options: ApiOptions = {}): void {
  const startedAt = Date.now();
  const notebook = new Map<string, Note[]>();

  server.serve(async (request, response) => {
    const method = request.method ?? "GET";
    const path = new URL(request.url ?? "/", server.origin).pathname;
    options.onRequest?.({ method, path, headers: flatten(request) });
    const caller = callerOf(request);

    switch (`${method} ${path}`) {
      case "GET /health":
        return sendJson(response, 200, {
          status: "ok",
          up_seconds: Math.round((Date.now() - startedAt) / 1000),
        });
      case "GET /data":
        return sendJson(response, 200, {
          station: "Tidewater",
          unit: "m",
          readings: tideReadings(Date.now()),
        });
      case "GET /user/profile":
        return sendJson(response, 200, { sub: caller.sub, signed_in_with: caller.client_id, berth: "B 12" });
      case "GET /user/lock-code":
        return sendJson(response, 200, { berth: "B 12", lock_code: "7 3 1 9" });
      case "GET /notes":
        return sendJson(response, 200, { notes: notebook.get(caller.sub ?? "") ?? [] });
      case "POST /notes":
        return await writeNote(notebook, caller, request, response);
      case "GET /admin":
        return sendJson(response, 200, { keeper: caller.sub, sluice: "closed", authors: notebook.size });
      case "GET /machine/report":
        return sendJson(response, 200, { instrument: caller.client_id, report: "accepted" });
      case "GET /audit":
        return sendJson(response, 200, { auditor: caller.client_id, entries: [] });
      case "GET /whoami":
        return sendJson(response, 200, { caller, headers: identityHeaders(request) });
      default:
        return sendJson(response, 404, { error: "the station has nothing here" });
    }
  });
}

/** Only the gate's headers count; everything else a request carries is the caller's own claim. */
function callerOf(request: IncomingMessage): Caller {
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    sub: header("edgeward-sub"),
    client_id: header("edgeward-client-id"),
    scope: (header("edgeward-scope") ?? "").split(" ").filter((scope) => scope !== ""),
  };
}

/** Every header that speaks of identity, so that `GET /whoami` shows what got through and what didn't. */
function identityHeaders(request: IncomingMessage): Record<string, string> {
  const speaksOfIdentity = (name: string) => /^edgeward[-_]/.test(name) || name === "authorization";
  return Object.fromEntries(Object.entries(flatten(request)).filter(([name]) => speaksOfIdentity(name)));
}

function flatten(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

/** Four readings around now, from the two strongest constituents of the tide. */
function tideReadings(now: number): Array<{ at: string; level: number }> {
  return [-2, -1, 0, 1].map((hours) => {
    const at = now + hours * 3_600_000;
    const phase = (periodHours: number) => (2 * Math.PI * at) / (periodHours * 3_600_000);
    const level = 2.4 + 1.6 * Math.cos(phase(12.4206)) + 0.5 * Math.cos(phase(12));
    return { at: new Date(at).toISOString().slice(0, 16).concat("Z"), level: Math.round(level * 100) / 100 };
  });
}

async function writeNote(
  notebook: Map<string, Note[]>,
  caller: Caller,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (caller.sub === undefined) return sendJson(response, 403, { error: "a logbook belongs to somebody" });
  const text = noteText(await readBody(request));
  if (text === undefined) {
    const error = `send {"text": "…"} with 1 to ${MAX_NOTE_CHARACTERS} characters`;
    return sendJson(response, 422, { error });
  }
  const notes = notebook.get(caller.sub) ?? [];
  const note: Note = { id: (notes.at(-1)?.id ?? 0) + 1, text, written_at: new Date().toISOString() };
  notebook.set(caller.sub, [...notes, note].slice(-MAX_NOTES_PER_AUTHOR));
  for (const author of notebook.keys()) {
    if (notebook.size <= MAX_AUTHORS) break;
    notebook.delete(author);
  }
  return sendJson(response, 201, note);
}

function noteText(body: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null || !("text" in parsed)) return undefined;
  const { text } = parsed;
  if (typeof text !== "string") return undefined;
  const trimmed = text.trim();
  return trimmed.length > 0 && trimmed.length <= MAX_NOTE_CHARACTERS ? trimmed : undefined;
}
