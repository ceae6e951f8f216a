// The origin behind every Worker, a process of its own: two bytes for each request, and the key set where it is asked for.

import { createServer } from "node:http";

process.once("message", (keySet) => {
  const server = createServer((request, response) => {
    const asksKeys = request.url === "/jwks";
    response.setHeader("content-type", asksKeys ? "application/json" : "text/plain");
    response.end(asksKeys ? keySet : "ok");
  });
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.(address !== null && typeof address === "object" ? address.port : undefined);
  });
});
// Whoever started it is gone.
process.on("disconnect", () => process.exit());
