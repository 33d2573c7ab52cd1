import { parseArgs } from "node:util";

/** What a run was asked for. */
export interface BenchOptions {
  /** Groups by name; undefined is all of them. */
  readonly only: readonly string[] | undefined;
  /** The most rounds that count. */
  readonly rounds: number;
}

/** Reads `--only cold,memory --rounds 5`; a TypeError for anything else. */
export function readOptions(argv: readonly string[], groups: readonly string[]): BenchOptions {
  const options = { only: { type: "string" }, rounds: { type: "string" } } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const only = values.only?.split(",");
  const unknown = only?.find((name) => !groups.includes(name));
  if (unknown !== undefined) throw new TypeError(`no group "${unknown}": there are ${groups.join(", ")}`);
  const rounds = Number(values.rounds ?? Infinity);
  if (values.rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    throw new TypeError("--rounds takes a whole number from 1 on");
  return { only, rounds };
}
