import { AccessKeys } from "./core/chain/access-keys";
import { Chain, type Chosen } from "./core/chain/chain";
import { explain, type Explanation } from "./core/chain/explain";
import { type AppConfig, readPlan } from "./core/chain/plan";
import { isChanged, lookAt, type Looks } from "./core/chain/watch";
import { type Identity, whoami } from "./core/chain/whoami";
import type { Context } from "./core/context";
import { isDeadToken, isRefusal } from "./core/iam/refusal";
import type { AccessKeyOptions } from "./core/options/access-key";
import type { AccessKey } from "./core/token/access-key";
import { type Call, startCall, within } from "./core/token/call";
import { Flight } from "./core/token/flight";
import type { HeldToken } from "./core/token/judgement";
import { type TokenResult, toResult } from "./core/token/result";
import type { Secret } from "./core/words/secret";
import { resolvers as builtIn } from "./resolvers/index";

export type { AppConfig } from "./core/chain/plan";
export type { AccessKeyOptions } from "./core/options/access-key";
export type { AccessKey } from "./core/token/access-key";
export type { Explanation } from "./core/chain/explain";
export type { Identity } from "./core/chain/whoami";
export type { TokenResult } from "./core/token/result";

/** All that a host knows of this package. */
export interface App {
  /** A token with at least `minRemainingValidity` left. Rejects with one of `core/words/errors`, or the abort reason. */
  getIamToken(signal?: AbortSignal): Promise<TokenResult>;
  /**
   * An ephemeral access key of Object Storage. Those who ask in the same words share one, which is renewed when half of
   * its life is over.
   */
  getAccessKey(options?: AccessKeyOptions, signal?: AbortSignal): Promise<AccessKey>;
  /** How each resolver fares here; no token is asked for unless `verify`. */
  explain(options?: { readonly verify?: boolean; readonly signal?: AbortSignal }): Promise<Explanation>;
  /** Whose token is handed out, how long it lives, and how it is come by. Rejects as `getIamToken` does. */
  whoami(signal?: AbortSignal): Promise<Identity>;
  /** Makes a token useless for everyone who holds it; returns whose it was, if IAM says. */
  revoke(token: Secret, signal?: AbortSignal): Promise<string | undefined>;
  /** Milliseconds since the epoch by the server's clock, as all times of a token are. */
  now(): number;
  /**
   * Drops a token that somebody refused, from memory and disk: IAM is asked for the next one, and may give the same one
   * while it is good. IAM is not told. Never rejects.
   */
  forget(token: Secret): Promise<void>;
}

const NEVER = new AbortController().signal;

/**
 * Who ask within so many milliseconds, and with one signal, wait as one: it is nothing beside the time that each of them
 * has, and a wait of one's own costs a timer.
 */
const MOMENT_MS = 10;

interface Crowd {
  readonly signal: AbortSignal;
  /** By the host's clock, in milliseconds. */
  readonly since: number;
  readonly answer: Promise<TokenResult>;
}

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
  const { clock } = chain.iam;
  const { files } = context;
  const looks: Looks = { at: -Infinity };
  const asking = new Flight<TokenResult>();
  let accessKeys: AccessKeys | undefined;
  let crowd: Crowd | undefined;
  let last: Answer | undefined;
  const ask = async (call: Call): Promise<TokenResult> => {
    const former = last;
    try {
      const chosen = await chain.choose(call, former?.candidate);
      const answer = answerOf(chain, chosen, await chosen.source.hold(call));
      // One that comes late does not replace a newer one.
      if (last === former) last = answer;
      return answer.result;
    } finally {
      crowd = undefined;
    }
  };
  const askAgain = async (call: Call, former: Answer, changed: boolean): Promise<TokenResult> => {
    const { source } = former;
    const usable = source.usable();
    if (usable !== undefined && source.isPausing() && !changed)
      return (last = answerOf(chain, former, usable)).result;
    looks.tried = lookAt(former.versions, files);
    // While there is a token to give, whatever hangs must not take all of the time.
    const terms = usable === undefined ? call : startCall(call.signal, call.remaining() / 2, retries);
    try {
      return await within(terms, ask(call));
    } catch (error) {
      // A credential that cannot be read for a moment is like a service that does not answer for one.
      if (call.signal.aborted) throw error;
      // One that is refused is not, but a fresh token is good until it is to be renewed.
      if (isRefusal(error) && source.fresh(clock.now()) === undefined) throw error;
      last = answerOf(chain, former, source.insteadOf(error));
      return last.result;
    }
  };
  const app: App = {
    // A crowd may be large, and an async function costs each of it a promise more.
    getIamToken: (signal = NEVER) => {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      if (crowd?.signal === signal && Math.abs(context.now() - crowd.since) < MOMENT_MS) return crowd.answer;
      const former = last;
      let begin = ask;
      if (former !== undefined) {
        const now = clock.now();
        const changed = isChanged(looks, files, former, now);
        if (!changed && former.source.fresh(now) === former.held) return Promise.resolve(former.result);
        begin = (call) => askAgain(call, former, changed);
      }
      const answer = asking.join(startCall(signal, timeoutMs, retries), begin);
      crowd = { signal, since: context.now(), answer };
      return answer;
    },
    getAccessKey: async (options = {}, signal = NEVER) => {
      signal.throwIfAborted();
      accessKeys ??= new AccessKeys(chain, (ms) => {
        const other = createApp({ ...config, minRemainingValidity: `${ms}ms` }, context);
        return (asking) => other.getIamToken(asking);
      });
      return accessKeys.get(options, startCall(signal, timeoutMs, retries));
    },
    whoami: async (signal = NEVER) => whoami(chain, await app.getIamToken(signal), signal),
    explain: async ({ verify = false, signal = NEVER } = {}) => {
      const call = startCall(signal, timeoutMs, retries);
      return within(call, explain(chain, call, verify));
    },
    revoke: async (token, signal = NEVER) => {
      crowd = undefined;
      return revoke(chain, token, startCall(signal, timeoutMs, retries));
    },
    now: () => clock.now(),
    forget: async (token) => {
      crowd = undefined;
      return chain.drop(token);
    },
  };
  return app;
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
