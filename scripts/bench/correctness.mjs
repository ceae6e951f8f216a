// Before anything is measured: who is fast because it checks less? Each contender, set up as it is measured, is asked about a good
// token and four bad ones.

/** @typedef {import("./cases.mjs").Case} Case */
/** @typedef {import("./tokens.mjs").Samples} Samples */

/** What each bad token is called where a contender takes it. @type {Record<Exclude<keyof Samples, "good">, string>} */
const bad = {
  signature: "another signature",
  audience: "another audience",
  issuer: "another issuer",
  expired: "an expired token",
};

/**
 * @param {(token: string) => Promise<boolean>} takes
 * @param {Samples} samples
 * @param {boolean} signatureAlone whether claims are none of its business
 * @returns {Promise<{ takesGood: boolean, letsThrough: string[] }>}
 */
export async function judge(takes, samples, signatureAlone) {
  const letsThrough = [];
  for (const [name, what] of Object.entries(bad)) {
    const sample = /** @type {keyof typeof bad} */ (name);
    if (signatureAlone && sample !== "signature") continue;
    if (await takes(samples[sample])) letsThrough.push(what);
  }
  return { takesGood: await takes(samples.good), letsThrough };
}
