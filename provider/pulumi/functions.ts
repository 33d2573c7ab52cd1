import { status } from "@grpc/grpc-js";
import type { App, TokenResult } from "../app";
import { OptionError } from "../core/words/errors";
import { type OptionSpecs, readOptions } from "../core/options/options";
import { toConfig } from "./config";
import type { Configuration } from "./configuration";
import { type Failure, StatusError, toFailure } from "./errors";
import { PENDING_EXPLANATION, PENDING_INFO, PENDING_TOKEN } from "./pending";
import { open, type Properties } from "./values";

/** What a function answers: plain values, and core secrets; or what is wrong with its arguments. */
export type Answer = { readonly result: object } | { readonly failures: readonly Failure[] };

/** One function of the package. */
export interface PluginFunction {
  /** Arguments of its own, besides the options that all have. */
  readonly own: OptionSpecs;
  /** Its answer in a preview, while something that it is asked by is unknown. */
  readonly pending: object;
  readonly run: (app: App, own: Properties, signal: AbortSignal) => Promise<object>;
}

/** The functions by token. */
export const functions: Readonly<Record<string, PluginFunction>> = {
  "yciam:index:getIamToken": {
    own: {},
    pending: PENDING_TOKEN,
    run: (app, _own, signal) => app.getIamToken(signal),
  },
  "yciam:index:getIamTokenInfo": {
    own: {},
    pending: PENDING_INFO,
    run: async (app, _own, signal) => withoutSecrets(await app.getIamToken(signal)),
  },
  "yciam:index:explainResolvers": {
    own: {
      verify: { kind: "boolean", doc: "Ask for a token really, in place of looking at the options alone." },
    },
    pending: PENDING_EXPLANATION,
    run: (app, { verify }, signal) => app.explain({ verify: verify === true, signal }),
  },
};

/** A call of a function. */
export interface Invocation {
  readonly token: string;
  readonly args: Properties;
  /** Whether a preview asks. */
  readonly preview: boolean;
}

/**
 * Runs a function for a program.
 * @throws StatusError for a token that no function has; whatever the app throws but mistakes in options
 */
export async function invoke(
  configuration: Configuration,
  { token, args, preview }: Invocation,
  signal: AbortSignal,
): Promise<Answer> {
  const known = Object.hasOwn(functions, token) ? functions[token] : undefined;
  if (known === undefined) throw new StatusError(status.INVALID_ARGUMENT, `there is no function ${token}`);
  if (preview && configuration.unknownOf(args) !== undefined) return { result: known.pending };
  configuration.assertKnown(args);
  const { own, options } = split(args, known.own);
  try {
    const { values } = readOptions("", known.own, own, {});
    const config = configuration.over(toConfig(options));
    return { result: await configuration.use(config, (app) => known.run(app, values as Properties, signal)) };
  } catch (error) {
    if (!(error instanceof OptionError) || signal.aborted) throw error;
    // The SDKs print no value of a failed argument, as the engine does for resources.
    return { failures: [toFailure(error, configuration.context.spelling, () => true)] };
  }
}

/** Parts what is its own from the options that go to the app. */
export function split(properties: Properties, specs: OptionSpecs): { own: Properties; options: Properties } {
  const entries = Object.entries(properties);
  const pick = (wanted: boolean) => Object.fromEntries(entries.filter(([name]) => name in specs === wanted));
  return { own: open(pick(true)) as Properties, options: pick(false) };
}

function withoutSecrets({ token: _token, authorizationHeader: _header, ...rest }: TokenResult): object {
  return rest;
}
