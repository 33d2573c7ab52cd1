import { CredentialError, NoCredentialError, OptionError, type Refusal, YciamError } from "../words/errors";
import { renderText, say, type Text } from "../words/message";
import type { Spelling } from "../words/message";
import { isUnavailable, type TokenSource, type Unavailable } from "./resolver";
import type { OutputSpecs } from "../token/result";
import type { IamToken } from "../token/token";

/** One resolver, bound to its options: all that the chain needs to know. */
export interface Link {
  readonly resolver: string;
  /** The source of tokens with everything around it (cache, impersonation), or why there is none. */
  readonly open: () => Promise<TokenSource | Unavailable>;
}

/** How a resolver fared in one run. */
export type Outcome = "used" | "unavailable" | "failed" | "notTried";

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

/** One row of an explanation; holds no secret. */
export interface Attempt {
  readonly resolver: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly remedy?: string;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** A token and the resolver that gave it. */
export interface Chosen {
  readonly resolver: string;
  readonly token: IamToken;
}

/**
 * Tries each link in order. Only *unavailable* moves on; anything thrown stops the chain.
 * @param ask gets the token from a source
 * @throws NoCredentialError when no link has a credential; whatever a link throws
 */
export async function runChain(
  links: readonly Link[],
  ask: (source: TokenSource) => Promise<IamToken | Unavailable>,
): Promise<Chosen> {
  const refusals: Refusal[] = [];
  for (const link of links) {
    const source = await link.open();
    const answer = isUnavailable(source) ? source : await ask(source);
    if (!isUnavailable(answer)) return { resolver: link.resolver, token: answer };
    refusals.push({ resolver: link.resolver, reason: answer.reason, remedy: answer.remedy });
  }
  throw new NoCredentialError(refusals);
}

/**
 * Says how each link would fare; never throws for what a link throws.
 * @param ask checks a source: gets a token, or does nothing when none may be asked for
 */
export async function explainChain(
  links: readonly Link[],
  ask: (source: TokenSource) => Promise<object>,
  spelling: Spelling,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  let settled = false;
  for (const link of links) {
    const attempt: Attempt = settled ? notTried(link) : await explainLink(link, ask, spelling);
    settled ||= attempt.outcome !== "unavailable";
    attempts.push(attempt);
  }
  return attempts;
}

function notTried(link: Link): Attempt {
  return {
    resolver: link.resolver,
    outcome: "notTried",
    reason: "an earlier resolver settled it",
    durationMs: 0,
  };
}

async function explainLink(
  link: Link,
  ask: (source: TokenSource) => Promise<object>,
  spelling: Spelling,
): Promise<Attempt> {
  const start = performance.now();
  const row = (outcome: Outcome, reason?: Text, remedy?: Text): Attempt => ({
    resolver: link.resolver,
    outcome,
    ...(reason === undefined ? {} : { reason: renderText(reason, spelling) }),
    ...(remedy === undefined ? {} : { remedy: renderText(remedy, spelling) }),
    durationMs: Math.round(performance.now() - start),
  });
  try {
    const source = await link.open();
    const answer = isUnavailable(source) ? source : await ask(source);
    return isUnavailable(answer) ? row("unavailable", answer.reason, answer.remedy) : row("used");
  } catch (error) {
    if (!(error instanceof YciamError)) throw error;
    return row("failed", error.messageFor(spelling), remedyFor(error));
  }
}

function remedyFor(error: YciamError): Text {
  if (error instanceof OptionError || error instanceof CredentialError) {
    return "mend this credential, or take it away so that the next resolver is tried";
  }
  return say`find out why the service cannot be used, then try again`;
}
