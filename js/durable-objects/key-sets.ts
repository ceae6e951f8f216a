/**
 * One document of an authorization server, a key set or metadata, fetched once for all isolates that ask: a Durable Object for each document and
 * data centre.
 *
 * @module
 */
import { fetchDocument } from "../documents.ts";
import type { SharedNeed } from "../needs.ts";

type Asked = Omit<SharedNeed, "kind" | "timeout_milliseconds">;

const loopback = ["127.0.0.1", "[::1]", "localhost"];

/**
 * Holds the document in memory, with when it was asked for, and leaves a server that has failed alone. Gates judge what it says; it gives no
 * more than the document's age. One that was started again knows nothing, and fetches once more.
 */
export class KeySets {
  #url: string | undefined;
  #text: string | undefined;
  /** Of the text, in milliseconds. */
  #askedAt = 0;
  #failures = 0;
  #failedAt = 0;
  /** Whoever comes meanwhile waits for it: within one object that is allowed. */
  #fetching: Promise<void> | undefined;

  /** Answers a gate. */
  async fetch(request: Request): Promise<Response> {
    const arrivedAt = Date.now();
    const asked: Asked = await request.json();
    this.#url ??= asked.url;
    // Its name is that of the URL. Nobody has another fetched by it, or one that no policy could name.
    if (asked.url !== this.#url || !mayBeFetched(asked)) return new Response("unavailable");
    if (this.#age(arrivedAt) > asked.max_age_seconds && !this.#isLeftAlone(asked)) {
      this.#fetching ??= this.#fetchDocument(asked).finally(() => {
        this.#fetching = undefined;
      });
      await this.#fetching;
    }
    return new Response(this.#text === undefined ? "unavailable" : `${this.#age(arrivedAt)}\n${this.#text}`);
  }

  async #fetchDocument(asked: Asked): Promise<void> {
    const at = Date.now();
    const { url, max_bytes, fetch_timeout_milliseconds } = asked;
    const request = {
      url,
      max_bytes: max_bytes - headBytes,
      timeout_milliseconds: fetch_timeout_milliseconds,
    };
    const document = await fetchDocument(request, (input, init) => fetch(input, init));
    if (document?.status === 200 && isOne(asked.document, document.text)) {
      this.#text = document.text;
      this.#askedAt = at;
      this.#failures = 0;
    } else {
      this.#failures += 1;
      this.#failedAt = Date.now();
    }
  }

  /** How many seconds before that moment the text was asked for, rounded up: it is never younger than it seems, and 0 only where it came later. */
  #age(moment: number): number {
    return this.#text === undefined ? Infinity : Math.max(0, Math.ceil((moment - this.#askedAt) / 1000));
  }

  #isLeftAlone({ back_off_seconds, max_back_off_seconds }: Asked): boolean {
    if (this.#failures === 0) return false;
    const seconds = Math.min(back_off_seconds * 2 ** (this.#failures - 1), max_back_off_seconds);
    return Math.abs(Date.now() - this.#failedAt) < seconds * 1000;
  }
}

/** What stands before the document in the answer, at most. */
const headBytes = 21;

/** By the core's rule for URLs, as far as it is about where they lead. */
function mayBeFetched({ url, allow_insecure_loopback }: Asked): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === "https:" || (protocol === "http:" && allow_insecure_loopback && loopback.includes(hostname))
  );
}

/** Whether it looks like one, so that a page that says "sorry" with status 200 is a failure. What is in it the core judges. */
function isOne(document: Asked["document"], text: string): boolean {
  try {
    const { keys, issuer } = JSON.parse(text);
    return document === "key_set" ? Array.isArray(keys) : typeof issuer === "string";
  } catch {
    return false;
  }
}
