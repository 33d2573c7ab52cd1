// Builds build/yciam, one executable that needs no Node, and the folders of the two plugins: build/pulumi-resource-yciam,
// which `plugins.providers[].path` of Pulumi.yaml takes, and build/terraform-provider-yciam, which `dev_overrides` takes.
// Where the runtime cannot be had, the plugins are programs for Node.
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runQuietly } from "../child.mjs";
import { root } from "../root.mjs";
import { bundleAll, manifest, notices } from "./bundle.mjs";
import { copyUnhearing, ownPlatform, runtimeFor } from "./runtime.mjs";

// Another folder may be named, which a test does.
const out = process.argv[2] ?? join(root, "build");
// Filled aside and put in its place at the end: an engine that runs meanwhile finds the former or the new one.
const aside = join(out, `executable.${process.pid}`);
const suffix = process.platform === "win32" ? ".exe" : "";

/** By folder, the name that an engine starts a plugin by. */
const PLUGINS = {
  "pulumi-resource-yciam": "pulumi-resource-yciam",
  "terraform-provider-yciam": `terraform-provider-yciam_v${manifest.version}`,
};

/**
 * Settings of the runtime. A credential tool reads nothing of the folder that it is started in. Most runs take
 * milliseconds: code is compiled to the machine's own when it has run for long, since that took a third of the time.
 */
const SETTINGS = [
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
  "--compile-jit-policy=100",
  // The authorities of the system are trusted, as by other native programs: a company puts its own there. It costs 2 ms
  // at the first request with TLS.
  "--compile-exec-argv=--use-system-ca --unhandled-rejections=throw",
];

async function makeExecutable(runtime) {
  // These would be the paths of this build.
  const define = { __filename: '"/yciam.js"', __dirname: '"/"' };
  const part = await bundleAll("executable", join(aside, "yciam.js"), { define });
  // The file is named by a path from the folder it is in, so that it is the same wherever it is built.
  const files = ["yciam.js", "--outfile", `yciam${suffix}`];
  copyUnhearing(runtime, join(aside, "runtime"));
  const from = "--compile-executable-path=runtime";
  const args = ["build", "--compile", from, "--bytecode", "--format=cjs", ...SETTINGS, ...files];
  await runQuietly(runtime, args, { cwd: aside });
  return notices([part]);
}

function fillFolder(folder, name, licences) {
  mkdirSync(folder);
  hardLink(join(aside, `yciam${suffix}`), join(folder, `${name}${suffix}`));
  writeFileSync(join(folder, "THIRD_PARTY_NOTICES.txt"), licences);
  if (existsSync(join(root, "LICENSE"))) copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
}

function hardLink(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function putInPlace(name) {
  const [target, former] = [join(out, name), join(aside, `${name}.former`)];
  if (existsSync(target)) renameSync(target, former);
  renameSync(join(aside, name), target);
}

async function findRuntime() {
  try {
    return await runtimeFor(ownPlatform);
  } catch (error) {
    process.stderr.write(`no executable is built, since its runtime cannot be had: ${error.message}\n`);
    return undefined;
  }
}

async function main() {
  mkdirSync(aside, { recursive: true });
  try {
    const runtime = await findRuntime();
    const licences = runtime === undefined ? undefined : await makeExecutable(runtime);
    for (const [folder, name] of Object.entries(PLUGINS)) {
      if (licences === undefined) cpSync(join(out, "node", folder), join(aside, folder), { recursive: true });
      else fillFolder(join(aside, folder), name, licences);
      putInPlace(folder);
    }
    if (licences === undefined) rmSync(join(out, `yciam${suffix}`), { force: true });
    else putInPlace(`yciam${suffix}`);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

await main();
