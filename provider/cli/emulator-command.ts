import type { Command } from "commander";
import type { Parts } from "./command";
import { EXIT } from "./io";

/** What the emulator's command returns for arguments that it does not know. */
const UNKNOWN_ARGUMENTS = 2;

/** The command `emulator`. No product code imports what it runs: it is found by the package's own name. */
export function define(command: Command, { io, exit }: Parts): void {
  command
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => {
      const { runEmulatorCommand } = await import("yciam/emulator");
      const code = await runEmulatorCommand(command.args, io);
      exit(code === UNKNOWN_ARGUMENTS ? EXIT.usage : code);
    });
}
