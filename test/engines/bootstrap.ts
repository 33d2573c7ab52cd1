import { join } from "node:path";
import { type EngineSet, GO_PROGRAM, PULUMI, SDKGEN, TOFU } from "./catalog";
import { hasGo } from "./go-build";
import { dropBuildLeftovers, ensureSet, isCached, whileAloneInCache } from "./obtain";
import { foldersOnPath } from "./on-path";
import { hasVenv, makeVenv, venvDir } from "./python";
import { type Setting, settingOf } from "./setting";

/**
 * What can be asked for: the Pulumi engine with its language hosts, OpenTofu, Terraform, Python with `pulumi`, the
 * generators of SDKs, and a Go program that uses one.
 */
export type EngineGroup = "pulumi" | "tofu" | "terraform" | "python" | "sdkgen" | "goprogram";

/** Folders to put on PATH, by group; one that this machine cannot have is absent (never pulumi and tofu). */
export type Engines = Partial<Record<EngineGroup, readonly string[]>>;

/** Terraform with ephemeral resources and write-only arguments, less their first defects. */
export const LEAST_TERRAFORM = "1.11.4";

async function findTerraform(setting: Setting): Promise<string[] | undefined> {
  const found = await foldersOnPath(setting.env, "terraform", LEAST_TERRAFORM);
  const text = found
    ? `terraform ${found.version} of PATH is used`
    : `no terraform ${LEAST_TERRAFORM} or newer on PATH: its tests are skipped`;
  setting.report("engines", text);
  return found?.folders;
}

async function obtainPython(setting: Setting): Promise<string | undefined> {
  if (hasVenv(setting)) return undefined;
  return setting.during("engines", "making a Python environment with pulumi", () => makeVenv(setting));
}

async function ensurePython(setting: Setting): Promise<string[] | undefined> {
  const problem = hasVenv(setting)
    ? undefined
    : await whileAloneInCache(setting, () => obtainPython(setting));
  const text = problem
    ? `no Python, its tests are skipped: ${problem}`
    : "python with pulumi is in the cache";
  setting.report("engines", text);
  return problem ? undefined : [join(venvDir(setting), "bin")];
}

async function ensureWithGo(setting: Setting, set: EngineSet): Promise<readonly string[] | undefined> {
  if (isCached(setting, set) || hasGo(setting)) return ensureSet(setting, set);
  setting.report("engines", `no Go to build ${set.name} with: its tests are skipped`);
  return undefined;
}

function ensureGroup(setting: Setting, group: EngineGroup): Promise<readonly string[] | undefined> {
  switch (group) {
    case "pulumi":
      return ensureSet(setting, PULUMI);
    case "tofu":
      return ensureSet(setting, TOFU);
    case "terraform":
      return findTerraform(setting);
    case "python":
      return ensurePython(setting);
    case "sdkgen":
      return ensureWithGo(setting, SDKGEN);
    case "goprogram":
      return ensureWithGo(setting, GO_PROGRAM);
  }
}

/**
 * Makes sure that the engines are there: those of PATH when new enough, else those of the cache, else downloaded or
 * built into the cache. Milliseconds and no network when all are found. An Error names what to bring when an engine
 * that the project cannot do without is not to be had.
 */
export async function ensureEngines(
  groups: readonly EngineGroup[],
  overrides?: Partial<Setting>,
): Promise<Engines> {
  const setting = settingOf(overrides);
  const engines: Engines = {};
  for (const group of groups) {
    const folders = await ensureGroup(setting, group);
    if (folders) engines[group] = folders;
  }
  await dropBuildLeftovers(setting);
  return engines;
}
