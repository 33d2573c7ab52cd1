import type { AppConfig } from "../../provider/app";
import { startCall } from "../../provider/core/token/call";
import type { Context, Env } from "../../provider/core/context";
import type { Resolver, Unavailable } from "../../provider/core/chain/resolver";
import type { TokenSource } from "../../provider/core/token/source";
import { Chain } from "../../provider/core/chain/chain";
import { type Candidate, readPlan } from "../../provider/core/chain/plan";
import { testContext, type TestContext } from "../support/context";

/** Everything around a resolver in one situation. */
export interface Situation {
  /** Options of the resolver itself. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Settings beside it: where IAM is. */
  readonly config?: AppConfig;
  readonly env?: Env;
  readonly context?: Partial<Context>;
}

/** A situation in which the outside was asked and does not answer. */
export interface Hanging extends Situation {
  /** Resolves when the outside has been asked. */
  readonly asked: () => Promise<void>;
}

/** A resolver, and the situations that the laws put it in. */
export interface Subject {
  readonly resolver: Resolver;
  /** It gives a token. */
  readonly working: Situation;
  /** It gives a token of another credential of the same kind. */
  readonly other: Situation;
  /** Values that cannot be used, by option; what else must be set for each to count. */
  readonly malformed: Readonly<Record<string, readonly (Situation & { readonly value: unknown })[]>>;
  /** The outside refuses, and says back what it was sent; absent for what asks nobody. */
  readonly refused?: Situation;
  /** Absent for what asks nobody: the law then sees to that. */
  readonly hanging?: Hanging | undefined;
  /** Everything that must be seen nowhere. */
  readonly secrets: () => readonly string[];
  /** Hosts that may be asked though nothing is configured: a metadata service that is only there on a VM. */
  readonly probes?: readonly string[];
}

/** How a resolver is opened. */
export interface OpenOptions {
  readonly named?: boolean;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

/** An opened resolver, and the context it was given. */
export interface Opened {
  readonly context: TestContext;
  readonly outcome: Promise<TokenSource | Unavailable>;
  readonly ask: (source: TokenSource) => ReturnType<TokenSource["token"]>;
}

/** Nobody answers there: what a situation forgets to point elsewhere stays on this machine. */
const NOWHERE = { iamEndpoint: "http://127.0.0.1:1", authEndpoint: "http://127.0.0.1:1" };

/** Opens a resolver as the app does, without the cache that would hide it. */
export function open(resolver: Resolver, situation: Situation, options: OpenOptions = {}): Opened {
  const { named = true, dryRun = false, signal = new AbortController().signal } = options;
  const context = testContext({ ...situation.context, env: { ...situation.env } });
  const call = startCall(signal, 10_000);
  const resolve = async () => {
    const config = { ...situation.config, ...(situation.options && { [resolver.name]: situation.options }) };
    const plan = readPlan({ retries: 0, ...NOWHERE, ...config, resolvers: [resolver] }, context.env, []);
    const { iam } = new Chain(plan, context);
    const [{ read }] = plan.candidates as [Candidate];
    const { values, source, isFromVariable } = read;
    const input = { options: values, source, isFromVariable, context, iam, named, only: named, dryRun, call };
    return resolver.resolve(input);
  };
  return { context, outcome: resolve(), ask: (source) => source.token(call) };
}
