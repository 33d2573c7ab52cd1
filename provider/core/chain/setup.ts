import { trusting } from "../iam/authority";
import { ServerClock } from "../token/clock";
import type { Context } from "../context";
import { resolveEndpoints } from "../iam/endpoints";
import { OptionError } from "../words/errors";
import { createIam, type Iam } from "../iam/iam";
import { option, say } from "../words/message";
import { type ReadOptions, readOptions } from "../options/options";
import type { Resolver } from "./resolver";
import { type AppConfig, checkGroups, groupOptions, selectCandidates } from "./selection";
import { checkSettings, DEFAULTS, IMPERSONATE, SETTINGS, type Settings } from "../options/settings";
import type { Policy } from "../token/token-life";

/** Everything about one app that is known before the first call. */
export interface Setup {
  readonly config: AppConfig;
  readonly context: Context;
  readonly settings: Settings;
  /** Says where a setting came from: the option, or the variable that set it. */
  readonly source: ReadOptions<typeof SETTINGS>["source"];
  readonly policy: Policy;
  readonly timeoutMs: number;
  readonly iam: Iam;
  /** Names to try, when the user named some. */
  readonly names?: readonly string[];
  /** Resolvers of the user's own, given as objects. */
  readonly own: readonly Resolver[];
  readonly impersonate?: string;
}

/**
 * Reads and checks all options; asks nothing of the network.
 * @param builtIn the resolvers that come with the package
 * @throws OptionError that names the option
 */
export function readSetup(config: AppConfig, host: Context, builtIn: readonly Resolver[]): Setup {
  const { names, own } = splitResolvers(config.resolvers);
  const raw = { ...pickSettings(config), resolvers: names };
  const read = readOptions("", SETTINGS, raw, host.env);
  const settings = read.values;
  const { caFile } = settings;
  const context = caFile === undefined ? host : trusting(host, caFile, read.source("caFile"));
  checkSettings(read);
  // A module's resolvers, their names and options, are known only once it is loaded.
  if (settings.resolverModules === undefined) {
    checkGroups(config, [...builtIn, ...own]);
    selectCandidates(config, settings.resolvers, { builtIn, own }, read.source("resolvers"));
  }
  const retries = settings.retries ?? DEFAULTS.retries;
  const endpoints = resolveEndpoints(settings, context, retries, read.source);
  const clock = context.memory.recall(
    "clock",
    endpoints.identity,
    () => new ServerClock(context.now, context.monotonic),
  );
  const impersonate = groupOptions(config, "impersonate", IMPERSONATE, context.env).values.serviceAccountId;
  return {
    config,
    context,
    settings,
    source: read.source,
    own,
    policy: {
      minRemainingMs: settings.minRemainingValidity ?? DEFAULTS.minRemainingMs,
      refreshAfterMs: settings.refreshAfter ?? DEFAULTS.refreshAfterMs,
    },
    timeoutMs: settings.timeout ?? DEFAULTS.timeoutMs,
    iam: createIam({ context, endpoints, clock, retries }),
    ...(settings.resolvers === undefined ? {} : { names: settings.resolvers }),
    ...(impersonate === undefined ? {} : { impersonate }),
  };
}

function pickSettings(config: AppConfig): Record<string, unknown> {
  return Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, config[name]]));
}

/** `resolvers` may mix names with resolvers of the user's own; an own one is named like any other. */
function splitResolvers(raw: unknown): { names: unknown; own: readonly Resolver[] } {
  if (!Array.isArray(raw)) return { names: raw, own: [] };
  const own = raw.filter((item): item is Resolver => typeof item === "object" && item !== null);
  own.forEach(assertResolver);
  return {
    names: raw.map((item: unknown) =>
      typeof item === "object" && item !== null ? (item as Resolver).name : item,
    ),
    own,
  };
}

/**
 * Fails for an object that was not made by `defineResolver`.
 * @throws OptionError
 */
export function assertResolver(candidate: unknown): asserts candidate is Resolver {
  const { name, summary, options, resolve } = (candidate ?? {}) as Partial<Resolver>;
  const valid = typeof name === "string" && /^[a-z][A-Za-z0-9]*$/.test(name) && typeof summary === "string";
  if (valid && typeof options === "object" && options !== null && typeof resolve === "function") return;
  throw new OptionError(
    say`${option("resolvers")} has an object that is no resolver. Make it with defineResolver({ name, summary, options, resolve }), with a name in camelCase.`,
    "resolvers",
  );
}
