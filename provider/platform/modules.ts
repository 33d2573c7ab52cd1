import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

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
  return import(address);
}

async function addressOf(name: string, folder: string): Promise<string> {
  try {
    return pathToFileURL(require.resolve(name, { paths: [folder] })).href;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
    // The package has no entry for `require`. Node resolves its entry for `import` only for modules of that folder.
    const importing = await import("import-meta-resolve");
    return importing.resolve(name, pathToFileURL(join(folder, "module.js")).href);
  }
}
