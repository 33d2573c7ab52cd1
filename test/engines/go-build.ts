import { chmodSync, copyFileSync, existsSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { runCommand } from "../support/run-command";
import { engineDir, type EngineSet, type GoModule, pinnedVersion } from "./catalog";
import { holds, installAtomically } from "./install";
import type { Setting } from "./setting";

const TAIL_LINES = 15;
const BUILD_TIMEOUT_MS = 60 * 60_000;

type Go = (...args: string[]) => Promise<string>;

function goIn(setting: Setting, module: GoModule, env: Setting["env"]): Go {
  const cwd = join(setting.modulesDir, module.folder);
  return async (...args) => {
    const ran = await runCommand(["go", ...args], { cwd, env, timeoutMs: BUILD_TIMEOUT_MS });
    if (ran.code === 0) return ran.stdout.trim();
    const tail = (ran.stdout + ran.stderr).trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
    throw new Error(`go ${args[0]} failed in test/engines/${module.folder}:\n${tail}`);
  };
}

/** Go's caches in the cache folder, for a user who has none of his own: gigabytes that nothing needs after a build. */
export const ownGoCaches = (setting: Setting): string => join(setting.cacheDir, "go");

/** Go writes its telemetry into the user's settings folder: there when it is Go's already, else into ours. */
function withSettingsFolder(setting: Setting): Setting["env"] {
  const { env } = setting;
  const settings = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config");
  const own = { XDG_CONFIG_HOME: join(ownGoCaches(setting), "config") };
  return existsSync(join(settings, "go")) ? env : { ...env, ...own };
}

/** Go's own caches where the user has them; else ours, so that nothing appears outside the cache folder. */
async function goEnvironment(setting: Setting, module: GoModule): Promise<Setting["env"]> {
  const env = withSettingsFolder(setting);
  const answer = await goIn(setting, module, env)("env", "-json", "GOMODCACHE", "GOCACHE", "GOFLAGS");
  const found = JSON.parse(answer) as { GOMODCACHE: string; GOCACHE: string; GOFLAGS: string };
  const own = ownGoCaches(setting);
  const modules = { GOMODCACHE: join(own, "mod"), GOFLAGS: `${found.GOFLAGS} -modcacherw`.trim() };
  return {
    ...env,
    ...(existsSync(found.GOMODCACHE) ? {} : modules),
    ...(existsSync(found.GOCACHE) ? {} : { GOCACHE: join(own, "build") }),
  };
}

async function buildModule(setting: Setting, module: GoModule, bin: string): Promise<void> {
  const { flags = [], packages = ["tool"] } = module;
  const env = await goEnvironment(setting, module);
  const go = goIn(setting, module, flags.length === 0 ? env : { ...env, CGO_ENABLED: "0" });
  const ldflags = module.ldflags(pinnedVersion(setting, module));
  // `tool` stands for every program that the module's tool lines name.
  await go("build", ...flags, "-o", `${bin}/`, "-ldflags", ldflags, ...packages);
  if (module.beside.length === 0) return;
  const source = await go("list", "-m", "-f", "{{.Dir}}", module.pinned);
  for (const file of module.beside) {
    const copy = join(bin, basename(file));
    copyFileSync(join(source, file), copy);
    chmodSync(copy, 0o755);
  }
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
