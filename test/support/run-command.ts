import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { killGroup, killMarked } from "./engine-processes";

/** How a child process ended, and what it printed. */
export interface CommandResult {
  readonly argv: readonly string[];
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Set when it outlasted its time, or was aborted, and was killed with everything it had started. */
  readonly killed?: "timeout" | "abort";
}

/** What a child process gets. */
export interface CommandOptions {
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds until it is killed; default two minutes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Written to its standard input, which is empty otherwise. */
  readonly input?: string;
}

const DEFAULT_TIMEOUT_MS = 120_000;
const RUN_ID = "TEST_RUN_ID";
const running = new Set<number>();

// A test run that ends early must not leave its children: each leads a group that our own end would not reach.
process.on("exit", () => running.forEach((pid) => killGroup(pid)));

/**
 * Runs a real program, without a shell, to its end. It leads a process group; at the time limit the whole group is
 * killed, and so is whatever left the group but still carries the run's marker in its environment. Rejects only when
 * the program cannot be started.
 */
export function runCommand(argv: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const [command, ...args] = argv as [string, ...string[]];
  const marker = `${RUN_ID}=${randomUUID()}`;
  const env = { ...options.env, [RUN_ID]: marker.slice(RUN_ID.length + 1) };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env, detached: true, stdio: "pipe" });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    let killed: CommandResult["killed"];
    const kill = (why: "timeout" | "abort"): void => {
      killed = why;
      if (pid !== undefined) killGroup(pid);
      killMarked(marker);
    };
    const onAbort = (): void => kill("abort");
    const timer = setTimeout(kill, options.timeoutMs ?? DEFAULT_TIMEOUT_MS, "timeout");
    options.signal?.addEventListener("abort", onAbort);
    const done = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      if (pid !== undefined) running.delete(pid);
    };
    const printed = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
    // A child that ends without reading its input is not a failure of the run.
    child.stdin.on("error", () => undefined).end(options.input ?? "");
    child.once("error", (error) => (done(), reject(error)));
    const end = async (code: number | null): Promise<void> => {
      done();
      // What was killed takes a moment to be gone, and may have started something meanwhile.
      while (killed !== undefined && killMarked(marker) > 0) await delay(10);
      resolve({ argv, code, ...printed, ...(killed ? { killed } : {}) });
    };
    child.once("close", (code) => void end(code));
    if (options.signal?.aborted) onAbort();
  });
}

/** The result, when the program ended with code 0; otherwise an Error with all that it printed. */
export function ok(result: CommandResult): CommandResult {
  if (result.code === 0) return result;
  const how = result.killed ? `was killed (${result.killed})` : `ended with code ${result.code}`;
  throw new Error(`${result.argv.join(" ")} ${how}\n${result.stdout}\n${result.stderr}`);
}
