import type { OutputSpecs } from "../token/result";
import type { Call } from "../token/call";
import { describeDefect } from "../words/defect";
import { CredentialError, OptionError, YciamError } from "../words/errors";
import { renderText, type Text } from "../words/message";
import type { Chain } from "./chain";
import type { Candidate } from "./plan";
import { isUnavailable } from "./resolver";
import { steadyNow } from "../token/clock";

/** What is told of each resolver; `durationMs` is a number, the others are text. */
export const ATTEMPT = {
  resolver: { doc: "Its name, such as `serviceAccountKey`." },
  outcome: { doc: "`used`, `unavailable`, `failed` or `notTried`." },
  reason: { optional: true, doc: "Why it gave no token." },
  remedy: { optional: true, doc: "What would change that." },
  durationMs: { doc: "How long it took, in milliseconds." },
} as const satisfies OutputSpecs;

/** What is told of all of them. */
export const EXPLANATION = {
  resolvers: { doc: "Every resolver, in the order tried." },
  chosen: { optional: true, doc: "Name of the resolver that answers. Absent when none does." },
  verified: { doc: "Whether a token was really asked for." },
} as const satisfies OutputSpecs;

/** How a resolver fared in one run. */
export type Outcome = "used" | "unavailable" | "failed" | "notTried";

/** One row of an explanation; holds no secret. */
export interface Attempt {
  readonly resolver: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly remedy?: string;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** How each resolver fared, and which one answers. */
export interface Explanation {
  readonly resolvers: readonly Attempt[];
  /** The resolver that answers; absent when none does. */
  readonly chosen?: string;
  /** Whether a token was really asked for. */
  readonly verified: boolean;
}

/**
 * Says how each candidate would fare. What a resolver throws becomes its row.
 * @param verify ask for a token really
 */
export async function explain(chain: Chain, call: Call, verify: boolean): Promise<Explanation> {
  const resolvers: Attempt[] = [];
  let isSettled = false;
  for (const candidate of await chain.candidates(call)) {
    const attempt: Attempt = isSettled
      ? notTried(candidate)
      : await attemptOf(chain, candidate, call, verify);
    isSettled ||= attempt.outcome !== "unavailable";
    resolvers.push(attempt);
  }
  const chosen = resolvers.find(({ outcome }) => outcome === "used")?.resolver;
  return { resolvers, verified: verify, ...(chosen === undefined ? {} : { chosen }) };
}

function notTried({ resolver }: Candidate): Attempt {
  const reason = "an earlier resolver settled it";
  return { resolver: resolver.name, outcome: "notTried", reason, durationMs: 0 };
}

async function attemptOf(chain: Chain, candidate: Candidate, call: Call, verify: boolean): Promise<Attempt> {
  const { spelling } = chain.context;
  const start = steadyNow();
  const row = (outcome: Outcome, reason?: Text, remedy?: Text): Attempt => ({
    resolver: candidate.resolver.name,
    outcome,
    ...(reason === undefined ? {} : { reason: renderText(reason, spelling) }),
    ...(remedy === undefined ? {} : { remedy: renderText(remedy, spelling) }),
    durationMs: Math.round(steadyNow() - start),
  });
  try {
    const answer = await chain.open(candidate, call, !verify);
    if (isUnavailable(answer)) return row("unavailable", answer.reason, answer.remedy);
    if (verify) await answer.hold(call);
    return row("used");
  } catch (error) {
    call.signal.throwIfAborted();
    if (error instanceof YciamError) return row("failed", error.text, remedyFor(error));
    return row(
      "failed",
      `it threw an unexpected ${describeDefect(error)}`,
      "report this defect to who made the resolver",
    );
  }
}

function remedyFor(error: YciamError): Text {
  return error instanceof OptionError || error instanceof CredentialError
    ? "mend this credential, or take it away so that the next resolver is tried"
    : "find out why the service cannot be used, then try again";
}
