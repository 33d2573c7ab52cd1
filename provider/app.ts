import { Chain, type Chosen } from "./core/chain/chain";
import { explain, type Explanation } from "./core/chain/explain";
import { type AppConfig, readPlan } from "./core/chain/plan";
import type { Context } from "./core/context";
import { isDeadToken } from "./core/iam/refusal";
import { type Call, startCall, within } from "./core/token/call";
import type { HeldToken } from "./core/token/judgement";
import { type TokenResult, toResult } from "./core/token/result";
import type { Secret } from "./core/words/secret";
import { resolvers as builtIn } from "./resolvers/index";

export type { AppConfig } from "./core/chain/plan";
export type { Explanation } from "./core/chain/explain";
export type { TokenResult } from "./core/token/result";

/** All that a host knows of this package. */
export interface App {
  /** A token with at least `minRemainingValidity` left. Rejects with one of `core/words/errors`, or the abort reason. */
  getIamToken(signal?: AbortSignal): Promise<TokenResult>;
  /** How each resolver fares here; no token is asked for unless `verify`. */
  explain(options?: { readonly verify?: boolean; readonly signal?: AbortSignal }): Promise<Explanation>;
  /** Makes a token useless for everyone who holds it; returns whose it was, if IAM says. */
  revoke(token: Secret, signal?: AbortSignal): Promise<string | undefined>;
}

const NEVER = new AbortController().signal;

/** An answer, and where it came from: while its token is fresh, it is given again without a look at anything else. */
interface Answer extends Chosen {
  readonly held: HeldToken;
  readonly result: TokenResult;
}

/**
 * The one entrance for hosts. Options are checked here and now; nothing is asked of the network before a call.
 * @param config options in camelCase, as the user gave them; the rest comes from `context.env`
 * @throws OptionError for an option that cannot be used
 */
export function createApp(config: AppConfig, context: Context): App {
  const plan = readPlan(config, context.env, builtIn);
  const chain = new Chain(plan, context);
  const { timeoutMs, retries } = plan;
  let last: Answer | undefined;
  const ask = async (call: Call): Promise<TokenResult> => {
    const former = last;
    const chosen = await chain.choose(call, former?.candidate).catch((error: unknown) => {
      // A credential that cannot be read for a moment is like a service that does not answer for one.
      if (former === undefined || call.signal.aborted) throw error;
      former.source.insteadOf(error);
      return former;
    });
    const held = await chosen.source.hold(call);
    // Another first call may have ended meanwhile: one app has one identity.
    if (last !== undefined && last.candidate !== chosen.candidate) return ask(call);
    last = answerOf(chain, chosen, held);
    return last.result;
  };
  return {
    getIamToken: async (signal = NEVER) => {
      signal.throwIfAborted();
      if (last !== undefined && last.source.fresh() === last.held) return last.result;
      const call = startCall(signal, timeoutMs, retries);
      return within(call, ask(call));
    },
    explain: async ({ verify = false, signal = NEVER } = {}) => {
      const call = startCall(signal, timeoutMs, retries);
      return within(call, explain(chain, call, verify));
    },
    revoke: async (token, signal = NEVER) => revoke(chain, token, startCall(signal, timeoutMs, retries)),
  };
}

function answerOf(chain: Chain, chosen: Chosen, held: HeldToken): Answer {
  const { plan, iam } = chain;
  const { issuedAt, expiresAt = Infinity } = held.token;
  const due = Math.min(held.askedAt + plan.policy.refreshAfterMs, expiresAt);
  // One that is due already is renewed at the next call.
  const refreshAt = issuedAt === undefined ? undefined : Math.max(due, iam.clock.now());
  return { ...chosen, held, result: toResult(held.token, chosen.candidate.resolver.name, refreshAt) };
}

/** A token that IAM knows no more is forgotten, too: it was revoked before, or has expired. */
async function revoke(chain: Chain, token: Secret, call: Call): Promise<string | undefined> {
  try {
    const subjectId = await within(call, chain.iam.revoke(token, call));
    await chain.forget(token);
    return subjectId;
  } catch (error) {
    if (isDeadToken(error)) await chain.forget(token);
    throw error;
  }
}
