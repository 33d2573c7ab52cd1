import { createContext } from "./context";
import { reportFailure } from "./failure";
import { runProcess } from "./process";
import { createProgram } from "./program";

/** Runs one command line; the exit code is left in `process.exitCode`. */
export function main(argv: readonly string[]): Promise<void> {
  const context = (debug: boolean) => createContext("yciam", debug);
  return runProcess({
    run: (io, exit) => createProgram({ words: argv, io, context, exit }).parseAsync([...argv]),
    report: reportFailure,
  });
}
