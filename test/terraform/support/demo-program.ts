import { buildSync } from "esbuild";
import { chmodSync } from "node:fs";
import { join } from "node:path";

/** Bundles the demo provider into one executable file, as a released provider is. */
export function buildDemo(file: string): void {
  buildSync({
    entryPoints: [join(__dirname, "demo-main.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    banner: { js: "#!/usr/bin/env node" },
  });
  chmodSync(file, 0o755);
}
