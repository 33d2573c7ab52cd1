import type { Call } from "../token/call";
import type { Context } from "../context";
import type { Iam } from "../iam/iam";
import type { Text } from "../words/message";
import type { OptionSpecs, OptionValues, ReadOptions } from "../options/options";
import type { Secret } from "../words/secret";
import type { IamToken } from "../token/token";

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

/** Tells the two answers of a resolver, or of a token source, apart. */
export function isUnavailable(answer: object): answer is Unavailable {
  return "unavailable" in answer;
}

/** Gives tokens for one credential. Everything that adds behaviour (cache, impersonation) has the same shape. */
export interface TokenSource {
  /** Names the credential in caches and logs; holds no secret. Two credentials must differ in it. */
  readonly id: string;
  /** Secret material of the credential; a source without it is cached in memory only. */
  readonly material?: Secret;
  /** A token, or the late discovery that nobody answers here (an absent metadata service). */
  token(call: Call): Promise<IamToken | Unavailable>;
  /** Drops a token that was revoked from whatever is remembered; only caches have it. */
  readonly forget?: (token: Secret) => Promise<void>;
}

/** What a resolver is given. */
export interface ResolverInput<O extends OptionSpecs = OptionSpecs> {
  readonly options: OptionValues<O>;
  /** Where an option's value came from (its path, or the variable that set it), for messages. */
  readonly source: ReadOptions<O>["source"];
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
   * Turns options and context into a token source. Not configured: *return* `unavailable`. Configured but wrong:
   * throw, and the chain stops, since using another identity silently is the worst outcome.
   */
  resolve(input: ResolverInput<O>): Promise<TokenSource | Unavailable>;
}

/** Declares a resolver, with its options typed by their kind. */
export function defineResolver<O extends OptionSpecs>(resolver: Resolver<O>): Resolver<O> {
  return resolver;
}
