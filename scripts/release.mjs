#!/usr/bin/env node
// Makes release/: what each registry takes, and what can be downloaded. Only the upload itself is left.
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundlePrograms, compile, licencesOf } from "./artefacts/compile.mjs";
import { npm } from "./npm.mjs";
import { PLATFORMS } from "./platforms.mjs";
import { during, report } from "./progress.mjs";
import { packExecutable } from "./release/archives.mjs";
import { goModule } from "./release/go.mjs";
import { javaPackage } from "./release/java.mjs";
import { signAdHoc } from "./release/macos.mjs";
import { pythonPackage } from "./release/python.mjs";
import { signerFrom } from "./release/sign.mjs";
import { mirrorFiles, registryFiles } from "./release/terraform.mjs";
import { root } from "./root.mjs";
import { setUp } from "./setup.mjs";

const FLAGS = {
  platform: { type: "string", multiple: true },
  out: { type: "string", default: join(root, "release") },
};

function chosen(names) {
  if (names === undefined) return PLATFORMS;
  return names.map((name) => {
    const platform = PLATFORMS.find((one) => one.name === name);
    if (platform !== undefined) return platform;
    throw new Error(`--platform takes ${PLATFORMS.map((one) => one.name).join(", ")}, not ${name}`);
  });
}

/** Writes the files of a release into a folder, and knows what it wrote. */
function writer(folder) {
  const put = (name, content) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };
  return {
    put,
    putAll: (files) => files.forEach(({ name, content }) => put(name, content)),
    link: ({ name, to }) => linkSync(join(folder, to), join(folder, name)),
    read: (name) => readFileSync(join(folder, name)),
  };
}

async function putExecutables(platforms, aside, { put }) {
  const bundled = join(aside, "bundled");
  const parts = await bundlePrograms(bundled);
  const licences = licencesOf(parts);
  const plugins = [];
  for (const platform of platforms) {
    const make = async () => {
      const executable = await compile(bundled, platform);
      if (platform.os === "darwin") signAdHoc(executable, "yciam");
      const packing = { executable, licences, aside: join(aside, "packed"), extras: {} };
      plugins.push(await packExecutable(platform, packing, put));
      rmSync(executable);
    };
    await during("release", `the executable for ${platform.name}`, make);
  }
  return plugins;
}

async function putNpmPackage(aside, { put }) {
  await npm("pack", "--silent", "--pack-destination", aside);
  const [name] = readdirSync(aside).filter((file) => file.endsWith(".tgz"));
  put(name, readFileSync(join(aside, name)));
}

async function fill(made, aside, platforms) {
  const config = JSON.parse(readFileSync(join(root, "release.config.json"), "utf8"));
  const files = writer(made);
  await putNpmPackage(aside, files);
  files.putAll(await pythonPackage(aside));
  files.putAll(await goModule(config.goModule));
  files.putAll(await javaPackage(config.javaPackage, aside));
  const plugins = await putExecutables(platforms, aside, files);
  const zips = plugins.map((plugin) => ({ ...plugin, content: files.read(plugin.name) }));
  files.putAll(await registryFiles(zips, await signerFrom(process.env)));
  const mirror = mirrorFiles(zips, config.namespace);
  files.putAll(mirror.texts);
  mirror.links.forEach(files.link);
}

async function main(args) {
  const { values } = parseArgs({ args, options: FLAGS });
  const platforms = chosen(values.platform);
  const out = resolve(values.out);
  await setUp();
  const [made, aside] = ["made", "aside"].map((name) => `${out}.${name}.${process.pid}`);
  try {
    [made, aside].forEach((folder) => mkdirSync(folder, { recursive: true }));
    await fill(made, aside, platforms);
    rmSync(out, { recursive: true, force: true });
    renameSync(made, out);
  } finally {
    [made, aside].forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  }
  report("release", `it is in ${out}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
