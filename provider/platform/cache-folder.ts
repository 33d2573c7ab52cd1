import path from "node:path";
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
  const { win32, posix } = path;
  const paths = platform === "win32" ? win32 : posix;
  const given = (name: string) => (paths.isAbsolute(env[name] ?? "") ? env[name] : undefined);
  const under = (...parts: string[]) => (paths.isAbsolute(home) ? paths.join(home, ...parts) : undefined);
  const xdg = given("XDG_CACHE_HOME");
  if (xdg !== undefined) return paths.join(xdg, "yciam", "tokens");
  if (platform === "win32") {
    const local = given("LOCALAPPDATA") ?? under("AppData", "Local");
    return local === undefined ? undefined : paths.join(local, "yciam", "Cache", "tokens");
  }
  return platform === "darwin"
    ? under("Library", "Caches", "yciam", "tokens")
    : under(".cache", "yciam", "tokens");
}
