/**
 * A program that calls an API with a token of its own, bound to a key (outside this repository: `from "edgeward/machine"`):
 *
 * ```sh
 * ISSUER=https://login.example CLIENT_ID=harvester CLIENT_SECRET=… API=https://api.example/data node examples/machine.ts
 * ```
 */
import { createMachineClient } from "../js/machine-node.ts";

const { ISSUER = "", CLIENT_ID = "", CLIENT_SECRET = "", API = "" } = process.env;
const { origin } = new URL(API);

const client = createMachineClient({
  issuer: ISSUER,
  client_id: CLIENT_ID,
  client_secret: CLIENT_SECRET,
  scope: "data:read",
  resource: origin,
  api_origins: [origin],
  dpop: true,
  allow_insecure_loopback: true,
});
const response = await client.fetch(API);
console.log(response.status, await response.text());
