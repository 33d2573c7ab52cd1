import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

/** The end of a program's name on this platform. */
export const suffix = process.platform === "win32" ? ".exe" : "";

/** The one executable, where it could be built. */
export const EXECUTABLE = join(root, "build", `yciam${suffix}`);

/** Whether tests run it: it is there, and `YCIAM_TEST_PROGRAMS=node` does not ask for the programs for Node. */
export function testsRunExecutable() {
  return process.env.YCIAM_TEST_PROGRAMS !== "node" && existsSync(EXECUTABLE);
}
