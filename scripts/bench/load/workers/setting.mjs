// What every Worker of the load is told, and how it hands a request on.

/**
 * @typedef {object} Setting
 * @property {string} issuer
 * @property {string} audience
 * @property {("RS256" | "ES256")[]} algs
 * @property {string} jwksUri
 * @property {{ keys: { [member: string]: string }[] }} jwks
 *
 * @typedef {{ SETTING: Setting, CLAIM_HEADERS?: boolean }} Environment
 */

/** To the origin, as it came. @param {Request} request */
export const forward = (request) =>
  fetch(new Request(`https://origin.example${new URL(request.url).pathname}`, request));
