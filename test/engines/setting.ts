import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { during, report } from "../../scripts/progress.mjs";

/** What the bootstrap may look at and write to; a test hands in its own. */
export interface Setting {
  /** Environment: where PATH, HOME and XDG_CACHE_HOME are read. */
  readonly env: NodeJS.ProcessEnv;
  /** The folder that holds the pinned modules, one folder each. */
  readonly modulesDir: string;
  /** Everything the project keeps between runs is under this folder. */
  readonly cacheDir: string;
  /** A line of progress. */
  readonly report: typeof report;
  /** A line before and a line after a slow step. */
  readonly during: typeof during;
  /** Whether the vendor's download site answers; asked only when an engine is missing. */
  readonly downloadsReachable: () => Promise<boolean>;
}

const PROBE_TIMEOUT_MS = 3000;
const PROBE_URL = "https://get.pulumi.com/install.sh";

async function downloadsReachable(): Promise<boolean> {
  try {
    return (await fetch(PROBE_URL, { method: "HEAD", signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
}

/** The cache folder: `$XDG_CACHE_HOME/yciam`, or `~/.cache/yciam`. */
export function cacheDirOf(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "yciam");
}

/** The setting of a real run; `overrides` replaces parts of it. */
export function settingOf(overrides: Partial<Setting> = {}): Setting {
  const env = overrides.env ?? process.env;
  return {
    env,
    modulesDir: __dirname,
    cacheDir: cacheDirOf(env),
    report,
    during,
    downloadsReachable,
    ...overrides,
  };
}

/** Names this process among all that may share the cache folder, over the network too. */
export const processName = `${process.pid}@${hostname()}`;
