#!/usr/bin/env node
// Makes release/: what each registry takes, and what can be downloaded. Only the upload itself is left.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { PLATFORMS } from "./platforms.mjs";
import { during, report } from "./progress.mjs";
import { root } from "./root.mjs";
import { build, installPackages } from "./setup.mjs";

const FLAGS = {
  platform: { type: "string", multiple: true },
  out: { type: "string", default: join(root, "release") },
  // Refuses what cannot be published, which is only said otherwise.
  final: { type: "boolean", default: false },
  // The tag that it is published by.
  tag: { type: "string" },
};

function chosen(names) {
  if (names === undefined) return PLATFORMS;
  return names.map((name) => {
    const platform = PLATFORMS.find((one) => one.name === name);
    if (platform !== undefined) return platform;
    throw new Error(`--platform takes ${PLATFORMS.map((one) => one.name).join(", ")}, not ${name}`);
  });
}

function refuse(what, problems) {
  if (problems.length > 0) throw new Error([what, ...problems.map((problem) => `- ${problem}`)].join("\n"));
}

/** What a release is made of and by; it is looked at before any work. */
async function prepare({ final: isFinal, tag }) {
  const [{ readConfig }, { disagreements, staleFiles, obstacles }, { commitOf }, { signerFrom }] =
    await Promise.all(["config", "checks", "commit", "sign"].map((name) => import(`./release/${name}.mjs`)));
  const config = readConfig(root);
  const look = async () => refuse("No release is made:", [...disagreements(root), ...staleFiles(root)]);
  await during("release", "looking whether version, changelog, schema and docs agree", look);
  const commit = commitOf(root);
  const sign = await signerFrom(process.env);
  const [changelog, { version }] = ["CHANGELOG.md", "package.json"].map((name) => {
    const text = readFileSync(join(root, name), "utf8");
    return name.endsWith(".json") ? JSON.parse(text) : text;
  });
  const left = obstacles({ config, changelog, version, tag, commit, isSigned: sign !== undefined });
  if (isFinal) refuse("This cannot be published:", left);
  return { config, commit, sign, left };
}

async function main(args) {
  const { values } = parseArgs({ args, options: FLAGS });
  const platforms = chosen(values.platform);
  const out = resolve(values.out);
  await installPackages();
  const { left, ...how } = await prepare(values);
  await build();
  const { makeRelease } = await import("./release/make.mjs");
  await makeRelease({ out, platforms, ...how });
  report("release", `it is in ${out}`);
  left.forEach((obstacle) => report("release", `not to be published yet: ${obstacle}`));
  report(
    "release",
    `the namespace ${how.config.namespace} must be yours in the registries of Terraform and OpenTofu`,
  );
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
