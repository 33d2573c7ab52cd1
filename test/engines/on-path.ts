import { accessSync, constants, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { run } from "./run";

/** The first executable file of this name on PATH, or undefined. */
export function which(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Whether a path is a file that we may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Orders `v3.259.0`-like versions: negative, zero or positive; what is not a version is older than any. */
export function compareVersions(left: string, right: string): number {
  const numbers = (text: string): number[] => (/(\d+)\.(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  const differing = [0, 1, 2].find((index) => (a[index] ?? -1) !== (b[index] ?? -1));
  return differing === undefined ? 0 : (a[differing] ?? -1) - (b[differing] ?? -1);
}

/** The version a program prints, without the folders it likes to make in the user's home. */
async function versionOf(path: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const scratch = mkdtempSync(join(tmpdir(), "yciam-version-"));
  try {
    const home = {
      HOME: scratch,
      PULUMI_HOME: scratch,
      PULUMI_SKIP_UPDATE_CHECK: "1",
      CHECKPOINT_DISABLE: "1",
    };
    const ran = await run([path, "version"], { env: { PATH: env.PATH, ...home }, timeoutMs: 20_000 });
    return ran.ok ? /\d+\.\d+\.\d+/.exec(ran.stdout)?.[0] : undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The folders on PATH that hold `name` (at least version `least`) and every one of `companions`; or undefined. */
export async function foldersOnPath(
  env: NodeJS.ProcessEnv,
  name: string,
  least: string,
  companions: readonly string[] = [],
): Promise<{ folders: string[]; version: string } | undefined> {
  const paths = [name, ...companions].map((program) => which(program, env));
  if (paths.includes(undefined)) return undefined;
  const version = await versionOf(paths[0] as string, env);
  if (version === undefined || compareVersions(version, least) < 0) return undefined;
  return { folders: [...new Set(paths.map((path) => dirname(path as string)))], version };
}
