/** An application in Hono whose routes a policy guards. */
import { Hono } from "hono";
import { type GuardEnv, guard } from "../../../js/hono.ts";
import { createGuard } from "../../../js/worker.ts";

interface AppEnv extends GuardEnv {
  Bindings: { POLICY: string };
}

const app = new Hono<AppEnv>();

app.use(guard<AppEnv>((c) => createGuard(c.env.POLICY, { secrets: c.env })));
app.get("/health", (c) => c.json({ sub: c.get("token")?.claims.sub ?? null }));
app.get("/data", (c) => c.json({ sub: c.get("token")?.claims.sub }));

export default app;
