import { existsSync } from "node:fs";
import { join } from "node:path";
import { engineDir, type EngineSet, engineVersion } from "./catalog";
import { buildWithGo, dropOwnGoCaches, hasGo } from "./go-build";
import { holds, sweepUnfinished } from "./install";
import { withLock } from "./lock";
import { downloadOfficial } from "./official";
import { foldersOnPath } from "./on-path";
import { type Setting } from "./setting";

const binOf = (setting: Setting, set: EngineSet): string => join(engineDir(setting, set), "bin");

/** Whether the cache holds a set, complete. */
export const isCached = (setting: Setting, set: EngineSet): boolean =>
  holds(binOf(setting, set), set.programs);

function nothingToGetItWith(set: EngineSet): Error {
  const download = set.name === "pulumi" ? ", or an internet connection that reaches get.pulumi.com" : "";
  return new Error(
    `There is no ${set.name} on this machine and no way to get one: bring ${set.name} ${set.least} or newer on PATH` +
      `${download}, or Go 1.26 with a module proxy to build it from.`,
  );
}

async function obtain(setting: Setting, set: EngineSet): Promise<void> {
  // Whoever held the lock before us may have been building this very engine.
  if (isCached(setting, set)) return;
  if (set.name === "pulumi" && (await downloadOfficial(setting))) return;
  if (!hasGo(setting)) throw nothingToGetItWith(set);
  setting.report(
    "engines",
    `${set.name} ${engineVersion(setting, set)} is built now: ${set.buildTime} on two cores`,
  );
  await buildWithGo(setting, set);
}

/** Runs `work` while no other process builds in this cache folder, and after removing what killed ones left. */
export function whileAloneInCache<T>(setting: Setting, work: () => Promise<T>): Promise<T> {
  const waiting = (holder: string): void =>
    setting.report("engines", `waiting for process ${holder}, at work on them`);
  return withLock(join(setting.cacheDir, "engines.lock"), waiting, async () => {
    sweepUnfinished(join(setting.cacheDir, "engines"));
    return work();
  });
}

/**
 * The folders that hold an engine: those of PATH when new enough and complete; else the one in the cache, which is
 * downloaded or built first where it is missing. An Error names what to bring when there is no way to get it.
 */
export async function ensureSet(setting: Setting, set: EngineSet): Promise<string[]> {
  const found = set.least && (await foldersOnPath(setting.env, set.name, set.least, set.programs.slice(1)));
  if (found) {
    setting.report("engines", `${set.name} ${found.version} of PATH is used`);
    return found.folders;
  }
  if (!isCached(setting, set)) await whileAloneInCache(setting, () => obtain(setting, set));
  setting.report("engines", `${set.name} ${engineVersion(setting, set)} is in the cache`);
  return [binOf(setting, set)];
}

/** Removes the Go caches that builds made in the cache folder, if there are any. */
export async function dropBuildLeftovers(setting: Setting): Promise<void> {
  if (!existsSync(join(setting.cacheDir, "go"))) return;
  const drop = (): Promise<void> =>
    setting.during("engines", "removing what only the build needed", () => dropOwnGoCaches(setting));
  await whileAloneInCache(setting, drop);
}
