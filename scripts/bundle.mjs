import { build } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What package.json says of this package. */
export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Bundles a program and all that it imports into one CommonJS file; its shebang line stays.
 * @param entry path from the root
 * @param first code that runs before anything else
 * @param {import("esbuild").BuildOptions} options more of esbuild's own
 * @returns {Promise<string[]>} the files that went in, by path from the root
 */
export async function bundle(entry, outfile, first = "", options = {}) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    banner: { js: first },
    platform: "node",
    target: "node20.19",
    format: "cjs",
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
    logOverride: { "empty-import-meta": "silent" },
    ...options,
  });
  return Object.keys(metafile.inputs);
}

/** The licences of every package among these files: they ask to be handed on with the code. */
export function notices(inputs) {
  const packages = inputs.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(packages.filter(Boolean))]
    .sort()
    .map(notice)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function notice(path) {
  const absolute = join(root, path);
  const { name, version, license } = JSON.parse(readFileSync(join(absolute, "package.json"), "utf8"));
  const file = readdirSync(absolute).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : `\n${readFileSync(join(absolute, file), "utf8").trim()}\n`;
  return `${name} ${version}: ${license}\n${text}`;
}
