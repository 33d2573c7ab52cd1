import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, relative } from "node:path";

/**
 * The path of a module of this package from a program's folder, with slashes; empty where the module's name leads to it
 * from there. A package that is a dependency of a component's lies where the program's folder does not see it. The path
 * is never an absolute one: that would be another one on the next machine, and a change in the state.
 */
export function pathFrom(folder: string, name: string, file: string): string {
  // Code that was bundled lies elsewhere.
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
