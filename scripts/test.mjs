#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EXECUTABLE, testsRunExecutable } from "./built.mjs";
import { runForeground } from "./child.mjs";
import { root } from "./root.mjs";
import { setUp } from "./setup.mjs";
import { chooseTests, runsAlone, runsCompiled, startsBoth, startsPrograms } from "./test/files.mjs";
import { lineFor, summaryOf } from "./test/report.mjs";

const ENGINES = [
  "pulumi",
  "tofu",
  "terraform",
  "python",
  "s3",
  "sdkgen",
  "goprogram",
  "registry",
  "kubeclient",
  "npm",
  "gosdk",
  "pysdk",
  "java",
];

/**
 * How much runs at once, measured on two cores: two files that start programs, or one and two that do not, which wait
 * most of their time.
 */
const CAPACITY = 4;
/** The tests of so few files are all named. */
const FEW = 5;

const FLAGS = {
  grep: { type: "string", short: "g" },
  invert: { type: "boolean", short: "i" },
  bail: { type: "boolean", short: "b" },
  timeout: { type: "string", short: "t" },
};

/** The settings of .mocharc.yml, which `npx mocha FILE` goes by as well, and what was given as flags. */
async function mochaOptions(flags) {
  const { parse } = await import("yaml");
  const settings = Object.entries(parse(readFileSync(join(root, ".mocharc.yml"), "utf8")));
  const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  return { ...Object.fromEntries(settings.map(([name, value]) => [camelCase(name), value])), ...flags };
}

/** What is in the executable, on its runtime, Bun, which it is itself where it is called with `BUN_BE_BUN`. */
const AS_COMPILED = {
  title: "as compiled in the executable",
  execPath: EXECUTABLE,
  env: { BUN_BE_BUN: "1" },
};
const OF_NODE = { title: "of the programs for Node", env: { YCIAM_TEST_PROGRAMS: "node" } };

/**
 * The files in the order to begin: those with engines take longest, and a long one must not be begun last. Where there is
 * an executable, what runs modules runs the sources on Node and the compiled ones on its runtime, and what looks at programs
 * as processes looks at it and at those for Node.
 */
function jobsFor(files) {
  const hasExecutable = testsRunExecutable();
  const jobs = files.flatMap((file) => {
    const weight = runsAlone(root, file) ? CAPACITY : startsPrograms(root, file) ? 2 : 1;
    const job = { file, weight, rank: /^test\/(e2e|release)\//.test(file) ? 0 : 3 - weight };
    if (!hasExecutable) return [job];
    const ways = [runsCompiled(file) ? AS_COMPILED : [], startsBoth(file) ? OF_NODE : []].flat();
    return [job, ...ways.map((way) => ({ ...job, way }))];
  });
  return jobs.sort((a, b) => a.rank - b.rank);
}

/**
 * `npm test` runs everything; `npm test -- unit`, `npm test -- test/core test/app.test.ts` and
 * `npm test -- --grep chain` narrow it.
 */
async function main(args) {
  const { values, positionals } = parseArgs({ args, options: FLAGS, allowPositionals: true });
  const files = chooseTests(root, positionals);
  await setUp();
  if (files.some((file) => file.startsWith("test/release/"))) {
    const { setUpRelease } = await import("./release-for-tests.mjs");
    await setUpRelease();
  }
  if (files.some((file) => startsPrograms(root, file))) {
    const engines = await runForeground(
      process.execPath,
      ["-r", "./scripts/transpile.cjs", "test/engines/main.ts", ...ENGINES],
      {
        cwd: root,
      },
    );
    if (engines !== 0) return engines;
  }
  // What they import is there only now.
  const { runTests } = await import("./test/runner.mjs");
  const jobs = jobsFor(files);
  if (jobs.some(({ way }) => way === AS_COMPILED)) {
    const { compileModules } = await import("./artefacts/compile.mjs");
    const { file, argv } = await compileModules(join(root, "build/modules"));
    AS_COMPILED.execArgv = argv;
    AS_COMPILED.env.YCIAM_TEST_MODULES = file;
  }
  const startedAt = performance.now();
  const onReport = (report) => {
    const isEmpty = report.passed + report.failed + report.skipped === 0;
    if (!isEmpty) console.log(lineFor(report));
    if (files.length <= FEW || (values.grep !== undefined && !isEmpty)) console.log(report.tree);
  };
  const options = await mochaOptions(values);
  const reports = await runTests({ jobs, capacity: CAPACITY, options, onReport });
  console.log(summaryOf(reports, performance.now() - startedAt));
  return reports.some(({ failed }) => failed > 0) ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
