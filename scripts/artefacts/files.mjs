import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../root.mjs";

/** The paths of all files and links below a folder, from it, in an order that is the same everywhere. */
export function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll("\\", "/"))
    .sort();
}

/** Puts what was made aside in its place, which is empty for a moment only. */
export function putInPlace(made, target) {
  const former = `${made}.former`;
  if (existsSync(target)) renameSync(target, former);
  renameSync(made, target);
  rmSync(former, { recursive: true, force: true });
}

/** Puts our licence into a folder, and those of what is bundled there. */
export function putLicences(folder, notices) {
  writeFileSync(join(folder, "THIRD_PARTY_NOTICES.txt"), notices);
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
}
