import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { manifest } from "../artefacts/bundle.mjs";
import { filesBelow, putLicences } from "../artefacts/files.mjs";
import { archive } from "../artefacts/tar.mjs";
import { zip } from "../artefacts/zip.mjs";
import { treeHash } from "./hashes.mjs";

const { version } = manifest;
const HELPER = "docker-credential-yciam";

/**
 * Packs the executable of one platform in each of its shapes: the plugin of Terraform, that of Pulumi, and the command.
 * @param {object} parts
 * @param {string} parts.executable its path
 * @param {string} parts.licences of all that is in it
 * @param {string} parts.aside a folder to work in
 * @param {Readonly<Record<string, string>>} parts.extras texts beside the command, by path: completions, the man page
 * @param {(name: string, content: Buffer) => void} put takes each archive
 * @returns the zip of the Terraform plugin: its name, platform, and the hash of what is in it
 */
export async function packExecutable(platform, parts, put) {
  const { os, arch, name, suffix } = platform;
  const terraform = filled(parts, [`terraform-provider-yciam_v${version}${suffix}`]);
  const plugin = {
    name: `terraform-provider-yciam_${version}_${name}.zip`,
    platform: name,
    hash: treeHash(terraform),
  };
  put(plugin.name, await zip(terraform));
  const pulumi = `pulumi-resource-yciam${suffix}`;
  filled(parts, [pulumi]);
  put(`pulumi-resource-yciam-v${version}-${os}-${arch}.tar.gz`, archive(parts.aside, [pulumi]));
  if (os === "windows") {
    const files = filled(parts, [`yciam${suffix}`, `${HELPER}${suffix}`], parts.extras);
    put(`yciam_${version}_${name}.zip`, await zip(files));
  } else {
    filled(parts, ["yciam"], parts.extras);
    symlinkSync("yciam", join(parts.aside, HELPER));
    put(`yciam_${version}_${name}.tar.gz`, archive(parts.aside, ["yciam"]));
  }
  return plugin;
}

/** Fills the folder with the executable by these names, the licences and the texts; answers its files. */
function filled({ executable, licences, aside }, programs, texts = {}) {
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside);
  for (const name of programs) linkSync(executable, join(aside, name));
  putLicences(aside, licences);
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(aside, name)), { recursive: true });
    writeFileSync(join(aside, name), text);
  }
  const content = (name) => readFileSync(join(aside, name));
  return filesBelow(aside).map((name) => ({
    name,
    content: content(name),
    isProgram: programs.includes(name),
  }));
}
