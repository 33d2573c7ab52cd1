import { CommanderError } from "commander";
import { OptionError, YciamError } from "../core/errors";
import { EXIT, type Io } from "./io";
import { flagSpelling } from "./spelling";

/** The exit code for what a command threw; says on stderr, in one message, what went wrong. */
export function reportFailure(error: unknown, io: Pick<Io, "stderr" | "signal">): number {
  // commander has already printed its own message, or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (io.signal.aborted) return EXIT.interrupted;
  const known = error instanceof YciamError;
  io.stderr.write(`yciam: ${known ? error.messageFor(flagSpelling) : describeDefect(error)}\n`);
  return error instanceof OptionError ? EXIT.usage : EXIT.failed;
}

/** Kind and place of a defect. Its message may hold anything, a secret too, and is not shown. */
function describeDefect(error: unknown): string {
  const { name, stack = "" } = error instanceof Error ? error : { name: "value" };
  const place = /([^\s(/\\]+:\d+):\d+\)?$/m.exec(stack)?.[1];
  return `a defect of yciam, or of a resolver of your own: ${name} thrown${place ? ` at ${place}` : ""}. Please report it.`;
}
