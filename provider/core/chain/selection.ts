import type { Env } from "../context";
import { OptionError } from "../words/errors";
import { option, type OptionRef, say, type Text } from "../words/message";
import { readGroup, readOptions, rejectUnknown } from "../options/options";
import type { Resolver } from "./resolver";
import { shownName } from "../words/secret";
import { IMPERSONATE_GROUP, SETTINGS } from "../options/settings";

/** Options as a user gave them, by name in camelCase: settings, and one group for each resolver. */
export type AppConfig = Readonly<Record<string, unknown>>;

/** A resolver that is to be tried, and how it came to be. */
export interface Candidate {
  readonly resolver: Resolver;
  /** The user named it, alone or in a list, or gave options for it alone. */
  readonly named: boolean;
  /** It is the only one: an explicit choice that must answer. */
  readonly only: boolean;
}

/** The resolvers that can be named: the built-in ones, in the order of the default chain, and the user's own. */
export interface KnownResolvers {
  readonly builtIn: readonly Resolver[];
  /** Given as objects among `resolvers`, or loaded from `resolverModules`. */
  readonly own: readonly Resolver[];
}

/**
 * The resolvers to try, in order: those named in `resolvers` or its variable; else the only one that options were
 * given for; else the default chain, with those that have options among it.
 * @param from names the option or variable that `names` came from, in errors
 * @throws OptionError for a name that nobody has
 */
export function selectCandidates(
  config: AppConfig,
  names: readonly string[] | undefined,
  known: KnownResolvers,
  from: Text | OptionRef = option("resolvers"),
): readonly Candidate[] {
  const all = uniqueByName([...known.builtIn, ...known.own]);
  if (names !== undefined)
    return names.map((name) => ({ resolver: find(all, name, from), named: true, only: names.length === 1 }));
  const given = all.filter((resolver) => isSet(config[resolver.name]));
  const [first] = given;
  if (first !== undefined && given.length === 1) return [{ resolver: first, named: true, only: true }];
  return all
    .filter((resolver) => resolver.onlyWhenNamed !== true || given.includes(resolver))
    .map((resolver) => ({ resolver, named: given.includes(resolver), only: false }));
}

/**
 * Checks the given options of every resolver, whether it will be tried or not; variables are left for later.
 * @throws OptionError
 */
export function checkGroups(config: AppConfig, resolvers: readonly Resolver[]): void {
  const groups = [...resolvers, IMPERSONATE_GROUP];
  rejectUnknown("", [...Object.keys(SETTINGS), ...groups.map((group) => group.name)], config);
  for (const { name, options } of groups) groupOptions(config, name, options, {});
}

/** Reads one group: what the user gave under its name, and variables for the rest. */
export function groupOptions<O extends Resolver["options"]>(
  config: AppConfig,
  name: string,
  specs: O,
  env: Env,
) {
  const raw = config[name];
  return readOptions(name, specs, isSet(raw) ? readGroup(raw, name, specs) : {}, env);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function uniqueByName(resolvers: readonly Resolver[]): readonly Resolver[] {
  const twice = resolvers.find((one, index) =>
    resolvers.some((other, at) => at < index && other.name === one.name && other !== one),
  );
  if (twice === undefined) return [...new Set(resolvers)];
  throw new OptionError(say`two resolvers are named ${twice.name}. Rename the one of your own.`, "resolvers");
}

function find(all: readonly Resolver[], name: string, from: Text | OptionRef): Resolver {
  const found = all.find((resolver) => resolver.name === toCamelCase(name));
  if (found !== undefined) return found;
  const names = all.map((resolver) => resolver.name).join(", ");
  throw new OptionError(say`${from} names ${shownName(name)}, which is none of: ${names}.`, "resolvers");
}

/** `service_account_key` and `service-account-key` are the same name as `serviceAccountKey`. */
function toCamelCase(name: string): string {
  return name.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
