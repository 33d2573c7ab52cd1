import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/run-command";
import { holds, installAtomically } from "./install";
import { which } from "./on-path";
import type { Setting } from "./setting";

const INSTALL_TIMEOUT_MS = 10 * 60_000;
const FILES = ["package.json", "package-lock.json"];
const CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];

/** The folder whose `node_modules` has the pinned packages; its name is the digest of the pins. */
export function npmDir(setting: Setting): string {
  const hash = createHash("sha256").update(process.platform);
  for (const file of FILES) hash.update(readFileSync(join(setting.modulesDir, "npm", file)));
  return join(setting.cacheDir, "npm", hash.digest("hex").slice(0, 20));
}

/** Whether they are there. */
export function hasPackages(setting: Setting): boolean {
  // npm writes this file last.
  return holds(npmDir(setting), ["node_modules/.package-lock.json"]);
}

/** Installs the pinned packages. Answers undefined, or why they cannot be had. */
export async function installPackages(setting: Setting): Promise<string | undefined> {
  const npm = which("npm", setting.env);
  if (npm === undefined) return "no npm on PATH";
  let problem: string | undefined;
  const fill = async (scratch: string): Promise<string> => {
    const cwd = join(scratch, "project");
    mkdirSync(cwd);
    for (const file of FILES) copyFileSync(join(setting.modulesDir, "npm", file), join(cwd, file));
    const env = { ...setting.env, npm_config_cache: join(scratch, "cache") };
    const { code, stderr } = await runCommand([npm, ...CI], { cwd, env, timeoutMs: INSTALL_TIMEOUT_MS });
    if (code === 0) return cwd;
    throw new Error(`npm ci failed: ${stderr.trim().split("\n").slice(-3).join(" ")}`);
  };
  await installAtomically(npmDir(setting), fill).catch((error: Error) => (problem = error.message));
  return problem;
}
