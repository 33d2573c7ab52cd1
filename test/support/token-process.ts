import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { bundle } from "./bundle";

/** What a process of its own prints, which gets one token as its environment says. */
export async function tokenProcess(
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const program = bundle("test/platform/children/token.ts", folder);
  const options = { env: { YCIAM_CACHE: "memory", ...env }, maxBuffer: 64 * 1024 ** 2 };
  const run = promisify(execFile)(process.execPath, [program], options);
  run.child.stdin?.end("go\n");
  return run;
}
