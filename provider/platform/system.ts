import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Context, Exec, Log } from "../core/context";
import { Memory } from "../core/token/memory";
import { Secret } from "../core/words/secret";
import { camelCaseSpelling, type Spelling } from "../core/words/message";
import { cacheFolder } from "./cache-folder";
import { createDiskStore } from "./disk-cache";
import { createFiles } from "./files";
import { createHttp } from "./http";

/** A program that prints a credential never prints more; in bytes. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** What a host says of itself when it makes its context. */
export interface HostParts {
  readonly log: Log;
  readonly spelling?: Spelling;
  /** Sent as `User-Agent`, such as `yciam/1.2.3 (pulumi)`. */
  readonly userAgent: string;
}

/** The real outside world, for a host's `main`. One for the whole process: its memory is shared by all calls. */
export function createSystemContext(parts: HostParts): Context {
  const known = findHome();
  const home = known ?? "/";
  const folder = cacheFolder({ platform: process.platform, env: process.env, home: known ?? "" });
  return {
    env: process.env,
    files: createFiles(home),
    exec: runProgram,
    which: async (program) => program,
    http: createHttp({ userAgent: parts.userAgent }),
    now: Date.now,
    log: parts.log,
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    home,
    memory: new Memory(),
    ...(folder === undefined ? {} : { store: createDiskStore({ folder, now: Date.now, log: parts.log }) }),
    spelling: parts.spelling ?? camelCaseSpelling,
    loadModule: async (specifier): Promise<unknown> => import(moduleAddress(specifier)),
  };
}

/** The user's home; undefined for one that the system does not know: in containers a user is often a mere number. */
function findHome(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** Runs a program without a shell; its whole output is kept, up to 1 MiB. */
const runProgram: Exec = ([program, ...args], { signal, timeoutMs, env }) =>
  new Promise((done, fail) => {
    const options = {
      signal,
      // Node takes whole numbers alone, and zero as no limit; a program may ignore SIGTERM.
      timeout: Math.max(1, Math.ceil(timeoutMs)),
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

/** A path is taken from the current folder; anything else is a package installed there. */
function moduleAddress(specifier: string): string {
  if (specifier.startsWith(".") || isAbsolute(specifier)) return pathToFileURL(resolve(specifier)).href;
  return pathToFileURL(require.resolve(specifier, { paths: [process.cwd()] })).href;
}
