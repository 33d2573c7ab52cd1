import type { Result, Sample } from "./comparison";

/** The value in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const above = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? above : ((sorted[half - 1] ?? NaN) + above) / 2;
}

/** Who is compared with whom. */
export interface Pair {
  readonly ours: string;
  readonly base: string;
  readonly key: string;
  /** What is part of both, and is taken off first. */
  readonly less?: string | undefined;
}

/** What a way came to in the middle of its rounds; undefined when it was not to be had. */
export function valueOf(result: Result, way: string, key: string): number | undefined {
  const values = valuesOf(result, way, key);
  return values.length === 0 ? undefined : median(values);
}

/**
 * The ratio of two ways: in each round that of its own two runs, and of these the one in the middle. With `less`, the
 * middle of what is left in each round by one way, to that by the other: what is left can be near to nothing in a round.
 */
export function ratioOf(result: Result, { ours, base, key, less }: Pair): number | undefined {
  const [mine, theirs] = [valuesOf(result, ours, key), valuesOf(result, base, key)];
  const part = less === undefined ? undefined : valuesOf(result, less, key);
  if (mine.length === 0 || theirs.length === 0 || part?.length === 0) return undefined;
  if (part === undefined) return median(mine.map((value, round) => value / (theirs[round] ?? NaN)));
  const left = (values: readonly number[]) =>
    median(values.map((value, round) => value - (part[round] ?? NaN)));
  return left(mine) / left(theirs);
}

function valuesOf(result: Result, way: string, key: string): readonly number[] {
  const samples: readonly Sample[] = result.samples.get(way) ?? [];
  return samples.flatMap((sample) => sample[key] ?? []);
}
