import { CommanderError } from "commander";
import { OptionError } from "../core/words/errors";
import { describeFailure } from "./describe-failure";
import { EXIT, type Io } from "./io";

/** Says on stderr, in one message, what went wrong, and answers the exit code for it. */
export function reportFailure(error: unknown, { stderr, signal }: Pick<Io, "stderr" | "signal">): number {
  // commander has already printed its own message, or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (signal.aborted) return EXIT.interrupted;
  stderr.write(`yciam: ${describeFailure(error)}\n`);
  return error instanceof OptionError ? EXIT.usage : EXIT.failed;
}
