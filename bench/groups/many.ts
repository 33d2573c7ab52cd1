import { type Comparison, type Measure, REQUESTS, type Sample, type Way } from "../comparison";
import type { World } from "../world";
import { type CliRuns, openCli, type Provider, providers, tokens, withProvider } from "./engines";
import { GO_PLUGIN } from "../names";

const ROUNDS = 7;
const COUNTS = [1, 10, 100, 1000] as const;
/** One token for all of a process, and none for the next. */
const MEMORY_CACHE = { YCIAM_CACHE: "memory" };
/** What the engine itself takes for as many things. */
const ENGINES_OWN = "the engine's own terraform_data";
/** The time of one more, from the first to the last. */
const PER_SOURCE: Measure = { key: "perSource", label: "ms for one more", better: "less" };

/** `tofu plan` with more and more data sources: one token does for all of them. */
export async function many(world: World): Promise<Comparison[]> {
  const way = async (provider: Provider): Promise<Way> => {
    const runs = await openAll(world, (count) => tokens(provider, count), provider);
    return withProvider(provider.name, provider, runs);
  };
  const own = await openAll(world, (count) => `resource "terraform_data" "each" { count = ${count} }\n`);
  const counts = COUNTS.map((count): Measure => ({ key: `of${count}`, label: `ms of ${show(count)}` }));
  return [
    {
      id: "many",
      title: "`tofu plan` with 1, 10, 100 and 1,000 data sources",
      base: GO_PLUGIN,
      rounds: ROUNDS,
      measures: [...counts, PER_SOURCE, { ...REQUESTS, label: "requests of 1,000" }],
      ways: [{ name: ENGINES_OWN, run: own }, ...(await Promise.all(providers(world).map(way)))],
    },
  ];
}

async function openAll(
  world: World,
  configuration: (count: number) => string,
  provider?: Provider,
): Promise<() => Promise<Sample>> {
  const open = (count: number) => openCli(world, "tofu", configuration(count), provider);
  const runs = await Promise.all(COUNTS.map(open));
  return () => growth(runs);
}

async function growth(runs: readonly CliRuns[]): Promise<Sample> {
  const samples: Sample[] = [];
  for (const { run } of runs) samples.push(await run(["plan"], MEMORY_CACHE));
  const times = samples.map(({ ms = NaN }) => ms);
  const [first = NaN, last = NaN] = [times[0], times.at(-1)];
  return {
    ...Object.fromEntries(COUNTS.map((count, at) => [`of${count}`, times[at] ?? NaN])),
    perSource: (last - first) / ((COUNTS.at(-1) ?? NaN) - COUNTS[0]),
    requests: samples.at(-1)?.["requests"] ?? NaN,
  };
}

const show = (count: number): string => count.toLocaleString("en");
