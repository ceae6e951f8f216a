// A workerd with the judge as its Worker.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as workerd from "../workerd.mjs";
import { built } from "./build.mjs";

/** @returns {Promise<{ origin: string, stop: () => Promise<void> }>} */
export async function startWorkerd() {
  for (const name of ["worker.mjs", "rows.mjs", "workerd.capnp"])
    copyFileSync(fileURLToPath(new URL(name, import.meta.url)), join(built, name));
  const { origins, stop } = await workerd.startWorkerd(built, "workerd.capnp", ["http"]);
  return { origin: origins.get("http") ?? "", stop };
}
