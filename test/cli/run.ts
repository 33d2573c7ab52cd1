import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareEnvironment } from "../support/engine-env";
import { type CommandOptions, type CommandResult, runCommand } from "../support/run-command";

/** The built command. */
export const MAIN = join(__dirname, "../../dist/provider/cli/main.js");

/** Runs the built command in a home of its own, with no metadata service and nothing of the developer's. */
export class Cli {
  /** HOME of every run; the cache of tokens is below it. */
  readonly home = mkdtempSync(join(tmpdir(), "yciam-cli-"));

  constructor(private readonly env: Readonly<Record<string, string>> = {}) {}

  run(args: readonly string[], options: Partial<CommandOptions> = {}): Promise<CommandResult> {
    const env = {
      ...bareEnvironment(this.home),
      YC_METADATA_ADDR: "127.0.0.1:1",
      ...this.env,
      ...options.env,
    };
    return runCommand([process.execPath, MAIN, ...args], { cwd: this.home, ...options, env });
  }

  cleanup(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
