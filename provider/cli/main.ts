import type { Context, Log } from "../core/context";
import { VERSION } from "../core/words/version";
import { createSystemContext } from "../platform/system";
import { reportFailure } from "./failure";
import { EXIT, type Io, type Output } from "./io";
import { createProgram } from "./program";
import { flagSpelling } from "./spelling";
import { readStdin } from "./stdin";
import { forTerminal } from "./terminal";

const stderr: Output = { write: (text) => process.stderr.write(forTerminal(text)) };

function createLog(debug: boolean): Log {
  const line = (level: string, message: string, fields?: object) =>
    stderr.write(`yciam: ${level}${message}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}\n`);
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

/** Output that cannot be written is a failure, unless the reader, such as `head`, has seen enough. */
function watchOutput(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") process.exit();
    stderr.write(`yciam: the output could not be written (${code}).\n`);
    process.exit(EXIT.failed);
  });
}

/**
 * The process lives on for at most so long after its work is done or interrupted. A resolver of the user's own may have
 * left something open that would keep it alive for ever. Milliseconds.
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
    stderr,
    stdin: readStdin(() => process.stdin, controller.signal),
    signal: controller.signal,
  };
  const exit = (code: number) => void (process.exitCode = code);
  // Node itself would print the error whole; a resolver of the user's own may throw outside of any call.
  process.once("uncaughtException", (error: unknown) => process.exit(reportFailure(error, io)));
  try {
    await createProgram({ words: argv, io, context: createContext, exit }).parseAsync([...argv]);
  } catch (error) {
    exit(reportFailure(error, io));
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    endSoon();
  }
}
