import { type Attempt, explainChain, type Link, runChain } from "./core/chain/chain";
import { startCall, within } from "./core/token/call";
import type { Context } from "./core/context";
import { type Purpose, toLink } from "./core/chain/links";
import { loadResolvers } from "./core/chain/own-resolvers";
import { isUnavailable, type TokenSource } from "./core/chain/resolver";
import type { Secret } from "./core/words/secret";
import { type TokenResult, toResult } from "./core/token/result";
import { type AppConfig, checkGroups, selectCandidates } from "./core/chain/selection";
import { readSetup, type Setup } from "./core/chain/setup";
import { resolvers as builtIn } from "./resolvers/index";

export type { AppConfig } from "./core/chain/selection";
export type { TokenResult } from "./core/token/result";

/** How each resolver fared, and which one answers. */
export interface Explanation {
  readonly resolvers: readonly Attempt[];
  /** The resolver that answers; absent when none does. */
  readonly chosen?: string;
  /** Whether a token was really asked for. */
  readonly verified: boolean;
}

/** All that a host knows of this package. */
export interface App {
  /** A token with at least `minRemainingValidity` left. Rejects with one of `core/errors`, or the abort reason. */
  getIamToken(signal?: AbortSignal): Promise<TokenResult>;
  /** How each resolver fares here; no token is asked for unless `verify`. */
  explain(options?: { readonly verify?: boolean; readonly signal?: AbortSignal }): Promise<Explanation>;
  /** Makes a token useless for everyone who holds it; returns whose it was, if IAM says. */
  revoke(token: Secret, signal?: AbortSignal): Promise<string | undefined>;
}

/**
 * The one entrance for hosts. Options are checked here and now; nothing is asked of the network before a call.
 * @param config options in camelCase, as the user gave them; the rest comes from `context.env`
 * @throws OptionError for an option that cannot be used
 */
export function createApp(config: AppConfig, context: Context): App {
  const setup = readSetup(config, context, builtIn);
  return {
    getIamToken: (signal) => getIamToken(setup, signal ?? new AbortController().signal),
    explain: (options = {}) =>
      explain(setup, options.verify ?? false, options.signal ?? new AbortController().signal),
    revoke: (token, signal) => revoke(setup, token, signal ?? new AbortController().signal),
  };
}

async function getIamToken(setup: Setup, signal: AbortSignal): Promise<TokenResult> {
  const call = startCall(signal, setup.timeoutMs);
  const links = await toLinks(setup, { call, dryRun: false });
  const chosen = await within(
    call,
    runChain(links, (source) => source.token(call)),
  );
  const { issuedAt, expiresAt = Infinity } = chosen.token;
  const refreshAt =
    issuedAt === undefined ? undefined : Math.min(issuedAt + setup.policy.refreshAfterMs, expiresAt);
  return toResult(chosen.token, chosen.resolver, refreshAt);
}

async function explain(setup: Setup, verify: boolean, signal: AbortSignal): Promise<Explanation> {
  const call = startCall(signal, setup.timeoutMs);
  const links = await toLinks(setup, { call, dryRun: !verify });
  const ask = async (source: TokenSource) => (verify ? source.token(call) : {});
  const resolvers = await within(call, explainChain(links, ask, setup.context.spelling));
  const chosen = resolvers.find((attempt) => attempt.outcome === "used")?.resolver;
  return { resolvers, verified: verify, ...(chosen === undefined ? {} : { chosen }) };
}

async function revoke(setup: Setup, token: Secret, signal: AbortSignal): Promise<string | undefined> {
  const call = startCall(signal, setup.timeoutMs);
  const subjectId = await within(call, setup.iam.revoke(token, call));
  for (const link of await toLinks(setup, { call, dryRun: true })) {
    // The token is revoked whatever becomes of this: a credential that is gone by now has no cache to mind.
    const source = await link.open().catch(() => undefined);
    if (source !== undefined && !isUnavailable(source)) await source.forget?.(token);
  }
  return subjectId;
}

async function toLinks(setup: Setup, purpose: Purpose): Promise<readonly Link[]> {
  const modules = setup.settings.resolverModules ?? [];
  const own = [...setup.own, ...(await within(purpose.call, loadResolvers(modules, setup.context)))];
  if (modules.length > 0) checkGroups(setup.config, [...builtIn, ...own]);
  return selectCandidates(setup.config, setup.names, { builtIn, own }, setup.source("resolvers")).map(
    (candidate) => toLink(setup, candidate, purpose),
  );
}
