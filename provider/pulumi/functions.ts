import type { App } from "../app";
import { EXPLANATION } from "../core/chain/explain";
import { ACCESS_KEY_OPTIONS } from "../core/options/access-key";
import type { OptionSpecs } from "../core/options/options";
import { readOptions } from "../core/options/read";
import { ACCESS_KEY } from "../core/token/access-key";
import type { OutputSpecs } from "../core/token/result";
import { OptionError } from "../core/words/errors";
import { Code, StatusError } from "../grpc/status";
import { CLUSTER, CLUSTER_REQUIRED, KUBECONFIG, kubeconfig } from "../handout/kubeconfig";
import { findUnknown, type Inputs, toConfig, UNKNOWN } from "../inputs";
import { outputs } from "../rows";
import { toInputs } from "./config";
import type { Configuration } from "./configuration";
import { type Failure } from "./errors";
import { type Properties, seal } from "./values";

/** What a function answers: plain values, and core secrets; or what is wrong with its arguments. */
export type Answer = { readonly result: object } | { readonly failures: readonly Failure[] };

type Own = Readonly<Record<string, unknown>>;

/** One function of the package. */
export type PluginFunction = {
  /** Arguments of its own. */
  readonly own: OptionSpecs;
  /** Names of those that must be given. */
  readonly required?: readonly string[];
  /** The fields of its answer. */
  readonly answer: OutputSpecs;
} & (
  | {
      /**
       * Has the options of a token, too.
       * @param own as it was given
       */
      readonly run: (app: App, own: Own, signal: AbortSignal) => Promise<object>;
    }
  | {
      /** Asks nobody, so the provider does not matter. */
      readonly make: (own: Own) => object;
    }
);

/** What may be shown of a token. */
const INFO = Object.fromEntries(Object.entries(outputs).filter(([, { secret }]) => !secret));

const VERIFY = {
  verify: { kind: "boolean", doc: "Ask for a token really, in place of looking at the options alone." },
} as const satisfies OptionSpecs;

/** The functions by token. */
export const functions: Readonly<Record<string, PluginFunction>> = {
  "yciam:index:getIamToken": {
    own: {},
    answer: outputs,
    run: (app, _own, signal) => app.getIamToken(signal),
  },
  "yciam:index:getIamTokenInfo": {
    own: {},
    answer: INFO,
    run: async (app, _own, signal) => pick(await app.getIamToken(signal), (name) => name in INFO),
  },
  "yciam:index:getEphemeralAccessKey": {
    own: ACCESS_KEY_OPTIONS,
    answer: ACCESS_KEY,
    run: (app, own, signal) => app.getAccessKey(own, signal),
  },
  "yciam:index:explainResolvers": {
    own: VERIFY,
    answer: EXPLANATION,
    run: async (app, own, signal) => {
      const { verify = false } = readOptions("", VERIFY, own, {}).values;
      return app.explain({ verify, signal });
    },
  },
  "yciam:index:kubeconfig": {
    own: CLUSTER,
    required: CLUSTER_REQUIRED,
    answer: KUBECONFIG,
    make: (own) => ({ kubeconfig: kubeconfig(own) }),
  },
};

/** What a preview shows while something that decides the answer is unknown. Secrets are unknown secrets. */
export function pending(answer: OutputSpecs): Properties {
  return Object.fromEntries(
    Object.entries(answer).map(([name, { secret }]) => [name, secret ? seal(UNKNOWN) : UNKNOWN]),
  );
}

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
  if (known === undefined) throw new StatusError(Code.INVALID_ARGUMENT, `there is no function ${token}`);
  const inputs = toInputs(args);
  try {
    if ("make" in known) {
      const isUnknown = findUnknown(inputs) !== undefined;
      return { result: isUnknown ? pending(known.answer) : known.make(toConfig(inputs)) };
    }
    if (preview && configuration.unknownOf(inputs) !== undefined) return { result: pending(known.answer) };
    configuration.assertKnown(inputs);
    const isOwn = (name: string) => name in known.own;
    const own = pick(inputs, isOwn);
    const config = configuration.over(toConfig(pick(inputs, (name) => !isOwn(name)) as Inputs));
    return { result: await configuration.use(config, (app) => known.run(app, own, signal)) };
  } catch (error) {
    if (!(error instanceof OptionError) || signal.aborted) throw error;
    // The SDKs print no value of a failed argument, as the engine does for resources.
    const reason = error.messageFor(configuration.context.spelling);
    return { failures: [{ property: error.option, reason }] };
  }
}

function pick(from: object, wanted: (name: string) => boolean): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => wanted(name)));
}
