import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, relative } from "node:path";

/**
 * The path of a module of this package from a program's folder, with slashes. It is empty where the module's name leads
 * to the module from there. The name leads nowhere when the package is a dependency of a component package. The path is
 * never absolute: another machine would have another one, and that would be a change in the state.
 */
export function pathFrom(folder: string, name: string, file: string): string {
  // There is no such file next to bundled code.
  if (!existsSync(file) || leadsTo(folder, name) === file) return "";
  const path = relative(folder, file);
  return isAbsolute(path) ? "" : path.replaceAll("\\", "/");
}

function leadsTo(folder: string, name: string): string | undefined {
  try {
    return createRequire(join(folder, "index.js")).resolve(name);
  } catch {
    return undefined;
  }
}
