// A process that runner.mjs sends test files to. It runs one after the other, and answers how each went.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { format } from "node:util";
import Mocha from "mocha";

const { Base, Spec } = Mocha.reporters;
const options = JSON.parse(process.argv[2]);
const require = createRequire(import.meta.url);
options.require?.forEach((path) => require(resolve(path)));

/** A process that lives on for longer after its last file says what keeps it. Milliseconds. */
const TELL_AFTER_MS = 10_000;

let lines = [];
Base.consoleLog = (...words) => lines.push(format(...words));

function printed() {
  const text = lines.join("\n");
  lines = [];
  return text;
}

let report;

/** Mocha's own tree; the failures are told apart from it, since they stand together at the end of the whole run. */
class Tree extends Spec {
  epilogue() {
    const { passes: passed, failures: failed, pending: skipped } = this.stats;
    const tree = printed();
    if (failed > 0) Base.list(this.failures);
    report = { passed, failed, skipped, tree, failures: printed() };
  }
}

async function runFile(file) {
  const mocha = new Mocha({ diff: true, ...options, reporter: Tree });
  mocha.addFile(resolve(file));
  try {
    await mocha.loadFilesAsync();
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, tree: "", failures: format(error) };
  }
  await new Promise((done) => mocha.run(done));
  mocha.dispose();
  return report;
}

let isBusy = false;

process.on("message", async (file) => {
  isBusy = true;
  const answer = await runFile(file);
  isBusy = false;
  process.send(answer);
});

// Tests end the programs that they have started when the process exits.
["SIGINT", "SIGTERM", "SIGHUP"].forEach((signal) => process.on(signal, () => process.exit(1)));
process.on("disconnect", () => {
  if (isBusy) process.exit(1);
  const tell = () => console.error(`Still open: ${process.getActiveResourcesInfo().join(", ")}`);
  setTimeout(tell, TELL_AFTER_MS).unref();
});
