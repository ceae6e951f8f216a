/**
 * A browser without a screen: keeps cookies, follows redirects, reads forms and sends them back.
 *
 * It drives the authorization server's real login and consent pages over HTTP. It understands as much HTML
 * as those pages use.
 */

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: string;
  readonly forms: readonly Form[];
}

export interface Form {
  readonly action: string;
  /** What would be sent if nothing were changed: prefilled texts, ticked and enabled boxes. */
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
}

/** Where a navigation ended: on a page, or at a redirect out of the authorization server. */
export type Arrival = { readonly page: Page } | { readonly callback: URL };

const MAX_REDIRECTS = 10;

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

export class UserAgent {
  readonly #origin: string;
  #cookies: Cookie[] = [];

  /** It only ever talks to `origin`: a redirect to anywhere else is the end of the journey. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  async open(url: string): Promise<Arrival> {
    return await this.#navigate(url, { method: "GET" });
  }

  /** Sends a form as a browser would, with `values` typed over what it was filled with. */
  async submit(page: Page, form: Form, values: Record<string, string> = {}): Promise<Arrival> {
    const body = new URLSearchParams();
    for (const [name, value] of form.fields) if (!(name in values)) body.append(name, value);
    for (const [name, value] of Object.entries(values)) body.append(name, value);
    const url = new URL(form.action, page.url).href;
    return await this.#navigate(url, { method: "POST", body, headers: { origin: this.#origin } });
  }

  async #navigate(start: string, first: RequestInit): Promise<Arrival> {
    let url = start;
    let init = first;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const headers = new Headers(init.headers);
      headers.set("accept", "text/html");
      headers.set("cookie", this.#cookiesFor(url));
      const response = await fetch(url, {
        ...init,
        headers,
        redirect: "manual",
        signal: AbortSignal.timeout(30_000),
      });
      this.#remember(response, url);

      const location = response.headers.get("location");
      if (location === null) {
        const html = await response.text();
        return { page: { url, status: response.status, html, forms: readForms(html) } };
      }
      await response.arrayBuffer();
      const next = new URL(location, url);
      if (next.origin !== this.#origin) return { callback: next };
      url = next.href;
      init = { method: "GET" };
    }
    throw new Error("the redirects go round in circles");
  }

  #cookiesFor(url: string): string {
    const { pathname } = new URL(url);
    return this.#cookies
      .filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }

  #remember(response: Response, url: string): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const attribute = (name: string) =>
        attributes.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
      const name = pair.slice(0, pair.indexOf("="));
      const path = attribute("path") ?? new URL(url).pathname;
      const expires = attribute("expires");
      this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
      if (expires === undefined || Date.parse(expires) > Date.now()) {
        this.#cookies.push({ name, value: pair.slice(pair.indexOf("=") + 1), path });
      }
    }
  }
}

function readForms(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, attributes = "", content = ""]) => ({
    action: readAttributes(attributes).get("action") ?? "",
    fields: [...content.matchAll(/<input\b([^>]*)>/g)].flatMap(([, input = ""]) => {
      const field = readAttributes(input);
      const name = field.get("name");
      const isBox = field.get("type") === "checkbox";
      if (name === undefined || field.has("disabled") || (isBox && !field.has("checked"))) return [];
      return [[name, field.get("value") ?? (isBox ? "on" : "")] as const];
    }),
  }));
}

function readAttributes(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name = "", value = ""]) => [
      name,
      decodeEntities(value),
    ]),
  );
}

function decodeEntities(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
