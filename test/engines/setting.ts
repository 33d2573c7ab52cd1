import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheDirOf } from "../../scripts/cache-folder.mjs";
import { during, report } from "../../scripts/progress.mjs";
import { takeLock } from "../../provider/platform/process-lock";

/** What the bootstrap may look at and write to; a test hands in its own. */
export interface Setting {
  /** Environment: where PATH, HOME and XDG_CACHE_HOME are read. */
  readonly env: Readonly<Record<string, string>>;
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
  const request = fetch(PROBE_URL, { method: "HEAD", signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  return request.then(
    ({ ok }) => ok,
    () => false,
  );
}

/** The setting of a real run; `overrides` replaces parts of it. */
export function settingOf(overrides: Partial<Setting> = {}): Setting {
  const env = overrides.env ?? (process.env as Record<string, string>);
  const own = { env, modulesDir: __dirname, cacheDir: cacheDirOf(env), report, during, downloadsReachable };
  return { ...own, ...overrides };
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `work` while no other process changes this cache folder; what it has started ends with this process.
 * @param patient whether to wait for another process; else the work is left undone, and the answer is undefined
 */
export async function whileAloneInCache<T>(
  setting: Setting,
  work: () => Promise<T>,
  patient = true,
): Promise<T | undefined> {
  mkdirSync(setting.cacheDir, { recursive: true });
  // `runCommand` ends its programs when the process exits, which a signal alone does not make it do.
  const exit = () => process.exit(1);
  SIGNALS.forEach((name) => process.on(name, exit));
  const { signal } = new AbortController();
  const take = (waitMs: number) => takeLock(join(setting.cacheDir, "at-work"), { signal, waitMs });
  let release = await take(0);
  if (release === undefined && patient) {
    setting.report("engines", "waiting for another process, which is at work on them");
    release = await take(Infinity);
  }
  try {
    return release && (await work());
  } finally {
    await release?.();
    SIGNALS.forEach((name) => process.off(name, exit));
  }
}
