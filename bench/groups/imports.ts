import { join } from "node:path";
import { type Comparison, CPU, MS } from "../comparison";
import { emptyName, OWN_NODE } from "../names";
import { nodeProgram, program } from "../ways";
import type { World } from "../world";

const LIBRARY = join(__dirname, "../../dist/lib");

/** What a start may load, by name. */
const MODULES: Readonly<Record<string, string>> = {
  "node:crypto": "node:crypto",
  "node:https": "node:https",
  "got, as it is installed": require.resolve("got"),
  "of it @sindresorhus/is": require.resolve("@sindresorhus/is"),
  "of it cacheable-request": require.resolve("cacheable-request"),
  "of it http2-wrapper": require.resolve("http2-wrapper"),
  "got, as it is bundled": join(LIBRARY, "got.js"),
  "jose, as it is installed": require.resolve("jose"),
  "jose/jwt/sign, as it is bundled": join(LIBRARY, "jose-jwt-sign.js"),
  "yaml, as it is bundled": join(LIBRARY, "yaml.js"),
  commander: require.resolve("commander"),
};

/** A program that loads one module and no more. */
export function imports(world: World): Comparison {
  const way = (name: string, argv: readonly string[] | string) =>
    program(name, argv, (all) => world.measure(all));
  const load = (path: string) => [process.execPath, "-e", "require(process.argv[1])", path];
  const empty = nodeProgram({ path: process.execPath }, "empty.js");
  return {
    id: "imports",
    title: "A program that loads one module and no more",
    base: emptyName(OWN_NODE),
    measures: [MS, CPU],
    ways: [
      way(emptyName(OWN_NODE), empty),
      ...Object.entries(MODULES).map(([name, path]) => way(name, load(path))),
    ],
  };
}
