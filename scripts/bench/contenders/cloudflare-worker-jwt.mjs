// npm `@tsndr/cloudflare-worker-jwt`.

import { verify } from "@tsndr/cloudflare-worker-jwt";
import { importSigningKey } from "./contender.mjs";

/** @type {import("./contender.mjs").Contender[]} */
export const workerJwtContenders = [
  {
    name: "@tsndr/cloudflare-worker-jwt",
    what: "`verify` with an imported key: signature and `exp`; it has no check of `iss` and `aud`",
    states: ["cold", "warm"],
    async prepare(setting) {
      const key = await importSigningKey(setting);
      const options = { algorithm: setting.alg };
      return (token) => verify(token, key, options).then((decoded) => decoded !== undefined);
    },
  },
];
