import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareEnvironment } from "../support/engine-env";
import { wordsOf } from "../support/programs";
import { type CommandOptions, type CommandResult, runCommand } from "../support/run-command";

const RESOLVERS = join(__dirname, "../../dist/sdk/nodejs/resolvers.js");

/** Runs the built command in a home of its own, with no metadata service and nothing of the developer's. */
export class Cli {
  /** HOME of every run, and its working folder; the cache of tokens is below it. */
  readonly home = mkdtempSync(join(tmpdir(), "yciam-cli-"));

  /** @param program the name that the command is called by */
  constructor(
    private readonly more: Readonly<Record<string, string>> = {},
    private readonly program: Parameters<typeof wordsOf>[0] = "yciam",
  ) {}

  /** Runs it to its end, by a program that runs others when words of one are given. */
  run(
    args: readonly string[],
    options: Partial<CommandOptions> = {},
    by: readonly string[] = [],
  ): Promise<CommandResult> {
    const env = { ...this.env(), ...options.env };
    return runCommand([...by, ...this.words(args)], { cwd: this.home, ...options, env });
  }

  /** Starts it: for a test that does something while it runs. `detached` leaves it without a terminal. */
  start(
    args: readonly string[],
    stdio: StdioOptions,
    env: Record<string, string> = {},
    detached = false,
  ): ChildProcess {
    const options = { cwd: this.home, env: { ...this.env(), ...env }, stdio, detached };
    const [program = "", ...words] = this.words(args);
    return spawn(program, words, options);
  }

  /** The words that run it. */
  words(args: readonly string[]): readonly string[] {
    return [...wordsOf(this.program), ...args];
  }

  /** Writes a file into the home, and answers its path. */
  write(name: string, text: string): string {
    writeFileSync(join(this.home, name), text, { mode: 0o600 });
    return join(this.home, name);
  }

  /**
   * Flags that load a resolver of the user's own, `mine`, and name it.
   * @param body that of its `resolve`; it can use what `yciam/resolvers` exports
   */
  own(body: string, options = "{}"): readonly string[] {
    const names = "Secret, unavailable, say, option, defineResolver";
    const text = `const { ${names} } = require(${JSON.stringify(RESOLVERS)});
exports.mine = defineResolver({ name: "mine", summary: "Mine.", options: ${options}, resolve({ options }) { ${body} } });`;
    return ["--resolver-modules", this.write("mine.js", text), "--resolvers", "mine"];
  }

  cleanup(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  /** The whole environment of every run. */
  env(): Record<string, string> {
    return { ...bareEnvironment(this.home), YC_METADATA_ADDR: "127.0.0.1:1", ...this.more };
  }
}

/** Presses Ctrl-C, which a program minds once it is seen to be at work, and answers the exit code. */
export async function interrupt(child: ChildProcess): Promise<number | null> {
  child.kill("SIGINT");
  return ((await once(child, "exit")) as [number | null])[0];
}
