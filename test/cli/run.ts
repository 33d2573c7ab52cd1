import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareEnvironment } from "../support/engine-env";
import { type CommandOptions, type CommandResult, runCommand } from "../support/run-command";

const MAIN = join(__dirname, "../../dist/provider/cli/main.js");

/** A run that is still going on. */
export interface Run {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly printed: { stdout: string; stderr: string };
  /** Its exit code. */
  readonly end: Promise<number | null>;
}

/** Runs the built command in a home of its own, with no metadata service and nothing of the developer's. */
export class Cli {
  /** HOME of every run; the cache of tokens is below it. */
  readonly home = mkdtempSync(join(tmpdir(), "yciam-cli-"));
  readonly #children: ChildProcess[] = [];

  constructor(private readonly env: Readonly<Record<string, string>> = {}) {}

  /** Runs it to its end. */
  run(args: readonly string[], options: Partial<CommandOptions> = {}): Promise<CommandResult> {
    const env = this.#environment(options.env);
    return runCommand([process.execPath, MAIN, ...args], { cwd: this.home, ...options, env });
  }

  /** Runs a script of the shell, to which the command is known as `yciam`. */
  shell(script: string, options: Partial<CommandOptions> = {}): Promise<CommandResult> {
    const command = `yciam() { '${process.execPath}' '${MAIN}' "$@"; }`;
    const env = this.#environment(options.env);
    return runCommand(["/bin/sh", "-c", `${command}\n${script}`], { cwd: this.home, ...options, env });
  }

  /** Starts it; it is killed at the end of the test, if it still runs. */
  start(
    args: readonly string[],
    { env = {}, stdout = "pipe" }: { env?: Record<string, string>; stdout?: "pipe" | number } = {},
  ): Run {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.home,
      env: this.#environment(env),
      stdio: ["pipe", stdout, "pipe"],
    });
    this.#children.push(child);
    const printed = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
    child.stdin?.on("error", () => undefined);
    return { child, printed, end: once(child, "close").then(([code]) => code as number | null) };
  }

  /** Writes a file below the home; returns its path. */
  write(name: string, content: string): string {
    const path = join(this.home, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** Waits until a file of this name is in the home, and takes it away. */
  async appearance(name: string): Promise<void> {
    const path = join(this.home, name);
    while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 10));
    rmSync(path);
  }

  cleanup(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    rmSync(this.home, { recursive: true, force: true });
  }

  #environment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { ...bareEnvironment(this.home), YC_METADATA_ADDR: "127.0.0.1:1", ...this.env, ...own };
  }
}
