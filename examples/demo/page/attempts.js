/** "Try to get past": requests with no token, or with one the page made up. */

import { byId, element } from "./dom.js";
import { createExchange } from "./exchange.js";

export function drawAttempts(config, client) {
  const attempts = [
    {
      title: "No token at all",
      note: "the plainest way to be refused",
      shown: undefined,
      make: async () => undefined,
    },
    {
      title: "Gibberish",
      note: "a word where a token should be",
      shown: "Bearer open-sesame",
      make: async () => "open-sesame",
    },
    {
      title: "An unsigned token",
      note: "alg: none, and claims to your taste",
      shown: "Bearer (alg none, scope admin)",
      make: async () => `${encode({ alg: "none", typ: "at+jwt" })}.${encode(claims(config, client))}.`,
    },
    {
      title: "A forged signature",
      note: "the server’s real key id over an invented signature",
      shown: "Bearer (RS256, scope admin, invented signature)",
      make: async () => {
        const header = { alg: "RS256", typ: "at+jwt", kid: await realKeyId(config.client.issuer) };
        const signature = crypto.getRandomValues(new Uint8Array(256));
        return `${encode(header)}.${encode(claims(config, client))}.${base64url(signature)}`;
      },
    },
  ];
  byId("attempts-cards").replaceChildren(...attempts.map((attempt) => card(attempt, config.api)));
}

function card({ title, note, shown, make }, api) {
  const exchange = createExchange({
    method: "GET",
    path: "/admin",
    credentials: () => shown,
    before: "Not tried yet.",
  });
  const send = (event) => {
    event.preventDefault();
    return exchange.run(async () => {
      const token = await make();
      // Plain fetch, not the client's: this token is nothing the client would ever send.
      return await fetch(
        `${api}/admin`,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      );
    });
  };
  return element(
    "article",
    { class: "card" },
    element(
      "div",
      {},
      element("h3", {}, title),
      element("p", { class: "quiet" }, note),
      element(
        "form",
        { onsubmit: send },
        element("button", { class: "secondary", type: "submit", "aria-label": `Try: ${title}` }, "Try"),
      ),
    ),
    exchange.view,
  );
}

/** Everything as the gate wants it, and the right that was never granted. */
function claims(config, client) {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: config.client.issuer,
    aud: config.client.resource,
    sub: client.user?.sub ?? "mallory",
    client_id: config.client.client_id,
    scope: "admin",
    iat: now,
    exp: now + 300,
    jti: crypto.randomUUID(),
  };
}

/** The key set is public; knowing the name of a key is not the same as having it. */
async function realKeyId(issuer) {
  const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const { keys } = await (await fetch(metadata.jwks_uri)).json();
  return keys.find((key) => key.kty === "RSA").kid;
}

function encode(value) {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
