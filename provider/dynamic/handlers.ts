import * as pulumi from "@pulumi/pulumi";
import { type App, type AppConfig, createApp, type TokenResult } from "../app";
import type { Context } from "../core/context";
import { parseDuration } from "../core/options/duration";
import { CredentialError, OptionError } from "../core/words/errors";
import { parseTime } from "../core/token/expiry";
import { isObject } from "../core/words/json";
import { Secret } from "../core/words/secret";
import { type Properties, splitInputs } from "./properties";

/**
 * How long a token in a resource must still live before it is renewed, unless its inputs say otherwise. Variables do not
 * count: what one machine has set would be a change on the next.
 */
export const RESOURCE_MIN_REMAINING = "1h";

/** One property that cannot be used, as Pulumi reports it. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** What Pulumi's dynamic provider calls, over the life of one resource `IamToken`. */
export interface Handlers {
  /** Checks the inputs' form; what is unknown in a preview is left for later. */
  readonly check: (news: Properties) => Promise<{ inputs: Properties; failures: Failure[] }>;
  /** Gets the token that the resource keeps. */
  readonly create: (inputs: Properties) => Promise<{ id: string; outs: Properties }>;
  /** Changed when an input changed, or the kept token lives shorter than asked: else dependants see one stable value. */
  readonly diff: (id: string, olds: Properties, news: Properties) => Promise<{ changes: boolean }>;
  /** Renews the token in place. */
  readonly update: (id: string, olds: Properties, news: Properties) => Promise<{ outs: Properties }>;
  /** Leaves the token alive, since others may hold the same one; revokes it only when `revokeOnDelete` is set. */
  readonly remove: (id: string, state: Properties) => Promise<void>;
}

/** The handlers for one process. */
export function createHandlers(context: () => Context): Handlers {
  const app = (config: AppConfig): App =>
    createApp({ minRemainingValidity: RESOURCE_MIN_REMAINING, ...config }, context());
  const create = async (inputs: Properties) => {
    const result = await app(splitInputs(inputs).config).getIamToken();
    return { id: result.subjectId ?? result.resolver, outs: { ...inputs, ...outputs(result) } };
  };
  return {
    create,
    check: async (news) => ({ inputs: news, failures: failuresOf(news, app) }),
    diff: async (_id, olds, news) => ({ changes: inputsDiffer(olds, news) || !lasts(olds, news, context()) }),
    update: async (_id, _olds, news) => ({ outs: (await create(news)).outs }),
    remove: async (_id, state) => {
      const { config, revokeOnDelete } = splitInputs(state);
      const expiresAt = parseTime(state.expiresAt) ?? Infinity;
      if (!revokeOnDelete || typeof state.token !== "string" || expiresAt <= context().now()) return;
      await app(config).revoke(new Secret(state.token)).catch(unlessDead);
    },
  };
}

/** A token that IAM knows no more is what was asked for: another resource may have revoked the same one. */
function unlessDead(error: unknown): void {
  if (error instanceof CredentialError && [401, 404].includes(error.reply.status ?? 0)) return;
  throw error;
}

/** The reason names the option. The property is left out: the engine prints its value, secrets in clear. */
function failuresOf(news: Properties, app: (config: AppConfig) => App): Failure[] {
  const { config, unknown } = splitInputs(news);
  const { revokeOnDelete } = news;
  try {
    if (!unknown) app(config);
    if (![undefined, null, true, false, pulumi.runtime.unknownValue].includes(revokeOnDelete as boolean)) {
      throw new OptionError("revokeOnDelete must be true or false.", "revokeOnDelete");
    }
    return [];
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return [{ property: "", reason: error.message }];
  }
}

function outputs(result: TokenResult): Properties {
  return {
    ...result,
    token: result.token.reveal(),
    authorizationHeader: result.authorizationHeader.reveal(),
  };
}

function inputsDiffer(olds: Properties, news: Properties): boolean {
  const before = splitInputs(olds);
  const after = splitInputs(news);
  if (after.unknown) return true;
  return stable(before) !== stable(after);
}

function lasts(olds: Properties, news: Properties, context: Context): boolean {
  const expiresAt = parseTime(olds.expiresAt);
  if (expiresAt === undefined) return true;
  const asked = splitInputs(news).config.minRemainingValidity;
  const least = parseDuration(
    typeof asked === "string" ? asked : RESOURCE_MIN_REMAINING,
    "minRemainingValidity",
  );
  return expiresAt - context.now() >= least;
}

/** JSON with sorted keys: Pulumi does not keep their order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}
