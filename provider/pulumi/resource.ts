import { Code, StatusError } from "../grpc/status";
import * as shared from "../resource";
import { toInputs } from "./config";
import type { Checked, Configuration } from "./configuration";
import { openAll, type Properties } from "./values";

/** The token of the one resource. */
export const IAM_TOKEN = "yciam:index:IamToken";

/** Checks the inputs as far as they are known, and marks the secrets among them. */
export function check(configuration: Configuration, news: Properties): Checked {
  return configuration.checkAs(news, news);
}

/**
 * Gets the token that the resource keeps.
 * @throws StatusError while something of the inputs is unknown
 */
export function create(configuration: Configuration, properties: Properties, signal: AbortSignal) {
  const inputs = toInputs(properties);
  configuration.assertKnown(inputs);
  return shared.create(configuration, inputs, signal);
}

/** What makes an update necessary. */
export function diff(
  configuration: Configuration,
  inputs: { readonly olds: Properties; readonly news: Properties },
  state: Properties,
): shared.Changes {
  const [olds, news] = [toInputs(inputs.olds), toInputs(inputs.news)];
  return shared.diff(configuration, { olds, news }, openAll(state));
}

/**
 * The resource as it is in the state, or renewed when its token is near its end: IAM has no way to look a token up.
 * @throws StatusError for an import, which brings no state
 */
export async function read(
  configuration: Configuration,
  { inputs, state }: { readonly inputs: Properties; readonly state: Properties },
  signal: AbortSignal,
): Promise<object> {
  if (state.token !== undefined) {
    const own = toInputs(inputs);
    if (configuration.unknownOf(own) !== undefined) return state;
    return (await shared.renew(configuration, own, openAll(state), signal)) ?? state;
  }
  throw new StatusError(
    Code.INVALID_ARGUMENT,
    "an IAM token cannot be imported: IAM has no way to look one up. Make the resource anew, and it gets a token; a token that you have already goes into the option iamToken.",
  );
}
