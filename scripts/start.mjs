#!/usr/bin/env node
import { runForeground } from "./child.mjs";
import { root } from "./root.mjs";
import { setUp, tsNode } from "./setup.mjs";

try {
  await setUp();
  process.exitCode = await runForeground(process.execPath, [...tsNode, "scripts/quickstart.ts"], {
    cwd: root,
  });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
