import type { Comparison } from "../comparison";
import type { World } from "../world";
import { imports } from "./imports";
import { burst, memory } from "./in-process";
import { many } from "./many";
import { plugins } from "./plugin";
import { cold, disk } from "./process";
import { pulumi } from "./pulumi";
import { terraform } from "./terraform";

/** What can be asked for by name: comparisons that are set up together. */
export const GROUPS: Readonly<Record<string, (world: World) => Comparison[] | Promise<Comparison[]>>> = {
  imports: (world) => [imports(world)],
  cold: (world) => [cold(world)],
  disk: (world) => [disk(world)],
  memory: (world) => [memory(world)],
  burst: (world) => [burst(world)],
  plugin: plugins,
  terraform,
  pulumi,
  many,
};
