import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { importModule } from "./import-module";

/**
 * Loads a module by its path, or by the name of a package.
 * @param folder where a path begins, and where a package is installed
 * @throws Node's own errors, and whatever the module throws
 */
export async function loadModule(specifier: string, folder = process.cwd()): Promise<unknown> {
  const isPath = specifier.startsWith(".") || isAbsolute(specifier);
  const address = isPath
    ? pathToFileURL(resolve(folder, specifier)).href
    : await addressOf(specifier, folder);
  try {
    return await importModule(address);
  } catch (error) {
    // Bun has a name of its own for a module that does not parse.
    throw (error as Error).name === "BuildMessage" ? new SyntaxError("the module does not parse") : error;
  }
}

async function addressOf(name: string, folder: string): Promise<string> {
  try {
    return pathToFileURL(require.resolve(name, { paths: [folder] })).href;
  } catch {
    // It may have no entry for `require`. Its entry for `import` is resolved only for modules of that folder.
    const importing = await import("import-meta-resolve");
    return importing.resolve(name, pathToFileURL(join(folder, "module.js")).href);
  }
}
