import { buildSync } from "esbuild";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/**
 * Bundles a TypeScript file of the repository into one that plain node runs, so that a child process starts in
 * milliseconds.
 * @param entry path from the repository's root
 * @returns the path of the bundle
 */
export function bundle(entry: string, folder: string): string {
  const outfile = join(folder, `${entry.replace(/\W/g, "-")}.cjs`);
  bundleInto(join(ROOT, entry), outfile);
  return outfile;
}

/** The same for a file anywhere, into one of this name. */
export function bundleInto(entry: string, outfile: string): void {
  const output = { outfile, platform: "node", format: "cjs", target: "node20" } as const;
  buildSync({ entryPoints: [entry], absWorkingDir: ROOT, bundle: true, logLevel: "error", ...output });
}

/** Arguments that let Node run a TypeScript file of the repository, with all that it imports. */
export const transpiling = ["-r", join(__dirname, "../../scripts/transpile.cjs")] as const;
