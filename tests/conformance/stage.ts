/** What a file of tests stands on: an issuer, an origin, and the Workers that its tests start. All of it goes when they are over. */
import { after, before } from "node:test";
import { reservePort } from "../../examples/demo/loopback-server.ts";
import { startWorker, type Worker } from "../../examples/demo/worker-process.ts";
import { type FaultyIssuer, startIssuer } from "./issuer.ts";
import { type Origin, startOrigin } from "./origin.ts";

export interface Stage {
  /** There once the tests begin. */
  readonly issuer: FaultyIssuer;
  readonly origin: Origin;
  /** Starts a Worker by its configuration file, from the root of the repository. */
  start(config: string, variables?: Record<string, string>): Promise<Worker>;
}

/** Call it where the file's tests are. */
export function stage(): Stage {
  const workers: Worker[] = [];
  let parts: [FaultyIssuer, Origin] | undefined;
  const there = (): [FaultyIssuer, Origin] => {
    if (parts === undefined) throw new Error("the tests have not begun");
    return parts;
  };
  before(async () => {
    parts = await Promise.all([startIssuer(), startOrigin()]);
  });
  after(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await Promise.all(parts?.map((part) => part.close()) ?? []);
  });
  return {
    get issuer() {
      return there()[0];
    },
    get origin() {
      return there()[1];
    },
    async start(config, variables = {}) {
      const worker = await startWorker({ port: await reservePort("worker", 0), config, variables });
      workers.push(worker);
      return worker;
    },
  };
}
