import { status } from "@grpc/grpc-js";
import type { App, TokenResult } from "../app";
import { OptionError } from "../core/errors";
import { type OptionSpecs, readOptions } from "../core/options";
import { toConfig } from "./config";
import type { Configuration } from "./configuration";
import { type Failure, StatusError, toFailure } from "./errors";
import { open, type Properties } from "./values";

/** What a function answers: plain values, and core secrets; or what is wrong with its arguments. */
export type Answer = { readonly result: object } | { readonly failures: readonly Failure[] };

/** One function of the package. */
export interface PluginFunction {
  /** Arguments of its own, besides the options that all have. */
  readonly own: OptionSpecs;
  readonly run: (app: App, own: Properties, signal: AbortSignal) => Promise<object>;
}

/** The functions by token. */
export const functions: Readonly<Record<string, PluginFunction>> = {
  "yciam:index:getIamToken": {
    own: {},
    run: (app, _own, signal) => app.getIamToken(signal),
  },
  "yciam:index:getIamTokenInfo": {
    own: {},
    run: async (app, _own, signal) => withoutSecrets(await app.getIamToken(signal)),
  },
  "yciam:index:explainResolvers": {
    own: {
      verify: { kind: "boolean", doc: "Ask for a token really, in place of looking at the options alone." },
    },
    run: (app, { verify }, signal) => app.explain({ verify: verify === true, signal }),
  },
};

/**
 * Runs a function for a program.
 * @throws StatusError for a token that no function has; whatever the app throws but mistakes in options
 */
export async function invoke(
  configuration: Configuration,
  token: string,
  args: Properties,
  signal: AbortSignal,
): Promise<Answer> {
  const known = Object.hasOwn(functions, token) ? functions[token] : undefined;
  if (known === undefined) throw new StatusError(status.INVALID_ARGUMENT, `there is no function ${token}`);
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
