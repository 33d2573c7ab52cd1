// What a fresh clone needs before anything can run: the packages, then the compiled library.

import { buildIsFresh, packagesAreInstalled, recordBuild, sourcesDigest } from "./fresh.mjs";
import { npm } from "./npm.mjs";
import { during, report } from "./progress.mjs";
import { root } from "./root.mjs";

/** Arguments that make `node` run a TypeScript file of this repository. */
export const tsNode = ["-r", "ts-node/register/transpile-only"];

// ts-node and tsc would leave compiled code in the system's temporary folder.
Object.assign(process.env, { DISABLE_V8_COMPILE_CACHE: "1", NODE_DISABLE_COMPILE_CACHE: "1" });

/** Installs what package-lock.json names, where it is not there already. */
export async function installPackages() {
  if (packagesAreInstalled(root)) return report("packages", "installed already");
  await during("packages", "installing with npm ci", () => npm("ci", "--no-audit", "--no-fund"));
}

/** Compiles the library and the programs, where they are not of these very sources. */
export async function build() {
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
