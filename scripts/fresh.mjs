// Answers "is there anything to do?" by content, so that a second run costs milliseconds and works offline.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suffix } from "./built.mjs";

const BUILT_FROM = [
  "provider",
  "sdk/nodejs",
  "emulator",
  "scripts",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
];
const STAMP = "dist/.built";
/** Where the second cannot be had, each build tries again and says why: tests would quietly run on less. */
const BUILT = [`build/pulumi-resource-yciam/pulumi-resource-yciam${suffix}`, `build/yciam${suffix}`];

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** Whether node_modules holds what package-lock.json asks for, going by the record npm keeps of what it installed. */
export function packagesAreInstalled(root) {
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  const installed = readJson(join(root, "node_modules/.package-lock.json"))?.packages;
  if (!installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || entry.link) return true;
    const found = installed[path];
    return found ? found.version === entry.version : Boolean(entry.optional || entry.devOptional);
  });
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** SHA-256 over the names and bytes of everything `npm run build` reads. */
export function sourcesDigest(root) {
  const hash = createHash("sha256");
  for (const start of BUILT_FROM) {
    const path = join(root, start);
    const files = start.includes(".") ? [path] : filesUnder(path).sort();
    for (const file of files)
      hash
        .update(`${file.slice(root.length)}\0`)
        .update(readFileSync(file))
        .update("\0");
  }
  return hash.digest("hex");
}

/** Whether dist and the plugin were built from these very sources. */
export function buildIsFresh(root) {
  const stamp = join(root, STAMP);
  const isThere = [...BUILT, STAMP].every((path) => existsSync(join(root, path)));
  return isThere && readFileSync(stamp, "utf8") === sourcesDigest(root);
}

/** Notes that dist was built from sources with this digest, taken before the build. */
export function recordBuild(root, digest) {
  writeFileSync(join(root, STAMP), digest);
}
