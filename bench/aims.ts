import type { Result } from "./comparison";
import { type Pair, ratioOf } from "./figures";
import {
  OWN_NODE,
  NEWER_NODE,
  EXECUTABLE,
  npmName,
  GO,
  bareName,
  emptyName,
  SOURCE,
  FUNCTION,
  NODE_SDK,
  ONE_PROMISE,
  burstOf,
  GO_PLUGIN,
  ALONE,
  WITHOUT,
  WITH_SDK,
  withDisk,
  installed,
} from "./names";

/** A ratio that yciam is to hold, and a better one to come to. */
export interface Aim extends Pair {
  readonly title: string;
  /** The comparison that it is of. */
  readonly id: string;
  /** What must be held, and what is aimed for; a ratio that is only looked at has none. The better one is on its side of 1. */
  readonly bounds?: { readonly least: number; readonly aim: number };
}

const npmForm = (node: string): Aim => ({
  title: `npm form, key to token, to bare node:https, ${node}`,
  ...{ id: "cold", ours: npmName(node), base: bareName(node), key: "ms" },
  bounds: { least: 1.5, aim: 1.25 },
});

const burst = (call: string, cache: string): Aim => ({
  title: `1,000 callers on an empty cache (${cache}), to jose + got with one promise: ${call}`,
  ...{ id: "burst", ours: burstOf(call, cache), base: ONE_PROMISE, key: "burst" },
  bounds: { least: 1.5, aim: 1.2 },
});

/** What yciam is to reach, and beside it what is only looked at. */
export const AIMS: readonly Aim[] = [
  {
    title: "executable, key to token, cold, to bare node:https",
    ...{ id: "cold", ours: EXECUTABLE, base: bareName(OWN_NODE), key: "ms" },
    bounds: { least: 0.45, aim: 0.3 },
  },
  {
    title: "executable, from the disk cache, to an empty Node process",
    ...{ id: "disk", ours: EXECUTABLE, base: emptyName(OWN_NODE), key: "ms" },
    bounds: { least: 0.8, aim: 0.4 },
  },
  npmForm(OWN_NODE),
  npmForm(NEWER_NODE),
  {
    title: "a source that exists, token from memory, each second, to the Node SDK",
    ...{ id: "memory", ours: SOURCE, base: NODE_SDK, key: "perSecond" },
    bounds: { least: 10, aim: 50 },
  },
  {
    title: "getIamToken() called again, each second, to the Node SDK",
    ...{ id: "memory", ours: FUNCTION, base: NODE_SDK, key: "perSecond" },
  },
  ...["memory", "disk"].flatMap((cache) => [burst(SOURCE, cache), burst(FUNCTION, cache)]),
  {
    title: "`terraform apply`, one data source, no cache, less the CLI alone, to a Go plugin's less the same",
    ...{ id: "terraform-apply", ours: EXECUTABLE, base: GO_PLUGIN, key: "ms", less: ALONE },
    bounds: { least: 1.1, aim: 0.8 },
  },
  {
    title: "the same, from the disk cache",
    ...{ id: "terraform-apply", ours: withDisk(EXECUTABLE), base: GO_PLUGIN, key: "ms", less: ALONE },
    bounds: { least: 0.9, aim: 0.6 },
  },
  {
    title: "the same, no cache, both installed by `terraform init`",
    ...{
      id: "terraform-apply",
      ours: installed(EXECUTABLE),
      base: installed(GO_PLUGIN),
      key: "ms",
      less: ALONE,
    },
  },
  {
    title: "whole `pulumi up` of a TypeScript program, to the same without yciam",
    ...{ id: "pulumi-up", ours: WITH_SDK, base: WITHOUT, key: "ms" },
    bounds: { least: 1.04, aim: 1.02 },
  },
  {
    title: "memory of the executable as a Terraform plugin, to a Go plugin",
    ...{ id: "terraform-plugin", ours: EXECUTABLE, base: GO_PLUGIN, key: "rssMb" },
    bounds: { least: 2.8, aim: 2 },
  },
  {
    title: "one more data source in `tofu plan`, executable, to one of a Go plugin",
    ...{ id: "many", ours: EXECUTABLE, base: GO_PLUGIN, key: "perSource" },
    bounds: { least: 1, aim: 1 },
  },
  {
    title: "memory of the executable as the command, to Go net/http",
    ...{ id: "cold", ours: EXECUTABLE, base: GO, key: "rssMb" },
  },
];

/** How an aim stands in a run. */
export interface Standing extends Aim {
  readonly measured: number | undefined;
  /** `aim`, `at least`, `missed`; empty for what is only looked at or was not measured. */
  readonly reached: string;
}

/** The standing of each aim whose comparison was run. */
export function standings(results: readonly Result[], aims: readonly Aim[] = AIMS): readonly Standing[] {
  return aims.flatMap((aim) => {
    const result = results.find(({ comparison }) => comparison.id === aim.id);
    if (result === undefined) return [];
    const measured = ratioOf(result, aim);
    return [{ ...aim, measured, reached: reached(aim, measured) }];
  });
}

function reached({ bounds }: Aim, measured: number | undefined): string {
  if (bounds === undefined || measured === undefined) return "";
  const isMore = bounds.aim > bounds.least;
  const holds = (bound: number) => (isMore ? measured >= bound : measured <= bound);
  return holds(bounds.aim) ? "aim" : holds(bounds.least) ? "at least" : "missed";
}
