import { chmodSync, copyFileSync, existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { engineDir, type EngineSet, type GoModule, pinnedVersion } from "./catalog";
import { holds, installAtomically } from "./install";
import { which } from "./on-path";
import { run } from "./run";
import { type Setting } from "./setting";

const TAIL_LINES = 15;

type Go = (...args: string[]) => Promise<string>;

function goIn(setting: Setting, module: GoModule, env: NodeJS.ProcessEnv): Go {
  return async (...args) => {
    const ran = await run(["go", ...args], { cwd: join(setting.modulesDir, module.folder), env });
    if (ran.ok) return ran.stdout.trim();
    const tail = ran.output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
    throw new Error(`go ${args[0]} failed in test/engines/${module.folder}:\n${tail}`);
  };
}

const ownCaches = (setting: Setting): string => join(setting.cacheDir, "go");

/** Go writes its telemetry into the user's settings folder: there when it is Go's already, else into ours. */
function withSettingsFolder(setting: Setting): NodeJS.ProcessEnv {
  const { env } = setting;
  const settings = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config");
  return existsSync(join(settings, "go"))
    ? env
    : { ...env, XDG_CONFIG_HOME: join(ownCaches(setting), "config") };
}

/** Go's own caches where the user has them; else ours, so that nothing appears outside the cache folder. */
async function goEnvironment(setting: Setting, module: GoModule): Promise<NodeJS.ProcessEnv> {
  const env = withSettingsFolder(setting);
  const answer = await goIn(setting, module, env)("env", "-json", "GOMODCACHE", "GOCACHE", "GOFLAGS");
  const found = JSON.parse(answer) as { GOMODCACHE: string; GOCACHE: string; GOFLAGS: string };
  const modules = existsSync(found.GOMODCACHE)
    ? {}
    : { GOMODCACHE: join(ownCaches(setting), "mod"), GOFLAGS: `${found.GOFLAGS} -modcacherw`.trim() };
  const objects = existsSync(found.GOCACHE) ? {} : { GOCACHE: join(ownCaches(setting), "build") };
  return { ...env, ...modules, ...objects };
}

async function buildModule(setting: Setting, module: GoModule, bin: string): Promise<void> {
  const go = goIn(setting, module, await goEnvironment(setting, module));
  const ldflags = module.ldflags(pinnedVersion(setting, module));
  // `tool` stands for every program that the module's tool lines name.
  await go("build", "-o", `${bin}/`, "-ldflags", ldflags, ...(module.packages ?? ["tool"]));
  if (module.beside.length === 0) return;
  const source = await go("list", "-m", "-f", "{{.Dir}}", module.pinned);
  for (const file of module.beside) {
    const copy = join(bin, basename(file));
    copyFileSync(join(source, file), copy);
    chmodSync(copy, 0o755);
  }
}

/** Whether there is a Go to build with. */
export function hasGo(setting: Setting): boolean {
  return which("go", setting.env) !== undefined;
}

/** Builds an engine into its cache folder; an Error with the end of Go's output when it fails. */
export async function buildWithGo(setting: Setting, set: EngineSet): Promise<void> {
  await installAtomically(engineDir(setting, set), async (scratch) => {
    const built = join(scratch, "built");
    for (const module of set.modules) {
      const text = `building ${module.folder} ${pinnedVersion(setting, module)} with Go, once`;
      await setting.during("engines", text, () => buildModule(setting, module, join(built, "bin")));
    }
    if (!holds(join(built, "bin"), set.programs))
      throw new Error(`go build did not make ${set.programs.join(", ")}`);
    return built;
  });
}

/** Frees the gigabytes that a build needed and nothing needs afterwards. */
export function dropOwnGoCaches(setting: Setting): Promise<void> {
  return rm(ownCaches(setting), { recursive: true, force: true });
}
