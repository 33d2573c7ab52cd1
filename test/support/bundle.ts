import { buildSync } from "esbuild";
import { join } from "node:path";

/**
 * Bundles a TypeScript file of the repository into one that plain node runs, so that a child process starts in
 * milliseconds.
 * @param entry path from the repository's root
 * @returns the path of the bundle
 */
export function bundle(entry: string, folder: string): string {
  const root = join(__dirname, "..", "..");
  const outfile = join(folder, `${entry.replace(/\W/g, "-")}.cjs`);
  buildSync({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "error",
  });
  return outfile;
}

/** Arguments that let Node run a TypeScript file of the repository, with all that it imports. */
export const transpiling = ["-r", join(__dirname, "../../scripts/transpile.cjs")] as const;
