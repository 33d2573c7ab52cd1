// Builds build/yciam, one executable that needs no Node, and the folders of the two plugins: build/pulumi-resource-yciam,
// which `plugins.providers[].path` of Pulumi.yaml takes, and build/terraform-provider-yciam, which `dev_overrides` takes.
// Where the runtime cannot be had, or does not run here, the plugins are programs for Node.
import { copyFileSync, cpSync, linkSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { suffix } from "../built.mjs";
import { runQuietly } from "../child.mjs";
import { root } from "../root.mjs";
import { bundleAll, manifest, notices, PROGRAMS } from "./bundle.mjs";
import { putInPlace, putLicences } from "./files.mjs";
import { copyUnhearing, ownPlatform, runtimeFor, StrangeRuntimeError } from "./runtime.mjs";

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

/**
 * Settings of the runtime. A credential tool takes no settings from the folder that it is started in; only a user's own
 * resolver may come from a package there, and package.json says what of it is loaded. Most runs take milliseconds: code
 * is compiled to the machine's own when it has run for long, since that took a third of the time.
 */
const SETTINGS = [
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--compile-autoload-package-json",
  "--compile-jit-policy=100",
  // The authorities of the system are trusted, as by other native programs: a company puts its own there. On Linux they
  // are anyway, and to say so would cost 2 ms.
  `--compile-exec-argv=--unhandled-rejections=throw${process.platform === "linux" ? "" : " --use-system-ca"}`,
];

async function makeExecutable(runtime) {
  // These would be the paths of this build.
  const define = { __filename: '"/yciam.js"', __dirname: '"/"' };
  const parts = await Promise.all(
    PROGRAMS.map((name) => bundleAll(name, join(aside, `${name}.js`), { define })),
  );
  await bundleAll("executable", join(aside, "executable.js"), { bundle: false });
  // Files are named by paths from the folder they are in, so that it is the same wherever it is built.
  const files = ["executable", ...PROGRAMS].map((name) => `${name}.js`);
  const how = ["--compile", "--compile-executable-path=runtime", "--bytecode", "--format=cjs", "--minify"];
  await runQuietly(runtime, ["build", ...how, ...SETTINGS, ...files, "--outfile", EXECUTABLE], {
    cwd: aside,
  });
  const runtimeNotice = readFileSync(new URL("runtime-notice.txt", import.meta.url), "utf8");
  return [notices(parts), runtimeNotice].join(`\n${"-".repeat(80)}\n\n`);
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

/** The runtime, if it is to be had and runs on this machine. */
async function findRuntime() {
  try {
    const runtime = await runtimeFor(ownPlatform);
    copyUnhearing(runtime, ownPlatform, join(aside, "runtime"));
    await runQuietly(runtime, ["--version"]);
    return runtime;
  } catch (error) {
    if (error instanceof StrangeRuntimeError) throw error;
    process.stderr.write(`no executable is built, since its runtime cannot be used here: ${error.message}\n`);
    return undefined;
  }
}

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
    const runtime = await findRuntime();
    if (runtime === undefined) putForNode();
    else putExecutable(await makeExecutable(runtime));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

await main();
