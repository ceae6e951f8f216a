// `edgeward/machine`: tokens of a machine's own, from the real authorization server.

import { createMachineClient } from "edgeward/machine";
// Not an entry: the script of the module that the entry uses in every runtime, for what only a trap can show.
import { initSync } from "../node_modules/edgeward/dist/wasm/generated/machine.js";
import { equal, fails, holds } from "./expect.mjs";
import { exhaust } from "./trap.mjs";

const API = "https://api.example";

function machine({ machines, audience }, changes = {}, options = {}) {
  const { issuer, client_secret } = machines;
  const config = { issuer, client_id: "with-client_secret_basic", client_secret };
  const wanted = {
    scope: "data:read",
    resource: audience,
    api_origins: [API],
    allow_insecure_loopback: true,
  };
  return createMachineClient({ ...config, ...wanted, ...changes }, options);
}

/** A platform on which the API keeps what it is sent, and everything else is the network. */
const platform = (sent) => ({
  fetch: async (input, init) => {
    const request = new Request(input, init);
    if (!request.url.startsWith(API)) return await fetch(input, init);
    sent.push(request);
    return new Response("the data");
  },
});

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
const jsonOf = (text) => JSON.parse(new TextDecoder().decode(bytesOf(text)));
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** What a proof says, once its signature has held by the platform's own cryptography. */
async function readProof(proof) {
  const [header, payload, signature] = proof.split(".");
  const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jsonOf(header).jwk, ecdsa, false, ["verify"]);
  const message = new TextEncoder().encode(`${header}.${payload}`);
  holds(await crypto.subtle.verify(ecdsa, key, bytesOf(signature), message), "the proof's signature");
  return jsonOf(payload);
}

export const cases = [
  {
    name: "a client_secret gets a token, by metadata and the platform's own fetch, and it is kept",
    run: async (given) => {
      const client = machine(given);
      const { access_token, token_type, expires_at } = await client.token();
      equal(token_type, "Bearer", "token_type");
      equal(jsonOf(access_token.split(".")[1]).client_id, "with-client_secret_basic", "client_id");
      holds(expires_at > Date.now() / 1000, "it serves for a while");
      equal((await client.token()).access_token, access_token, "the next call's");
    },
  },
  ...["ES256", "PS256"].map((alg) => ({
    name: `private_key_jwt by ${alg} gets a token`,
    run: async (given) => {
      const private_key = given.machines.keys[alg];
      const { access_token } = await machine(given, {
        ...{ client_id: `with-key-${alg}`, client_secret: undefined, private_key },
      }).token();
      equal(jsonOf(access_token.split(".")[1]).client_id, `with-key-${alg}`, "client_id");
    },
  })),
  {
    name: "fetch sends the token to the API that is named, and to no other",
    run: async (given) => {
      const sent = [];
      const client = machine(given, { api_origins: [`${API}:8443`] }, platform(sent));
      for (const url of [`${API}:8443/data`, `${API}/data`])
        equal(await (await client.fetch(url)).text(), "the data", "the answer");
      const { access_token } = await client.token();
      equal(
        sent.map(({ headers }) => headers.get("authorization")),
        [`Bearer ${access_token}`, null],
        "what was sent",
      );
    },
  },
  {
    name: "DPoP: the server's nonce is met, and each request proves the key that the token is bound to",
    run: async (given) => {
      const sent = [];
      const client = machine(given, { dpop: true }, platform(sent));
      for (const path of ["/data?a=1", "/data"]) await client.fetch(`${API}${path}`);
      const { access_token, token_type } = await client.token();
      equal(token_type, "DPoP", "token_type");
      holds(typeof jsonOf(access_token.split(".")[1]).cnf.jkt === "string", "it is bound");
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(access_token));
      const proofs = await Promise.all(sent.map(({ headers }) => readProof(headers.get("dpop"))));
      equal(
        proofs.map(({ htm, htu, ath }) => [htm, htu, ath]),
        Array(2).fill(["GET", `${API}/data`, base64url(digest)]),
        "what is proven",
      );
      equal(new Set(proofs.map(({ jti }) => jti)).size, 2, "how many differ");
      equal(sent[0].headers.get("authorization"), `DPoP ${access_token}`, "the header");
    },
  },
  {
    name: "a server that refuses is told by its code, without the secret: token_request_refused",
    run: async (given) => {
      const client = machine(given, { client_secret: "another's secret" });
      const error = await fails(() => client.token(), "token_request_refused");
      equal(error.error, "invalid_client", "the server's own code");
      holds(!error.message.includes("another's secret"), "no secret in it");
    },
  },
  {
    name: "a server that fails is left alone: authorization_server_unavailable",
    run: async (given) => {
      let asked = 0;
      const fetch = async () => {
        asked += 1;
        return new Response("down", { status: 500 });
      };
      const { machines } = given;
      const client = machine(given, { token_endpoint: `${machines.issuer}/token` }, { fetch });
      for (let round = 0; round < 2; round += 1)
        await fails(() => client.token(), "authorization_server_unavailable");
      equal(asked, 1, "how often it was asked");
    },
  },
  {
    name: "a configuration that can't be used is refused with the place of each problem: config_invalid",
    run: async (given) => {
      const error = await fails(() => machine(given, { client_id: "", more: 1 }), "config_invalid");
      equal(error.problems.map(({ path }) => path).sort(), ["client_id", "more"], "its places");
    },
  },
  {
    name: "a trap fails what it happens in, and the next call has a token again: internal_error",
    run: async (given) => {
      const [client, other] = [machine(given), machine(given)];
      const { access_token } = await client.token();
      exhaust(initSync);
      await fails(() => client.token(), "internal_error");
      for (const each of [client, other]) equal((await each.token()).token_type, "Bearer", "token_type");
      holds((await client.token()).access_token !== access_token, "another token");
    },
  },
];
