import { report } from "../scripts/progress.mjs";
import { standings } from "./aims";
import { compare, type Result } from "./comparison";
import { GROUPS } from "./groups";
import { LOAD_TITLE, measureLoad } from "./groups/load";
import { type BenchOptions, readOptions } from "./options";
import { aimsTable } from "./report/aims";
import { machineOf } from "./report/machine";
import { plotOf } from "./report/plot";
import { writeReport } from "./report/readme";
import { markdown, section, sectionOf } from "./report/table";
import { openWorld } from "./world";

const LOAD = "load";

/** `npm run bench [-- --only GROUPS --rounds N]`: prints the tables; a whole run writes them down too. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), [...Object.keys(GROUPS), LOAD]);
  const { only } = options;
  const said: string[] = [];
  const say: Say = (text) => {
    console.log(text);
    said.push(text);
  };
  const results = only?.every((name) => name === LOAD) ? [] : await measureAll(options, say);
  if (only?.includes(LOAD) !== false) await load(say);
  if (only === undefined) writeReport(said.join("\n"), plotOf(results));
}

async function measureAll({ only, rounds }: BenchOptions, say: Say): Promise<readonly Result[]> {
  const world = await openWorld();
  const results: Result[] = [];
  try {
    for (const [name, open] of Object.entries(GROUPS)) {
      if (only?.includes(name) === false) continue;
      for (const comparison of await open(world)) {
        report("bench", comparison.title);
        results.push(await compare(comparison, rounds));
      }
    }
    say(`${await machineOf(world)}\n`);
    say(section("Aims", markdown(aimsTable(standings(results)))));
    results.forEach((result) => say(sectionOf(result)));
    return results;
  } finally {
    world.close();
  }
}

type Say = (text: string) => void;

async function load(say: Say): Promise<void> {
  report("bench", LOAD_TITLE);
  const { text, isKept } = await measureLoad();
  say(section(LOAD_TITLE, text));
  if (!isKept) process.exitCode = 1;
}

// What was started ends with this process, and the exit is not told of a signal.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => process.exit(1));
void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
