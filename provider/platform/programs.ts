import type { Exec } from "../core/context";
import { Secret } from "../core/words/secret";

/** A program that prints a credential never prints more; in bytes. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Runs a program without a shell; its whole output is kept, up to 1 MiB. */
export const runProgram: Exec = async ([program, ...args], { signal, timeoutMs, env }) => {
  const { execFile } = await import("node:child_process");
  return new Promise((done, fail) => {
    const options = {
      signal,
      // Node takes only whole numbers, and zero means no limit.
      timeout: Math.max(1, Math.ceil(timeoutMs)),
      // A program may ignore SIGTERM.
      killSignal: "SIGKILL" as const,
      maxBuffer: MAX_OUTPUT_BYTES,
      windowsHide: true,
      ...(env ? { env: { ...env } } : {}),
    };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const code = (error as { code?: unknown } | null)?.code;
      if (signal.aborted) fail(signal.reason as Error);
      else if (typeof code === "string") fail(Object.assign(new Error("program could not be run"), { code }));
      else
        done({
          code: error === null ? 0 : typeof code === "number" ? code : null,
          stdout: new Secret(stdout),
          stderr,
        });
    });
    child.stdin?.end();
  });
};
