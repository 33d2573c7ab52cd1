import { join } from "node:path";
import { ok, runCommand } from "../support/run-command";
import { engineDir, engineVersion, PULUMI } from "./catalog";
import { holds, installAtomically } from "./install";
import type { Setting } from "./setting";

const DOWNLOAD_TIMEOUT_MS = 180_000;

/**
 * Lets npm's own wrapper package `pulumi` download the official binary of the pinned version into the cache. It
 * honours PULUMI_HOME (`lib/cache.js` of that package: `$PULUMI_HOME/versions/<version>/bin`). Answers whether it did.
 */
export async function downloadOfficial(setting: Setting): Promise<boolean> {
  if (!(await setting.downloadsReachable())) return false;
  const version = engineVersion(setting, PULUMI).slice(1);
  const argv = ["npm", "exec", "--yes", `--package=pulumi@${version}`, "--", "pulumi", "version"];
  try {
    await installAtomically(engineDir(setting, PULUMI), async (scratch) => {
      const own = { PULUMI_HOME: scratch, PULUMI_VERSION: version, npm_config_cache: join(scratch, "npm") };
      const env = { ...setting.env, ...own };
      ok(await runCommand(argv, { env, cwd: scratch, timeoutMs: DOWNLOAD_TIMEOUT_MS }));
      const installed = join(scratch, "versions", version);
      if (!holds(join(installed, "bin"), PULUMI.programs)) throw new Error("the download is not complete");
      return installed;
    });
    return true;
  } catch {
    setting.report("engines", `the official pulumi ${version} could not be downloaded`);
    return false;
  }
}
