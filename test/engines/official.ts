import { join } from "node:path";
import { engineDir, LANGUAGES, pinnedVersion, PULUMI } from "./catalog";
import { holds, installAtomically } from "./install";
import { run } from "./run";
import { type Setting } from "./setting";

const DOWNLOAD_TIMEOUT_MS = 180_000;

/** Everything the official archive brings, the language hosts included. */
export const OFFICIAL_FILES = [...PULUMI.files, "pulumi-language-nodejs", "pulumi-language-python"] as const;

/**
 * Lets npm's own wrapper package `pulumi` download the official binary of the pinned version into the cache. It
 * honours PULUMI_HOME (`lib/cache.js` of that package: `$PULUMI_HOME/versions/<version>/bin`). Answers whether it did.
 */
export async function downloadOfficial(setting: Setting): Promise<boolean> {
  if (!(await setting.downloadsReachable())) return false;
  const version = pinnedVersion(setting, PULUMI).slice(1);
  try {
    await installAtomically(engineDir(setting, PULUMI), async (scratch) => {
      const env = {
        ...setting.env,
        PULUMI_HOME: scratch,
        PULUMI_VERSION: version,
        npm_config_cache: join(scratch, "npm"),
      };
      const argv = ["npm", "exec", "--yes", `--package=pulumi@${version}`, "--", "pulumi", "version"];
      await run(argv, { env, cwd: scratch, timeoutMs: DOWNLOAD_TIMEOUT_MS });
      const installed = join(scratch, "versions", version);
      if (!holds(join(installed, "bin"), OFFICIAL_FILES)) throw new Error("the download is not complete");
      return installed;
    });
    return true;
  } catch {
    return false;
  }
}

/** Whether the cached Pulumi folder came from the official archive and so needs no separate language hosts. */
export function isOfficial(setting: Setting): boolean {
  return holds(join(engineDir(setting, PULUMI), "bin"), LANGUAGES.files.slice(0, 2));
}
