// Builds build/node/pulumi-resource-yciam/, the Pulumi plugin as a program for Node, and the archive of it that `pulumi
// plugin install --file` takes. With --all, one archive for each platform: they differ in name alone.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.mjs";
import { bundleForNode, manifest, notices } from "./bundle.mjs";
import { putInPlace, putLicences } from "./files.mjs";
import { archive } from "./tar.mjs";

const target = join(root, "build/node/pulumi-resource-yciam");
// Filled aside and put in its place at the end, so that an engine that runs meanwhile finds the one or the other.
const folder = `${target}.${process.pid}`;
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

const PLATFORMS = ["linux", "darwin", "windows"].flatMap((os) =>
  ["amd64", "arm64"].map((arch) => `${os}-${arch}`),
);

/** This machine as Pulumi names it, such as linux-amd64. */
function ownPlatform() {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}-${process.arch === "x64" ? "amd64" : process.arch}`;
}

async function fill() {
  mkdirSync(folder, { recursive: true });
  const parts = await bundleForNode("pulumi-resource-yciam", join(folder, "index.js"));
  const write = (name, text, mode) => writeFileSync(join(folder, name), text, { mode });
  write("pulumi-resource-yciam", LAUNCHER, 0o755);
  write("pulumi-resource-yciam.cmd", WINDOWS_LAUNCHER);
  write(
    "package.json",
    `${JSON.stringify({ name: "pulumi-resource-yciam", version, license, type: "commonjs" })}\n`,
  );
  putLicences(folder, notices(parts));
}

async function main(args) {
  try {
    await fill();
    putInPlace(folder, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const contents = archive(target, ["pulumi-resource-yciam", "pulumi-resource-yciam.cmd"]);
  for (const platform of args.includes("--all") ? PLATFORMS : [ownPlatform()])
    writeFileSync(join(root, `build/pulumi-resource-yciam-v${version}-${platform}.tar.gz`), contents);
}

await main(process.argv.slice(2));
