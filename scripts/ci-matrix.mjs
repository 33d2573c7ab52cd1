#!/usr/bin/env node
// Runs, on this machine, what the public CI runs on Linux under each Node: `npm run ci:matrix`, which takes the words that
// `npm test` takes, and the unit tests without any. Packages of npm carry Node's program.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { extract } from "tar";
import { parse } from "yaml";
import { cacheDirOf } from "./cache-folder.mjs";
import { runForeground } from "./child.mjs";
import { npm } from "./npm.mjs";
import { report } from "./progress.mjs";
import { root } from "./root.mjs";

const { jobs } = parse(readFileSync(join(root, ".github/workflows/ci.yml"), "utf8"));
const MAJORS = jobs.unit.strategy.matrix.node;

/** The newest Node of a major version that npm has for this machine: the path of its program. */
async function nodeFor(major) {
  const folder = join(cacheDirOf(process.env), "nodes");
  mkdirSync(folder, { recursive: true });
  const aside = mkdtempSync(join(folder, "aside-"));
  try {
    const name = `node-${process.platform}-${process.arch}@${major}`;
    await npm("pack", name, "--silent", "--pack-destination", aside);
    const archive = join(aside, readdirSync(aside)[0]);
    const target = join(folder, basename(archive, ".tgz"));
    if (!existsSync(target)) {
      extract({ file: archive, cwd: aside, sync: true });
      renameSync(join(aside, "package"), target);
    }
    return join(target, "bin/node");
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

async function runUnder(node, words) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  return runForeground(node, ["scripts/test.mjs", ...words], { cwd: root, env });
}

const words = process.argv.length > 2 ? process.argv.slice(2) : ["unit"];
const failed = [];
let isInterrupted = false;
["SIGINT", "SIGTERM", "SIGHUP"].forEach((signal) => process.on(signal, () => (isInterrupted = true)));
for (const major of MAJORS) {
  const node = await nodeFor(major);
  report("matrix", basename(dirname(dirname(node))));
  if ((await runUnder(node, words)) !== 0) failed.push(major);
  if (isInterrupted) break;
}
report(
  "matrix",
  failed.length > 0 ? `failed under Node ${failed.join(", ")}` : `passed under Node ${MAJORS.join(", ")}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
