#!/usr/bin/env node
import type { Context, Log } from "../core/context";
import { VERSION } from "../core/words/version";
import { createSystemContext } from "../platform/system";
import { reportFailure } from "./failure";
import { EXIT, type Io } from "./io";
import { createProgram } from "./program";
import { flagSpelling } from "./spelling";
import { readStdin } from "./stdin";

function createLog(debug: boolean): Log {
  const line = (level: string, message: string, fields?: object) =>
    process.stderr.write(
      `yciam: ${level}${message}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}\n`,
    );
  return {
    debug: (message, fields) => void (debug && line("debug: ", message, fields)),
    warn: (message, fields) => void line("warning: ", message, fields),
  };
}

function createContext(debug: boolean): Context {
  return createSystemContext({
    log: createLog(debug),
    spelling: flagSpelling,
    userAgent: `yciam/${VERSION} (cli)`,
  });
}

/** What cannot be printed is a failure; a reader that has seen enough, such as `head`, is none. */
function watchOutput(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") process.exit();
    process.stderr.write(`yciam: the output could not be written (${code}).\n`);
    process.exit(EXIT.failed);
  });
}

/**
 * So long a process lives on when its work is done, or interrupted: what a resolver of the user's own still has under
 * way would keep it alive without end. Milliseconds.
 */
const GRACE_MS = 2000;

function endSoon(code?: number): void {
  setTimeout(() => process.exit(code), GRACE_MS).unref();
}

/** Runs one command line; the exit code is left in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  const controller = new AbortController();
  const interrupt = () => {
    controller.abort(new DOMException("interrupted", "AbortError"));
    endSoon(EXIT.interrupted);
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  watchOutput();
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: readStdin(process.stdin, controller.signal),
    signal: controller.signal,
  };
  const exit = (code: number) => void (process.exitCode = code);
  // Node itself would print the error whole; a resolver of the user's own may throw outside of any call.
  process.once("uncaughtException", (error: unknown) => process.exit(reportFailure(error, io)));
  try {
    await createProgram({ io, context: createContext, exit }).parseAsync([...argv]);
  } catch (error) {
    exit(reportFailure(error, io));
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    endSoon();
  }
}

if (require.main === module) void main(process.argv);
