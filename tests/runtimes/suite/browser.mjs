// `edgeward/browser`: the beginning of a sign-in, as far as it goes without a person.

import { createClient } from "edgeward/browser";
import { equal, fails, holds } from "./expect.mjs";

const configOf = ({ server }, changes = {}) => ({
  issuer: server,
  client_id: "runtimes",
  redirect_uri: `${location.origin}/callback`,
  scope: "openid data:read",
  api_origins: ["https://api.example"],
  allow_insecure_loopback: true,
  ...changes,
});

export const cases = [
  {
    name: "login asks for a code with PKCE, state and nonce, by metadata from a real server",
    run: async (given) => {
      let left;
      const client = await createClient(configOf(given), {
        navigate: (url) => {
          left = new URL(url);
        },
      });
      equal([client.hasCallback, client.user ?? null], [false, null], "nobody is signed in");
      await client.login();
      equal(left?.href.split("?")[0], `${given.server}/authorize`, "where it goes");
      const asked = Object.fromEntries(left.searchParams);
      equal(
        [asked.response_type, asked.client_id, asked.redirect_uri, asked.scope, asked.code_challenge_method],
        ["code", "runtimes", `${location.origin}/callback`, "openid data:read", "S256"],
        "what it asks",
      );
      for (const member of ["state", "nonce", "code_challenge"])
        holds(/^[\w-]{43}$/.test(asked[member]), `${member} has 256 bits`);
    },
  },
  {
    name: "metadata of another issuer is refused: metadata_invalid",
    run: async (given) => {
      const client = await createClient(configOf(given, { issuer: `${given.server}/other` }), {
        navigate: () => undefined,
      });
      await fails(() => client.login(), "metadata_invalid");
    },
  },
  {
    name: "a configuration that can't be used is refused when it is first needed: config_invalid",
    run: (given) =>
      fails(async () => {
        const client = await createClient(configOf(given, { redirect_uri: "/callback" }));
        await client.login();
      }, "config_invalid"),
  },
];
