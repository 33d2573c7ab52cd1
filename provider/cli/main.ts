#!/usr/bin/env node
import { CommanderError } from "commander";
import { readStdin } from "./stdin";
import type { Context, Log } from "../core/context";
import { OptionError, YciamError } from "../core/errors";
import { VERSION } from "../core/version";
import { createSystemContext } from "../platform/system";
import { EXIT, type Io } from "./io";
import { createProgram } from "./program";
import { flagSpelling } from "./spelling";

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

/** The exit code for what a command threw; says on stderr what went wrong. */
function report(error: unknown, io: Io): number {
  // commander has already printed its own message, or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (io.signal.aborted) return EXIT.interrupted;
  if (!(error instanceof YciamError)) throw error;
  io.stderr.write(`yciam: ${error.messageFor(flagSpelling)}\n`);
  return error instanceof OptionError ? EXIT.usage : EXIT.failed;
}

/** Runs one command line; the exit code is left in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new DOMException("interrupted", "AbortError"));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  // A reader that has seen enough, such as `head`, is no failure.
  process.stdout.on("error", () => process.exit());
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: readStdin(process.stdin, controller.signal),
    signal: controller.signal,
  };
  const exit = (code: number) => void (process.exitCode = code);
  try {
    await createProgram({ io, context: createContext, exit }).parseAsync([...argv]);
  } catch (error) {
    exit(report(error, io));
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

if (require.main === module) void main(process.argv);
