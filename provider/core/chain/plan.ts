import { type EndpointOptions, type Endpoints, resolveEndpoints } from "../iam/endpoints";
import { type Env, noGroup, readOptions, type ReadOptions, rejectUnknown } from "../options/read";
import { checkSettings, DEFAULTS, IMPERSONATE_GROUP, SETTINGS } from "../options/settings";
import type { Policy } from "../token/judgement";
import { OptionError } from "../words/errors";
import { isObject } from "../words/json";
import { say, type Text } from "../words/message";
import { shownName } from "../words/secret";
import { assertResolver } from "./own-resolvers";
import type { Resolver } from "./resolver";

/** Options as a user gave them, by name in camelCase: settings, and one group for each resolver. */
export type AppConfig = Readonly<Record<string, unknown>>;

/** A resolver that is to be tried, with its options. */
export interface Candidate {
  readonly resolver: Resolver;
  readonly read: ReadOptions;
  /** The user named it, alone or in a list, or gave options for it alone. */
  readonly named: boolean;
  /** It is the only one: an explicit choice that must answer. */
  readonly only: boolean;
}

/** All options of one app, read once. */
export interface Plan {
  readonly policy: Policy;
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Attempts after the first, for each request. */
  readonly retries: number;
  readonly cache: "disk" | "memory" | "none";
  readonly endpoints: Endpoints;
  /** Id of the service account whose token is handed out in the end. */
  readonly impersonate?: string | undefined;
  /** File with authorities to trust, and what names it. */
  readonly authorities?: { readonly file: string; readonly from: Text };
  /** Modules with resolvers of the user's own, to be loaded before there are candidates. */
  readonly modules: readonly string[];
  /** The resolvers to try, in order; absent while modules are still to be loaded. */
  readonly candidates?: readonly Candidate[];
  /** The same, with the resolvers of those modules. */
  readonly candidatesWith: (loaded: readonly Resolver[]) => readonly Candidate[];
}

/**
 * Reads and checks all options; asks nothing of the network.
 * @param builtIn the resolvers that come with the package
 * @throws OptionError that names the option
 */
export function readPlan(config: AppConfig, env: Env, builtIn: readonly Resolver[]): Plan {
  const { resolvers: names } = config;
  const { resolvers, own } = Array.isArray(names) ? splitResolvers(names) : { resolvers: names, own: [] };
  const raw: Record<string, unknown> = {};
  for (const name of Object.keys(SETTINGS)) raw[name] = name === "resolvers" ? resolvers : config[name];
  const read = readOptions("", SETTINGS, raw, env);
  checkSettings(read);
  const settings = { ...DEFAULTS, ...read.values };
  const { caFile: file, resolverModules: modules = [] } = settings;
  const known = { config, env, settings: read, all: [...builtIn, ...own] };
  return Object.freeze({
    policy: { minRemainingMs: settings.minRemainingValidity, refreshAfterMs: settings.refreshAfter },
    timeoutMs: settings.timeout,
    retries: settings.retries,
    cache: settings.cache as Plan["cache"],
    endpoints: resolveEndpoints(read.values, read.source as (name: keyof EndpointOptions) => Text),
    impersonate: readOwnGroup(IMPERSONATE_GROUP, config, env).values.serviceAccountId as string | undefined,
    ...(file === undefined ? {} : { authorities: { file, from: read.source("caFile") } }),
    modules,
    // A module's resolvers, their names and options, are known only once it is loaded.
    ...(modules.length > 0 ? {} : { candidates: readCandidates(known) }),
    candidatesWith: (loaded) => readCandidates({ ...known, all: [...known.all, ...loaded] }),
  });
}

/** `resolvers` may mix names with resolvers of the user's own; an own one is named like any other. */
function splitResolvers(raw: readonly unknown[]): { resolvers: unknown; own: readonly Resolver[] } {
  const isObject = (item: unknown): item is Resolver => typeof item === "object" && item !== null;
  const own = raw.filter(isObject);
  own.forEach(assertResolver);
  return { resolvers: raw.map((item) => (isObject(item) ? item.name : item)), own };
}

interface Known {
  readonly config: AppConfig;
  readonly env: Env;
  readonly settings: ReadOptions<typeof SETTINGS>;
  readonly all: readonly Resolver[];
}

/**
 * The resolvers to try: those named in `resolvers` or its variable; else the only one that options were given for; else
 * the default chain, with those that have options among it. Options of the others are checked, too.
 */
function readCandidates({ config, env, settings, all }: Known): readonly Candidate[] {
  const byName: Record<string, Resolver> = {};
  for (const resolver of all) if ((byName[resolver.name] ??= resolver) !== resolver) throw sameName(resolver);
  rejectUnknown("", config, SETTINGS, byName, { [IMPERSONATE_GROUP.name]: IMPERSONATE_GROUP });
  const withOptions: Resolver[] = [];
  const chain: Resolver[] = [];
  for (const resolver of Object.values(byName)) {
    const isGiven = (config[resolver.name] ?? undefined) !== undefined;
    if (isGiven) withOptions.push(resolver);
    if (isGiven || resolver.onlyWhenNamed !== true) chain.push(resolver);
  }
  const { resolvers: names } = settings.values;
  const isSingle = withOptions.length === 1;
  const chosen =
    names === undefined
      ? isSingle
        ? withOptions
        : chain
      : names.map((name) => findByName(byName, name, settings.source("resolvers")));
  for (const other of withOptions) if (!chosen.includes(other)) readOwnGroup(other, config, {});
  const candidates: Candidate[] = [];
  for (const resolver of chosen) {
    const named = names !== undefined || withOptions.includes(resolver);
    const only = names === undefined ? isSingle : names.length === 1;
    candidates.push({ resolver, read: readOwnGroup(resolver, config, env), named, only });
  }
  return candidates;
}

/** Reads one group: what the user gave under its name, and variables for the rest. */
function readOwnGroup({ name, options }: Pick<Resolver, "name" | "options">, config: AppConfig, env: Env) {
  const raw = config[name] ?? {};
  if (!isObject(raw)) throw noGroup(name, options);
  return readOptions(name, options, raw, env);
}

function sameName({ name }: Resolver): OptionError {
  return new OptionError(say`two resolvers are named ${name}. Rename the one of your own.`, "resolvers");
}

function findByName(byName: Readonly<Record<string, Resolver>>, name: string, from: Text): Resolver {
  // `service_account_key` and `service-account-key` are the same name as `serviceAccountKey`.
  const camelCase = name.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const found = Object.hasOwn(byName, camelCase) ? byName[camelCase] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(byName).join(", ");
  throw new OptionError(say`${from} names ${shownName(name)}, which is none of: ${names}.`, "resolvers");
}
