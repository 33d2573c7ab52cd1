import { posix, win32 } from "node:path";
import type { Env } from "../core/context";

/** What decides where a cache belongs on this system. */
export interface CacheHome {
  /** As in `process.platform`. */
  readonly platform: string;
  readonly env: Env;
  readonly home: string;
}

/**
 * The folder for tokens that outlive the process: `$XDG_CACHE_HOME/yciam/tokens` (`~/.cache` without it),
 * `~/Library/Caches/yciam/tokens` on macOS, `%LOCALAPPDATA%\yciam\Cache\tokens` on Windows. A relative variable is
 * ignored, as the XDG specification asks. Undefined when the home folder is not known.
 */
export function cacheFolder({ platform, env, home }: CacheHome): string | undefined {
  const paths = platform === "win32" ? win32 : posix;
  const { XDG_CACHE_HOME: xdg = "", LOCALAPPDATA: local = "" } = env;
  if (paths.isAbsolute(xdg)) return paths.join(xdg, "yciam", "tokens");
  if (platform === "win32" && paths.isAbsolute(local)) return paths.join(local, "yciam", "Cache", "tokens");
  if (!paths.isAbsolute(home)) return undefined;
  if (platform === "win32") return paths.join(home, "AppData", "Local", "yciam", "Cache", "tokens");
  return platform === "darwin"
    ? paths.join(home, "Library", "Caches", "yciam", "tokens")
    : paths.join(home, ".cache", "yciam", "tokens");
}
