import { build } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../root.mjs";
import { fileOf, leaveOut } from "./separate.mjs";
import { withoutUnused } from "./unused.mjs";

/** The programs in provider/bin. */
export const PROGRAMS = [
  "docker-credential-yciam",
  "pulumi-resource-yciam",
  "terraform-provider-yciam",
  "yciam",
];

/** The entry points of the package, and more options of esbuild's for each. */
export const ENTRIES = {
  "sdk/nodejs/resolvers": {},
  "sdk/nodejs/token": {},
  "sdk/nodejs/nodejs-sdk": {},
  "sdk/nodejs/ydb": {},
  "provider/dynamic/index": {},
  "emulator/index": {},
  // Pulumi writes the text of some functions in it into the state. Other names there would be a change of the resource.
  "sdk/nodejs/index": { minifyWhitespace: false, minifySyntax: false, lineLimit: 0 },
};

/** What package.json says of this package. */
export const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

// An older Node would start, and fail in the middle of a call. The directive counts only where it comes first.
const [, major, minor] = /(\d+)\.(\d+)/.exec(manifest.engines.node);
const versionCheck = (program) => `"use strict"; {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < ${major} || (major === ${major} && minor < ${minor})) {
    process.stderr.write(\`${program} needs Node.js ${major}.${minor} or newer, and this is \${process.versions.node}\\n\`);
    process.exit(1);
  }
}`;

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "cjs",
  minify: true,
  // A defect is told by its line. The same sources make the same bundle, where the line is then found.
  lineLimit: 120,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  logOverride: { "empty-import-meta": "silent" },
};

/**
 * Bundles a program of provider/bin for Node: one file, and others for what it loads when it must.
 * @param {string} program its name there
 * @param {string} outfile the file that is started
 * @param {string} library the folder of the other files, by its path from the first; it may serve many programs
 * @returns {Promise<import("./bundle.mjs").Part[]>} what was bundled
 */
export function bundleForNode(program, outfile, library = "./lib") {
  const banner = { js: versionCheck(program) };
  const others = { banner, external: ["yciam/*"] };
  return bundleWithLibrary({ entryPoints: [`provider/bin/${program}.ts`], outfile, ...others }, library);
}

/**
 * Bundles a program for the npm package: what npm links to, which starts the bundle of the program itself.
 * @param {string} outfile the file that npm links to
 * @param {string} library the folder of all that is loaded by it, by its path from the file
 * @returns {Promise<import("./bundle.mjs").Part[]>} what was bundled into the program itself
 */
export async function bundleStarted(program, outfile, library) {
  const name = `${program}.js`;
  await bundle({
    ...fromText(`#!/usr/bin/env node
import { join } from "node:path";
import { start } from "./provider/platform/launcher";
start(join(__dirname, ${JSON.stringify(library)}), "${name}");`),
    outfile,
    banner: { js: versionCheck(program) },
  });
  return bundleWithLibrary(
    {
      ...fromText(`import "./provider/bin/${program}";`),
      outfile: join(dirname(outfile), library, name),
      external: ["yciam/*", "./import-module"],
      supported: { "dynamic-import": false },
    },
    ".",
  );
}

const fromText = (contents) => ({ stdin: { contents, resolveDir: root } });

/**
 * Bundles an entry point of the package in the same way. Its names stay: users see them in errors. `keepNames` would give
 * short ones and set the long ones again while the program runs, which costs a tenth of a first call.
 * @param {string} name one of {@link ENTRIES}
 */
export function bundleEntry(name, outfile, library) {
  const others = {
    minify: false,
    minifyWhitespace: true,
    minifySyntax: true,
    external: ["yciam/*", "@pulumi/pulumi"],
  };
  return bundleWithLibrary({ entryPoints: [`${name}.ts`], outfile, ...others, ...ENTRIES[name] }, library);
}

async function bundleWithLibrary(options, library) {
  const names = new Set();
  const plugins = [...withoutUnused.plugins, leaveOut(names, library)];
  const main = await bundle({ ...options, plugins });
  const folder = join(dirname(options.outfile), library);
  const parts = [...names].sort().map((name) => bundlePackage(name, join(folder, fileOf(name))));
  return [main, ...(await Promise.all(parts))];
}

/**
 * Bundles a program of provider/bin and all that it ever loads into one file.
 * @param {import("esbuild").BuildOptions} options more of esbuild's own
 */
export function bundleAll(program, outfile, options = {}) {
  return bundle({ entryPoints: [`provider/bin/${program}.ts`], outfile, ...options });
}

/**
 * Bundles modules, and all that they ever load, into one file. It exports, by the path of each from the root, a function
 * that loads it.
 * @param {import("esbuild").BuildOptions} options more of esbuild's own
 */
export function bundleModules(paths, outfile, options) {
  const loaders = paths.map(
    (path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(`./${path}`)})`,
  );
  return bundle({ ...fromText(`module.exports = { ${loaders.join(", ")} };`), outfile, ...options });
}

function bundlePackage(name, outfile) {
  return bundle({ ...fromText(`export * from ${JSON.stringify(name)};`), outfile });
}

async function bundle(options) {
  const define = { ...withoutUnused.define, ...options.define };
  const { metafile } = await build({ ...COMMON, ...withoutUnused, ...options, define });
  const [[file, { bytes, imports }]] = Object.entries(metafile.outputs);
  const asked = imports.filter(({ external }) => external).map(({ path }) => path);
  return { file, bytes, asked, inputs: Object.keys(metafile.inputs) };
}

/**
 * Every package in these parts.
 * @returns {{ path: string, name: string, version: string, license: string }[]} by path from the root
 */
export function packagesIn(parts) {
  const inputs = parts.flatMap((part) => part.inputs);
  const paths = inputs.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(paths.filter(Boolean))].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
    return { path, name, version, license };
  });
}

/** The licences of every package in these parts: they ask to be handed on with the code. */
export function notices(parts) {
  return packagesIn(parts)
    .map(notice)
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** Packages that come without the text of their licence, and where it stands. */
const ELSEWHERE = {
  "@bufbuild/protobuf": [join(root, "LICENSE"), join(root, "node_modules/google-protobuf/LICENSE.md")],
};

function notice({ path, name, version, license }) {
  const absolute = join(root, path);
  const own = readdirSync(absolute).filter((entry) => /^licen[cs]e/i.test(entry));
  const files = own.length > 0 ? own.slice(0, 1).map((entry) => join(absolute, entry)) : ELSEWHERE[name];
  if (files === undefined) throw new Error(`${name} has no licence with it: name a file with its text`);
  const texts = files.map((file) => readFileSync(file, "utf8").trim());
  return `${name} ${version}: ${license}\n\n${texts.join("\n\n")}\n`;
}
