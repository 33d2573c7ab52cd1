/** What one run came to, by the keys of its measures. */
export type Sample = Readonly<Record<string, number>>;

/** One way to do a thing: what runs it once, or why it cannot be had on this machine. */
export type Way = { readonly name: string } & (
  { readonly run: () => Promise<Sample> } | { readonly missing: string }
);

/** A column of a table. */
export interface Measure {
  readonly key: string;
  readonly label: string;
  /** Which way is the better one, for measures that are compared with those of the other ways. */
  readonly better?: "less" | "more";
}

/** Ways to do the same thing, run in turns. */
export interface Comparison {
  readonly id: string;
  readonly title: string;
  /** The way that the others are compared with. */
  readonly base: string;
  readonly measures: readonly Measure[];
  readonly ways: readonly Way[];
  /** A way that is part of all others: its time is taken off before they are compared. */
  readonly less?: string;
  /** Rounds that count; default 11. */
  readonly rounds?: number;
}

const ROUNDS = 11;

/** All runs of a comparison that counted. */
export interface Result {
  readonly comparison: Comparison;
  /** By the name of the way, one for each round. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** Why a way has none. */
  readonly missing: ReadonlyMap<string, string>;
}

/** From start to end, in milliseconds. */
export const MS: Measure = { key: "ms", label: "ms", better: "less" };
/** Of all processors, with all that a program started and waited for. */
export const CPU: Measure = { key: "cpuMs", label: "CPU ms", better: "less" };
/** The most that one process held at a time, in megabytes. */
export const MEMORY: Measure = { key: "rssMb", label: "MB", better: "less" };
/** What came to IAM. */
export const REQUESTS: Measure = { key: "requests", label: "requests" };
/** Calls a second. */
export const RATE: Measure = { key: "perSecond", label: "a second", better: "more" };

/**
 * Runs all ways in turns, so that a machine that is busy for a while is busy for all of them. A first round, which fills
 * caches, does not count. A way that fails once is left out from then on.
 * @param most the most rounds that count
 */
export async function compare(comparison: Comparison, most: number): Promise<Result> {
  const rounds = Math.min(comparison.rounds ?? ROUNDS, most);
  const samples = new Map<string, Sample[]>();
  const missing = new Map<string, string>();
  for (let round = 0; round <= rounds; round += 1)
    for (const way of comparison.ways) {
      if (missing.has(way.name)) continue;
      const sample = await runOnce(way);
      if (typeof sample === "string") missing.set(way.name, sample);
      else if (round > 0) samples.set(way.name, [...(samples.get(way.name) ?? []), sample]);
    }
  missing.forEach((_, name) => samples.delete(name));
  return { comparison, samples, missing };
}

/** A sample, or why there is none. */
async function runOnce(way: Way): Promise<Sample | string> {
  if ("missing" in way) return way.missing;
  return way.run().catch((error: unknown) => `failed: ${reasonOf(error)}`);
}

/** The line of an error, or of all that a program printed, that says most. */
export function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : "";
  const lines = said.split("\n").map((line) => line.trim());
  const telling = lines.slice(1).find((line) => /error/i.test(line)) ?? lines.filter(Boolean).at(-1) ?? "";
  return telling.length > LONGEST ? `${telling.slice(0, LONGEST)}...` : telling;
}

const LONGEST = 150;
