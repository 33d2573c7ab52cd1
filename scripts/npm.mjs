import { runQuietly } from "./child.mjs";
import { root } from "./root.mjs";

/** Runs npm; what it prints is shown when it fails. */
export function npm(...args) {
  const own = process.env.npm_execpath;
  // npm names itself to the scripts it runs; only a bare `node scripts/...` has to look for it on PATH.
  const [command, first] = own?.endsWith(".js") ? [process.execPath, [own]] : ["npm", []];
  const env = { ...process.env, npm_config_update_notifier: "false", npm_config_logs_max: "0" };
  return runQuietly(command, [...first, ...args], { cwd: root, env });
}
