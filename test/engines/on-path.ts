import { accessSync, constants, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { runCommand } from "../support/run-command";
import type { Setting } from "./setting";

/** The first executable file of this name on PATH, or undefined. */
export function which(name: string, env: Setting["env"]): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The version a program prints, without the folders it likes to make in the user's home. */
async function versionOf(path: string, { PATH = "" }: Setting["env"]): Promise<string | undefined> {
  const HOME = mkdtempSync(join(tmpdir(), "yciam-version-"));
  const env = { PATH, HOME, PULUMI_HOME: HOME, PULUMI_SKIP_UPDATE_CHECK: "1", CHECKPOINT_DISABLE: "1" };
  try {
    const { code, stdout } = await runCommand([path, "version"], { env });
    return code === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
  } finally {
    rmSync(HOME, { recursive: true, force: true });
  }
}

/** The folders on PATH that hold `name` (at least version `least`) and every one of `companions`; or undefined. */
export async function foldersOnPath(
  env: Setting["env"],
  name: string,
  least: string,
  companions: readonly string[] = [],
): Promise<{ folders: string[]; version: string } | undefined> {
  const paths = [name, ...companions].map((program) => which(program, env));
  const [path] = paths;
  if (path === undefined || paths.includes(undefined)) return undefined;
  const version = await versionOf(path, env).catch(() => undefined);
  if (version === undefined || version.localeCompare(least, "en", { numeric: true }) < 0) return undefined;
  return { folders: [...new Set(paths.map((found) => dirname(found as string)))], version };
}
