import { buildSync } from "esbuild";
import { chmodSync } from "node:fs";
import { join } from "node:path";

/** Bundles the demo provider into one executable file, as a released provider is. */
export function buildDemo(file: string): void {
  bundle(join(__dirname, "demo-main.ts"), file);
  chmodSync(file, 0o755);
}

/** Bundles a program of this folder into one CommonJS file. */
export function bundle(entry: string, file: string): void {
  buildSync({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
  });
}
