import { createRequire } from "node:module";
import { EXIT, type Io } from "./io";

/** As much of `yciam/emulator` as is used. */
interface EmulatorModule {
  readonly runEmulatorCommand: (
    argv: readonly string[],
    io: Pick<Io, "stdout" | "stderr" | "signal">,
  ) => Promise<number>;
}

/** What the emulator's command returns for arguments that it does not know. */
const UNKNOWN_ARGUMENTS = 2;

/**
 * Runs the emulator. No product code imports it: it is found by the package's own name.
 * @returns the exit code
 */
export async function emulatorCommand(argv: readonly string[], io: Io): Promise<number> {
  const { runEmulatorCommand } = createRequire(__filename)("yciam/emulator") as EmulatorModule;
  const code = await runEmulatorCommand(argv, io);
  return code === UNKNOWN_ARGUMENTS ? EXIT.usage : code;
}
