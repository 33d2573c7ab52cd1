import { copyFileSync, chmodSync, existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { engineDir, type EngineModule, pinnedVersion } from "./catalog";
import { holds, installAtomically } from "./install";
import { which } from "./on-path";
import { run } from "./run";
import { type Setting } from "./setting";

const TAIL_LINES = 15;

async function go(
  setting: Setting,
  module: EngineModule,
  env: NodeJS.ProcessEnv,
  args: string[],
): Promise<string> {
  const ran = await run(["go", ...args], { cwd: join(setting.modulesDir, module.name), env });
  if (ran.ok) return ran.stdout.trim();
  const tail = ran.output.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
  throw new Error(`go ${args[0]} failed in test/engines/${module.name}:\n${tail}`);
}

const ownCaches = (setting: Setting): string => join(setting.cacheDir, "go");

/** Go's own caches where the user has them; else ours, so that nothing appears outside the cache folder. */
async function goEnvironment(setting: Setting, module: EngineModule): Promise<NodeJS.ProcessEnv> {
  const { env } = setting;
  const answer = await go(setting, module, env, ["env", "-json", "GOMODCACHE", "GOCACHE", "GOFLAGS"]);
  const found = JSON.parse(answer) as { GOMODCACHE: string; GOCACHE: string; GOFLAGS: string };
  const modules = existsSync(found.GOMODCACHE)
    ? {}
    : { GOMODCACHE: join(ownCaches(setting), "mod"), GOFLAGS: `${found.GOFLAGS} -modcacherw`.trim() };
  const objects = existsSync(found.GOCACHE) ? {} : { GOCACHE: join(ownCaches(setting), "build") };
  return { ...env, ...modules, ...objects };
}

/** Whether there is a Go to build with. */
export function hasGo(setting: Setting): boolean {
  return which("go", setting.env) !== undefined;
}

/** Builds every tool of a pinned module into its cache folder; an Error with the end of Go's output when it fails. */
export async function buildWithGo(setting: Setting, module: EngineModule): Promise<void> {
  const env = await goEnvironment(setting, module);
  await installAtomically(engineDir(setting, module), async (scratch) => {
    const bin = join(scratch, "built", "bin");
    const ldflags = module.ldflags(pinnedVersion(setting, module));
    await go(setting, module, env, [
      "build",
      "-o",
      `${bin}/`,
      ...(ldflags ? ["-ldflags", ldflags] : []),
      "tool",
    ]);
    for (const file of module.beside) {
      const source = await go(setting, module, env, ["list", "-m", "-f", "{{.Dir}}", module.pinned]);
      const copy = join(bin, basename(file));
      copyFileSync(join(source, file), copy);
      chmodSync(copy, 0o755);
    }
    if (!holds(bin, module.files)) throw new Error(`go build did not make all of ${module.files.join(", ")}`);
    return join(scratch, "built");
  });
}

/** Frees the gigabytes that a build needed and nothing needs afterwards. */
export function dropOwnGoCaches(setting: Setting): void {
  rmSync(ownCaches(setting), { recursive: true, force: true });
}
