import { type App, type AppConfig, createApp, type TokenResult } from "../app";
import type { Context } from "../core/context";
import { parseDuration } from "../core/duration";
import { OptionError } from "../core/errors";
import { parseTime } from "../core/expiry";
import { Secret } from "../core/secret";
import { processContext } from "./main";
import { type Properties, splitInputs } from "./properties";

/** How long a token in a resource must still live before it is renewed, unless the user says otherwise. */
export const RESOURCE_MIN_REMAINING = "1h";

/** One property that cannot be used, as Pulumi reports it. */
interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Checks the inputs' form; what is unknown in a preview is left for later. */
export async function check(news: Properties): Promise<{ inputs: Properties; failures: Failure[] }> {
  const { config, unknown } = splitInputs(news);
  try {
    if (!unknown) appOf(config);
    return { inputs: news, failures: [] };
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return {
      inputs: news,
      failures: [{ property: error.option.split(".")[0] as string, reason: error.message }],
    };
  }
}

/** Gets the token that the resource keeps. */
export async function create(inputs: Properties): Promise<{ id: string; outs: Properties }> {
  const { config } = splitInputs(inputs);
  const result = await appOf(config).getIamToken();
  return { id: result.subjectId ?? result.resolver, outs: { ...inputs, ...outputs(result) } };
}

/** Changed when an input changed, or the kept token lives shorter than asked: dependants see one stable value else. */
export async function diff(_id: string, olds: Properties, news: Properties): Promise<{ changes: boolean }> {
  return { changes: inputsDiffer(olds, news) || !lasts(olds, news, processContext()) };
}

/** Renews the token in place. */
export async function update(
  _id: string,
  _olds: Properties,
  news: Properties,
): Promise<{ outs: Properties }> {
  return { outs: (await create(news)).outs };
}

/** Leaves the token alive: others may hold the same one. Revokes it only when asked. */
export async function remove(_id: string, state: Properties): Promise<void> {
  const { config, revokeOnDelete } = splitInputs(state);
  if (!revokeOnDelete || typeof state.token !== "string") return;
  await appOf(config).revoke(new Secret(state.token));
}

function appOf(config: AppConfig): App {
  return createApp({ minRemainingValidity: RESOURCE_MIN_REMAINING, ...config }, processContext());
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
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
