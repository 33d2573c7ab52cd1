import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  engineDir,
  type EngineSet,
  engineVersion,
  GO_PROGRAM,
  GO_SDK,
  KUBE_CLIENT,
  PULUMI,
  REGISTRY,
  SDKGEN,
  TOFU,
} from "./catalog";
import { buildWithGo, ownGoCaches } from "./go-build";
import { holds } from "./install";
import { fetchJars, hasJars, jarsDir } from "./java";
import { downloadOfficial } from "./official";
import { hasPackages, installPackages, npmDir } from "./npm";
import { foldersOnPath, which } from "./on-path";
import { hasVenv, makeVenv, type PythonFolder, venvDir } from "./python";
import { type Setting, settingOf, whileAloneInCache } from "./setting";

/**
 * What can be asked for: the Pulumi engine with its language hosts, OpenTofu, Terraform, Python with `pulumi`, an S3 server
 * with its clients, the generators of SDKs, a Go program that uses one, an image registry with clients of it, a program on
 * client-go, Yandex's own SDKs for Go and Python, clients in Node, in the `node_modules` of their folder, and Java: the
 * folders of its language host, of the JDK's programs, and of the jars that the SDK needs.
 */
export type EngineGroup =
  | "pulumi"
  | "tofu"
  | "terraform"
  | "python"
  | "s3"
  | "sdkgen"
  | "goprogram"
  | "registry"
  | "kubeclient"
  | "npm"
  | "gosdk"
  | "pysdk"
  | "java";

/**
 * Folders to put on PATH, and of `npm` the one that holds node_modules, by group; one that this machine cannot have is
 * absent (never pulumi and tofu).
 */
export type Engines = Partial<Record<EngineGroup, readonly string[]>>;

/** Terraform with ephemeral resources and write-only arguments, less their first defects. */
const LEAST_TERRAFORM = "1.11.4";

type Find = (setting: Setting) => Promise<readonly string[] | undefined>;

const GROUPS: Readonly<Record<EngineGroup, Find>> = {
  pulumi: engine(PULUMI),
  tofu: engine(TOFU),
  terraform: findTerraform,
  python: python("python", "pulumi"),
  s3: python("s3", "an S3 server and its clients"),
  sdkgen: engine(SDKGEN),
  goprogram: engine(GO_PROGRAM),
  registry: engine(REGISTRY),
  kubeclient: engine(KUBE_CLIENT),
  npm: findPackages,
  gosdk: engine(GO_SDK),
  pysdk: python("yandexclients/python", "yandexcloud"),
  java: findJava,
};

/**
 * Finds an engine: on PATH when it is new enough and complete there; else in the cache, where it is downloaded or built
 * first when it is missing.
 */
function engine(set: EngineSet): Find {
  return async (setting) => {
    const found = set.least && (await foldersOnPath(setting.env, set.name, set.least, set.programs.slice(1)));
    if (found) {
      setting.report("engines", `${set.name} ${found.version} of PATH is used`);
      return found.folders;
    }
    const bin = join(engineDir(setting, set), "bin");
    const isCached = () => holds(bin, set.programs);
    if (!isCached() && set.least === undefined && which("go", setting.env) === undefined) {
      setting.report("engines", `no Go to build ${set.name} with: its tests are skipped`);
      return undefined;
    }
    // Whoever was alone in the cache before us may have been building this very engine.
    if (!isCached()) await whileAloneInCache(setting, async () => isCached() || (await obtain(setting, set)));
    setting.report("engines", `${set.name} ${engineVersion(setting, set)} is in the cache`);
    return [bin];
  };
}

async function obtain(setting: Setting, set: EngineSet): Promise<void> {
  if (set === PULUMI && (await downloadOfficial(setting))) return;
  if (which("go", setting.env) === undefined) throw nothingToGetItWith(set);
  const what = `${set.name} ${engineVersion(setting, set)}`;
  setting.report("engines", `${what} is built now: ${set.buildTime} on two cores`);
  await buildWithGo(setting, set);
}

function nothingToGetItWith(set: EngineSet): Error {
  const download = set === PULUMI ? ", or an internet connection that reaches get.pulumi.com" : "";
  return new Error(
    `There is no ${set.name} on this machine and no way to get one: bring ${set.name} ${set.least} or newer on PATH` +
      `${download}, or Go 1.26 with a module proxy to build it from.`,
  );
}

async function findTerraform(setting: Setting): Promise<readonly string[] | undefined> {
  const found = await foldersOnPath(setting.env, "terraform", LEAST_TERRAFORM);
  const text = found
    ? `terraform ${found.version} of PATH is used`
    : `no terraform ${LEAST_TERRAFORM} or newer on PATH: its tests are skipped`;
  setting.report("engines", text);
  return found?.folders;
}

/** Finds a virtual environment, or makes it. */
function python(of: PythonFolder, what: string): Find {
  return async (setting) => {
    const problem = await keep(setting, {
      isThere: () => hasVenv(setting, of),
      doing: `making a Python environment with ${what}`,
      make: () => makeVenv(setting, of),
    });
    const text = problem
      ? `no Python with ${what}, its tests are skipped: ${problem}`
      : `python with ${what} is in the cache`;
    setting.report("engines", text);
    return problem ? undefined : [join(venvDir(setting, of), "bin")];
  };
}

/** What a test needs of a package manager. */
interface Kept {
  readonly isThere: (setting: Setting) => boolean;
  /** What is being done, for whoever waits. */
  readonly doing: string;
  /** Answers undefined, or why it cannot be had. */
  readonly make: (setting: Setting) => Promise<string | undefined>;
}

/** Puts something into the cache, once, by one process at a time; answers undefined, or why it cannot be had. */
async function keep(setting: Setting, { isThere, doing, make }: Kept): Promise<string | undefined> {
  if (isThere(setting)) return undefined;
  return whileAloneInCache(setting, async () =>
    isThere(setting) ? undefined : setting.during("engines", doing, () => make(setting)),
  );
}

async function findPackages(setting: Setting): Promise<readonly string[] | undefined> {
  const doing = "installing clients in Node, once";
  const problem = await keep(setting, { isThere: hasPackages, doing, make: installPackages });
  const text = problem
    ? `no clients in Node, their tests are skipped: ${problem}`
    : "clients in Node are in the cache";
  setting.report("engines", text);
  return problem ? undefined : [npmDir(setting)];
}

async function findJava(setting: Setting): Promise<readonly string[] | undefined> {
  const doing = "fetching Pulumi's jars with Maven";
  const problem = await keep(setting, { isThere: hasJars, doing, make: fetchJars });
  const javac = which("javac", setting.env);
  const missing = problem ?? (javac === undefined ? "no javac on PATH" : undefined);
  const text = missing ? `no Java, its tests are skipped: ${missing}` : "Java's jars are in the cache";
  setting.report("engines", text);
  const host = missing ? undefined : await GROUPS.sdkgen(setting);
  return host && [...host, dirname(javac as string), jarsDir(setting)];
}

/** Who builds meanwhile still needs them, and drops them afterwards. */
async function dropBuildLeftovers(setting: Setting): Promise<void> {
  const caches = ownGoCaches(setting);
  if (!existsSync(caches)) return;
  const drop = () => rm(caches, { recursive: true, force: true });
  const work = () => setting.during("engines", "removing what only the build needed", drop);
  await whileAloneInCache(setting, work, false);
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
    const folders = await GROUPS[group](setting);
    if (folders) engines[group] = folders;
  }
  await dropBuildLeftovers(setting);
  return engines;
}
