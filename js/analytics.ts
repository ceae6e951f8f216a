/**
 * One data point for each request, for Workers Analytics Engine. All that a column can hold is of the policy or of a fixed list, so that nobody can
 * fill a dataset with names of his own: never a path, a subject, or what else a caller chooses.
 *
 * @module
 */
import type { GateReport } from "./observation.ts";

/** A dataset, as far as it is needed here. */
interface Dataset {
  writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

/** The platform takes no longer index, in bytes. */
const maxIndexBytes = 96;

/** RFC 9110 section 9.1 and RFC 5789; of others, which a caller may invent, only that they were others. */
const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

export class Analytics {
  readonly #dataset: Dataset;
  #hasFailed = false;

  /** @param binding one that was found to have the method */
  constructor(binding: unknown) {
    this.#dataset = binding as Dataset;
  }

  /** Writes a request's data point. Where that fails, nobody but the log is told, and once. */
  write(report: GateReport): void {
    const { method, route = "", issuer = "", outcome, code, status, timing } = report;
    const { keys, verify, introspect, proof, upstream, revocation, token } = timing;
    try {
      this.#dataset.writeDataPoint({
        indexes: [cut(route)],
        blobs: [
          code,
          route,
          issuer,
          outcome,
          methods.includes(method) ? method : "other",
          report.key_set ?? "",
        ],
        doubles: [status, keys, verify, introspect, proof, upstream, revocation, token],
      });
    } catch {
      if (this.#hasFailed) return;
      this.#hasFailed = true;
      const detail = "a data point could not be written; this is said once";
      console.error(JSON.stringify({ edgeward: "analytics_failed", detail }));
    }
  }
}

/** As much of a text as an index may have. */
function cut(text: string): string {
  let cut = text.slice(0, maxIndexBytes);
  while (new TextEncoder().encode(cut).length > maxIndexBytes) cut = cut.slice(0, -1);
  return cut;
}
