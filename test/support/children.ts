import { type ChildProcessWithoutNullStreams, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle";
import { RUNTIME_ENV } from "./programs";

/** All that a process prints. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts one of the programs in test/platform/children, and waits until it says `ready`.
 * @param folder where it is bundled, once for all who start it there
 */
export async function startChild(
  name: "lock" | "store" | "token",
  folder: string,
  argv: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<ChildProcessWithoutNullStreams> {
  const entry = `test/platform/children/${name}.ts`;
  const bundled = join(folder, `${entry.replace(/\W/g, "-")}.cjs`);
  const program = existsSync(bundled) ? bundled : bundle(entry, folder);
  const limits = { timeout: 100_000, killSignal: "SIGKILL" } as const;
  const env = { ...(options.env ?? process.env), ...RUNTIME_ENV };
  const child = spawn(process.execPath, [program, ...argv], { ...limits, ...options, env });
  const [chunk] = (await once(child.stdout as NodeJS.EventEmitter, "data")) as [Buffer];
  if (chunk.toString() !== "ready\n") throw new Error(`the child said ${chunk.toString()}`);
  return child as ChildProcessWithoutNullStreams;
}

/** What a child prints from now to its end. */
export async function printed(child: ChildProcessWithoutNullStreams): Promise<Printed> {
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].on("data", (chunk: Buffer) => (output[stream] += chunk.toString()));
  await once(child, "close");
  return output;
}

/** What the program `token` prints once it is told to go on: a fingerprint, or an error. */
export function finish(child: ChildProcessWithoutNullStreams): Promise<Printed> {
  child.stdin.write("go\n");
  return printed(child);
}

/** What a process of its own prints, which gets one token as its environment says. */
export async function tokenProcess(folder: string, env: NodeJS.ProcessEnv): Promise<Printed> {
  return finish(await startChild("token", folder, [], { env: { YCIAM_CACHE: "memory", ...env } }));
}
