import { type Comparison, CPU, MEMORY, type Measure, RATE, REQUESTS, type Way } from "../comparison";
import { inside, type Env, type World } from "../world";
import { nodeProgram, program, runtimes, startOf } from "../ways";
import { PYTHON_PROGRAM } from "./process";
import { SOURCE, FUNCTION, NODE_SDK, ONE_PROMISE, burstOf } from "../names";

/** Each program counts for as long. Milliseconds. */
const COUNTING = "400";
const CALLERS = "1000";

/** Tokens a second of a source that exists and has one in memory; each in a process of its own. */
export function memory(world: World): Comparison {
  const { peers } = world;
  const [{ node }] = runtimes(world);
  const way = (name: string, argv: readonly string[] | string, env: Env = {}): Way =>
    program(name, argv, (all) => world.printed(all, RATE.key, { env }));
  const ours = (name: string, env: Env): Way =>
    way(name, nodeProgram(node, "ours.js", "memory", COUNTING), env);
  return {
    id: "memory",
    title: "A source that exists, a token from memory",
    base: NODE_SDK,
    measures: [RATE, REQUESTS],
    ways: [
      way("go-sdk/v2", startOf(inside(peers.gosdk2, "gosdk2"), COUNTING)),
      way(`${ONE_PROMISE}, a bare await`, nodeProgram(node, "jose-got.mjs", "memory", COUNTING)),
      way(NODE_SDK, nodeProgram(node, "node-sdk.js", "memory", COUNTING)),
      way("the Python SDK", startOf(inside(peers.python, "bin/python"), PYTHON_PROGRAM, COUNTING)),
      ours(SOURCE, { YCIAM_CACHE: "memory" }),
      ours(`${SOURCE}, cache disk`, { YCIAM_CACHE: "disk", XDG_CACHE_HOME: world.folder("cache") }),
      ours(FUNCTION, { YCIAM_CACHE: "memory", BENCH_WAY: "getIamToken" }),
    ],
  };
}

const BURST: Measure = { key: "burst", label: "ms, all answered", better: "less" };

/** A thousand callers at once of a process that has no token yet; the time from the first call to the last answer. */
export function burst(world: World): Comparison {
  const [{ node }] = runtimes(world);
  const way = (name: string, file: string, env: () => Env): Way =>
    program(name, nodeProgram(node, file, "burst", CALLERS), (argv) =>
      world.printed(argv, BURST.key, { env: env() }),
    );
  // A new folder for each run: it is the empty cache that is measured.
  const ours = ([call, name]: readonly [string, string], cache: string): Way =>
    way(burstOf(name, cache), "ours.js", () => ({
      YCIAM_CACHE: cache,
      XDG_CACHE_HOME: world.folder("cache"),
      BENCH_WAY: call,
    }));
  const calls = [["createTokenSource", SOURCE] as const, ["getIamToken", FUNCTION] as const];
  return {
    id: "burst",
    title: "1,000 callers at once on an empty cache",
    base: ONE_PROMISE,
    measures: [BURST, CPU, { key: MEMORY.key, label: MEMORY.label }, REQUESTS],
    ways: [
      way(ONE_PROMISE, "jose-got.mjs", () => ({})),
      ...calls.flatMap((call) => [ours(call, "memory"), ours(call, "disk")]),
    ],
  };
}
