import { status } from "@grpc/grpc-js";
import type { AppConfig } from "../app";
import { parseDuration } from "../core/options/duration";
import { parseTime } from "../core/token/expiry";
import { type OptionSpecs, readOptions } from "../core/options/options";
import { Secret } from "../core/words/secret";
import { changedNames, sealSecrets, toConfig } from "./config";
import type { Checked, Configuration } from "./configuration";
import { StatusError, toFailure } from "./errors";
import { split } from "./functions";
import { isShown } from "./rows";
import { onlyKnown, open, type Properties } from "./values";

/** The token of the one resource. */
export const IAM_TOKEN = "yciam:index:IamToken";

/** The same for all, as an id stays when an update changes whose token is kept; the outputs say whose it is. */
const ID = "iam-token";

/**
 * How long a token in a resource must still live before it is renewed, unless its inputs or its provider say otherwise.
 * Variables do not count: what one machine has set would be a change on the next.
 */
export const RESOURCE_MIN_REMAINING = "1h";

/** Inputs of the resource, besides the options that the functions have too. */
export const RESOURCE_OPTIONS = {
  revokeOnDelete: {
    kind: "boolean",
    default: "false",
    doc: "Make the token useless when the resource is deleted. Others may hold the same one: Yandex Cloud hands a token to several callers.",
  },
} as const satisfies OptionSpecs;

/** Outputs of the resource, of which some are core secrets. */
export type Outputs = Readonly<Record<string, unknown>>;

/** Why an update is needed, by property: an input that changed, or an output that will. */
export type Changes = Readonly<Record<string, "input" | "output">>;

const RENEWED = ["token", "authorizationHeader", "expiresAt"];

/** Checks the inputs as far as they are known, and marks the secrets among them. */
export function check(configuration: Configuration, news: Properties): Checked {
  const { spelling } = configuration.context;
  const shown = (name: string) => isShown(name) || name in RESOURCE_OPTIONS;
  const { own, options } = split(news, RESOURCE_OPTIONS);
  const failures = [...configuration.findFailures(options, shown)];
  try {
    readOptions("", RESOURCE_OPTIONS, onlyKnown(own), {});
  } catch (error) {
    failures.push(toFailure(error, spelling, shown));
  }
  return { inputs: sealSecrets(news), failures };
}

/**
 * Gets the token that the resource keeps.
 * @throws StatusError while something of the inputs is unknown
 */
export async function create(
  configuration: Configuration,
  inputs: Properties,
  signal: AbortSignal,
): Promise<{ id: string; outputs: Outputs }> {
  configuration.assertKnown(inputs);
  const result = await configuration.use(effective(configuration, inputs), (app) => app.getIamToken(signal));
  return { id: ID, outputs: { ...result } };
}

/**
 * What makes an update necessary: inputs that changed, or a kept token that lives shorter than asked. Else those who
 * use it see one stable value.
 */
export function diff(
  configuration: Configuration,
  inputs: { readonly olds: Properties; readonly news: Properties },
  state: Properties,
): Changes {
  const changed = changedNames(inputs.olds, inputs.news).map((name) => [name, "input"] as const);
  const ends = lasts(configuration, inputs.news, state) ? [] : RENEWED;
  return Object.fromEntries([...changed, ...ends.map((name) => [name, "output"] as const)]);
}

/**
 * The resource as it is in the state: IAM has no way to look a token up.
 * @throws StatusError for an import, which brings no state
 */
export function read(state: Properties): Properties {
  if (state.token !== undefined) return state;
  throw new StatusError(
    status.INVALID_ARGUMENT,
    "an IAM token cannot be imported: IAM has no way to look one up. Make the resource anew, and it gets a token; a token that you have already goes into the option iamToken.",
  );
}

/** Leaves the token alive, as others may hold the same one; revokes it only when asked. */
export async function remove(
  configuration: Configuration,
  inputs: Properties,
  state: Properties,
  signal: AbortSignal,
): Promise<void> {
  const { own } = split(inputs, RESOURCE_OPTIONS);
  const { revokeOnDelete } = readOptions("", RESOURCE_OPTIONS, own, {}).values;
  const token = open(state.token ?? null);
  const dead = (parseTime(state.expiresAt) ?? Infinity) <= configuration.context.now();
  if (revokeOnDelete !== true || typeof token !== "string" || dead) return;
  configuration.assertKnown(inputs);
  await configuration.use(effective(configuration, inputs), (app) => app.revoke(new Secret(token), signal));
}

function lasts(configuration: Configuration, news: Properties, state: Properties): boolean {
  const expiresAt = parseTime(state.expiresAt);
  // No life is promised of a token whose end nobody knows: then only a change of inputs renews it.
  if (expiresAt === undefined) return true;
  const least = effective(configuration, news).minRemainingValidity;
  return expiresAt - configuration.context.now() >= parseDuration(String(least), "minRemainingValidity");
}

function effective(configuration: Configuration, inputs: Properties): AppConfig {
  const config = configuration.over(toConfig(split(inputs, RESOURCE_OPTIONS).options));
  return { minRemainingValidity: RESOURCE_MIN_REMAINING, ...config };
}
