// The floor: one signature, checked by what the runtime brings, with key and bytes ready.

import { importSigningKey, signedBytes, webCryptoParameters } from "./contender.mjs";

/** @type {import("./contender.mjs").Contender} */
export const webCrypto = {
  name: "crypto.subtle.verify",
  what: "one `crypto.subtle.verify`, with key and bytes ready",
  states: ["verify"],
  async prepare(setting, tokens) {
    const key = await importSigningKey(setting);
    const parameters = webCryptoParameters[setting.alg];
    const bytes = signedBytes(tokens);
    return (token) => {
      const { message, signature } = bytes(token);
      return crypto.subtle.verify(parameters, key, signature, message);
    };
  },
};

/**
 * `node:crypto`, handed in because a runtime may not have it. An ECDSA signature is given to it as DER (RFC 3279 section 2.2.3): workerd
 * takes a key that is ready only without the options that would say otherwise.
 * @param {Pick<typeof import("node:crypto"), "createPublicKey" | "verify">} nodeCrypto
 * @returns {import("./contender.mjs").Contender}
 */
export const nodeCrypto = ({ createPublicKey, verify }) => ({
  name: "node:crypto verify",
  what: "one `crypto.verify` of node:crypto, with key and bytes ready",
  states: ["verify"],
  prepare({ alg, jwks }, tokens) {
    const jwk = jwks.keys[jwks.keys.length - 1];
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const bytes = signedBytes(tokens, alg === "ES256" ? der : undefined);
    return (token) => {
      const { message, signature } = bytes(token);
      return verify("sha256", message, key, signature);
    };
  },
});

/** `r` and `s`, 32 bytes each, as a SEQUENCE of two INTEGERs. @param {import("./contender.mjs").Bytes} signature */
function der(signature) {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].flatMap((number) => {
    const first = number.findIndex((byte) => byte !== 0);
    const digits = first === -1 ? [0] : [...number.subarray(first)];
    // The highest bit is the sign.
    const content = digits[0] < 0x80 ? digits : [0, ...digits];
    return [0x02, content.length, ...content];
  });
  return Uint8Array.from([0x30, integers.length, ...integers]);
}
