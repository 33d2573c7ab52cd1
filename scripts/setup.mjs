// What a fresh clone needs before anything can run: the packages, then the compiled library.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runQuietly } from "./child.mjs";
import { buildIsFresh, packagesAreInstalled, recordBuild, sourcesDigest } from "./fresh.mjs";
import { during, report } from "./progress.mjs";

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Arguments that make `node` run a TypeScript file of this repository. */
export const tsNode = ["-r", "ts-node/register/transpile-only"];

// ts-node and tsc would leave compiled code in the system's temporary folder.
Object.assign(process.env, { DISABLE_V8_COMPILE_CACHE: "1", NODE_DISABLE_COMPILE_CACHE: "1" });

function npm(...args) {
  const own = process.env.npm_execpath;
  // npm names itself to the scripts it runs; only a bare `node scripts/...` has to look for it on PATH.
  const [command, first] = own?.endsWith(".js") ? [process.execPath, [own]] : ["npm", []];
  const env = { ...process.env, npm_config_update_notifier: "false", npm_config_logs_max: "0" };
  return runQuietly(command, [...first, ...args], { cwd: root, env });
}

async function installPackages() {
  if (packagesAreInstalled(root)) return report("packages", "installed already");
  await during("packages", "installing with npm ci", () => npm("ci", "--no-audit", "--no-fund"));
}

async function build() {
  if (buildIsFresh(root)) return report("build", "up to date");
  const digest = sourcesDigest(root);
  await during("build", "compiling with npm run build", () => npm("run", "build"));
  recordBuild(root, digest);
}

/** Brings packages and the compiled library up to date, a line of progress for each; nothing is asked. */
export async function setUp() {
  await installPackages();
  await build();
}
