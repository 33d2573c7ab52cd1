import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "../support/run-command";
import { holds } from "./install";
import { which } from "./on-path";
import type { Setting } from "./setting";

const COMPLETE = "complete";
const INSTALL_TIMEOUT_MS = 20 * 60_000;
const PIP = ["-m", "pip", "install", "--quiet", "--no-cache-dir", "-r"];

/** A folder beside this file with a requirements.txt. */
export type PythonFolder = "python" | "s3" | "yandexclients/python";

const requirementsOf = (setting: Setting, folder: PythonFolder): string =>
  join(setting.modulesDir, folder, "requirements.txt");

/** The virtual environment's folder: its name is the digest of the pinned requirements and of the platform. */
export function venvDir(setting: Setting, of: PythonFolder): string {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}\0`);
  hash.update(readFileSync(requirementsOf(setting, of)));
  return join(setting.cacheDir, "python", hash.digest("hex").slice(0, 20));
}

/** Whether the virtual environment is there; a half-made one has no mark of being complete. */
export function hasVenv(setting: Setting, of: PythonFolder): boolean {
  return holds(venvDir(setting, of), [COMPLETE, "bin/python"]);
}

/**
 * Makes a virtual environment with pinned packages. Answers undefined, or why there can be none. It is
 * made in its final place, since a virtual environment knows its own path.
 */
export async function makeVenv(setting: Setting, of: PythonFolder): Promise<string | undefined> {
  const python = which("python3", setting.env);
  if (python === undefined) return "no python3 on PATH";
  const folder = venvDir(setting, of);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const env = { ...setting.env, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  const install = [join(folder, "bin/python"), ...PIP, requirementsOf(setting, of)];
  for (const argv of [[python, "-m", "venv", folder], install]) {
    const { code, stdout, stderr } = await runCommand(argv, { env, timeoutMs: INSTALL_TIMEOUT_MS });
    const said = (stdout + stderr).trim().split("\n").slice(-3).join(" ");
    if (code !== 0) return `${argv.slice(1, 4).join(" ")} failed: ${said}`;
  }
  writeFileSync(join(folder, COMPLETE), "");
  return undefined;
}
