// Builds build/node/terraform-provider-yciam/, the Terraform plugin as a program for Node, and what a registry or a
// packed mirror takes: the zip of it, a manifest, and SHA256SUMS over both. With --all, one zip for each platform: they
// differ in name alone. With --out DIR, all of it goes there. No zip for Windows: it starts no script as a program.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { root } from "../root.mjs";
import { bundleForNode, manifest, notices } from "./bundle.mjs";
import { filesBelow, putLicences } from "./files.mjs";

const NAME = "terraform-provider-yciam";
const { version, license } = manifest;
const PROGRAM = `${NAME}_v${version}`;
const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"];
const REGISTRY_MANIFEST = { version: 1, metadata: { protocol_versions: ["6.0"] } };

// The first time that a zip can hold, in local time, which is what zips have: the same bytes wherever it is made.
const TIME = new Date(1980, 0, 1);

/** This machine as Go names it, such as linux_amd64. */
function ownPlatform() {
  return `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
}

async function fill(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const parts = await bundleForNode(NAME, join(folder, "bundle.js"));
  const write = (name, text, mode) => writeFileSync(join(folder, name), text, { mode });
  // A host starts the file by this name, and Node reads one without a known extension as the package.json beside it says.
  write(PROGRAM, readFileSync(join(folder, "bundle.js")), 0o755);
  rmSync(join(folder, "bundle.js"));
  write("package.json", `${JSON.stringify({ name: NAME, version, license, type: "commonjs" })}\n`);
  putLicences(folder, notices(parts));
}

async function zip(folder) {
  const file = new ZipFile();
  for (const name of filesBelow(folder)) {
    const mode = name === PROGRAM ? 0o100755 : 0o100644;
    const options = { mtime: TIME, mode, forceDosTimestamp: true, compressionLevel: 9 };
    file.addBuffer(readFileSync(join(folder, name)), name, options);
  }
  file.end();
  return buffer(file.outputStream);
}

/** The lines of `sha256sum`, which registries and people check downloads by. */
function sums(files) {
  const line = ([name, content]) => `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
  return files.map(line).join("");
}

/** What an earlier build left is in no sum of this one. */
function sweep(out) {
  for (const name of readdirSync(out)) if (name.startsWith(`${NAME}_`)) rmSync(join(out, name));
}

function platformsFor(args) {
  if (args.includes("--all")) return PLATFORMS;
  if (process.platform !== "win32") return [ownPlatform()];
  process.stderr.write(
    "no zip is made for Windows, which starts no script as a program; --all makes the others\n",
  );
  return [];
}

async function main(args) {
  const out = args.includes("--out") ? args[args.indexOf("--out") + 1] : join(root, "build");
  const folder = join(out, out === join(root, "build") ? "node" : "", NAME);
  await fill(folder);
  sweep(out);
  const packed = await zip(folder);
  const prefix = `${NAME}_${version}`;
  const files = [
    ...platformsFor(args).map((platform) => [`${prefix}_${platform}.zip`, packed]),
    [`${prefix}_manifest.json`, `${JSON.stringify(REGISTRY_MANIFEST, undefined, 2)}\n`],
  ];
  for (const [name, content] of [...files, [`${prefix}_SHA256SUMS`, sums(files)]])
    writeFileSync(join(out, name), content);
}

await main(process.argv.slice(2));
