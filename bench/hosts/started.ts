import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Env } from "../world";

/** A plugin that has said its first line. */
export interface Started {
  readonly line: string;
  /** Milliseconds since it was started. */
  readonly passed: () => number;
  /** The most memory it has held so far, in megabytes; NaN where the system does not tell. */
  readonly memory: () => number;
  readonly end: () => Promise<void>;
}

/** Starts a plugin as its host does, and waits for its first line. An Error with all it said when it ends before. */
export async function startPlugin([command = "", ...args]: readonly string[], env: Env): Promise<Started> {
  const start = performance.now();
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close");
  const first = once(createInterface({ input: child.stdout }), "line") as Promise<[string]>;
  const early = ended.then(() => Promise.reject(new Error(`the plugin ended: ${said.trim()}`)));
  const [line] = await Promise.race([first, early]);
  early.catch(() => undefined);
  return {
    line,
    passed: () => performance.now() - start,
    memory: () => memoryOf(child),
    end: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function memoryOf({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/status`;
  const kilobytes = existsSync(file) ? /VmHWM:\s*(\d+)/.exec(readFileSync(file, "utf8"))?.[1] : undefined;
  return Number(kilobytes) / 1024;
}
