// Builds build/node/, the plugins as programs for Node: for machines whose platform the executable's runtime does not know.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.mjs";
import { bundleForNode, manifest, notices } from "./bundle.mjs";
import { putInPlace, putLicences } from "./files.mjs";

const { version, license } = manifest;

const LAUNCHER = `#!/bin/sh
if ! command -v node >/dev/null 2>&1; then
  echo "pulumi-resource-yciam runs on Node.js 20.19 or newer, and there is no node on PATH." >&2
  exit 1
fi
# exec, so that the engine's signals reach Node itself.
exec node "$(dirname "$0")/index.js" "$@"
`;
const WINDOWS_LAUNCHER = `@echo off\r\nnode "%~dp0index.js" %*\r\n`;

/** Makes the folder of a plugin: its bundle by a name, and the package.json by which Node reads it. */
async function build(plugin, bundle, more = {}) {
  const target = join(root, "build/node", plugin);
  // Filled aside and put in its place at the end, so that an engine that runs meanwhile finds the one or the other.
  const folder = `${target}.${process.pid}`;
  const write = (name, text, mode) => writeFileSync(join(folder, name), text, { mode });
  try {
    mkdirSync(folder, { recursive: true });
    const parts = await bundleForNode(plugin, join(folder, "index.js"));
    renameSync(join(folder, "index.js"), join(folder, bundle));
    for (const [name, text] of Object.entries(more)) write(name, text, 0o755);
    write("package.json", `${JSON.stringify({ name: plugin, version, license, type: "commonjs" })}\n`);
    putLicences(folder, notices(parts));
    putInPlace(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await build("pulumi-resource-yciam", "index.js", {
  "pulumi-resource-yciam": LAUNCHER,
  "pulumi-resource-yciam.cmd": WINDOWS_LAUNCHER,
});
// A host starts the file by this name, and Node reads one without a known extension as package.json says.
await build("terraform-provider-yciam", `terraform-provider-yciam_v${version}`);
