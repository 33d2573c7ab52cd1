// Builds build/yciam, one executable that needs no Node, and the folders of the two plugins: build/pulumi-resource-yciam,
// which `plugins.providers[].path` of Pulumi.yaml takes, and build/terraform-provider-yciam, which `dev_overrides` takes.
// Where the runtime cannot be had, or does not run here, the plugins are programs for Node.
import { copyFileSync, cpSync, linkSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { suffix } from "../built.mjs";
import { runQuietly } from "../child.mjs";
import { ownPlatform } from "../platforms.mjs";
import { root } from "../root.mjs";
import { manifest } from "./bundle.mjs";
import { bundlePrograms, compile, licencesOf } from "./compile.mjs";
import { putInPlace, putLicences } from "./files.mjs";
import { runtimeFor, StrangeRuntimeError } from "./runtime.mjs";

// Another folder may be named, which a test does.
const out = process.argv[2] ?? join(root, "build");
// Filled aside and put in its place at the end: an engine that runs meanwhile finds the former or the new one.
const aside = join(out, `executable.${process.pid}`);

/** Names of the command line. */
const COMMANDS = ["yciam", "docker-credential-yciam"].map((name) => `${name}${suffix}`);
const [EXECUTABLE] = COMMANDS;

/** By folder, the name that an engine starts a plugin by. */
const PLUGINS = {
  "pulumi-resource-yciam": `pulumi-resource-yciam${suffix}`,
  "terraform-provider-yciam": `terraform-provider-yciam_v${manifest.version}${suffix}`,
};

/** Whether the runtime is to be had, and runs on this machine. */
async function hasRuntime() {
  try {
    await runQuietly(await runtimeFor(ownPlatform?.node), ["--version"]);
    return true;
  } catch (error) {
    if (error instanceof StrangeRuntimeError) throw error;
    process.stderr.write(`no executable is built, since its runtime cannot be used here: ${error.message}\n`);
    return false;
  }
}

function fillFolder(folder, name, licences) {
  mkdirSync(folder);
  hardLink(join(aside, EXECUTABLE), join(folder, name));
  putLicences(folder, licences);
}

function hardLink(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

const publish = (name) => putInPlace(join(aside, name), join(out, name));

function putForNode() {
  for (const folder of Object.keys(PLUGINS)) {
    cpSync(join(out, "node", folder), join(aside, folder), { recursive: true });
    publish(folder);
  }
  for (const name of COMMANDS) rmSync(join(out, name), { force: true });
}

function putExecutable(licences) {
  for (const [folder, name] of Object.entries(PLUGINS)) {
    fillFolder(join(aside, folder), name, licences);
    publish(folder);
  }
  for (const name of COMMANDS.slice(1)) hardLink(join(aside, EXECUTABLE), join(aside, name));
  COMMANDS.forEach(publish);
}

async function main() {
  mkdirSync(aside, { recursive: true });
  try {
    if (!(await hasRuntime())) return putForNode();
    const parts = await bundlePrograms(aside);
    renameSync(await compile(aside, ownPlatform), join(aside, EXECUTABLE));
    putExecutable(licencesOf(parts));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

await main();
