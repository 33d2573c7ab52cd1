import type { OptionSpec, OptionSpecs } from "../core/options";
import { IMPERSONATE, SETTINGS } from "../core/settings";
import { resolvers } from "../resolvers";
import { kebabCase } from "./spelling";

/** One option as a flag. */
export interface Flag {
  /** Empty for a setting. */
  readonly group: string;
  readonly name: string;
  readonly spec: OptionSpec;
  /** As it is typed, such as `--retries`. */
  readonly flag: string;
}

/** The flags of one group of options; `group` is empty for settings. */
export function flagsOf(group: string, specs: OptionSpecs): readonly Flag[] {
  return Object.entries(specs).map(([name, spec]) => ({
    group,
    name,
    spec,
    flag: `--${kebabCase(group === "" ? name : `${group}.${name}`)}`,
  }));
}

/** A flag for every option there is, but for those of resolvers of the user's own. */
export const FLAGS: readonly Flag[] = [
  ...flagsOf("", SETTINGS),
  ...resolvers.flatMap((resolver) => flagsOf(resolver.name, resolver.options)),
  ...flagsOf("impersonate", IMPERSONATE),
];

/** The variables that set an option, with the condition of those that do not always. */
export function variablesOf({ env = [] }: OptionSpec): readonly string[] {
  return env.map((one) => (typeof one === "string" ? one : `${one.name} ${one.note}`));
}
