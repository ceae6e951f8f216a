// A process of its own that sends requests: each order it gets is a fixed number of them over a fixed number of connections.

// @ts-expect-error: it has no types
import autocannon from "autocannon";

/**
 * @typedef {object} Order
 * @property {string} url
 * @property {string[][]} tokens for each connection the tokens it sends, one in each request, from the first again after the last
 * @property {number} requests in all
 *
 * @typedef {{ requestsPerSecond: number, failures: number }} Outcome
 */

/** @param {Order} order @returns {Promise<Outcome>} */
async function fire({ url, tokens, requests }) {
  let connection = 0;
  let answers = 0;
  let good = 0;
  let first = 0;
  let last = 0;
  const running = autocannon({
    url,
    connections: tokens.length,
    amount: requests,
    // It notices the end only when it samples; a second of waiting would follow each of the rounds.
    sampleInt: 20,
    setupClient(/** @type {{ setRequests(requests: object[]): void }} */ client) {
      const own = tokens[connection];
      connection += 1;
      client.setRequests(own.map((token) => ({ headers: { authorization: `Bearer ${token}` } })));
    },
  });
  // From the first answer to the last: what autocannon does before and after is not the gate's.
  running.on("response", (/** @type {object} */ _client, /** @type {number} */ status) => {
    last = performance.now();
    if (answers === 0) first = last;
    answers += 1;
    if (status === 200) good += 1;
  });
  await running;
  return { requestsPerSecond: ((answers - 1) * 1000) / (last - first), failures: requests - good };
}

process.on("message", async (message) => {
  process.send?.(await fire(/** @type {Order} */ (message)));
});
// Whoever gave the orders is gone.
process.on("disconnect", () => process.exit());
