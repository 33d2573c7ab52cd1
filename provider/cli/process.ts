import { stderr } from "./context";
import { EXIT, type Io } from "./io";
import { readStdin } from "./stdin";

/** Output that cannot be written is a failure, unless the reader, such as `head`, has seen enough. */
function onOutputError({ code }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") process.exit();
  stderr.write(`yciam: the output could not be written (${code}).\n`);
  process.exit(EXIT.failed);
}

/**
 * The process lives on for at most so long after its work is done or interrupted. A resolver of the user's own may have
 * left something open that would keep it alive for ever. Milliseconds.
 */
const GRACE_MS = 2000;

function endSoon(code?: number): void {
  // An `undefined` that is given would put success in the place of the code that was left.
  setTimeout(() => process.exit(code ?? process.exitCode), GRACE_MS).unref();
}

/** What a program does. */
export interface Work {
  /** Does it all; the exit code goes to `exit`. */
  readonly run: (io: Io, exit: (code: number) => void) => Promise<unknown>;
  /** Tells the user what was thrown, and answers the exit code for it. */
  readonly report: (error: unknown, io: Io) => number;
}

/** Runs a program of the command line, which Ctrl-C ends; the exit code is left in `process.exitCode`. */
export async function runProcess({ run, report }: Work): Promise<void> {
  const controller = new AbortController();
  const interrupt = () => {
    controller.abort(new DOMException("interrupted", "AbortError"));
    endSoon(EXIT.interrupted);
  };
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const release = () => void process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  process.stdout.on("error", onOutputError);
  const stdin = readStdin(() => process.stdin, controller.signal);
  const mindSignals: Io["mindSignals"] = (names, mind) => {
    names.forEach((name) => process.on(name, mind));
    release();
  };
  const leaveOutput = () => void process.stdout.off("error", onOutputError);
  const { signal } = controller;
  const io: Io = { stdout: process.stdout, stderr, stdin, signal, mindSignals, leaveOutput };
  const exit = (code: number) => void (process.exitCode = code);
  // Node itself would print the error whole; a resolver of the user's own may throw outside of any call.
  process.once("uncaughtException", (error: unknown) => process.exit(report(error, io)));
  try {
    await run(io, exit);
  } catch (error) {
    exit(report(error, io));
  } finally {
    release();
    endSoon();
  }
}
