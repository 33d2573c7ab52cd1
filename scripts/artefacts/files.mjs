import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** The paths of all files below a folder, from it, in an order that is the same everywhere. */
export function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}
