import { type Subject, subjectOf } from "../iam/subject";
import { type Call, startCall, within } from "../token/call";
import type { TokenResult } from "../token/result";
import { Chain } from "./chain";

/** One step on the way to a token: a resolver, or an impersonation, and whose token it gave. */
export interface Step {
  readonly by: string;
  /** Absent where it is not known. */
  readonly subjectId?: string;
}

/** Who a token is, as far as is known. It holds no secret. */
export interface Identity extends Subject, Omit<TokenResult, "token" | "authorizationHeader"> {
  /** Whole seconds of its life that are left, by the server's clock. Absent where its life is not known. */
  readonly remainingSeconds?: number;
  /** In the order taken; the last one gave the token. */
  readonly steps: readonly Step[];
}

/** What is good to know has so much time and no more. Milliseconds. */
const ASIDE_MS = 3000;

/** Says who a token of the chain's is. What IAM does not tell, or not soon, is left out. */
export async function whoami(chain: Chain, result: TokenResult, signal: AbortSignal): Promise<Identity> {
  const { token, subjectId, expiresAt } = result;
  const aside = startCall(signal, Math.min(ASIDE_MS, chain.plan.timeoutMs));
  const [subject, steps] = await Promise.all([
    subjectId === undefined ? undefined : orNothing(aside, subjectOf(chain.iam, token, subjectId, aside)),
    stepsOf(chain, result, aside),
  ]);
  const left = expiresAt === undefined ? undefined : Date.parse(expiresAt) - chain.iam.clock.now();
  return {
    ...withoutSecrets(result),
    ...subject,
    ...(left === undefined ? {} : { remainingSeconds: Math.max(0, Math.floor(left / 1000)) }),
    steps,
  };
}

function withoutSecrets({ token: _token, authorizationHeader: _header, ...shown }: TokenResult) {
  return shown;
}

/** The answer, or nothing where there is none in time: it is no failure of who asks. */
async function orNothing<T>(call: Call, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await within(call, answer);
  } catch {
    call.signal.throwIfAborted();
    return undefined;
  }
}

async function stepsOf(
  chain: Chain,
  { resolver, subjectId }: TokenResult,
  call: Call,
): Promise<readonly Step[]> {
  if (chain.plan.impersonate === undefined) return [step(resolver, subjectId)];
  const own = await orNothing(call, ownSubject(chain, resolver, call));
  return [step(resolver, own), step("impersonation", subjectId)];
}

function step(by: string, subjectId: string | undefined): Step {
  return subjectId === undefined ? { by } : { by, subjectId };
}

/** Whose token is used to ask for that of another account. */
async function ownSubject({ plan, context }: Chain, name: string, call: Call): Promise<string | undefined> {
  // It need not last.
  const policy = { ...plan.policy, minRemainingMs: 0 };
  const own = new Chain({ ...plan, impersonate: undefined, policy }, context);
  const candidate = (await own.candidates(call)).find(({ resolver }) => resolver.name === name);
  const { source } = await own.choose(call, candidate);
  return (await source.token(call)).subjectId;
}
