import { createRequire } from "node:module";
import type { Io } from "./io";

/** As much of `yciam/emulator` as is used. */
interface EmulatorModule {
  readonly runEmulatorCommand: (
    argv: readonly string[],
    io: Pick<Io, "stdout" | "stderr" | "signal">,
  ) => Promise<number>;
}

/**
 * Runs the emulator, which no product code imports: it is found by the package's own name, when it is asked for.
 * @returns the exit code
 */
export function emulatorCommand(argv: readonly string[], io: Io): Promise<number> {
  const { runEmulatorCommand } = createRequire(__filename)("yciam/emulator") as EmulatorModule;
  return runEmulatorCommand(argv, io);
}
