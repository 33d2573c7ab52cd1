import { EXIT, type Io } from "./io";

/** What the emulator's command returns for arguments that it does not know. */
const UNKNOWN_ARGUMENTS = 2;

/**
 * Runs the emulator. No product code imports it: it is found by the package's own name.
 * @returns the exit code
 */
export async function emulatorCommand(argv: readonly string[], io: Io): Promise<number> {
  const { runEmulatorCommand } = await import("yciam/emulator");
  const code = await runEmulatorCommand(argv, io);
  return code === UNKNOWN_ARGUMENTS ? EXIT.usage : code;
}
