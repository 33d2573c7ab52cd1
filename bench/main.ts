import { report } from "../scripts/progress.mjs";
import { compare, type Result } from "./comparison";
import { GROUPS } from "./groups";
import { printLoad } from "./groups/load";
import { type BenchOptions, readOptions } from "./options";
import { sectionOf } from "./report/table";
import { openWorld } from "./world";

const LOAD = "load";

/** `npm run bench [-- --only GROUPS --rounds N]`. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), [...Object.keys(GROUPS), LOAD]);
  const { only } = options;
  if (only?.some((name) => name !== LOAD) !== false) await measureAll(options);
  if (only?.includes(LOAD) !== false && !(await printLoad())) process.exitCode = 1;
}

async function measureAll({ only, rounds }: BenchOptions): Promise<readonly Result[]> {
  const world = await openWorld();
  const results: Result[] = [];
  try {
    for (const [name, open] of Object.entries(GROUPS)) {
      if (only?.includes(name) === false) continue;
      for (const comparison of await open(world)) {
        report("bench", comparison.title);
        const result = await compare(comparison, Math.min(rounds, comparison.rounds ?? rounds));
        results.push(result);
        console.log(sectionOf(result));
      }
    }
  } finally {
    world.close();
  }
  return results;
}

void main();
