import type { App, AppConfig, TokenResult } from "./app";
import type { Context } from "./core/context";
import { parseDuration } from "./core/options/duration";
import type { OptionSpecs } from "./core/options/options";
import { parseTime } from "./core/token/life";
import { YciamError } from "./core/words/errors";
import { changedInputs, type Inputs, toConfig } from "./inputs";
import { SECRET_OUTPUTS, settings } from "./rows";

const MIN_REMAINING = "1h";

/**
 * The settings of the resource. Its token is renewed when less than an hour is left, unless its inputs or its provider
 * say otherwise. Variables do not count here: a variable of one machine would be a change on the next.
 */
export const RESOURCE_SETTINGS: OptionSpecs = {
  ...settings,
  minRemainingValidity: { ...settings.minRemainingValidity!, default: MIN_REMAINING, env: [] },
};

/** All resources have this id. An update may change whose token is kept, but it cannot change an id. */
const ID = "iam-token";

/** What the resource `IamToken` needs of the host that serves it. */
export interface ResourceHost {
  readonly context: Context;
  /** The resource's own options over those of its provider, where it has one. */
  over(own: AppConfig): AppConfig;
  /** Does something with an app of these options. */
  use<T>(config: AppConfig, work: (app: App) => Promise<T>): Promise<T>;
}

/** Why an update is needed, by property: an input has changed, or an output will. */
export type Changes = Readonly<Record<string, "input" | "output">>;

/** Gets the token that the resource keeps: when it is made, and again when it is updated. */
export async function create(
  host: ResourceHost,
  inputs: Inputs,
  signal?: AbortSignal,
): Promise<{ readonly id: string; readonly result: TokenResult }> {
  return { id: ID, result: await host.use(effective(host, inputs), (app) => app.getIamToken(signal)) };
}

/**
 * What a refresh finds: the token that an update would keep, once the kept one lives shorter than asked. So a program that
 * is run for its providers' sake (`--run-program`) hands them a living token. It goes by the inputs as they were saved.
 * @param state the outputs as they were kept
 * @returns undefined where the token is to stay, also where it cannot be renewed: a warning says why
 */
export async function renew(
  host: ResourceHost,
  inputs: Inputs,
  state: { readonly expiresAt?: unknown },
  signal?: AbortSignal,
): Promise<TokenResult | undefined> {
  if (lasts(host, inputs, state)) return undefined;
  return host.use(effective(host, inputs), async (app) => {
    try {
      return await app.getIamToken(signal);
    } catch (error) {
      if (!(error instanceof YciamError)) throw error;
      const { log, spelling } = host.context;
      log.warn(
        `the IAM token in the state, whose end is ${String(state.expiresAt)}, is left as it is: ${error.messageFor(spelling)} An update (pulumi up) renews it, with the inputs that the program has now.`,
      );
      return undefined;
    }
  });
}

/**
 * Says what makes an update necessary: inputs that changed, or a kept token that lives shorter than asked. Otherwise
 * everything that uses the token sees one stable value.
 * @param state the outputs as they were kept
 */
export function diff(
  host: ResourceHost,
  { olds, news }: { readonly olds: Inputs; readonly news: Inputs },
  state: { readonly expiresAt?: unknown },
): Changes {
  const changed = changedInputs(olds, news).map((name) => [name, "input"] as const);
  const ends = lasts(host, news, state) ? [] : SECRET_OUTPUTS;
  return Object.fromEntries([...changed, ...ends.map((name) => [name, "output"] as const)]);
}

function lasts(host: ResourceHost, news: Inputs, state: { readonly expiresAt?: unknown }): boolean {
  const expiresAt = parseTime(state.expiresAt);
  // Nobody knows how long such a token lives, so only a change of inputs renews it.
  if (expiresAt === undefined) return true;
  const least = effective(host, news).minRemainingValidity;
  return expiresAt - host.context.now() >= parseDuration(String(least), "minRemainingValidity");
}

function effective(host: ResourceHost, inputs: Inputs): AppConfig {
  return { minRemainingValidity: MIN_REMAINING, ...host.over(toConfig(inputs)) };
}
