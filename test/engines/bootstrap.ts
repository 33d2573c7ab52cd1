import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { engineDir, type EngineModule, LANGUAGES, pinnedVersion, PULUMI, TOFU } from "./catalog";
import { buildWithGo, dropOwnGoCaches, hasGo } from "./go-build";
import { holds, sweepUnfinished } from "./install";
import { withLock } from "./lock";
import { downloadOfficial, isOfficial } from "./official";
import { foldersOnPath } from "./on-path";
import { hasVenv, makeVenv, venvDir } from "./python";
import { type Setting, settingOf } from "./setting";

/** What can be asked for: the Pulumi engine with its language hosts, OpenTofu, Terraform, Python with `pulumi`. */
export type EngineGroup = "pulumi" | "tofu" | "terraform" | "python";

/** Folders to put on PATH, by group; a group that this machine cannot have is absent (terraform and python only). */
export type Engines = Partial<Record<EngineGroup, readonly string[]>>;

/** Pulumi from which a plugin can be told a preview from an update (`invoke_with_preview`). */
export const LEAST_PULUMI = "3.206.0";
/** OpenTofu from which there are ephemeral resources. */
export const LEAST_TOFU = "1.11.0";
/** Terraform with ephemeral resources and write-only arguments, less their first defects. */
export const LEAST_TERRAFORM = "1.11.4";

const HOSTS = ["pulumi-language-nodejs", "pulumi-language-python", "pulumi-language-yaml"];

const binOf = (setting: Setting, module: EngineModule): string => join(engineDir(setting, module), "bin");
const isCached = (setting: Setting, module: EngineModule): boolean =>
  holds(binOf(setting, module), module.files);

/** The modules of a group that are not in the cache yet. */
function missing(setting: Setting, modules: readonly EngineModule[]): EngineModule[] {
  return modules.filter(
    (module) => !isCached(setting, module) && !(module === LANGUAGES && isOfficial(setting)),
  );
}

function nothingToBuildWith(name: string, least: string): Error {
  const download = name === "pulumi" ? ", or an internet connection that reaches get.pulumi.com" : "";
  return new Error(
    `There is no ${name} here and no way to get one: bring ${name} ${least} or newer on PATH` +
      `${download}, or Go 1.26 with a Go module proxy, and run this again.`,
  );
}

async function obtain(
  setting: Setting,
  name: "pulumi" | "tofu",
  modules: readonly EngineModule[],
): Promise<void> {
  if (name === "pulumi" && missing(setting, [PULUMI]).length > 0) {
    if (await downloadOfficial(setting))
      return setting.report("engines", "pulumi: the official binary was downloaded");
  }
  const [least, minutes] =
    name === "pulumi" ? [LEAST_PULUMI, "about 5 minutes"] : [LEAST_TOFU, "up to 9 minutes"];
  if (!hasGo(setting)) throw nothingToBuildWith(name, least);
  for (const module of missing(setting, modules)) {
    const text = `building ${module.name} ${pinnedVersion(setting, module)} with Go, once (${minutes} in all)`;
    await setting.during("engines", text, () => buildWithGo(setting, module));
  }
}

async function ensureBuilt(
  setting: Setting,
  name: "pulumi" | "tofu",
  modules: readonly EngineModule[],
): Promise<string[]> {
  const found =
    name === "pulumi"
      ? await foldersOnPath(setting.env, name, LEAST_PULUMI, HOSTS)
      : await foldersOnPath(setting.env, name, LEAST_TOFU);
  if (found) {
    setting.report("engines", `${name} ${found.version} of PATH is used`);
    return found.folders;
  }
  if (missing(setting, modules).length > 0) await locked(setting, () => obtain(setting, name, modules));
  else
    setting.report(
      "engines",
      `${name} ${pinnedVersion(setting, modules[0] as EngineModule)} is in the cache`,
    );
  return modules.map((module) => binOf(setting, module)).filter((folder) => existsSync(folder));
}

function locked<T>(setting: Setting, work: () => Promise<T>): Promise<T> {
  const waiting = (holder: string): void =>
    setting.report("engines", `waiting for ${holder}, which is building them`);
  return withLock(join(setting.cacheDir, "engines.lock"), waiting, async () => {
    sweepUnfinished(join(setting.cacheDir, "engines"));
    return work();
  });
}

async function findTerraform(setting: Setting): Promise<string[] | undefined> {
  const found = await foldersOnPath(setting.env, "terraform", LEAST_TERRAFORM);
  const text = found
    ? `terraform ${found.version} of PATH is used`
    : `no terraform ${LEAST_TERRAFORM} or newer on PATH: its tests are skipped`;
  setting.report("engines", text);
  return found?.folders;
}

async function ensurePython(setting: Setting): Promise<string[] | undefined> {
  const problem = hasVenv(setting)
    ? undefined
    : await locked(setting, async () =>
        hasVenv(setting)
          ? undefined
          : setting.during("engines", "making a Python environment with pulumi", () => makeVenv(setting)),
      );
  setting.report(
    "engines",
    problem ? `no Python, its tests are skipped: ${problem}` : "python with pulumi is in the cache",
  );
  return problem ? undefined : [join(venvDir(setting), "bin")];
}

/** One group, made available now: its folders, or undefined where the group is optional and cannot be had. */
export function ensureEngine(setting: Setting, group: EngineGroup): Promise<readonly string[] | undefined> {
  switch (group) {
    case "pulumi":
      return ensureBuilt(setting, "pulumi", [PULUMI, LANGUAGES]);
    case "tofu":
      return ensureBuilt(setting, "tofu", [TOFU]);
    case "terraform":
      return findTerraform(setting);
    case "python":
      return ensurePython(setting);
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
    const folders = await ensureEngine(setting, group);
    if (folders) engines[group] = folders;
  }
  await dropGoCachesUnlessBusy(setting);
  return engines;
}

async function dropGoCachesUnlessBusy(setting: Setting): Promise<void> {
  if (existsSync(join(setting.cacheDir, "go"))) await locked(setting, async () => dropOwnGoCaches(setting));
}

/** The PATH on which all these engines are found. */
export function pathOf(engines: Engines): string {
  return Object.values(engines).flat().join(delimiter);
}
