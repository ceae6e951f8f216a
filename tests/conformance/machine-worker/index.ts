/** A Worker that calls an API with a token of its own. */
import { createMachineClient, EdgewardError, type MachineClient } from "../../../js/machine-workerd.ts";

interface Env {
  MACHINE: string;
  API: string;
}

let client: MachineClient | undefined;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    // Whether it has started.
    if (pathname === "/health") return new Response();
    client ??= createMachineClient(JSON.parse(env.MACHINE));
    try {
      return await client.fetch(`${env.API}${pathname}`);
    } catch (error) {
      if (error instanceof EdgewardError) return Response.json({ code: error.code }, { status: 503 });
      throw error;
    }
  },
};
