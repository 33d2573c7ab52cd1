#!/usr/bin/env node
import { runForeground } from "./child.mjs";
import { root, setUp, tsNode } from "./setup.mjs";

// In this order a broken unit shows before the slow end-to-end tests begin.
const SPECS = ["test/!(e2e)/**/*.test.ts", "test/*.test.ts", "test/e2e/**/*.test.ts"];

const GROUPS = ["pulumi", "tofu", "terraform", "python", "sdkgen", "goprogram"];

const node = (...args) => runForeground(process.execPath, args, { cwd: root });

/** `npm test -- test/core/iam/assertion.test.ts` and `npm test -- --grep chain` both narrow the run. */
async function runTests(args) {
  await setUp();
  const engines = await node(...tsNode, "test/engines/main.ts", ...GROUPS);
  if (engines !== 0) return engines;
  const specs = args.some((arg) => arg.endsWith(".test.ts")) ? [] : SPECS;
  return node("node_modules/mocha/bin/mocha.js", ...args, ...specs);
}

try {
  process.exitCode = await runTests(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
