import { spawn } from "node:child_process";

/** How a program's run ended, and all it printed. */
export interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  readonly output: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Passes our own end on to a child: a build that nobody waits for must not go on. */
function endWith(kill: (signal: NodeJS.Signals) => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    kill(signal);
    process.exit(1);
  };
  SIGNALS.forEach((signal) => process.on(signal, onSignal));
  return () => SIGNALS.forEach((signal) => process.off(signal, onSignal));
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

/**
 * Runs a program without a shell and collects what it prints. A program that is missing, fails, or outlasts
 * `timeoutMs` is not an error here: `ok` is false and `output` tells why.
 */
export function run(
  argv: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd?: string; timeoutMs?: number },
): Promise<Ran> {
  const [command, ...args] = argv as [string, ...string[]];
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: npm and go start programs that must end with them.
      detached: true,
    });
    const kill = (signal: NodeJS.Signals): void => void killGroup(child.pid, signal);
    const release = endWith(kill);
    const timer =
      options.timeoutMs === undefined ? undefined : setTimeout(kill, options.timeoutMs, "SIGKILL");
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => ((stdout += text), (output += text)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    const end = (ok: boolean, note = ""): void => {
      release();
      clearTimeout(timer);
      resolve({ ok, stdout, output: output + note });
    };
    child.once("error", (error) => end(false, error.message));
    child.once("close", (code) => end(code === 0));
  });
}
