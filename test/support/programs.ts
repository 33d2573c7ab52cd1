import { existsSync } from "node:fs";
import { join } from "node:path";

const BUILD = join(__dirname, "../../build");
const EXECUTABLE = join(BUILD, process.platform === "win32" ? "yciam.exe" : "yciam");

/** Whether tests run the one executable: it is there, and `YCIAM_TEST_PROGRAMS=node` does not ask for the npm form. */
export const runsExecutable = process.env.YCIAM_TEST_PROGRAMS !== "node" && existsSync(EXECUTABLE);

/** The words that run the built command. */
export const YCIAM: readonly string[] = runsExecutable
  ? [EXECUTABLE]
  : [process.execPath, join(__dirname, "../../dist/bin/yciam.js")];

/** The folder of a built plugin. */
export function pluginFolder(name: "pulumi-resource-yciam" | "terraform-provider-yciam"): string {
  return join(BUILD, runsExecutable ? "" : "node", name);
}

/** What a child of `process.execPath` needs in its environment: inside the executable that is the runtime only with this. */
export const RUNTIME_ENV: Readonly<Record<string, string>> =
  process.versions.bun === undefined ? {} : { BUN_BE_BUN: "1" };
