import { join } from "node:path";
import { type Comparison, CPU, MEMORY, MS, REQUESTS, type Way } from "../comparison";
import { inside, type RunOptions, type World } from "../world";
import { forms, nodeProgram, program, runtimes, startOf } from "../ways";
import { OWN_NODE, GO, bareName, emptyName } from "../names";

const MEASURES = [MS, CPU, MEMORY, REQUESTS];

/** A process that prints a token, from the key to its end, with no cache. */
export function cold(world: World): Comparison {
  const { peers } = world;
  const way = (name: string, argv: readonly string[] | string) =>
    program(name, argv, (all) => world.measure(all));
  const onNode = (name: string, file: string): Way[] =>
    runtimes(world).map((runtime) => way(`${name}, ${runtime.name}`, nodeProgram(runtime.node, file)));
  return {
    id: "cold",
    title: "A process, from the key to a token, no cache",
    base: bareName(OWN_NODE),
    measures: MEASURES,
    ways: [
      way(GO, startOf(inside(peers.go, "nethttp"))),
      way("go-sdk/v2", startOf(inside(peers.gosdk2, "gosdk2"))),
      way("go-sdk 0.33", startOf(inside(peers.gosdk1, "gosdk1"))),
      ...onNode("bare node:https", "bare.js"),
      ...onNode("jose + got, unbundled", "jose-got.mjs"),
      ...onNode("the Node SDK", "node-sdk.js"),
      way("the Python SDK", startOf(inside(peers.python, "bin/python"), PYTHON_PROGRAM)),
      ...ours(world),
    ],
  };
}

/** The program that uses the Python SDK. */
export const PYTHON_PROGRAM = join(__dirname, "../peers/python/token_of_sdk.py");

/** The same from the disk cache, where no request is left. */
export function disk(world: World): Comparison {
  const env = { YCIAM_CACHE: "disk", XDG_CACHE_HOME: world.folder("cache") };
  const empty = runtimes(world).map(({ name, node }) =>
    program(emptyName(name), nodeProgram(node, "empty.js"), (argv) => world.measure(argv)),
  );
  return {
    id: "disk",
    title: "A process, to a token of the disk cache",
    base: emptyName(OWN_NODE),
    measures: MEASURES,
    ways: [...empty, ...ours(world, { env })],
  };
}

function ours(world: World, options: RunOptions = {}): Way[] {
  return forms(world).map(({ name, argv }) => {
    const start = argv("yciam");
    const whole = typeof start === "string" ? start : [...start, "token"];
    return program(name, whole, (all) => world.measure(all, options));
  });
}
