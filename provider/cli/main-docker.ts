import { createApp } from "../app";
import { createContext } from "./context";
import { dockerCredential } from "./docker-credential";
import { describeFailure } from "./describe-failure";
import { EXIT } from "./io";
import { runProcess } from "./process";

/** Runs Docker's credential helper, whose clients read errors on standard output. */
export function main(argv: readonly string[]): Promise<void> {
  const context = createContext("docker-credential-yciam", false);
  const { env } = context;
  return runProcess({
    run: (io) => dockerCredential(argv[2], { io, env, app: () => createApp({}, context) }),
    report: (error, { stdout, signal }) => {
      if (signal.aborted) return EXIT.interrupted;
      const text = describeFailure(error);
      const note = /--[a-z]/.test(text) ? " Flags are those of `yciam`; here the variables count." : "";
      stdout.write(`${text}${note}\n`);
      return EXIT.failed;
    },
  });
}
