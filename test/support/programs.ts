import { join } from "node:path";
import { suffix, testsRunExecutable } from "../../scripts/built.mjs";

const BUILD = join(__dirname, "../../build");

/** Whether tests run the one executable: it is there, and `YCIAM_TEST_PROGRAMS=node` does not ask for the npm form. */
export const runsExecutable = testsRunExecutable();

/** The words that run a built program of the command line. */
export function wordsOf(program: "yciam" | "docker-credential-yciam"): readonly string[] {
  if (runsExecutable) return [join(BUILD, program + suffix)];
  return [process.execPath, join(__dirname, `../../dist/bin/${program}.js`)];
}

/** The folder of a built plugin. */
export function pluginFolder(name: "pulumi-resource-yciam" | "terraform-provider-yciam"): string {
  return join(BUILD, runsExecutable ? "" : "node", name);
}

/** What a child of `process.execPath` needs in its environment: inside the executable that is the runtime only with this. */
export const RUNTIME_ENV: Readonly<Record<string, string>> =
  process.versions.bun === undefined ? {} : { BUN_BE_BUN: "1" };
