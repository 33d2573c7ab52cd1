import type { Context } from "../context";
import type { Iam } from "../iam/iam";
import type { OptionSpecs, OptionValues } from "../options/options";
import type { ReadOptions } from "../options/read";
import type { Call } from "../token/call";
import type { TokenSource } from "../token/source";
import type { Text } from "../words/message";

/** Says that a credential is not configured here; the chain moves on. */
export interface Unavailable {
  readonly unavailable: true;
  /** Why, as a clause without a full stop. */
  readonly reason: Text;
  /** Which option or variable to set, as a clause without a full stop. */
  readonly remedy: Text;
}

/** The answer of a resolver whose credential is not configured: that alone moves the chain on. */
export function unavailable(reason: Text, remedy: Text): Unavailable {
  return { unavailable: true, reason, remedy };
}

/** Tells the two answers of a resolver apart. */
export function isUnavailable(answer: object): answer is Unavailable {
  return "unavailable" in answer;
}

/** What a resolver is given. */
export interface ResolverInput<O extends OptionSpecs = OptionSpecs> {
  readonly options: OptionValues<O>;
  /** Where an option's value came from (its path, or the variable that set it), for messages. */
  readonly source: ReadOptions<O>["source"];
  /** Whether an option's value came from the environment. */
  readonly isFromVariable: ReadOptions<O>["isFromVariable"];
  readonly context: Context;
  readonly iam: Iam;
  /** The user named this resolver, alone or in a list. */
  readonly named: boolean;
  /** It is the only candidate: an explicit choice that must answer. */
  readonly only: boolean;
  /** Only an explanation is wanted: ask nobody for a token. */
  readonly dryRun: boolean;
  readonly call: Call;
}

/** One way to prove who the caller is: one file, one complete row. */
export interface Resolver<O extends OptionSpecs = OptionSpecs> {
  readonly name: string;
  /** One sentence: when this is the one to use. */
  readonly summary: string;
  readonly options: O;
  /** Left out of the default chain: it runs programs, or costs something. */
  readonly onlyWhenNamed?: boolean;
  /**
   * Decides whether this credential is the one. Not configured: *return* `unavailable`. Configured but wrong: throw, and
   * the chain stops, since using another identity silently is the worst outcome. A source that is returned must answer.
   */
  resolve(input: ResolverInput<O>): Promise<TokenSource | Unavailable>;
}

/** Declares a resolver, with its options typed by their kind. */
export function defineResolver<O extends OptionSpecs>(resolver: Resolver<O>): Resolver<O> {
  return resolver;
}
