import { CommanderError } from "commander";
import { describeDefect } from "../core/words/defect";
import { OptionError, YciamError } from "../core/words/errors";
import { EXIT, type Io } from "./io";
import { flagSpelling } from "./spelling";

/** Says on stderr, in one message, what went wrong, and answers the exit code for it. */
export function reportFailure(error: unknown, { stderr, signal }: Pick<Io, "stderr" | "signal">): number {
  // commander has already printed its own message, or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (signal.aborted) return EXIT.interrupted;
  stderr.write(`yciam: ${describeFailure(error)}\n`);
  return error instanceof OptionError ? EXIT.usage : EXIT.failed;
}

function describeFailure(error: unknown): string {
  if (error instanceof YciamError) return error.messageFor(flagSpelling);
  return `an unexpected ${describeDefect(error)}. This is a defect of yciam, or of a resolver of your own: please report it.`;
}
