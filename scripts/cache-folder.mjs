import { homedir } from "node:os";
import { join } from "node:path";

/** What the project keeps between runs: `$XDG_CACHE_HOME/yciam`, or `~/.cache/yciam`. */
export function cacheDirOf(env) {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "yciam");
}
